"""Small random pasts: the sweep finds what a slow look at the whole past finds for each case."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from credit.models import CreditAccount, Dispute, ExchangeRate, Invoice
from orders.backtest.sweep import judged
from orders.models import Order, Payment
from tests.factories import credit, receivables
from tests.factories.staff import person
from tests.orders.backtest.contents import only
from tests.orders.backtest.reference import PastClaim, PastOrder, World

FIRST = date(2026, 1, 1)
LAST = 15
TIME = (FIRST, FIRST + timedelta(days=LAST))
TODAY = FIRST + timedelta(days=100)
ACCOUNTS = 3

days = st.integers(0, LAST)
amounts = st.integers(1, 9000).map(lambda cents: Decimal(cents) / 100)
places = st.integers(0, ACCOUNTS - 1)
currencies = st.sampled_from(["CNY", "USD"])


@st.composite
def parts(draw, whole, first):
    """(day, amount) pairs that together come to no more than `whole`, from the first day on."""
    made, left = [], whole
    for day in sorted(draw(st.lists(st.integers(first, LAST + 3), max_size=3))):
        amount = min(left, draw(amounts))
        if amount > 0:
            made.append((day, amount))
            left -= amount
    return made


@st.composite
def past_orders(draw):
    order = PastOrder(draw(places), draw(currencies), draw(amounts), draw(days))
    if draw(st.booleans()):
        order.payments = draw(parts(order.amount, 0))
    elif draw(st.booleans()):
        order.cancelled = draw(st.integers(order.day, LAST + 1))
    return order


@st.composite
def past_claims(draw):
    day = draw(days)
    claim = PastClaim(draw(places), draw(amounts), day, day + draw(st.integers(0, 6)))
    claim.lowered = draw(parts(claim.amount, day))
    if draw(st.booleans()):
        first = draw(st.integers(day, LAST))
        last = draw(st.none() | st.integers(first + 1, LAST + 2))
        claim.disputed = (draw(amounts), first, last)
    return claim


@st.composite
def worlds(draw):
    limits = [
        sorted(dict(draw(st.lists(st.tuples(days, amounts), min_size=1, max_size=2))).items())
        for _account in range(ACCOUNTS)
    ]
    temporary = draw(st.none() | st.tuples(days, days, amounts))
    return World(
        currencies=draw(st.lists(currencies, min_size=ACCOUNTS, max_size=ACCOUNTS)),
        parents=draw(st.sampled_from([[None] * 3, [None, 0, 0], [None, 0, None]])),
        limits=limits,
        temporary=[
            None if temporary is None else (min(temporary[:2]), max(temporary[:2]), temporary[2])
        ]
        + [None] * (ACCOUNTS - 1),
        orders=draw(st.lists(past_orders(), max_size=7)),
        claims=draw(st.lists(past_claims(), max_size=6)),
        rates=draw(
            st.sampled_from([[], [(0, Decimal("7.1"))], [(0, Decimal(7)), (8, Decimal(9))]])
        ),
        days=draw(st.integers(0, 2)),
        disputed=draw(st.booleans()),
    )


def on(day):
    return FIRST + timedelta(days=day)


def at(day, hour):
    zone = timezone.get_default_timezone()
    moment = datetime.combine(on(day), datetime.min.time(), tzinfo=zone)
    return (moment + timedelta(hours=hour)).astimezone(UTC)


class Writer:
    """Puts a world into the database, row by row."""

    def __init__(self, world):
        owner, segment = person("sales"), credit.segment()
        self.by = owner
        values = {"owner": owner, "segment": segment}
        self.accounts = [credit.account("0.00", currency=c, **values) for c in world.currencies]
        for place, account in enumerate(self.accounts):
            self.account(world, place, account)
        for day, rate in world.rates:
            ExchangeRate.objects.create(source="USD", target="CNY", rate=rate, valid_on=on(day))
        self.cases = {}
        for order in world.orders:
            self.cases["order", self.order(order)] = order
        for number, claim in enumerate(world.claims):
            self.cases["invoice", self.claim(claim, f"{number + 8}")] = claim

    def account(self, world, place, account):
        account.limits.all().delete()
        for day, amount in world.limits[place]:
            credit.limits([account], amount, valid_from=on(day))
        if more := world.temporary[place]:
            values = {"valid_from": on(more[0]), "valid_until": on(more[1])}
            credit.limits([account], more[2], type="temporary", **values)
        if world.parents[place] is not None:
            parent = self.accounts[world.parents[place]].pk
            CreditAccount.objects.filter(pk=account.pk).update(parent=parent, ancestors=[parent])

    def order(self, order):
        account = self.accounts[order.account]
        made = Order.objects.create(
            customer=account.customer,
            account=account,
            owner=account.customer.owner,
            currency=order.currency,
            net=order.amount,
            total=order.amount,
            paid_amount=sum(amount for _day, amount in order.payments),
            created_at=at(order.day, 9),
            submitted_at=at(order.day, 9),
        )
        for day, amount in order.payments:
            values = {"recorded_by": self.by, "at": at(day, 12)}
            Payment.objects.create(order=made, amount=amount, **values)
        if order.cancelled is not None:
            values = {"state": "cancelled", "closed_at": at(order.cancelled, 12)}
            Order.objects.filter(pk=made.pk).update(**values)
        return made.pk

    def claim(self, claim, number):
        left = claim.amount - sum(amount for _day, amount in claim.lowered)
        made = Invoice.objects.create(
            account=self.accounts[claim.account],
            number=number,
            amount=claim.amount,
            open_amount=left,
            issued_on=on(claim.day),
            due_on=on(claim.due),
            settled_on=None if left else on(claim.lowered[-1][0]),
        )
        for day, amount in claim.lowered:
            receivables.allocate(made, amount, on(day), by=self.by)
        if claim.disputed:
            self.dispute(made, *claim.disputed)
        return made.pk

    def dispute(self, invoice, amount, first, last):
        ended = {}
        if last is not None:
            ended = {"resolved_at": at(last, 3), "resolved_by": self.by, "outcome": "rejected"}
        Dispute.objects.create(
            invoice=invoice,
            amount=amount,
            reason="price",
            opened_at=at(first, 3),
            opened_by=self.by,
            **ended,
        )


def content_of(world):
    content = only("limit")
    for row in content["checks"]:
        if row["check"] in ("group_limit", "overdue", "rate"):
            row["severity"] = "block"
        if row["check"] == "overdue":
            row |= {"days": world.days, "disputed": world.disputed}
    return content


class RandomPasts(TestCase):
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(worlds())
    def test_sweep_holds_what_a_slow_look_holds(self, world):
        cases = Writer(world).cases
        found = list(judged([content_of(world)], "orders", *TIME, TODAY))
        order = [cases[each.case.event.kind, each.case.event.ref] for each in found]
        assert order == world.cases()
        for each, case in zip(found, order, strict=True):
            codes = {reason.code for reason in each.judgements[0].reasons}
            assert codes == world.reasons(case)
            late = each.judgements[0].facts["overdue"]["amount"]
            assert Decimal(late) == world.late(case.account, case.at)
            used = each.judgements[0].facts["account"]
            assert Decimal(used["reserved"]) + Decimal(used["receivable"]) == world.used(
                case.account, case
            )
