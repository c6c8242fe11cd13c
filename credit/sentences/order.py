"""The order itself, in words."""

from django.utils.translation import gettext as _

from credit.sentences.figures import Figures, amounts, day
from staff.figures import terms as payment_terms
from staff.listing import listed


def rate(figures: Figures, hit: bool) -> str:
    """Which rate was used, or which is missing."""
    if hit:
        return _(
            "There is no exchange rate for %(pairs)s. Ask an administrator to enter it, then "
            "submit again."
        ) % {"pairs": listed(figures["missing"])}
    if "rate" in figures:
        return _("Converted at %(pair)s %(rate)s of %(day)s.") % {
            "pair": figures["pair"],
            "rate": figures["rate"],
            "day": day(figures["on"]),
        }
    return _("The order is in the account's currency.")


def document_value(figures: Figures, hit: bool) -> str:
    """What the order comes to, and what one order may."""
    values = amounts(figures, "observed", "threshold") | {"currency": figures["currency"]}
    if hit:
        return (
            _("The order comes to %(observed)s %(currency)s; one order may come to %(threshold)s.")
            % values
        )
    return (
        _(
            "The order comes to %(observed)s %(currency)s, within the %(threshold)s that one order "
            "may come to."
        )
        % values
    )


def terms(figures: Figures, hit: bool) -> str:
    """The order's payment terms beside the customer's own."""
    asked, own = (payment_terms(figures[name]) for name in ("observed", "threshold"))
    if hit:
        said = _("Payment terms of the order: %(asked)s; the customer's own: %(own)s.")
        return said % {"asked": asked, "own": own}
    said = _("Payment terms of the order: %(asked)s, no later than the customer's own.")
    return said % {"asked": asked}


def first_order(figures: Figures, hit: bool) -> str:
    """Whether the customer had an order released before."""
    if hit:
        return _("No order of this customer was released before.")
    return _("Orders of this customer were released before.")
