"""What segments, gate rules, roles and people in a matrix are called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from approvals.matrix.routing import LIMIT_CHANGE, OTHER, PASSED, UNRATED, Seat
from credit import wording
from credit.enums import CheckCode, RiskClass, VersionState
from credit.models import PolicyVersion, Segment
from credit.sentences import RULE
from staff import roles
from staff.models import User


@dataclass(frozen=True)
class Names:
    """Names of the things that a matrix knows by code or number, in the reader's language."""

    segments: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    people: Mapping[int, User] = field(default_factory=dict)

    def segment(self, code: str) -> str:
        if code == OTHER:
            return _("any other")
        return self.segments.get(code, code)

    def reason(self, code: str) -> str:
        if code == OTHER:
            return _("any other")
        if code == LIMIT_CHANGE:
            return _("change of a limit")
        if code == PASSED:
            return _("passed, but the policy asks for an approver")
        if code in CheckCode.values:
            return str(CheckCode(code).label)
        rule = self.rules.get(code)
        return wording.rule_name(dict(rule)) if rule else code.removeprefix(RULE)

    def risk_class(self, code: str) -> str:
        """A risk class by its letter; in full, "C: medium risk" would not fit into a sentence."""
        return _("none yet") if code in (UNRATED, "") else str(RiskClass(code).value)

    def seat(self, seat: Seat) -> str:
        if seat.role is not None:
            return roles.label(seat.role)
        person = self.people.get(seat.person_id or 0)
        if person is None:
            return _("person %(number)s") % {"number": seat.person_id}
        if not person.is_active:
            return _("%(person)s (no longer active)") % {"person": person.display_name}
        return person.display_name


def load_names() -> Names:
    """Everything that has a name now, in three queries."""
    return Names(
        segments={segment.code: segment.name for segment in Segment.objects.all()},
        rules=_rules(),
        people={person.pk: person for person in User.objects.all()},
    )


def _rules() -> dict[str, Mapping[str, Any]]:
    """The gate rules of all policies by their reason code, as the latest version names them."""
    versions = PolicyVersion.objects.order_by("pk").values_list("content", flat=True)
    kept = versions.exclude(state=VersionState.RETIRED)
    return {rule["code"]: rule for rule in _coded([*versions.filter(state="retired"), *kept])}


def _coded(contents: Iterable[Any]) -> Iterable[dict[str, Any]]:
    for content in contents:
        for rule in content["rules"]:
            yield rule | {"code": f"{RULE}{rule['code']}"}
