from decimal import Decimal

import pytest

from approvals.matrix.cases import case_of_limit, case_of_order, order_case
from approvals.matrix.governing import route_limit, route_order
from approvals.matrix.people import deciders
from approvals.matrix.routing import Seat
from credit.days import company_day
from credit.models import CreditAccount, ExchangeRate
from credit.money import LARGEST
from tests.factories import credit, orders
from tests.factories.moments import DAY, NOW
from tests.factories.staff import person, superuser

pytestmark = pytest.mark.django_db


def today(account):
    return CreditAccount.objects.with_limits(company_day(NOW)).get(pk=account.pk)


def rate(source, target, value, day=None):
    day = day or company_day(NOW)
    ExchangeRate.objects.create(source=source, target=target, rate=Decimal(value), valid_on=day)


def failed(account, total="1500.00", **values):
    return orders.submit(orders.draft(account, total, **values))


def limit_case(account, resulting, into="CNY"):
    resulting = None if resulting is None else Decimal(resulting)
    return case_of_limit(today(account), resulting, into=into, at=NOW)


def figures(case):
    return str(case.excess), case.excess_percent, str(case.amount)


def test_case_of_an_order_tells_what_its_decision_found():
    account = credit.account("1000.00")
    order = failed(account)
    found = case_of_order(order, order.decisions.get(), into="CNY", at=NOW)
    assert figures(found) == ("500.00", Decimal(50), "1500.00")
    assert (found.purpose, found.risk_class, found.segment) == (
        "order",
        "",
        account.customer.segment.code,
    )
    assert found.reasons == {"limit"}


def test_case_of_an_order_is_told_in_the_currency_of_the_matrix():
    rate("USD", "CNY", "7")
    order = failed(credit.account("1000.00", currency="USD"), currency="USD")
    found = case_of_order(order, order.decisions.get(), into="CNY", at=NOW)
    assert figures(found) == ("3500.00", Decimal(50), "10500.00")


def test_rates_are_those_of_the_day():
    rate("USD", "CNY", "7", company_day(NOW - DAY))
    rate("USD", "CNY", "8", company_day(NOW + DAY))
    order = failed(credit.account("1000.00", currency="USD"), currency="USD")
    found = case_of_order(order, order.decisions.get(), into="CNY", at=NOW)
    assert str(found.excess) == "3500.00"


def test_what_has_no_rate_counts_as_larger_than_everything():
    order = failed(credit.account("1000.00", currency="USD"), currency="USD")
    found = case_of_order(order, order.decisions.get(), into="CNY", at=NOW)
    assert (found.excess, found.excess_percent, found.amount) == (LARGEST, Decimal(50), LARGEST)
    assert route_order(order, order.decisions.get(), NOW).row.code == "heavy_excess"


def imagined(account, excess, **values):
    standard = {"amount": Decimal(5), "currency": account.currency, "reasons": ["limit"]}
    return order_case(
        today(account), excess=Decimal(excess), into="CNY", at=NOW, **(standard | values)
    )


def test_an_excess_never_becomes_none_by_rounding():
    rate("VND", "CNY", "0.0001")
    assert str(imagined(credit.account("1.00", currency="VND"), "0.01").excess) == "0.01"


def test_nothing_is_nothing_without_a_rate():
    found = imagined(credit.account("1.00", currency="VND"), "0.00")
    assert (found.excess, found.percent) == (0, 0)


@pytest.mark.parametrize("limit", ["0.00", None])
def test_an_excess_without_a_limit_has_no_percentage(limit):
    found = imagined(credit.account(limit), "5.00")
    assert (found.excess_percent, found.percent) == (None, LARGEST)


# Today's limit, the one asked for, and the increase, its share and the result.
LIMITS = [
    ("1000.00", "1500.00", ("500.00", Decimal(50), "1500.00")),
    ("1000.00", "1000.00", ("0.00", Decimal(0), "1000.00")),
    ("1000.00", "400.00", ("0.00", Decimal(0), "400.00")),
    ("1000.00", "0.00", ("0.00", Decimal(0), "0.00")),
    ("0.00", "400.00", ("400.00", None, "400.00")),
    ("1000.00", None, (str(LARGEST), None, str(LARGEST))),
    (None, None, ("0.00", None, str(LARGEST))),
    (None, "400.00", ("0.00", Decimal(0), "400.00")),
]


@pytest.mark.parametrize(("now", "asked", "expected"), LIMITS)
def test_case_of_a_limit(now, asked, expected):
    found = limit_case(credit.account(now), asked)
    assert figures(found) == expected
    assert (found.purpose, found.reasons) == ("limit", {"limit_change"})


@pytest.mark.parametrize(
    ("asked", "code"),
    [("900.00", "limit_small"), ("101000.00", "limit_large"), (None, "limit_large")],
)
def test_route_of_a_limit(asked, code):
    resulting = None if asked is None else Decimal(asked)
    assert route_limit(today(credit.account("1000.00")), resulting, NOW).row.code == code


def test_routing_an_order_takes_a_fixed_number_of_queries(django_assert_max_num_queries):
    order = failed(credit.account("1000.00"))
    decision = order.decisions.get()
    with django_assert_max_num_queries(6):
        route_order(order, decision, NOW)


def test_deciders_are_active_people_who_hold_the_role_and_may_decide():
    one, _gone = person("approver_1"), person("approver_1", is_active=False)
    person("sales"), superuser()
    people = deciders()
    assert people.of(Seat(role="approver_1")) == (one.pk,)
    assert people.of(Seat(role="sales")) == people.of(Seat(role="approver_2")) == ()
    assert people.of(Seat(person_id=one.pk)) == (one.pk,)
    assert people.named(Seat(role="approver_1")) == [one.display_name]


def test_deciders_take_two_queries(django_assert_num_queries):
    person("approver_1"), person("approver_2", "credit_analyst")
    with django_assert_num_queries(2):
        deciders()
