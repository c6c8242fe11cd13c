"""Every kind of page, who looks at it, and an address of it in the demo company."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from approvals import lifecycle as approvals
from approvals.enums import LapseReason
from approvals.models import ApprovalRequest
from credit.days import company_day
from credit.models import CreditAccount, CreditLimit, Customer, Invoice, PolicyVersion
from exceptions.models import Ticket
from exceptions.process.lifecycle import open_by_hand
from exceptions.triage.enums import Severity
from journal.models import Attachment, WebhookEndpoint
from orders import gate
from orders.backtest import lifecycle as backtests
from orders.enums import OrderState
from orders.errors import OrderError
from orders.lifecycle.splitting import fitting
from orders.models import (
    Allocation,
    Decision,
    FulfilmentEvent,
    Hold,
    Order,
    Product,
    ProductFlag,
    Stock,
)
from rules.models import WordList
from staff.models import User
from tests.factories import credit, files, orders, webhooks

HALF, ONE = Decimal("0.5"), Decimal(1)


@dataclass(frozen=True)
class Kind:
    """A kind of page as one role meets it; `of` finds the object that the page is about."""

    role: str
    name: str
    of: object = None
    query: str = ""
    status: int = 200

    def __str__(self):
        return f"{self.name}{self.query}-{self.role}"

    def url(self):
        user = User.objects.get(username=self.role)
        found = self.of(user) if self.of else ()
        assert found is not None, f"the demo company has nothing for {self}"
        arguments = found if isinstance(found, tuple) else (found,)
        query = self.query.format(customer=customer()(user), picked=picked(user))
        return reverse(self.name, args=arguments) + query


def order(state, **narrowed):
    def of(user):
        seen = Order.objects.for_user(user).filter(state=state, **narrowed)
        return seen.order_by("pk").values_list("pk", flat=True).last()

    return of


def customer(**narrowed):
    def of(user):
        seen = Customer.objects.for_user(user).filter(**narrowed)
        return seen.values_list("pk", flat=True).first()

    return of


def ticket(**narrowed):
    def of(user):
        seen = Ticket.objects.for_user(user).filter(**narrowed)
        return seen.order_by("pk").values_list("pk", flat=True).last()

    return of


def request(state, *, limit=False):
    found = ApprovalRequest.objects.filter(state=state, limit_change__isnull=not limit)
    return lambda user: found.all().values_list("pk", flat=True).last()


def levels(count):
    """An open request with so many levels, about which the visitor asks something."""

    def of(user):
        found = ApprovalRequest.objects.open()
        asked = next((one for one in found if len(one.route.get("stages", [])) == count), None)
        if asked:
            approvals.ask(request_id=asked.pk, by=user, text="何时付款?", at=timezone.now())
        return asked and asked.pk

    return of


def picked(user):
    """The numbers of all requests that wait for the visitor, as the list sends them."""
    waiting = ApprovalRequest.objects.waiting_for(user, company_day(timezone.now()))
    return "&".join(f"pk={pk}" for pk in waiting.values_list("pk", flat=True))


def lapsed(user):
    """An approval that stands no more, made so now: the demo company need not have one."""
    approved = ApprovalRequest.objects.filter(state="approved").earliest("pk")
    approvals.lapse(order=approved.order, reason=LapseReason.AMENDED, at=timezone.now())
    return approved.pk


def own_request(user):
    own = ApprovalRequest.objects.open().filter(order_owner=user)
    return own.values_list("pk", flat=True).first()


def decision(user):
    return Decision.objects.values_list("order_id", "pk").last()


def failed_decision(user):
    failed = Decision.objects.filter(outcome="failed").exclude(facts=None)
    return failed.values_list("order_id", "pk").last()


def divisible(user):
    """A failed order of which a part fits; whether the demo company has one depends on the hour."""
    at = timezone.now()
    accounts = CreditAccount.objects.with_limits(company_day(at)).filter(currency="CNY")
    for account in accounts.filter(customer__status="active"):
        left = account.available
        if left is None or not 1_000 < left < 200_000:
            continue
        sku = Product.objects.sellable_in("CNY").earliest("pk").pk
        halves = [orders.line(f"{left * part:.2f}", product_id=sku) for part in (HALF, ONE)]
        made = orders.submit(orders.draft(account, lines=halves, by=user, at=at), by=user, at=at)
        try:
            fitting(made, gate.check(gate.prepare(made.pk, at), account, made, at))
        except OrderError:
            continue
        return made.pk
    return None


def held_order(user):
    return Hold.objects.active().values_list("order_id", flat=True).last()


def hold(user):
    return Hold.objects.active().values_list("pk", flat=True).last()


def flag(user):
    return ProductFlag.objects.active().values_list("pk", flat=True).last()


def limit(user):
    return CreditLimit.objects.filter(ended_at=None).values_list("pk", flat=True).last()


def rule(user):
    """A rule with an open ticket whose rule no longer holds: the row with most to show."""
    ticket = Ticket.objects.open().exclude(rule=None).earliest("pk")
    Ticket.objects.filter(pk=ticket.pk).update(cleared_at=timezone.now())
    return ticket.rule_id


def backtest(user):
    """A run made now over what the demo company did, two versions side by side where there are."""
    versions = list(PolicyVersion.objects.order_by("-pk")[:2])
    today = timezone.localdate()
    run = backtests.start(
        version_id=versions[0].pk,
        compared_id=versions[1].pk if len(versions) > 1 else None,
        since=today - timedelta(days=60),
        until=today,
        basis="orders",
        by=user,
        at=timezone.now(),
        hand_over=lambda run_id: None,
    )
    return backtests.carry_out(run_id=run.pk, now=timezone.now).pk


def address(user):
    """An address in the book of a customer, put there now."""
    seen = Customer.objects.for_user(user).filter(addresses=None)
    return credit.address(seen.first(), "浦东新区外高桥保税区 12 号库", name="保税仓").pk


def book(user):
    """A customer with an address in the book, the default at that."""
    seen = Customer.objects.for_user(user).filter(addresses=None)
    return credit.address(seen.last(), "星湖街 328 号", name="苏州仓", default=True).customer_id


def attached(user):
    """An order with a file that stays and one that was removed."""
    found = Order.objects.for_user(user).filter(state=S.APPROVED).earliest("pk")
    files.attach(found, "银行保函 guarantee.pdf", by=user, about="工行保函", at=timezone.now())
    files.remove(files.attach(found, "scan.png", files.PNG, by=user), by=user)
    return found.pk


def file(user):
    """A file that stays, attached now where none is."""
    if not Attachment.objects.standing().exists():
        attached(user)
    return Attachment.objects.standing().values_list("pk", flat=True).last()


def word_list(user):
    return WordList.objects.values_list("pk", flat=True).first()


def told(user):
    """The inbox with something in it: a ticket that a colleague opened for the department."""
    open_by_hand(
        order_id=Order.objects.exclude(state=OrderState.DRAFT).latest("pk").pk,
        summary="two of five boxes are missing",
        severity=Severity.P2,
        department_id=user.department_id,
        by=User.objects.get(username="customer_service"),
        at=timezone.now(),
    )
    return ()


def invoice(**narrowed):
    return lambda user: (
        Invoice.objects.filter(**narrowed)
        .order_by("due_on", "pk")
        .values_list("pk", flat=True)
        .first()
    )


def allocated(user):
    """An order with goods kept for it."""
    return Allocation.objects.values_list("order_line__order", flat=True).first()


def stock(user):
    return Stock.objects.values_list("pk", flat=True).first()


def event(user):
    """An event that waits for what has to happen before."""
    return FulfilmentEvent.objects.waiting().values_list("pk", flat=True).first()


def debtor(user):
    """A customer with overdue invoices."""
    return Invoice.objects.open().values_list("account__customer", flat=True).first()


def webhook(user):
    """A webhook with messages: one tried in vain and given up, one that waits."""
    made = WebhookEndpoint.objects.first()
    if made is None:
        made = webhooks.endpoint(by=User.objects.get(username="administrator"))
        message, _waiting = webhooks.message(made), webhooks.message(made)
        at, values = timezone.now(), {"cause": "status", "ended_at": timezone.now()}
        message.tried.create(number=1, at=at, status=500, answer="Sorry", **values)
        made.messages.filter(pk=message.pk).update(state="dead", next_at=None, **values)
    return made.pk


def webhook_message(user):
    return WebhookEndpoint.objects.get(pk=webhook(user)).messages.earliest("pk").pk


S = OrderState
KINDS = (
    *(
        Kind(role, "home")
        for role in ("sales", "credit_analyst", "finance", "warehouse", "administrator", "auditor")
    ),
    Kind("sales", "orders:list"),
    Kind("finance", "orders:list", query="?state=approved&held=on"),
    Kind("sales", "orders:list", query="?q=~nothing~"),
    Kind("sales", "orders:new"),
    Kind("sales", "orders:new", query="?customer={customer}"),
    Kind("sales", "orders:detail", order(S.DRAFT)),
    Kind("sales", "orders:edit", order(S.DRAFT)),
    Kind("sales", "orders:copy", order(S.COMPLETED)),
    Kind("sales_manager", "orders:amend", order(S.APPROVED, invoiced_amount=0)),
    Kind("sales_manager", "orders:split", divisible),
    Kind("sales_manager", "orders:detail", order(S.CREDIT_FAILED)),
    Kind("sales", "orders:detail", attached),
    Kind("sales", "attachments:remove", file),
    Kind("sales", "credit:addresses", book),
    Kind("finance", "credit:addresses", customer()),
    Kind("sales", "credit:change_address", address),
    Kind("sales", "orders:cancel", order(S.APPROVED)),
    Kind("sales", "orders:take_back", order(S.CREDIT_FAILED)),
    Kind("credit_analyst", "orders:detail", order(S.CREDIT_FAILED)),
    Kind("warehouse", "orders:detail", order(S.APPROVED)),
    Kind("warehouse", "orders:detail", held_order),
    Kind("warehouse", "orders:ship", order(S.APPROVED, holds=None, paid_at=None)),
    Kind("warehouse", "orders:hold", order(S.APPROVED)),
    Kind("warehouse", "orders:deliver", order(S.SHIPPED)),
    Kind("warehouse", "orders:detail", order(S.PARTLY_SHIPPED)),
    Kind("warehouse", "orders:return_goods", order(S.DELIVERED)),
    Kind("customer_service", "orders:close_short", order(S.PARTLY_SHIPPED)),
    Kind("finance", "orders:detail", order(S.COMPLETED)),
    Kind("finance", "orders:pay", order(S.APPROVED, paid_at=None)),
    Kind("finance", "orders:invoice", order(S.APPROVED)),
    Kind("finance", "orders:detail", order(S.REJECTED)),
    Kind("finance", "orders:decision", decision),
    Kind("credit_analyst", "orders:decision", failed_decision, query="?again=1"),
    Kind("warehouse", "orders:holds"),
    Kind("credit_analyst", "orders:release_hold", hold),
    Kind("credit_analyst", "orders:holds", query="?view=released"),
    Kind("credit_analyst", "orders:holds", query="?view=wrong"),
    Kind("credit_analyst", "orders:release_many"),
    Kind("finance", "orders:products"),
    Kind("warehouse", "orders:allocate", order(S.APPROVED)),
    Kind("warehouse", "orders:pick", order(S.APPROVED)),
    Kind("warehouse", "orders:scan", order(S.SHIPPED)),
    Kind("supply_chain", "orders:set_free", allocated),
    Kind("warehouse", "orders:detail", allocated),
    Kind("warehouse", "orders:stock"),
    Kind("sales", "orders:stock", query="?oversold=on&warehouse=SHA"),
    Kind("finance", "orders:stock", query="?q=~nothing~"),
    Kind("warehouse", "orders:adjust_stock", stock),
    Kind("warehouse", "orders:events"),
    Kind("supply_chain", "orders:events", query="?view=refused"),
    Kind("finance", "orders:events", query="?q=~nothing~"),
    Kind("warehouse", "orders:dismiss_event", event),
    Kind("credit_analyst", "orders:tester"),
    Kind("sales_manager", "orders:tester", query="?customer=C1001&amount=50000"),
    Kind("finance", "orders:shadow"),
    Kind("warehouse", "orders:products", query="?q=DRL"),
    Kind("warehouse", "orders:flags"),
    Kind("sales", "orders:flags", query="?view=lifted"),
    Kind("warehouse", "orders:raise_flag"),
    Kind("warehouse", "orders:lift_flag", flag),
    Kind("credit_analyst", "approvals:list"),
    Kind("approver_1", "approvals:list", query="?view=open&sort=-excess&due=late"),
    Kind("auditor", "approvals:list", query="?view=decided"),
    Kind("finance", "approvals:list", query="?view=lapsed"),
    Kind("sales", "approvals:list"),
    Kind("credit_analyst", "approvals:detail", request("open")),
    Kind("approver_1", "approvals:detail", levels(2)),
    Kind("credit_analyst", "approvals:detail", request("approved")),
    Kind("credit_analyst", "approvals:detail", lapsed),
    Kind("sales", "approvals:detail", own_request),
    Kind("approver_1", "approvals:detail", request("open", limit=True)),
    Kind("sales", "approvals:detail", request("approved", limit=True)),
    Kind("credit_analyst", "approvals:reviews"),
    Kind("finance", "approvals:reviews", query="?view=unset"),
    Kind("credit_analyst", "approvals:reviews", query="?view=soon&q=~nothing~"),
    Kind("credit_analyst", "approvals:review_many", query="?pk=1&pk=2&pk=3&pk=4"),
    Kind("credit_analyst", "approvals:decide_many", query="?{picked}"),
    Kind("credit_analyst", "approvals:decide_many"),
    Kind("approver_1", "approvals:matrix"),
    Kind("approver_1", "approvals:calibration"),
    Kind("auditor", "approvals:calibration"),
    Kind("finance", "approvals:calibration", query="?since=2000-01-01&until=2000-01-02"),
    Kind("credit_analyst", "approvals:calibration_cases", query="?outcome=troubled"),
    Kind(
        "finance",
        "approvals:matrix_tester",
        query="?customer=C1001&amount=500000&excess=20000&reasons=limit",
    ),
    Kind("sales", "credit:customers"),
    Kind("credit_analyst", "credit:customer", customer(status="active")),
    Kind("credit_analyst", "credit:customer", customer(status="blacklisted")),
    Kind("credit_analyst", "credit:change_limit", customer()),
    Kind("credit_analyst", "approvals:request_limit", customer()),
    Kind("credit_analyst", "credit:customer_documents", customer(status="active")),
    Kind("credit_analyst", "credit:customer_history", customer(code="C2001")),
    Kind("credit_analyst", "credit:group", customer(code="C1009")),
    Kind("credit_analyst", "credit:set_review", customer()),
    Kind("credit_analyst", "credit:end_limit", limit),
    Kind("sales", "credit:record_promise", customer()),
    Kind("finance", "credit:promises", query="?view=all"),
    Kind("sales", "credit:promises", query="?view=broken&q=~nothing~"),
    Kind("finance", "credit:expiring"),
    Kind("finance", "credit:expiring", query="?view=expired"),
    Kind("finance", "credit:expiring", query="?q=~nothing~"),
    Kind("auditor", "credit:reconciliation"),
    Kind("finance", "credit:invoices"),
    Kind("auditor", "credit:invoices", query="?view=overdue&sort=-open"),
    Kind("finance", "credit:invoices", query="?q=~nothing~"),
    Kind("finance", "credit:receivables", debtor),
    Kind("credit_analyst", "credit:receivables", debtor, query="?view=settled"),
    Kind("finance", "credit:record_receipt", debtor),
    Kind("finance", "credit:open_item", debtor),
    Kind("finance", "credit:invoice", invoice(open_amount__gt=0)),
    Kind("finance", "credit:invoice", invoice(open_amount=0)),
    Kind("finance", "credit:credit_note", invoice(open_amount__gt=0)),
    Kind("finance", "credit:write_off", invoice(open_amount__gt=0)),
    Kind("credit_analyst", "credit:dispute", invoice(open_amount__gt=0)),
    Kind("credit_analyst", "credit:scores"),
    Kind("sales", "credit:scores", query="?view=all&q=~nothing~"),
    Kind("warehouse", "exceptions:tickets"),
    Kind("warehouse", "exceptions:tickets", query="?view=closed"),
    Kind("warehouse", "exceptions:ticket", ticket(state="open", department__code="warehouse")),
    Kind("warehouse", "exceptions:ticket", ticket(state="closed")),
    Kind("customer_service", "exceptions:open", order(S.SHIPPED)),
    Kind("warehouse", "exceptions:order_tickets", order(S.SHIPPED)),
    Kind("finance", "exceptions:rules"),
    Kind("finance", "exceptions:rule", rule),
    Kind("warehouse", "rules:word_lists"),
    Kind("warehouse", "rules:word_list", word_list),
    Kind("credit_analyst", "orders:backtests"),
    Kind("credit_analyst", "orders:backtest_new"),
    Kind("credit_analyst", "orders:backtest", backtest),
    Kind("administrator", "orders:imports"),
    Kind("administrator", "orders:import_new"),
    Kind("administrator", "webhooks:list"),
    Kind("administrator", "webhooks:new"),
    Kind("administrator", "webhooks:detail", webhook),
    Kind("administrator", "webhooks:change", webhook),
    Kind("administrator", "webhooks:message", webhook_message),
    Kind("auditor", "webhooks:detail", webhook, query="?view=dead"),
    Kind("administrator", "staff:profile"),
    Kind("administrator", "staff:api_keys"),
    Kind("administrator", "staff:api_key_new"),
    Kind("auditor", "api-problems"),
    Kind("administrator", "api-problem", lambda user: "invalid"),
    Kind("warehouse", "inbox:list", told),
    Kind("auditor", "inbox:list", query="?view=all"),
    Kind("administrator", "staff:change_password"),
    # What comes after it ends sessions: test_second_step goes through that.
    Kind("administrator", "staff:second_step"),
    Kind("finance", "search", query="?q=上海"),
    Kind("sales", "orders:imports", status=403),
    Kind("sales", "orders:detail", lambda user: 999_999_999, status=404),
)
# One of each design, for what is looked at more closely.
DESIGNS = (
    "home-sales",
    "orders:list-sales",
    "orders:edit-sales",
    "orders:detail-credit_analyst",
    "approvals:detail-credit_analyst",
    "credit:customer-credit_analyst",
    "exceptions:tickets-warehouse",
    "exceptions:ticket-warehouse",
    "exceptions:rule-finance",
    "orders:import_new-administrator",
)
