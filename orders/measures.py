"""What a check observed and its threshold, as two short figures for a table. Pure."""

from typing import Any

from django.utils.translation import gettext as _

from credit.enums import CheckCode, RiskClass, Verdict
from credit.sentences.figures import amounts, days
from staff.figures import figure, terms

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
        worded = terms if code == CheckCode.TERMS else days
        return _both(worded(figures["observed"]), worded(most))
    if code == CheckCode.PROMISES:
        return _both(figure(figures["observed"]), figure(figures["threshold"]))
    if code == CheckCode.RISK_CLASS and figures["observed"]:
        labels = dict(RiskClass.choices)
        return _both(str(labels[figures["observed"]]), str(labels[figures["threshold"]]))
    return []


def _both(observed: str, threshold: str) -> list[tuple[str, str]]:
    return [(_("Observed"), observed), (_("Threshold"), threshold)]


def _amounts(figures: dict[str, Any]) -> list[tuple[str, str]]:
    told, currency = amounts(figures, "observed", "threshold", "headroom"), figures["currency"]
    threshold = f"{told['threshold']} {currency}" if "threshold" in told else _("unlimited")
    pairs = _both(f"{told['observed']} {currency}", threshold)
    if "headroom" in told:
        pairs.append((_("Headroom"), f"{told['headroom']} {currency}"))
    if figures.get("days"):
        pairs.append((_("Oldest"), days(figures["days"])))
    return pairs
