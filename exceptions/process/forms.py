from typing import Any

from django import forms
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from exceptions.detect.models import AlertRule
from exceptions.process.enums import CauseCategory, Outcome
from exceptions.process.lifecycle import ClosingRecord
from exceptions.process.models import OPEN_STATES, Cause, Ticket
from exceptions.process.policies import can_be_assigned
from exceptions.process.querysets import TicketQuerySet
from exceptions.triage.enums import Severity
from exceptions.triage.sla import Standing
from staff.models import Department, User

ME, NOBODY = "me", "nobody"
LONGEST = 2_000


def _text(label: Any, *, rows: int = 2, required: bool = True, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, required=required, max_length=LONGEST, widget=widget, **options
    )


class TicketFilter(forms.Form):
    """What the list is narrowed to."""

    q = forms.CharField(label=_("Ticket, order or customer"), required=False, max_length=80)
    severity = forms.ChoiceField(
        label=_("Severity"), required=False, choices=[("", _("All")), *Severity.choices]
    )
    clock = forms.ChoiceField(
        label=_("Deadline"),
        required=False,
        choices=[
            ("", _("All")),
            (Standing.AT_RISK, _("at risk or missed")),
            (Standing.BREACHED, _("missed")),
        ],
    )
    rule = forms.ModelChoiceField(
        AlertRule.objects.all(), label=_("Rule"), required=False, empty_label=_("All")
    )
    department = forms.ModelChoiceField(
        Department.objects.all(), label=_("Department"), required=False, empty_label=_("All")
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), *((state.value, state.label) for state in OPEN_STATES)],
    )
    assignee = forms.ChoiceField(label=_("Assigned to"), required=False)

    folded = ("department", "state", "assignee")

    def __init__(self, data: Any, *, seen: TicketQuerySet) -> None:
        super().__init__(data)
        people = User.objects.filter(pk__in=seen.open().values("assignee"))
        self.fields["assignee"].choices = [  # type: ignore[attr-defined]
            ("", _("All")),
            (ME, _("me")),
            (NOBODY, _("nobody")),
            *((str(person.pk), person.display_name) for person in people),
        ]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.folded]

    def narrow(self, tickets: TicketQuerySet, user: User, at: Any) -> TicketQuerySet:
        """The tickets that the form asks for; all of them while it has errors."""
        if not self.is_valid():
            return tickets
        chosen = self.cleaned_data
        for name in ("severity", "rule", "department", "state"):
            if chosen[name]:
                tickets = tickets.filter(**{name: chosen[name]})
        if chosen["clock"] == Standing.AT_RISK:
            tickets = tickets.at_risk(at)
        elif chosen["clock"] == Standing.BREACHED:
            tickets = tickets.breached(at)
        return _matching(_assigned(tickets, chosen["assignee"], user), chosen["q"])


def _assigned(tickets: TicketQuerySet, whom: str, user: User) -> TicketQuerySet:
    if whom == NOBODY:
        return tickets.filter(assignee__isnull=True)
    if whom == ME:
        return tickets.filter(assignee=user)
    return tickets.filter(assignee_id=int(whom)) if whom else tickets


def _matching(tickets: TicketQuerySet, words: str) -> TicketQuerySet:
    if not words:
        return tickets
    return tickets.filter(
        Q(number__icontains=words)
        | Q(summary__icontains=words)
        | Q(order__number__icontains=words)
        | Q(order__external_id__icontains=words)
        | Q(order__customer__code__icontains=words)
        | Q(order__customer__name__icontains=words)
    )


class AssignForm(forms.Form):
    """Whom to give a ticket to: people who can work on it."""

    assignee = forms.ModelChoiceField(
        User.objects.none(), label=_("Give the ticket to"), empty_label=None
    )

    def __init__(self, ticket: Ticket, data: Any = None) -> None:
        super().__init__(data)
        members = User.objects.filter(department=ticket.department_id, is_active=True)
        able = [person.pk for person in members if can_be_assigned(person, ticket)]
        self.fields["assignee"].queryset = User.objects.filter(pk__in=able)  # type: ignore[attr-defined]


class CommentForm(forms.Form):
    text = _text(_("New comment"), error_messages={"required": _("Write something first.")})


class ReopenForm(forms.Form):
    reason = _text(_("Why it is reopened"))


class WrongForm(forms.Form):
    reason = _text(
        _("Why it was wrongly raised"), help_text=_("The precision of its rule counts it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # It stands beside the form for reopening, whose field has the same name.
        super().__init__(*args, **kwargs | {"auto_id": "wrong_%s"})


class CauseField(forms.ModelChoiceField):
    """Causes under the headings of their categories."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Cause.objects.filter(active=True), **options)

    def grouped(self) -> list[Any]:
        """Choices by category, read once."""
        found: dict[str, list[tuple[int, str]]] = {}
        for cause in self.queryset:  # type: ignore[union-attr]
            found.setdefault(cause.category, []).append((cause.pk, cause.name))
        groups = [(capfirst(CauseCategory(code).label), causes) for code, causes in found.items()]
        return [("", _("Choose the confirmed cause")), *groups]


def _outcomes() -> list[tuple[str, str]]:
    return [(code, str(capfirst(label))) for code, label in Outcome.choices]


class CloseForm(forms.Form):
    """The closing record."""

    outcome = forms.ChoiceField(
        label=_("How it ended"), choices=_outcomes, widget=forms.RadioSelect
    )
    reason = _text(
        _("Why it was a false positive"),
        required=False,
        help_text=_("Only for false positives: what the rule got wrong."),
    )
    cause = CauseField(label=_("Confirmed cause"))
    action = _text(_("What was done"))
    result = _text(_("Result"), help_text=_("How things stand now."))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["cause"].widget.choices = self.fields["cause"].grouped()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        false_positive = cleaned.get("outcome") == Outcome.FALSE_POSITIVE
        if false_positive and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say why it was a false positive."))
        return cleaned

    def closing_record(self) -> ClosingRecord:
        values = dict(self.cleaned_data)
        return ClosingRecord(cause_id=values.pop("cause").pk, **values)


class OpenForm(forms.Form):
    """A ticket about something that no rule saw."""

    summary = forms.CharField(
        label=_("What is wrong"),
        max_length=300,
        help_text=_("One sentence that the people who will work on it understand."),
    )
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices, initial=Severity.P3)
    department = forms.ModelChoiceField(
        Department.objects.all(), label=_("Department"), empty_label=None
    )
