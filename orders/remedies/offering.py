"""The remedies of a failed order as a person meets them: sentences with figures, and buttons."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from credit.checks import CheckResult
from credit.content import Content
from credit.enums import CheckCode
from credit.models import CreditAccount, Customer, Invoice
from orders import gate, policies
from orders.enums import OrderState
from orders.models import Order
from orders.reasons import CheckLine, foreseen, in_words
from orders.remedies import conditions, finding
from orders.remedies.fitting import parts
from orders.remedies.remedy import Button, Remedy
from orders.remedies.supposing import Facts, Item
from orders.versions import inputs_of
from staff.figures import money
from staff.listing import listed
from staff.models import User

# More open items than anybody would wait for.
MOST_ITEMS = 300
# How many invoices a sentence names.
NAMED = 3
_AMOUNTS = frozenset({CheckCode.LIMIT, CheckCode.GROUP_LIMIT, CheckCode.DOCUMENT_VALUE})
FINANCE: Promise = gettext_lazy("Finance records the payment.")
ANALYST: Promise = gettext_lazy("A credit analyst does this.")
SALES: Promise = gettext_lazy("The salesperson does this.")


@dataclass(frozen=True)
class Advice:
    """What would make the order pass now: each of `alone`; or all of `needed` with one of `partly`.

    `passes` says that nothing stands in the way any more. `news` are the reasons as they are now,
    where they are not those of the order's last decision.
    """

    passes: bool = False
    news: list[CheckLine] = field(default_factory=list)
    alone: list[Remedy] = field(default_factory=list)
    needed: list[Remedy] = field(default_factory=list)
    partly: list[Remedy] = field(default_factory=list)


@dataclass(frozen=True)
class _Situation:
    """The order as it stands now, before the eyes of somebody."""

    order: Order
    account: CreditAccount
    user: User
    facts: Facts
    content: Content
    blocked: frozenset[str]


def advise(order: Order, account: CreditAccount, user: User, at: datetime) -> Advice:
    """Ask the gate again about a failed order, without a lock, and find what would make it pass.

    Nothing is written; figures are those of `at`, not those of the decision that failed.
    """
    if order.state != OrderState.CREDIT_FAILED:
        return Advice()
    result = gate.check(gate.prepare(order.pk, at), account, order, at)
    if not result.reasons:
        return Advice(passes=True)
    facts, content = result.facts, result.policy.content
    codes = frozenset(reason.code for reason in result.reasons)
    case = _Situation(order, account, user, facts, content, codes)
    amounts = [*_prepay(case), *_reduce(case), *_split(case), *_cash(case)]
    credit = [*_raise(case), *_settle(case)]
    found = sorted([*amounts, *credit], key=lambda remedy: not remedy.button)
    alone = [remedy for remedy in found if not remedy.left]
    partly, needed = _together(case, found, result.reasons)
    return Advice(
        news=_news(order, result.reasons, user),
        alone=alone,
        needed=needed if partly or not alone else [],
        partly=partly if needed else [],
    )


def _news(order: Order, reasons: Sequence[CheckResult], user: User) -> list[CheckLine]:
    """The reasons as sentences, unless the order's last decision says just the same."""
    last = order.decisions.order_by("-pk").first()
    now = foreseen(list(reasons), user)
    told = {line.sentence for line in in_words(last, user)} if last else set()
    return [] if {line.sentence for line in now} <= told else now


def _together(
    case: _Situation, found: Sequence[Remedy], reasons: Sequence[CheckResult]
) -> tuple[list[Remedy], list[Remedy]]:
    """Remedies for what the order comes to, each next to what has to happen besides."""
    by_amount = case.blocked & _AMOUNTS
    partly = [each for each in found if each.left and not each.left & by_amount and by_amount]
    if by_amount and not partly:
        return [], []
    items = next((each for each in found if each.code == "settle"), None)
    cleared = (case.blocked - items.left) - by_amount if items else frozenset()
    needed = [items] if items and cleared else []
    others = [one for one in reasons if one.code not in by_amount | cleared]
    return (
        [each for each in partly if each.code != "settle"],
        needed + [conditions.condition(one, case.order, case.user) for one in others],
    )


def _prepay(case: _Situation) -> list[Remedy]:
    order, made = case.order, []
    for found in finding.prepayments(case.facts, case.content):
        values = {"amount": money(found.amount), "currency": order.currency}
        percent = finding.uses_prepaid_exemption(case.facts, case.content, found.amount)
        if found.amount == order.unpaid:
            text = _("The customer pays all of it, %(amount)s %(currency)s, in advance.") % values
        elif percent is not None:
            text = _(
                "The customer pays %(amount)s %(currency)s in advance: the policy exempts orders "
                "of which %(percent)s %% is prepaid."
            ) % (values | {"percent": number_format(percent.normalize())})
        else:
            text = _("The customer pays %(amount)s %(currency)s in advance.") % values
        can = policies.can_pay(case.user, order)
        button = _button(_("Record payment"), "orders:pay", order.pk, can, amount=found.amount)
        made.append(Remedy("prepay", "cash", text, button, "" if can else FINANCE, found.left))
    return made


def _reduce(case: _Situation) -> list[Remedy]:
    found = finding.reduction(case.facts, case.content)
    if found is None:
        return []
    text = _(
        "The order is reduced by %(amount)s %(currency)s, to no more than %(most)s with tax."
    ) % {
        "amount": money(found.amount),
        "currency": case.order.currency,
        "most": money(case.order.total - found.amount),
    }
    return [Remedy("reduce", "minus", text, *_take_back(case), found.left)]


def _cash(case: _Situation) -> list[Remedy]:
    left = finding.cash_on_order(case.facts, case.content)
    if left is None:
        return []
    text = _("The payment terms become 0 days: the order then ships when it is paid.")
    return [Remedy("cash", "cash", text, *_take_back(case), left)]


def _take_back(case: _Situation) -> tuple[Button | None, str | Promise]:
    order = case.order
    can = policies.can_take_back(case.user, order) and policies.can_edit(case.user, order)
    button = _button(_("Take back to change"), "orders:take_back", order.pk, can, next="edit")
    return button, "" if can else SALES


def _split(case: _Situation) -> list[Remedy]:
    found = finding.reduction(case.facts, case.content)
    if found is None or found.left:
        return []
    order = case.order
    split = parts(inputs_of(order), order.total - found.amount)
    if split is None:
        return []
    text = _(
        "The order is split: goods worth %(kept)s %(currency)s fit now, those worth %(rest)s "
        "become an order of their own."
    ) % {
        "kept": money(split.total),
        "currency": order.currency,
        "rest": money(split.rest_total),
    }
    can = policies.can_split(case.user, order)
    button = _button(_("Split order"), "orders:split", order.pk, can)
    return [Remedy("split", "copy", text, button, "" if can else SALES)]


def _raise(case: _Situation) -> list[Remedy]:
    found = finding.raises(case.facts, case.content)
    if found is None or not found.limits:
        return []
    can = case.user.has_perm("approvals.request_limit_change")
    accounts = CreditAccount.objects.filter(pk__in=[limit.account_id for limit in found.limits])
    seen = accounts.filter(customer__in=Customer.objects.for_user(case.user))
    customers = dict(seen.values_list("pk", "customer_id"))
    made: list[Button] = []
    back = reverse("orders:detail", args=[case.order.pk])
    for limit in found.limits:
        label = _("Request limit of %(group)s") % {"group": limit.group}
        button = _button(
            label if limit.group else _("Request limit change"),
            "approvals:request_limit",
            customers.get(limit.account_id, 0),
            can and limit.account_id in customers,
            kind="amount",
            amount=limit.amount,
            next=back,
        )
        made += [button] if button else []
    more = finding.temporary(case.facts, case.content, found)
    if can and more:
        query = {"type": "temporary", "amount": more, "next": back}
        label = _("Request temporary limit")
        button = _button(label, "approvals:request_limit", case.order.customer_id, can, **query)
        made += [button] if button else []
    text = " ".join(_raised(limit) for limit in found.limits)
    first = made[0] if made else None
    who = "" if can else ANALYST
    return [Remedy("raise", "gauge", text, first, who, found.left, made[1:])]


def _raised(limit: finding.Raise) -> str:
    values = {
        "more": money(limit.more),
        "amount": money(limit.amount),
        "currency": limit.currency,
        "group": limit.group,
    }
    if not limit.more:
        return _("The limit of %(amount)s %(currency)s is renewed.") % values
    if limit.group:
        return _(
            "The limit of the group %(group)s is raised by %(more)s to %(amount)s %(currency)s."
        ) % (values)
    return _("The credit limit is raised by %(more)s to %(amount)s %(currency)s.") % values


def _settle(case: _Situation) -> list[Remedy]:
    rows = Invoice.objects.open().filter(account=case.account)[: MOST_ITEMS + 1]
    items = [
        Item(row.number, row.due_on, row.open_amount, row.disputed_amount)
        for row in rows[:MOST_ITEMS]
    ]
    found = finding.settling(case.facts, case.content, items)
    if found is None or not found.items:
        return []
    text = _settled(found.items, case.account.currency, date.fromisoformat(case.facts["day"]))
    can = case.user.has_perm("credit.view_creditaccount")
    button = _button(_("Open receivables"), "credit:receivables", case.order.customer_id, can)
    return [Remedy("settle", "file-invoice", text, button, "", found.left)]


def _settled(items: Sequence[Item], currency: str, today: date) -> str:
    values = {
        "invoices": listed(_named(item, today) for item in items[:NAMED]),
        "more": len(items) - NAMED,
        "amount": money(sum((item.open_amount for item in items), Decimal(0))),
        "currency": currency,
        "day": date_format(max(item.due_on for item in items), "DATE_FORMAT"),
    }
    if len(items) == 1:
        return _("The customer pays invoice %(invoices)s: %(amount)s %(currency)s.") % values
    if len(items) <= NAMED:
        return _(
            "The customer pays the invoices %(invoices)s, together %(amount)s %(currency)s."
        ) % (values)
    return (
        ngettext(
            "The customer pays the invoices %(invoices)s and %(more)d more, together %(amount)s "
            "%(currency)s, the last due on %(day)s.",
            "The customer pays the invoices %(invoices)s and %(more)d more, together %(amount)s "
            "%(currency)s, the last due on %(day)s.",
            len(items) - NAMED,
        )
        % values
    )


def _named(item: Item, today: date) -> str:
    values = {"number": item.number, "day": date_format(item.due_on, "DATE_FORMAT")}
    late = (today - item.due_on).days
    if late > 0:
        text = ngettext(
            "%(number)s (overdue by %(days)d day)", "%(number)s (overdue by %(days)d days)", late
        )
        return text % (values | {"days": late})
    return _("%(number)s (due on %(day)s)") % values


def _button(label: str, name: str, pk: int, can: bool, **query: object) -> Button | None:
    if not can:
        return None
    url = reverse(name, args=[pk])
    return Button(label, f"{url}?{urlencode(query)}" if query else url)
