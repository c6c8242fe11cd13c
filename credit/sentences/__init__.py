"""Check results as sentences with their arithmetic, in the reader's language."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from credit.enums import CheckCode, Exemption, Verdict
from credit.sentences import customer, limits, order, receivables
from credit.sentences.figures import Figures
from rules import subjects
from rules.observing import read

RULE = "rule:"
HITS = (Verdict.BLOCKED, Verdict.WARNED, Verdict.INFORMED)


def label(check: dict[str, Any]) -> str:
    """The name of a recorded check or gate rule, in the reader's language."""
    if not check["code"].startswith(RULE):
        return str(CheckCode(check["code"]).label)
    names = check["figures"]["names"]
    language = (get_language() or "en").lower()
    return str(names.get(language) or names["en"])


def sentence(check: dict[str, Any]) -> str:
    """One recorded check result, as kept in a decision, in words."""
    code, verdict, figures = check["code"], check["verdict"], check["figures"]
    if verdict == Verdict.SKIPPED:
        return _("Not applied: the policy has switched this check off.")
    if verdict == Verdict.EXEMPT:
        return _exempt(figures)
    if code.startswith(RULE):
        return _rule(figures, verdict)
    if verdict == Verdict.UNKNOWN:
        return str(_UNKNOWN[code])
    return _SENTENCES[code](figures, verdict in HITS)


def _exempt(figures: Figures) -> str:
    if figures["exemption"] == Exemption.CASH:
        return _("Not asked: the order is paid before it ships.")
    return _("Not asked: enough of the order is paid in advance.")


def _rule(figures: Figures, verdict: str) -> str:
    if "seen" not in figures:
        return _("Asked when the order is submitted.")
    seen = read(figures["seen"], subjects.get("order"))
    parts = [_("%(fact)s: %(value)s") % {"fact": each.label, "value": each.text} for each in seen]
    if figures.get("hidden"):
        parts.append(_("a figure that is not shown to you"))
    told = pgettext("between facts", "; ").join(parts)
    if verdict == Verdict.UNKNOWN:
        return _("Data is missing for an answer: %(seen)s") % {"seen": told}
    return told


_NO_RATE = gettext_lazy("Not known without an exchange rate.")
_UNKNOWN: dict[str, str | Promise] = {
    CheckCode.LIMIT: _NO_RATE,
    CheckCode.GROUP_LIMIT: _NO_RATE,
    CheckCode.DOCUMENT_VALUE: _NO_RATE,
    CheckCode.RISK_CLASS: gettext_lazy("The customer has no risk class yet."),
    CheckCode.FIRST_ORDER: gettext_lazy("Whether it is the first order is not known."),
}
_SENTENCES: dict[str, Callable[[Figures, bool], str]] = {
    CheckCode.BLACKLIST: customer.blacklist,
    CheckCode.WATCH_LIST: customer.watch_list,
    CheckCode.RATE: order.rate,
    CheckCode.LIMIT: limits.limit,
    CheckCode.GROUP_LIMIT: limits.group_limit,
    CheckCode.LIMIT_EXPIRED: limits.limit_expired,
    CheckCode.OVERDUE: receivables.overdue,
    CheckCode.OLDEST: receivables.oldest,
    CheckCode.PROMISES: receivables.promises,
    CheckCode.RISK_CLASS: customer.risk_class,
    CheckCode.DOCUMENT_VALUE: order.document_value,
    CheckCode.TERMS: order.terms,
    CheckCode.REVIEW: customer.review,
    CheckCode.FIRST_ORDER: order.first_order,
}
