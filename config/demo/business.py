"""Three months of orders, played through the lifecycle verbs in the order of their moments."""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import count

from approvals import lifecycle as approvals
from approvals.eligible import candidates
from approvals.enums import RequestState, SeatState
from approvals.models import ApprovalRequest
from approvals.subjects import subject_of
from config.demo import goods
from config.demo.customers import Profile, mark
from config.demo.lots import lot_of
from credit.days import company_day
from credit.models import Customer
from credit.money import quantize
from orders import lifecycle as orders
from orders.amounts import LineInput
from orders.enums import HoldReason, OrderState, PaymentMethod
from orders.lifecycle.draft import Header
from orders.models import Order, Product, ProductPrice
from staff.models import User

ORDERS = 400
DAYS = 90
CARRIERS = ["顺丰速运", "德邦快递", "京东物流", "DHL Express", "Maersk"]
HOUR = timedelta(hours=1)
# Requests younger than this still wait for their answer.
UNDECIDED = timedelta(days=5)
# Of orders released since then some are still held or in the warehouse.
RECENT = timedelta(days=6)

# What approvers write; the demo company's people write in the language of their customer.
APPROVALS = [
    "客户历史付款良好，同意本次超限放行。",
    "已电话确认，客户承诺 15 天内付清逾期款。",
    "Good record over two years; one-off excess accepted.",
]
REJECTIONS = ["逾期未结清，暂不放行。", "Exposure is too high for this customer at the moment."]


@dataclass
class Company:
    """The demo company while it plays. `now` is the present that no event passes."""

    people: dict[str, User]
    profiles: dict[str, Profile]
    customers: dict[str, Customer]
    products: list[Product]
    now: datetime
    rng: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 - play
    queue: list[tuple[datetime, int, Callable[[datetime], object]]] = field(default_factory=list)
    tick: Callable[[], int] = field(default_factory=lambda: count().__next__)

    def later(self, at: datetime, what: Callable[[datetime], object]) -> None:
        """Let something happen at a moment, if that is not in the future."""
        if at <= self.now:
            heapq.heappush(self.queue, (at, self.tick(), what))

    def play(self) -> None:
        """Everything that is due, in the order of its moments."""
        while self.queue:
            at, _tick, what = heapq.heappop(self.queue)
            what(at)

    def seller(self, order: Order) -> User:
        return self.people[self.profiles[order.customer.code].owner]

    def hours(self, least: float, most: float) -> timedelta:
        return self.rng.uniform(least, most) * HOUR


def plan(company: Company) -> None:
    """Have the orders entered; everything else follows from them when the company plays."""
    start = company.now - timedelta(days=DAYS)
    prices = {(p.product_id, p.currency): p for p in ProductPrice.objects.all()}
    codes = sorted(company.profiles)
    for number in range(ORDERS):
        # Business grows: more orders in the last weeks than in the first.
        day = start + timedelta(days=DAYS * (number / ORDERS) ** 0.7)
        at = day.replace(hour=1, minute=0) + company.hours(0, 9)
        code = company.rng.choice(codes)
        lines = _lines(company, company.profiles[code].currency, prices)
        company.later(at, _enter(company, code, lines, number))
    company.later(company.now - timedelta(days=20), lambda _at: mark(company.customers))


def _lines(
    company: Company, currency: str, prices: dict[tuple[int, str], ProductPrice]
) -> list[LineInput]:
    rng, lines = company.rng, []
    for product in rng.sample(company.products, rng.choice([1, 1, 2, 2, 3, 4, 5])):
        listed = prices[product.pk, currency]
        # Now and then somebody sells far below the list.
        discount = Decimal(rng.choice([0, 0, 0, 3, 5, 8, 10, 12] + [36] * (rng.random() < 0.12)))
        quantity = rng.choice([4, 6, 8, 10, 12, 20, 24, 30, 40])
        lines.append(
            LineInput(
                product_id=product.pk,
                quantity=Decimal(quantity),
                lot=lot_of(product, quantity),
                price=listed.price,
                tax_percent=product.tax_percent,
                discount_percent=discount,
                list_price=listed.price,
                unit_cost=listed.cost,
            )
        )
    return lines


def _enter(
    company: Company, code: str, lines: list[LineInput], number: int
) -> Callable[[datetime], object]:
    def enter(at: datetime) -> None:
        profile, customer = company.profiles[code], company.customers[code]
        seller = company.people[profile.owner]
        order = orders.create_draft(
            customer_id=customer.pk,
            header=Header(
                currency=profile.currency,
                payment_days=profile.payment_days,
                ship_to_name=profile.ship_to,
                ship_to_phone=customer.phone,
                ship_to_address=profile.address,
                promised_at=at + timedelta(days=7),
            ),
            lines=lines,
            by=seller,
            at=at,
        )
        if number % 67 == 66:
            return  # left as a draft
        paid_first = profile.habit == "advance" and profile.limit == "none"
        company.later(at + company.hours(0.1, 2), lambda then: _submit(company, order, then))
        if number % 41 == 40 and not paid_first:
            company.later(at + company.hours(3, 5), lambda then: _cancel(company, order, then))

    return enter


def _submit(company: Company, order: Order, at: datetime) -> None:
    order = orders.submit(order_id=order.pk, by=company.seller(order), at=at)
    if order.state == OrderState.APPROVED:
        _released(company, order, at)
    elif company.now - at > UNDECIDED:
        company.later(at + company.hours(1, 28), lambda then: _decide(company, order, then))


def _cancel(company: Company, order: Order, at: datetime) -> None:
    order = Order.objects.get(pk=order.pk)
    if order.state in (OrderState.APPROVED, OrderState.CREDIT_FAILED) and not order.paid_amount:
        orders.cancel(order_id=order.pk, by=company.seller(order), reason="客户取消了订单。", at=at)


def _decide(company: Company, order: Order, at: datetime) -> None:
    asked = ApprovalRequest.objects.open().filter(order=order).first()
    if asked is None:
        return
    if company.rng.random() < 0.22:
        comment = company.rng.choice(REJECTIONS)
        approvals.reject(
            request_id=asked.pk, by=approver(company, asked, at), comment=comment, at=at
        )
        return
    asked = approvals.refresh(request_id=asked.pk, by=approver(company, asked, at), at=at)
    while asked.state == RequestState.OPEN:
        asked = approvals.approve(
            request_id=asked.pk,
            by=approver(company, asked, at),
            comment=company.rng.choice(APPROVALS),
            at=at,
            seen_decision_id=subject_of(asked).shown,
        )
    _released(company, order, at)


def approver(company: Company, asked: ApprovalRequest, at: datetime) -> User:
    """Somebody whom the request asks now."""
    seats = asked.seats.filter(round=asked.round, state=SeatState.ASKED)
    able = candidates(asked, seats, company_day(at))
    choices = sorted({each.user_id for people in able.values() for each in people})
    return User.objects.get(pk=company.rng.choice(choices))


def _released(company: Company, order: Order, at: datetime) -> None:
    rng, habit = company.rng, company.profiles[order.customer.code].habit
    if habit == "advance":
        paid = at + company.hours(0.2, 6)
        company.later(paid, lambda then: _pay(company, order, then))
        at = paid
    recent = company.now - at < RECENT
    # Whatever the hour, a few orders of these days are held.
    if rng.random() < 0.05 or (recent and order.pk % 7 == 0):
        company.later(at + company.hours(0.5, 2), lambda then: _hold(company, order, then))
        return
    if recent and rng.random() < (0.75 if habit == "advance" else 0.3):
        return  # still in the warehouse
    late = rng.random() < 0.18
    shipped = at + (company.hours(26, 90) if late else company.hours(3, 22))
    company.later(shipped, lambda then: _ship(company, order, then))


def _hold(company: Company, order: Order, at: datetime) -> None:
    if Order.objects.get(pk=order.pk).state != OrderState.APPROVED:
        return
    reason = company.rng.choice([HoldReason.ADDRESS, HoldReason.QUALITY, HoldReason.CUSTOMER])
    note = {
        HoldReason.ADDRESS: "收货地址为货代仓库，待客户确认最终收货人。",
        HoldReason.QUALITY: "该批次抽检不合格，等待复检结果。",
        HoldReason.CUSTOMER: "Customer asked to wait until their warehouse has room.",
    }[reason]
    by = company.people["customer_service"]
    hold = orders.place_hold(order_id=order.pk, reason=reason, note=note, by=by, at=at)
    released = at + company.hours(20, 70)

    def release(then: datetime) -> None:
        analyst = company.people["credit_analyst"]
        orders.release_hold(hold_id=hold.pk, note="已核实，可以发货。", by=analyst, at=then)
        company.later(then + company.hours(2, 8), lambda moment: _ship(company, order, moment))

    if company.now - at > RECENT:
        company.later(released, release)


def _ship(company: Company, order: Order, at: datetime) -> None:
    if Order.objects.get(pk=order.pk).state != OrderState.APPROVED:
        return
    carrier = company.rng.choice(CARRIERS)
    if order.pk % 11 == 4:
        arrives = partial(_arrives, company, order)
        if goods.ship_half(company, order, carrier, at, arrives):
            return
    goods.ship(company, order, carrier, at)
    company.later(at + company.hours(2, 20), lambda then: _invoice(company, order, then))
    company.later(at + company.hours(30, 130), lambda then: _deliver(company, order, then))


def _arrives(company: Company, order: Order, at: datetime) -> None:
    """All that will ever leave has left: it is delivered, and paid at the end of the terms."""
    company.later(at + company.hours(30, 130), lambda then: _deliver(company, order, then))
    days = company.profiles[order.customer.code].payment_days
    company.later(at + timedelta(days=days), lambda then: _pay(company, order, then))


def _deliver(company: Company, order: Order, at: datetime) -> None:
    by = company.people["customer_service"]
    orders.deliver(order_id=order.pk, by=by, happened_at=at, at=at)
    if order.pk % 29 == 7:
        back = at + company.hours(30, 90)
        company.later(back, lambda then: goods.give_back(company, order, then))


def _invoice(company: Company, order: Order, at: datetime) -> None:
    number = f"INV-{at:%y%m}-{order.pk:05}"
    by = company.people["finance"]
    orders.invoice(order_id=order.pk, number=number, by=by, happened_at=at, at=at)
    rng, profile = company.rng, company.profiles[order.customer.code]
    days = {
        "advance": None,
        "prompt": profile.payment_days - rng.randint(0, 12),
        "slow": profile.payment_days + rng.randint(-2, 18),
        "bad": profile.payment_days + rng.randint(15, 60),
    }[profile.habit]
    if days is not None:
        company.later(at + timedelta(days=days), lambda then: _pay(company, order, then))


def _pay(company: Company, order: Order, at: datetime) -> None:
    order = Order.objects.get(pk=order.pk)
    if order.state == OrderState.CANCELLED:
        return
    # Now and then a customer pays in two parts.
    whole = order.unpaid
    if not whole:
        return
    amount = quantize(whole * Decimal("0.6")) if company.rng.random() < 0.1 else whole
    orders.record_payment(
        order_id=order.pk,
        amount=amount,
        by=company.people["finance"],
        happened_at=at,
        at=at,
        method=PaymentMethod.TRANSFER,
        reference=f"TT{at:%y%m%d}{order.pk:05}-{order.payments.count() + 1}",
    )
    if amount < whole:
        company.later(at + company.hours(48, 200), lambda then: _pay(company, order, then))
