"""What a check observed and its threshold, as two short figures for a table. Pure."""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credit.enums import CheckCode, RiskClass, Verdict
from credit.sentences.figures import amounts

_AMOUNTS = {
    CheckCode.LIMIT,
    CheckCode.GROUP_LIMIT,
    CheckCode.OVERDUE,
    CheckCode.DOCUMENT_VALUE,
}
_DAYS = {CheckCode.OLDEST, CheckCode.TERMS}


def measured(check: dict[str, Any]) -> list[tuple[str, str]]:
    """Pairs of a name and a figure; none for checks that only say yes or no."""
    code, figures = check["code"], check["figures"]
    if check["verdict"] == Verdict.SKIPPED or figures.get("observed") is None:
        return []
    if code in _AMOUNTS:
        return _amounts(figures)
    if code in _DAYS:
        most = figures["threshold"] + figures.get("tolerated_days", 0)
        return _both(_days(figures["observed"]), _days(most))
    if code == CheckCode.PROMISES:
        return _both(number_format(figures["observed"]), number_format(figures["threshold"]))
    if code == CheckCode.RISK_CLASS and figures["observed"]:
        labels = dict(RiskClass.choices)
        return _both(str(labels[figures["observed"]]), str(labels[figures["threshold"]]))
    return []


def _both(observed: str, threshold: str) -> list[tuple[str, str]]:
    return [(_("Observed"), observed), (_("Threshold"), threshold)]


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def _amounts(figures: dict[str, Any]) -> list[tuple[str, str]]:
    told, currency = amounts(figures, "observed", "threshold", "headroom"), figures["currency"]
    threshold = f"{told['threshold']} {currency}" if "threshold" in told else _("unlimited")
    pairs = _both(f"{told['observed']} {currency}", threshold)
    if "headroom" in told:
        pairs.append((_("Headroom"), f"{told['headroom']} {currency}"))
    if figures.get("days"):
        pairs.append((_("Oldest"), _days(figures["days"])))
    return pairs
