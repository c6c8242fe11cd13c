"""What notices say about requests: one sentence for orders, one for changes of limits."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.enums import LapseReason, RequestState

Data = Mapping[str, Any]

_ORDER = {
    "asked": gettext_lazy("Please decide: order %(order)s of %(customer)s"),
    "asked_text": gettext_lazy(
        "Order %(order)s of %(customer)s over %(amount)s needs your decision. "
        "It passes the limit by %(excess)s."
    ),
    "asked_text_within": gettext_lazy(
        "Order %(order)s of %(customer)s over %(amount)s needs your decision."
    ),
    "reminded": gettext_lazy("Still waiting for you: order %(order)s of %(customer)s"),
    "escalated": gettext_lazy("Escalated to you: order %(order)s of %(customer)s"),
    "stuck": gettext_lazy("Nobody can decide about order %(order)s"),
    "stuck_text": gettext_lazy(
        "Everybody who is asked about order %(order)s of %(customer)s is away without a "
        "substitute, or may not decide about it. Name a substitute or change the matrix."
    ),
    "decided": gettext_lazy("Order %(order)s of %(customer)s: %(state)s"),
    "decided_text": gettext_lazy("%(by)s answered: %(state)s. “%(comment)s”"),
    "lapsed": gettext_lazy("The approval of order %(order)s lapsed"),
    "lapsed_text": gettext_lazy("The approval of order %(order)s stands no more: %(why)s."),
    "question": gettext_lazy("%(by)s asks about order %(order)s"),
    "reply": gettext_lazy("%(by)s replied about order %(order)s"),
}
_LIMIT = {
    "asked": gettext_lazy("Please decide: change of the limit of %(customer)s"),
    "asked_text": gettext_lazy(
        "A change of the limit of %(customer)s needs your decision. "
        "It would be %(amount)s instead of %(before)s."
    ),
    "reminded": gettext_lazy("Still waiting for you: change of the limit of %(customer)s"),
    "escalated": gettext_lazy("Escalated to you: change of the limit of %(customer)s"),
    "stuck": gettext_lazy("Nobody can decide about the limit of %(customer)s"),
    "stuck_text": gettext_lazy(
        "Everybody who is asked about the change of the limit of %(customer)s is away without a "
        "substitute, or may not decide about it. Name a substitute or change the matrix."
    ),
    "decided": gettext_lazy("Change of the limit of %(customer)s: %(state)s"),
    "question": gettext_lazy("%(by)s asks about the limit of %(customer)s"),
    "reply": gettext_lazy("%(by)s replied about the limit of %(customer)s"),
}


def words(name: str) -> Callable[[Data], str]:
    """The sentence of that name about whatever the data of a notice is about."""

    def say(data: Data) -> str:
        limit = data.get("about") == "limit"
        sentence = (_ORDER | _LIMIT if limit else _ORDER)[name]
        return str(sentence) % _figures(data)

    return say


def asked_text(data: Data) -> str:
    """What is asked; of an order within its limit nothing is said about the limit."""
    within = data.get("about") != "limit" and not Decimal(data["excess"])
    return words("asked_text_within" if within else "asked_text")(data)


def _figures(data: Data) -> dict[str, Any]:
    figures = dict(data)
    for name in ("amount", "before", "excess"):
        if name in data:
            currency = data.get(f"{name}_currency", data["currency"])
            figures[name] = _money(data[name], currency)
    if "state" in data:
        figures["state"] = RequestState(data["state"]).label
    if "why" in data:
        figures["why"] = LapseReason(data["why"]).label
    return figures


def _money(amount: str, currency: str) -> str:
    if not amount:
        return _("an unlimited amount")
    return f"{number_format(Decimal(amount), 2, force_grouping=True)} {currency}"
