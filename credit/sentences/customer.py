"""Who the customer is, in words."""

from django.utils.translation import gettext as _

from credit.enums import CustomerStatus, RiskClass
from credit.sentences.figures import Figures, day


def blacklist(figures: Figures, hit: bool) -> str:
    """Whether and why the customer is blacklisted."""
    if hit:
        return _("The customer is blacklisted: %(reason)s") % {"reason": figures["reason"]}
    return _("The customer is not blacklisted.")


def watch_list(figures: Figures, hit: bool) -> str:
    """Whether and why the customer is on the watch list."""
    if hit:
        return _("The customer is on the watch list: %(reason)s") % {"reason": figures["reason"]}
    if figures["observed"] == CustomerStatus.BLACKLISTED:
        return _("The customer is blacklisted, which another check says.")
    return _("The customer is not on the watch list.")


def risk_class(figures: Figures, hit: bool) -> str:
    """The customer's risk class."""
    if not figures["observed"]:
        return _("The customer has no risk class yet.")
    values = {
        "observed": RiskClass(figures["observed"]).label,
        "worst": RiskClass(figures["threshold"]).label,
    }
    if hit:
        return (
            _("The customer's risk class is %(observed)s; the worst that passes is %(worst)s.")
            % values
        )
    return _("The customer's risk class is %(observed)s.") % values


def review(figures: Figures, hit: bool) -> str:
    """When the credit is to be reviewed."""
    if figures["observed"] is None:
        return _("No day is set for a review of this credit.")
    values = {"day": day(figures["observed"])}
    if hit:
        return _("The review of this credit was due on %(day)s.") % values
    return _("The next review of this credit is due on %(day)s.") % values
