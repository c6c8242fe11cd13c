"""What has to happen about checks that no amount of money settles, and who does it."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from credit.checks import CheckResult
from credit.enums import CheckCode
from credit.sentences import RULE, label
from orders import policies
from orders.models import Order
from orders.remedies.remedy import Button, Remedy
from staff.listing import listed
from staff.models import User

_ANALYST: Promise = gettext_lazy("A credit analyst does this.")
_APPROVER: Promise = gettext_lazy("Only an approver can release the order in spite of it.")


def condition(reason: CheckResult, order: Order, user: User) -> Remedy:
    """What would settle this one check, in a sentence, with a way there for those who may."""
    if reason.code.startswith(RULE):
        return _rule(reason, order, user)
    return _CONDITIONS.get(reason.code, _other)(reason, order, user)


def _customer(order: Order, user: User) -> Button | None:
    if not user.has_perm("credit.view_customer"):
        return None
    return Button(_("Open customer"), reverse("credit:customer", args=[order.customer_id]))


def _made(reason: CheckResult, text: str, button: Button | None, who: str | Promise = "") -> Remedy:
    return Remedy(reason.code, "user-check", text, button, who)


def _rule(reason: CheckResult, order: Order, user: User) -> Remedy:
    if reason.figures.get("flags"):
        text = _(
            "The flagged goods are taken off the order, or whoever looks after the flag lifts it."
        )
        button = None
        if user.has_perm("orders.view_product"):
            button = Button(_("Open flags"), reverse("orders:flags"))
        return _made(reason, text, button)
    text = _("The order no longer meets the rule “%(rule)s”.") % {"rule": label(reason.as_json())}
    return _made(reason, text, None, _APPROVER)


def _listed(reason: CheckResult, order: Order, user: User) -> Remedy:
    text = _("The customer's status becomes active again.")
    return _made(reason, text, _customer(order, user), _who(user, "credit.change_customer"))


def _rate(reason: CheckResult, order: Order, user: User) -> Remedy:
    pairs = listed(reason.figures["missing"])
    text = _("The exchange rate for %(pairs)s is entered.") % {"pairs": pairs}
    if not user.has_perm("credit.add_exchangerate"):
        return _made(reason, text, None, _ANALYST)
    button = Button(_("Enter rate"), reverse("admin:credit_exchangerate_add"))
    return _made(reason, text, button)


def _review(reason: CheckResult, order: Order, user: User) -> Remedy:
    text = _("The credit of the customer is reviewed, and the day of the next review is set.")
    return _made(reason, text, _customer(order, user), _who(user, "credit.change_limit"))


def _expired(reason: CheckResult, order: Order, user: User) -> Remedy:
    text = _("The credit limit that expired is renewed.")
    return _made(reason, text, _customer(order, user), _who(user, "approvals.request_limit_change"))


def _receivables(reason: CheckResult, order: Order, user: User) -> Remedy:
    text = _("The customer pays what is overdue.")
    button = None
    if user.has_perm("credit.view_creditaccount"):
        url = reverse("credit:receivables", args=[order.customer_id])
        button = Button(_("Open receivables"), url)
    return _made(reason, text, button)


def _terms(reason: CheckResult, order: Order, user: User) -> Remedy:
    most = reason.figures["threshold"] + reason.figures["tolerated_days"]
    text = ngettext(
        "The payment terms are shortened to %(days)d day or less.",
        "The payment terms are shortened to %(days)d days or fewer.",
        most,
    ) % {"days": most}
    if not policies.can_take_back(user, order):
        return _made(reason, text, None, gettext_lazy("The salesperson does this."))
    url = reverse("orders:take_back", args=[order.pk]) + "?next=edit"
    return _made(reason, text, Button(_("Take back to change"), url))


def _promises(reason: CheckResult, order: Order, user: User) -> Remedy:
    text = ngettext(
        "Promises that were broken count for %(within_days)d day after they were due.",
        "Promises that were broken count for %(within_days)d days after they were due.",
        reason.figures["within_days"],
    )
    return _made(reason, text % reason.figures, None, _APPROVER)


def _risk(reason: CheckResult, order: Order, user: User) -> Remedy:
    text = _("The customer's risk class improves, for which the score has to.")
    return _made(reason, text, _customer(order, user), _APPROVER)


def _first(reason: CheckResult, order: Order, user: User) -> Remedy:
    return _made(reason, _("The first order of a customer is always looked at."), None, _APPROVER)


def _other(reason: CheckResult, order: Order, user: User) -> Remedy:
    text = _("The check “%(check)s” no longer stops the order.") % {
        "check": label(reason.as_json())
    }
    return _made(reason, text, None, _APPROVER)


def _who(user: User, permission: str) -> str | Promise:
    return "" if user.has_perm(permission) else _ANALYST


_CONDITIONS: dict[str, Callable[[CheckResult, Order, User], Remedy]] = {
    CheckCode.BLACKLIST: _listed,
    CheckCode.WATCH_LIST: _listed,
    CheckCode.RATE: _rate,
    CheckCode.LIMIT_EXPIRED: _expired,
    CheckCode.OVERDUE: _receivables,
    CheckCode.OLDEST: _receivables,
    CheckCode.PROMISES: _promises,
    CheckCode.RISK_CLASS: _risk,
    CheckCode.TERMS: _terms,
    CheckCode.REVIEW: _review,
    CheckCode.FIRST_ORDER: _first,
}
