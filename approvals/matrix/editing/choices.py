"""What can be chosen in the form: roles and people who may decide, segments, reasons."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import Group

from approvals.matrix.content import is_reason
from approvals.matrix.names import Names
from approvals.matrix.people import DECIDE
from approvals.matrix.routing import PASSED, Seat
from credit.enums import CheckCode
from staff.models import User
from staff.roles import Role

Options = list[tuple[str, str]]
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Choices:
    """Codes with their labels. What was chosen before and is no longer offered stays a choice."""

    names: Names
    roles: Options = field(default_factory=list)
    people: Options = field(default_factory=list)

    @property
    def segments(self) -> Options:
        return list(self.names.segments.items())

    @property
    def reasons(self) -> Options:
        codes = [*CheckCode.values, *self.names.rules, PASSED]
        return [(code, self.names.reason(code)) for code in codes]

    def roles_with(self, chosen: Iterable[str]) -> Options:
        return _with(self.roles, chosen, lambda code: self.names.seat(Seat(role=code)))

    def people_with(self, chosen: Iterable[str]) -> Options:
        numbers = [code for code in chosen if code.isascii() and code.isdecimal()]
        return _with(self.people, numbers, lambda code: self.names.seat(Seat(person_id=int(code))))

    def segments_with(self, chosen: Iterable[str]) -> Options:
        return _with(self.segments, chosen, self.names.segment)

    def reasons_with(self, chosen: Iterable[str]) -> Options:
        return _with(self.reasons, filter(is_reason, chosen), self.names.reason)


def load_choices(names: Names) -> Choices:
    """What can be chosen now, in two queries."""
    groups = Group.objects.filter(
        permissions__content_type__app_label="approvals", permissions__codename="decide"
    )
    order = list(Role.values)
    codes = sorted(
        groups.values_list("name", flat=True),
        key=lambda code: (order.index(code) if code in order else len(order), code),
    )
    people = User.objects.with_perm(DECIDE, include_superusers=False, backend=_BACKEND)
    return Choices(
        names=names,
        roles=[(code, names.seat(Seat(role=code))) for code in codes],
        people=[(str(person.pk), person.display_name) for person in people.order_by("full_name")],
    )


def _with(options: Options, chosen: Iterable[str], label: object) -> Options:
    known = {code for code, _label in options}
    more = [code for code in dict.fromkeys(chosen) if code and code not in known and len(code) < 80]
    return [*options, *((code, label(code)) for code in more[:20])]  # type: ignore[operator]
