"""Every remedy on offer is true: done by the verbs it names, the order passes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from credit.days import company_day
from credit.lifecycle import LimitInput, take_over_limit
from credit.models import CreditAccount
from orders import gate, lifecycle
from orders.enums import OrderState
from orders.errors import OrderError, WrongState
from orders.models import Order
from orders.remedies import finding
from orders.remedies.fitting import parts
from orders.remedies.offering import advise
from orders.remedies.supposing import Item
from orders.versions import inputs_of
from tests.factories import credit, orders, policies
from tests.factories.moments import DAY, NOW
from tests.factories.staff import person, superuser
from tests.factories.traces import balances, everything, journal

CENT = Decimal("0.01")
TODAY = company_day(NOW)
pytestmark = pytest.mark.django_db


def asked(order):
    account = CreditAccount.objects.with_limits(TODAY).get(pk=order.account_id)
    return gate.check(gate.prepare(order.pk, NOW), account, order, NOW)


def read(order):
    result = asked(order)
    return result.facts, result.policy.content


def again(order):
    order = Order.objects.get(pk=order.pk)
    return lifecycle.reevaluate(order_id=order.pk, by=None, at=NOW).state


def advice(order, user=None):
    account = CreditAccount.objects.with_limits(TODAY).get(pk=order.account_id)
    return advise(order, account, user or superuser(), NOW)


def texts(remedies):
    return [remedy.text for remedy in remedies]


def exempting(percent, *skips):
    return policies.standard().content | {
        "exemptions": [{"exemption": "prepaid", "percent": percent, "skips": list(skips)}]
    }


amounts = st.decimals("0.01", "300.00", places=2)
lines = st.lists(
    st.tuples(
        amounts, st.sampled_from(["1", "3", "7", "2.5"]), st.sampled_from(["0", "13", "6.5"])
    ),
    min_size=1,
    max_size=4,
)
situations = st.fixed_dictionaries(
    {
        "limit": st.none() | st.decimals("0.00", "400.00", places=2),
        "lines": lines,
        "used": st.none() | amounts,
        "percent": st.sampled_from(["100", "80", "33.33"]),
        "tolerance": st.sampled_from(["0.00", "5.55"]),
        "group": st.none() | st.decimals("0.00", "400.00", places=2),
        "exempt": st.none() | st.sampled_from(["30", "50", "100"]),
    }
)


def situation(limit, lines, used, percent, tolerance, group, exempt):
    """A failed order in that situation, or None where it passes."""
    content = policies.changed("limit", percent=percent, tolerance=tolerance)
    content = policies.changed("group_limit", content, percent=percent)
    exemptions = [{"exemption": "prepaid", "percent": exempt, "skips": ["limit", "overdue"]}]
    policies.publish(content | {"exemptions": exemptions if exempt else []})
    account = credit.account(limit)
    if group is not None:
        top = credit.account(group)
        CreditAccount.objects.filter(pk=account.pk).update(parent=top, ancestors=[top.pk])
    if used is not None:
        credit.owed(account, used, TODAY + 10 * DAY)
    made = [orders.line(str(p), quantity=q, tax_percent=t) for p, q, t in lines]
    order = orders.submit(orders.draft(account, lines=made))
    return order if order.state == OrderState.CREDIT_FAILED else None


class TestRemedies(TestCase):
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(situations)
    def test_prepaying_is_enough_and_a_cent_less_is_not(self, values):
        order = situation(**values)
        found = [one for one in finding.prepayments(*read(order)) if not one.left] if order else []
        for one in found[:1]:
            if one.amount > CENT:
                orders.pay(order, one.amount - CENT)
                self.assertEqual(again(order), OrderState.CREDIT_FAILED)
                orders.pay(order, CENT)
            else:
                orders.pay(order, one.amount)
            self.assertEqual(again(order), OrderState.APPROVED)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(situations)
    def test_reducing_is_enough(self, values):
        order = situation(**values)
        found = finding.reduction(*read(order)) if order else None
        if found is None or found.left:
            return
        lifecycle.take_back(order_id=order.pk, by=order.owner, reason="-", at=NOW)
        for less, state in ((found.amount - CENT, "credit_failed"), (found.amount, "approved")):
            fresh = orders.draft(order.account, str(order.total - less))
            self.assertEqual(orders.submit(fresh).state, state)
            if state == "approved":
                return

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(situations)
    def test_raising_limits_is_enough_and_a_cent_less_of_any_is_not(self, values):
        order = situation(**values)
        found = finding.raises(*read(order)) if order else None
        if found is None or found.left:
            return
        analyst = person("credit_analyst")
        for limit in found.limits:
            for amount in (limit.amount - CENT, limit.amount):
                self.assertEqual(again(order), OrderState.CREDIT_FAILED)
                if amount >= 0:
                    take_over_limit(
                        account_id=limit.account_id,
                        limit=LimitInput(amount=amount),
                        reason="-",
                        by=analyst,
                        at=NOW,
                    )
        self.assertEqual(again(order), OrderState.APPROVED)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(situations)
    def test_splitting_releases_what_fits_and_loses_nothing(self, values):
        order = situation(**values)
        found = finding.reduction(*read(order)) if order else None
        if found is None or found.left:
            return
        before = {line.product_id: line.quantity for line in order.lines.all()}
        if parts(inputs_of(order), order.total - found.amount) is None:
            return
        kept, rest = lifecycle.split(
            order_id=order.pk, by=order.owner, at=NOW, seen_version=order.version
        )
        self.assertEqual((kept.state, rest.state), ("approved", "draft"))
        after = dict.fromkeys(before, 0)
        for line in [*kept.lines.all(), *rest.lines.all()]:
            after[line.product_id] += line.quantity
        self.assertEqual(after, before)

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(amounts, st.integers(-40, 40)), min_size=1, max_size=6), amounts)
    def test_paying_the_named_invoices_is_enough_and_one_fewer_is_not(self, owed, limit):
        account = credit.account(limit)
        items = [
            credit.owed(account, amount, TODAY + timedelta(days=days), issued_on=TODAY - 50 * DAY)
            for amount, days in owed
        ]
        order = orders.submit(orders.draft(account, "20.00"))
        if order.state != OrderState.CREDIT_FAILED:
            return
        items.sort(key=lambda item: (item.due_on, item.pk))
        rows = [Item(i.number, i.due_on, i.open_amount, i.disputed_amount) for i in items]
        found = finding.settling(*read(order), rows)
        if found is None or found.left:
            return
        for item in items[: len(found.items)]:
            self.assertEqual(again(order), OrderState.CREDIT_FAILED)
            credit.allocated(item, item.open_amount)
        self.assertEqual(again(order), OrderState.APPROVED)


def test_advise_offers_each_way_out_of_a_passed_limit():
    order = orders.failed("90.00", limit="50.00")
    assert texts(advice(order).alone) == [
        "The customer pays 40.00 CNY in advance.",
        "The order is reduced by 40.00 CNY, to no more than 50.00 with tax.",
        "The credit limit is raised by 40.00 to 90.00 CNY.",
    ]


def test_advise_tells_a_salesperson_who_does_what_they_may_not():
    order = orders.failed("90.00", limit="50.00")
    told = {one.code: (bool(one.button), str(one.who)) for one in advice(order, order.owner).alone}
    assert told == {
        "prepay": (False, "Finance records the payment."),
        "reduce": (True, ""),
        "raise": (True, ""),
    }


def test_advise_names_the_invoices_that_block_and_what_is_needed_besides():
    account = credit.account("50.00")
    credit.owed(account, "10.00", TODAY - 5 * DAY, number="INV-OLD")
    order = orders.submit(orders.draft(account, "90.00"))
    found = advice(order)
    assert texts(found.needed) == [
        "The customer pays invoice INV-OLD (overdue by 5 days): 10.00 CNY."
    ]
    assert found.alone == [] and texts(found.partly)[0].startswith("The customer pays 50.00 CNY")


def test_advise_prepays_into_the_exemption_of_the_policy():
    policies.publish(exempting("30", "limit", "overdue"))
    order = orders.failed("90.00", limit="50.00")
    assert "exempts orders of which 30 % is prepaid" in texts(advice(order).alone)[0]


def test_advise_says_what_has_to_happen_about_a_blacklisted_customer():
    account = credit.account(status="blacklisted", status_reason="fraud")
    found = advice(orders.submit(orders.draft(account)), account.customer.owner)
    assert (found.alone, found.partly) == ([], [])
    assert [one.code for one in found.needed] == ["blacklist"]
    assert found.needed[0].who == "A credit analyst does this."


def test_advise_renews_a_limit_that_expired():
    account = credit.account(kind="none")
    credit.limits([account], "100.00", valid_until=TODAY - DAY)
    order = orders.submit(orders.draft(account))
    assert texts(advice(order).alone) == ["The limit of 100.00 CNY is renewed."]


def test_advise_says_when_nothing_stands_in_the_way_any_more():
    order = orders.failed("90.00", limit="50.00")
    credit.limits([order.account], "90.00", valid_from=TODAY)
    assert advice(order).passes


def test_advise_writes_nothing():
    order, user = orders.failed("90.00", limit="50.00"), superuser()
    before = everything()
    advice(order, user)
    assert everything() == before


def test_parts_keep_whole_lines_first_then_whole_pieces():
    whole = [orders.line("60.00"), orders.line("10.00", quantity="5"), orders.line("15.00")]
    found = parts(whole, Decimal("88.00"))
    assert [line.quantity for line in found.kept] == [1, 1, 1]
    assert [line.quantity for line in found.rest] == [4]


def in_ten(limit="50.00", **values):
    account = credit.account(limit)
    return orders.submit(
        orders.draft(account, lines=[orders.line("10.00", quantity="10", **values)])
    )


def test_split_keeps_lots_and_links_both_orders():
    order = in_ten(lot="L-7")
    kept, rest = lifecycle.split(order_id=order.pk, by=order.owner, at=NOW, seen_version=1)
    assert [line.lot for line in (*kept.lines.all(), *rest.lines.all())] == ["L-7", "L-7"]
    assert (kept.total, rest.total) == (Decimal("50.00"), Decimal("50.00"))
    assert balances(order.account) == {"reserved": "50.00"}
    assert [row[0] for row in journal(kept)][-1] == "order.split"
    assert [row[0] for row in journal(rest)] == ["order.created", "order.split_off"]


def test_split_of_what_nowhere_fits_changes_nothing():
    order = orders.failed("90.00", limit="50.00")
    before = everything()
    with pytest.raises(OrderError, match="No part"):
        lifecycle.split(order_id=order.pk, by=order.owner, at=NOW, seen_version=1)
    assert everything() == before


def test_split_whose_part_meets_another_rule_changes_nothing():
    condition = {
        "fact": "order.total",
        "op": "less_than",
        "value": {"amount": "60", "currency": "CNY"},
    }
    order = in_ten()
    policies.set_rules(policies.rule("small", condition))
    before = everything()
    with pytest.raises(OrderError, match="No part"):
        lifecycle.split(order_id=order.pk, by=order.owner, at=NOW, seen_version=1)
    assert everything() == before


def test_split_of_an_order_changed_meanwhile_is_refused():
    order = in_ten()
    with pytest.raises(OrderError, match="meanwhile"):
        lifecycle.split(order_id=order.pk, by=order.owner, at=NOW, seen_version=9)


def test_split_refuses_a_released_order():
    order = orders.released()
    with pytest.raises(WrongState):
        lifecycle.split(order_id=order.pk, by=order.owner, at=NOW, seen_version=1)
