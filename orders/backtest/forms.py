"""What somebody asks of a backtest, and what its findings are narrowed to."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.forms import capitalised
from credit.models import PolicyVersion
from credit.sentences import label
from orders.backtest.enums import Basis, Ending
from orders.models import BacktestRun
from orders.models.backtest import BacktestFindingQuerySet

USUAL_DAYS = 90
_ALL = ("", gettext_lazy("All"))


def _day(text: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=text, widget=widget, input_formats=["%Y-%m-%d"], help_text=help_text
    )


class StartForm(forms.Form):
    """Which version, beside which, over which of the company's days."""

    version = forms.TypedChoiceField(label=gettext_lazy("Version"), coerce=int)
    compared = forms.TypedChoiceField(
        label=gettext_lazy("Compare with"), coerce=int, empty_value=None, required=False
    )
    since = _day(gettext_lazy("From day"))
    until = _day(gettext_lazy("Until day"), gettext_lazy("The last day counts."))
    basis = forms.ChoiceField(
        label=gettext_lazy("Use of the limit by"),
        choices=capitalised(Basis),
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Earlier orders less receipts suits imported history and judges invoices without an "
            "order as well. The ledger is exact to the cent for orders that went through the gate."
        ),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        today: date,
        version: int | None = None,
        like: BacktestRun | None = None,
    ) -> None:
        initial: dict[str, Any] = {
            "version": version or _in_force(),
            "since": today - timedelta(days=USUAL_DAYS),
            "until": today,
            "basis": Basis.ORDERS,
        }
        if like is not None:
            kept = {name: getattr(like, name) for name in ("since", "until", "basis")}
            initial |= kept | {"version": like.version_id, "compared": like.compared_id}
        super().__init__(data, initial=initial)
        choices = _versions()
        self.fields["version"].choices = choices  # type: ignore[attr-defined]
        self.fields["compared"].choices = [("", _("no other version")), *choices]  # type: ignore[attr-defined]


def _in_force() -> int | None:
    found = PolicyVersion.objects.filter(state="published", policy__scope="all")
    return found.values_list("pk", flat=True).first()


def _versions() -> list[tuple[str, list[tuple[int, str]]]]:
    """Every version, by policy, the newest first."""
    groups: dict[str, list[tuple[int, str]]] = {}
    versions = PolicyVersion.objects.select_related("policy").order_by("policy__code", "-number")
    for version in versions.defer("content"):
        told = _("%(version)s (%(state)s)") % {
            "version": str(version),
            "state": version.get_state_display(),
        }
        groups.setdefault(version.policy.name, []).append((version.pk, told))
    return list(groups.items())


class FindingFilter(forms.Form):
    """Filters of the findings of one run."""

    held_by = forms.ChoiceField(label=gettext_lazy("Held by"), required=False)
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), required=False)
    ending = forms.ChoiceField(
        label=gettext_lazy("What came of it"),
        required=False,
        choices=[_ALL, *capitalised(Ending)],
    )

    def __init__(self, data: Any, run: BacktestRun) -> None:
        super().__init__(data)
        self.fields["reason"].choices = [_ALL, *reason_choices(run.summary)]  # type: ignore[attr-defined]
        if run.compared_name:
            self.fields["held_by"].choices = [_ALL, *_held_by(run)]  # type: ignore[attr-defined]
        else:
            del self.fields["held_by"]

    @property
    def narrowed(self) -> bool:
        """Whether a filter is in force."""
        return any(self.data.get(name) for name in self.fields)

    def narrow(self, findings: BacktestFindingQuerySet) -> BacktestFindingQuerySet:
        """The findings that pass every filter; none when a filter was not understood."""
        if not self.is_valid():
            return findings.none()
        chosen = self.cleaned_data
        if code := chosen["reason"]:
            findings = findings.filter(codes__contains=[code]) | findings.filter(
                compared_codes__contains=[code]
            )
        if chosen["ending"]:
            findings = findings.filter(ending=chosen["ending"])
        return findings.filter(**_HELD_BY[chosen.get("held_by", "")])


_HELD_BY: dict[str, dict[str, bool]] = {
    "": {},
    "first": {"held": True},
    "second": {"compared_held": True},
    "both": {"held": True, "compared_held": True},
    "only_first": {"held": True, "compared_held": False},
    "only_second": {"held": False, "compared_held": True},
}


def _held_by(run: BacktestRun) -> list[tuple[str, str]]:
    names = {"first": run.name, "second": run.compared_name}
    return [
        ("both", _("Both versions")),
        ("only_first", _("Only %(first)s") % names),
        ("only_second", _("Only %(second)s") % names),
        ("first", run.name),
        ("second", run.compared_name),
    ]


def reason_choices(summary: dict[str, Any]) -> list[tuple[str, str]]:
    """The reasons that held anything in a run, with their names in the reader's language."""
    found = {
        reason["code"]: label({"code": reason["code"], "figures": {"names": reason["names"]}})
        for version in summary.get("versions", [])
        for reason in version["reasons"]
    }
    return sorted(found.items(), key=lambda each: each[1])
