"""One sale, from the order to the closed ticket, each step by the person whose step it is."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from approvals.models import ApprovalRequest
from credit.models import CreditAccount
from exceptions.models import Ticket
from orders.models import Order, OrderLine
from tests.config.leftovers import leftovers
from tests.factories import credit, orders
from tests.factories.staff import PASSWORD, department, person
from tests.factories.traces import balances
from tests.journeys.worker import minute_passes, wait_until, worker

LOCALES = {"en": "en-GB", "zh-hans": "zh-CN"}
PEOPLE = {
    "sales": "林晓彤",
    "credit_analyst": "周敏",
    "finance": "吴佩珊",
    "warehouse": "孙大勇",
}
SUM = {
    "en": "Used 565.00 + this order 565.00 = 1,130.00 CNY, 130.00 over the limit of 1,000.00.",
    "zh-hans": "已用 565.00 + 本单 565.00 = 1,130.00 CNY，超出额度 1,000.00 共 130.00。",
}
OFFERS = {
    "en": {"submit": "Submit order", "approve": "Release order", "ship": "Ship order"},
    "zh-hans": {"submit": "提交订单", "approve": "放行订单", "ship": "订单发货"},
}


class Company:
    """The people of one story, each at a desk of their own, and what they deal in."""

    def __init__(self, site, sit_down, language):
        self.site, self.sit_down, self.language = site, sit_down, language
        self.people = {
            role: person(role, full_name=name, department=self._department(role))
            for role, name in PEOPLE.items()
        }
        self.account = credit.account("1000.00", owner=self.people["sales"], name="华东机电")
        self.product = orders.product("100.00", cost="60.00", sku="SB-7", name="水泵")
        self.desks = {}

    def _department(self, role):
        return department({"credit_analyst": "credit"}.get(role, role))

    def __getitem__(self, role):
        """The desk of somebody with that role, who signs in when first needed."""
        if role not in self.desks:
            desk = self.sit_down(self.site, locale=LOCALES[self.language])
            desk.sign_in(self.people[role], PASSWORD)
            self.desks[role] = desk
        return self.desks[role]

    def read(self, desk):
        """What the page says, after a look for words of the wrong language."""
        assert desk.page.get_attribute("html", "lang") == self.language
        if self.language != "en":
            known = [r"C\d{5}|SB-7|person\d+|Segment \d+|\bCST\b"]
            assert leftovers(desk.page.content(), known) == [], desk.page.url
        return desk.text()

    def stands(self):
        """What the account's buckets hold; they are the ledger's sums."""
        assert not CreditAccount.objects.differing_from_ledger().exists()
        return balances(self.account)


@pytest.fixture(params=LOCALES)
def company(request, live_server, sit_down, settings):
    return Company(live_server, sit_down, request.param)


def enter_order(company):
    """Sales picks the customer, types a product and how many, and submits."""
    desk = company["sales"]
    page = desk.page
    desk.go("orders:list")
    page.click("main a[href='/orders/new/']")
    page.fill("main input[name=q]", "华东")
    page.click(f"#customer-choices a[href*='customer={company.account.customer_id}']")
    page.fill("[name=lines-0-product]", "水泵")
    page.click("#product-options [role=option]")
    page.fill("[name=lines-0-quantity]", "5")
    page.get_by_text("565.00").first.wait_for()
    button = page.locator("button[name=do][value=submit]")
    assert OFFERS[company.language]["submit"] in button.inner_text()
    button.click()
    page.wait_for_url("**/orders/*/")
    assert OrderLine.objects.filter(product=company.product).exists()
    return Order.objects.latest("pk")


def sells_within_the_limit(company):
    order = enter_order(company)
    said = company.read(company["sales"])
    assert order.state == "approved"
    assert order.number in said
    assert "435.00" in said  # what is left of the limit
    assert company.stands() == {"reserved": "565.00"}


def sells_over_the_limit(company):
    order = enter_order(company)
    assert order.state == "credit_failed"
    assert SUM[company.language] in company.read(company["sales"])
    assert company.stands() == {"reserved": "565.00"}
    return order


def cannot_approve_it_oneself(company, order):
    asked = ApprovalRequest.objects.get(order=order)
    desk = company["sales"]
    assert desk.go("approvals:detail", asked.pk).status == 200
    assert desk.page.locator("[name=answer]").count() == 0
    company.read(desk)
    decision = {"answer": "approve", "comment": "me", "seen_decision": asked.decision_id}
    assert desk.post("approvals:decide", asked.pk, **decision).status == 403
    assert Order.objects.get(pk=order.pk).state == "credit_failed"


def approves(company, order):
    desk = company["credit_analyst"]
    desk.go("approvals:list")
    company.read(desk)
    desk.page.get_by_role("link", name=order.number).first.click()
    desk.page.wait_for_url("**/approvals/*/")
    assert SUM[company.language] in company.read(desk)
    desk.page.fill("[name=comment]", "客户承诺周五前付清。")
    desk.page.locator(".choice-approve").click()
    button = desk.page.locator("[data-decide-button]")
    assert OFFERS[company.language]["approve"] in button.inner_text()
    button.click()
    desk.page.get_by_text("客户承诺周五前付清。").first.wait_for()
    company.read(desk)
    assert Order.objects.get(pk=order.pk).state == "approved"
    assert company.stands() == {"reserved": "1130.00"}


def act(company, role, order, verb, **fields):
    """Take one of the actions that the order's page offers, in its dialog."""
    desk = company[role]
    desk.go("orders:detail", order.pk)
    link = desk.page.locator(f"#order-actions a[href='/orders/{order.pk}/{verb}/']")
    if not link.is_visible():
        desk.page.click("#order-actions summary")
    link.click()
    desk.page.locator("#act-dialog[open]").wait_for()
    for name, value in fields.items():
        desk.page.fill(f"#act-dialog [name={name}]", value)
    company.read(desk)
    desk.page.click("#act-dialog button[type=submit]")
    desk.page.locator("#act-dialog:not([open])").wait_for(state="attached")
    return company.read(desk)


def is_paid_yesterday(company, order):
    moment = timezone.localtime(timezone.now() - timedelta(hours=25))
    act(
        company,
        "finance",
        order,
        "pay",
        happened_at=f"{moment:%Y-%m-%dT%H:%M:%S}",
        reference="20260302",
    )
    order = Order.objects.get(pk=order.pk)
    assert order.paid_amount == Decimal("565.00")
    assert order.paid_at == moment.replace(microsecond=0)
    assert company.stands() == {"reserved": "565.00", "paid": "565.00"}


def queue(company):
    """What stands in the warehouse's queue."""
    desk = company["warehouse"]
    desk.go("exceptions:tickets", query="?view=department")
    return desk.page.locator("tr[data-row] a[data-row-link]")


def worker_opens_the_ticket(company, order):
    assert queue(company).count() == 0
    minute_passes()
    row = wait_until(lambda: (row := queue(company)).count() and row)
    company.read(company["warehouse"])
    ticket = Ticket.objects.get()
    assert (ticket.order_id, row.inner_text()) == (order.pk, ticket.number)
    row.click()
    page = company["warehouse"].page
    page.wait_for_url("**/tickets/*/")
    assert order.number in company.read(company["warehouse"])
    page.click(f"form[action='/tickets/{ticket.pk}/take/'] button")
    page.locator(f"form[action='/tickets/{ticket.pk}/start/'] button").wait_for()
    return ticket


def ships(company, order):
    said = act(company, "warehouse", order, "ship", carrier="顺丰速运", tracking_number="100200")
    assert "100200" in said
    assert Order.objects.get(pk=order.pk).state == "shipped"


def ticket_sees_it(company, ticket):
    desk = company["warehouse"]
    desk.go("exceptions:ticket", ticket.pk)
    assert desk.page.locator(".notice-good").count() == 0
    minute_passes()
    wait_until(lambda: Ticket.objects.get().cleared_at)
    desk.go("exceptions:ticket", ticket.pk)
    desk.page.locator(".notice-good").wait_for()
    company.read(desk)


def is_closed_with_its_record(company, ticket):
    desk = company["warehouse"]
    page = desk.page
    page.click("a[href='#close']")
    page.click("#close button[type=submit]")
    assert page.locator("#close [name=result]:invalid").count()  # the browser itself refuses
    page.locator("#close").evaluate("form => { form.noValidate = true; }")
    page.click("#close button[type=submit]")
    page.locator("#close .error-summary").wait_for()
    company.read(desk)
    assert Ticket.objects.get().is_open
    page.check("#close [name=outcome][value=solved]")
    page.select_option("#close [name=cause]", index=1)
    page.fill("#close [name=action]", "已联系承运商补发。")
    page.fill("#close [name=result]", "货物已发出。")
    page.click("#close button[type=submit]")
    page.get_by_text("货物已发出。").first.wait_for()
    company.read(desk)
    assert Ticket.objects.get().state == "closed"


def test_sale_goes_from_order_to_closed_ticket(company, tmp_path):
    with worker(tmp_path / "worker.log"):
        sells_within_the_limit(company)
        order = sells_over_the_limit(company)
        cannot_approve_it_oneself(company, order)
        approves(company, order)
        is_paid_yesterday(company, order)
        ticket = worker_opens_the_ticket(company, order)
        ships(company, order)
        ticket_sees_it(company, ticket)
        is_closed_with_its_record(company, ticket)
    assert company.stands() == {"reserved": "565.00", "paid": "565.00"}
