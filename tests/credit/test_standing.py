"""What the checks look at, as it is read from the database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from credit.checks import evaluate
from credit.content import clean_content, default_content
from credit.models import CreditAccount, Invoice
from credit.standing import facts, read
from tests.credit.unsaved import order, policy
from tests.factories import credit
from tests.factories.credit import exchange_rate, in_group, promise
from tests.factories.moments import NOW

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)  # the day of NOW in Shanghai
YESTERDAY = TODAY - timedelta(1)
TOMORROW = TODAY + timedelta(1)


def stand(account, *, content=None, at=NOW, **values):
    content = clean_content(content or default_content())
    found = read(account_id=account.pk, content=content, at=at)
    return facts(found, order(**values), content, at)


def limits(account, day=TODAY):
    at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    return [(row["type"], row["amount"]) for row in stand(account, at=at)["account"]["limits"]]


def invoice(account, days_late, amount="10.00", disputed="0.00"):
    due_on = TODAY - timedelta(days_late)
    return credit.invoice(account, Decimal(amount), due_on, disputed_amount=Decimal(disputed))


def test_read_freezes_what_the_account_is():
    account = credit.account("100.00", status="watch", status_reason="slow", payment_days=14)
    CreditAccount.objects.filter(pk=account.pk).update(review_on=TODAY)
    found = stand(account, total="7.00")
    assert found["day"] == "2026-03-02"
    assert found["order"] == order(total="7.00")
    assert found["customer"] == {
        "status": "watch", "status_reason": "slow", "risk_class": "", "payment_days": 14,
    }  # fmt: skip
    assert found["account"]["review_on"] == "2026-03-02"
    assert found["segment"] == account.customer.segment.as_facts()
    assert (found["groups"], found["rates"], found["promises"]) == ([], {}, 0)


def test_read_is_what_the_limits_say_of_themselves():
    account = credit.account("100.00")
    secured = {"security": "guarantee", "covered_percent": 80, "valid_until": TOMORROW}
    credit.limits([account], "50.00", type="secured", **secured)
    stored = account.limits.order_by("pk")
    assert stand(account)["account"]["limits"] == [each.as_facts() for each in stored]


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2019, 12, 31), []),
        (date(2020, 1, 1), [("base", "100.00")]),
        (YESTERDAY, [("base", "100.00")]),
        (TODAY, [("base", "200.00")]),
        (TOMORROW, [("base", "300.00")]),
    ],
)
def test_read_takes_the_latest_base_limit_that_has_begun(day, found):
    account = credit.account("100.00")
    for first, amount in ((TOMORROW, "300.00"), (TODAY, "200.00")):
        credit.limits([account], amount, valid_from=first)
    assert limits(account, day) == found


def test_read_goes_back_to_the_base_limit_before_one_that_was_ended():
    account = credit.account("100.00")
    ended = {"ended_at": NOW, "ended_by": account.customer.owner, "end_reason": "-"}
    credit.limits([account], "200.00", valid_from=TODAY, **ended)
    credit.limits([account], "9.00", type="temporary", valid_until=TOMORROW, **ended)
    assert limits(account) == [("base", "100.00")]


def test_read_keeps_an_expired_base_limit_and_its_check_says_so():
    account = credit.account("100.00")
    credit.limits([account], "200.00", valid_from=YESTERDAY, valid_until=YESTERDAY)
    assert limits(account) == [("base", "200.00")]
    verdicts = {each.code: each.verdict for each in evaluate(stand(account), policy())}
    assert (verdicts["limit_expired"], verdicts["limit"]) == ("blocked", "passed")


@pytest.mark.parametrize("type_", ["temporary", "secured"])
@pytest.mark.parametrize(
    ("first", "last", "counts"),
    [
        (YESTERDAY, YESTERDAY, False),
        (YESTERDAY, TODAY, True),
        (TODAY, TODAY, True),
        (TODAY, TOMORROW, True),
        (TOMORROW, TOMORROW, False),
    ],
)
def test_read_counts_additions_on_their_first_and_last_day_too(type_, first, last, counts):
    account = credit.account("100.00")
    more = {"security": "insurance", "covered_percent": 50} if type_ == "secured" else {}
    credit.limits([account], "9.00", type=type_, valid_from=first, valid_until=last, **more)
    assert limits(account) == [("base", "100.00")] + [(type_, "9.00")] * counts


@pytest.mark.parametrize(
    ("days", "tolerated", "amount"),
    [(-1, 0, "0"), (0, 0, "0"), (1, 0, "10.00"), (1, 1, "0"), (2, 1, "10.00"), (400, 365, "10.00")],
)
def test_read_counts_overdue_from_the_day_after_the_due_date(days, tolerated, amount):
    account = credit.account()
    invoice(account, days)
    found = stand(account, content=policy("overdue", days=tolerated))
    assert (found["overdue"]["amount"], found["overdue"]["count"]) == (amount, int(amount != "0"))
    assert found["oldest"]["days"] == max(days, 0)


def test_read_turns_the_day_at_midnight_in_the_servers_zone():
    account = credit.account("100.00")
    invoice(account, 0)
    midnight = NOW.replace(hour=16, minute=0)  # in Shanghai
    before, after = (stand(account, at=at) for at in (midnight - timedelta(seconds=1), midnight))
    assert (before["day"], before["overdue"]["amount"]) == ("2026-03-02", "0")
    assert (after["day"], after["overdue"]["amount"]) == ("2026-03-03", "10.00")


@pytest.mark.parametrize(
    ("counted", "overdue", "oldest"),
    [(False, ("16.00", 2, 5), (5, "B")), (True, ("30.00", 3, 9), (9, "A"))],
)
def test_read_counts_disputed_invoices_only_where_the_policy_says(counted, overdue, oldest):
    account = credit.account()
    for number, days, disputed in (("A", 9, 10), ("B", 5, 4), ("C", 1, 0)):
        due_on = TODAY - timedelta(days)
        credit.invoice(account, 10, due_on, number=number, disputed_amount=disputed)
    content = policy("overdue", disputed=counted)
    content["checks"] = [
        row | {"disputed": counted} if row["check"] == "oldest" else row
        for row in content["checks"]
    ]
    found = stand(account, content=content)
    late = found["overdue"]
    assert (late["amount"], late["count"], late["days"], late["disputed"]) == (*overdue, "14.00")
    assert [each["number"] for each in late["invoices"]] == ["A", "B", "C"][3 - overdue[1] :]
    assert found["oldest"] == {"days": oldest[0], "number": oldest[1]}


def test_read_sums_all_overdue_and_names_the_ten_oldest():
    account = credit.account()
    for days in range(12, 0, -1):
        invoice(account, days, disputed="10.00" if days == 12 else "1.00")
    invoice(account, 99, "0.00")
    invoice(credit.account(), 99)
    late = stand(account)["overdue"]
    assert (late["amount"], late["count"], late["days"]) == ("99.00", 11, 11)
    assert [each["days"] for each in late["invoices"]] == [str(days) for days in range(11, 1, -1)]
    assert late["invoices"][0]["amount"] == "9.00"


@pytest.mark.parametrize(
    ("state", "days_ago", "counts"),
    [
        ("broken", 0, 0),
        ("broken", 1, 1),
        ("broken", 30, 1),
        ("broken", 31, 0),
        ("open", 5, 0),
        ("kept", 5, 0),
    ],
)
def test_read_counts_broken_promises_within_the_window(state, days_ago, counts):
    account = credit.account()
    promise(account, TODAY - timedelta(days_ago), state=state)
    promise(credit.account(), YESTERDAY, state="broken")
    assert stand(account, content=policy("promises", within_days=30))["promises"] == counts


def test_read_names_the_groups_nearest_first_with_their_members_by_currency():
    top, near = credit.account("900.00", name="Top"), credit.account("500.00", name="Near")
    child, sister = credit.account("100.00"), credit.account(currency="USD")
    for member, parent in ((near, top), (child, near), (sister, near)):
        in_group(member, parent)
    for member, amount in ((top, "1.00"), (near, "2.00"), (child, "4.00"), (sister, "8.00")):
        credit.reserve(member, amount)
    found = stand(child)["groups"]
    assert [(each["name"], each["used"]) for each in found] == [("Near", "2.00"), ("Top", "1.00")]
    assert [each["members"] for each in found] == [
        {"CNY": "4.00", "USD": "8.00"},
        {"CNY": "6.00", "USD": "8.00"},
    ]
    assert [each["limits"][0]["amount"] for each in found] == ["500.00", "900.00"]
    assert (stand(top)["groups"], stand(child)["account"]["members"]) == ([], {})
    assert stand(top)["account"]["members"] == found[1]["members"]


def rates(account, **values):
    found = stand(account, **values)["rates"]
    return {pair: (row["rate"], row["on"]) for pair, row in found.items()}


def test_read_takes_the_latest_rate_not_after_the_day():
    account = credit.account()
    for days, rate in ((40, "6.9"), (1, "7.0"), (0, "7.1"), (-1, "7.2")):
        exchange_rate("USD", "CNY", rate, TODAY - timedelta(days))
    exchange_rate("EUR", "CNY", "7.9", TODAY)
    assert rates(account, currency="USD") == {"USD/CNY": ("7.1", "2026-03-02")}
    before = NOW - timedelta(1)
    assert rates(account, currency="USD", at=before) == {"USD/CNY": ("7", "2026-03-01")}
    assert rates(account, currency="GBP") == {}


@pytest.mark.parametrize(
    ("direct", "inverse", "found"),
    [
        (None, (1, "0.14"), ("7.1428571429", "2026-03-01")),
        ((5, "7.1"), (1, "0.125"), ("8", "2026-03-01")),
        ((1, "7.1"), (5, "0.125"), ("7.1", "2026-03-01")),
        ((1, "7.1"), (1, "0.125"), ("7.1", "2026-03-01")),
    ],
)
def test_read_inverts_the_opposite_rate_where_that_is_newer_or_alone(direct, inverse, found):
    account = credit.account()
    for pair, row in ((("USD", "CNY"), direct), (("CNY", "USD"), inverse)):
        if row:
            exchange_rate(*pair, row[1], TODAY - timedelta(row[0]))
    assert rates(account, currency="USD") == {"USD/CNY": found}


def test_read_brings_the_rates_of_groups_segments_and_policy():
    of_segment = {"limit_kind": "amount", "limit_amount": 5, "limit_currency": "GBP"}
    child = credit.account(kind="inherit", segment=credit.segment(**of_segment))
    parent, sister = credit.account(currency="EUR"), credit.account(currency="HKD")
    in_group(child, parent)
    in_group(sister, parent)
    credit.reserve(sister, "8.00")
    for other in ("USD", "GBP", "EUR", "HKD", "JPY", "SGD"):
        exchange_rate(other, "CNY", "2", TODAY)
        exchange_rate(other, "EUR", "3", TODAY) if other != "EUR" else None
    tolerant = policy("limit", tolerance="5.00") | {"currency": "JPY"}
    found = rates(child, currency="USD", content=tolerant)
    into_own = {f"{other}/CNY" for other in ("USD", "GBP", "EUR", "HKD", "JPY")}
    into_group = {f"{other}/EUR" for other in ("USD", "GBP", "CNY", "HKD", "JPY")}
    assert found.keys() == into_own | into_group


def test_read_asks_at_most_twice(django_assert_num_queries):
    top, near, child = (credit.account() for _ in range(3))
    in_group(near, top)
    in_group(child, near)
    with django_assert_num_queries(1):
        stand(child, content=policy("document_value", amount="0.00"))
    with django_assert_num_queries(2):
        stand(child, currency="USD")


def test_read_does_not_touch_settled_invoices():
    account = credit.account()
    day = TODAY - timedelta(400)
    Invoice.objects.bulk_create(
        Invoice(account=account, number=f"OLD-{n}", amount=1, open_amount=0, issued_on=day,
                due_on=day, settled_on=day)
        for n in range(3000)
    )  # fmt: skip
    invoice(account, 3)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE credit_invoice; SELECT pg_stat_clear_snapshot()")
        before = invoices_read(cursor)
        stand(account)
        assert invoices_read(cursor) - before == 1


def invoices_read(cursor):
    """How many rows of invoices this transaction has read, of tables and through indexes."""
    cursor.execute(
        "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
        " WHERE relname = 'credit_invoice'"
    )
    return cursor.fetchone()[0]
