from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from credit import lifecycle
from credit.lifecycle import LimitInput
from credit.models import CreditScore, Customer, ExchangeRate, Scorecard, ScoreStanding
from credit.scoring import recompute as module
from credit.scoring.comparison import accounts_of
from credit.scoring.inputs import gather, years_between
from credit.scoring.recompute import recompute
from credit.tasks import recompute_scores
from journal.models import Entry
from staff.roles import Role
from tests.factories import credit, scoring
from tests.factories.moments import DAY, NOW
from tests.factories.refusals import refuse_inserts
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def latest(account):
    return CreditScore.objects.filter(customer=account.customer_id).latest("pk")


@pytest.mark.parametrize(
    ("start", "years"),
    [("2021-03-02", 5), ("2021-03-03", 4), ("2026-03-02", 0), ("2027-01-01", 0), ("2024-02-29", 2)],
)
def test_years_are_whole(start, years):
    assert years_between(date.fromisoformat(start), TODAY) == years


def test_gather_takes_the_customer_row_for_the_age_of_a_business():
    account = credit.account(created_at=NOW - timedelta(days=800))
    found = gather([account], TODAY, "CNY")[account.customer_id]
    assert found.values["years"] == 2 and found.notes["years"] == "customer"


@pytest.mark.parametrize(("currency", "revenue"), [("CNY", 500), ("USD", None)])
def test_gather_knows_no_revenue_in_another_currency_than_the_bands(currency, revenue):
    account = credit.account(currency=currency, annual_revenue=Decimal(500))
    found = gather([account], TODAY, "CNY")[account.customer_id]
    assert found.values["revenue"] == revenue and found.annual_revenue == 500


def test_recompute_converts_amounts_at_the_rates_of_the_day():
    ExchangeRate.objects.create(source="USD", target="CNY", rate=7, valid_on=TODAY)
    segment = credit.segment(limit_kind="amount", limit_amount=700, limit_currency="CNY")
    account = scoring.known(
        None, kind="inherit", currency="USD", segment=segment, annual_revenue=Decimal(10_000)
    )
    found = gather(accounts_of([account.customer_id], TODAY, "CNY"), TODAY, "CNY")
    assert found[account.customer_id].values["revenue"] == 70_000
    recompute(at=NOW)
    standing = ScoreStanding.objects.get(customer=account.customer_id)
    # 4% of 10,000 dollars, beside 100 dollars.
    assert (standing.limit_amount, standing.deviation) == (100, -75)


def test_recompute_scores_and_says_why():
    account = scoring.known()
    credit.invoice(account, 0, TODAY - 10 * DAY, amount=Decimal(120_000))
    done = recompute(at=NOW)
    score = latest(account)
    assert (done.scored, done.written, done.changed) == (1, 1, 1)
    # 30 + 15 for payments, 17 for the rating, 12.75 for the years, 7 for the size, 10 industry.
    assert (score.points, score.risk_class, score.at) == (Decimal("91.75"), "A", NOW)
    assert score.recommended_limit == 600_000 and score.currency == "CNY"
    assert [factor["code"] for factor in score.explanation["factors"]][:2] == [
        "days_late",
        "on_time",
    ]
    assert [way["amount"] for way in score.explanation["basis"]] == ["1000000.00", "600000.00"]


def test_recompute_sets_the_class_and_journals_it():
    account = scoring.known()
    recompute(at=NOW)
    customer = Customer.objects.get(pk=account.customer_id)
    entry = Entry.objects.about(customer).get()
    assert customer.risk_class == "B"
    assert (entry.action, entry.by, entry.at) == ("credit.risk_class_changed", None, NOW)
    assert entry.data == {"before": "", "after": "B", "points": "69.25"}


@pytest.mark.parametrize(("after", "written"), [(0 * DAY, 0), (20 * DAY, 0), (31 * DAY, 1)])
def test_recompute_writes_again_only_for_another_month(after, written):
    scoring.known()
    recompute(at=NOW)
    done = recompute(at=NOW + after)
    assert (done.scored, done.written, done.changed) == (1, written, 0)
    assert Entry.objects.filter(action="credit.risk_class_changed").count() == 1


def test_recompute_writes_again_when_something_changed():
    account = scoring.known()
    recompute(at=NOW)
    Customer.objects.filter(pk=account.customer_id).update(external_rating="D")
    done = recompute(at=NOW + DAY)
    assert (done.written, done.changed) == (1, 1)
    assert latest(account).risk_class == "C"


def test_recompute_passes_over_a_customer_with_a_later_score():
    scoring.known()
    recompute(at=NOW)
    assert recompute(at=NOW - DAY).scored == 0


def test_recompute_passes_over_customers_without_an_account():
    credit.customer()
    assert recompute(at=NOW).scored == 0


def test_recompute_of_some_leaves_the_others():
    one, _other = scoring.known(), scoring.known()
    assert recompute(at=NOW, customers=[one.customer_id]).scored == 1


def test_recompute_without_a_published_card_does_nothing():
    scoring.known()
    Scorecard.objects.published().update(state="retired")
    assert recompute(at=NOW).scored == 0


def test_recompute_goes_on_in_batches(monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 2)
    for _ in range(5):
        scoring.known()
    assert recompute(at=NOW).written == 5


@pytest.mark.parametrize("first_time", [True, False])
def test_recompute_costs_the_same_for_many(first_time):
    counts = []
    for more in (5, 45):
        for _ in range(more):
            credit.invoice(scoring.known(), Decimal(10), TODAY)
        if not first_time:
            recompute(at=NOW)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            recompute(at=NOW)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16


@pytest.mark.parametrize("role", sorted(set(Role.values) - {"credit_analyst", "administrator"}))
def test_recompute_refuses_who_may_not_decide_on_scoring(role):
    with pytest.raises(PermissionDenied):
        recompute(at=NOW, by=person(role))


def test_recompute_undoes_everything_when_the_journal_refuses():
    scoring.known()
    with refuse_inserts(Entry), pytest.raises(IntegrityError), transaction.atomic():
        recompute(at=NOW)
    assert not CreditScore.objects.exists() and not ScoreStanding.objects.exists()


def test_recompute_as_a_task_counts_the_present():
    scoring.known()
    recompute_scores()
    assert CreditScore.objects.count() == 1


def test_scores_cannot_be_changed():
    scoring.known()
    recompute(at=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        CreditScore.objects.update(points=100)


def test_changed_limit_is_compared_at_once():
    account = scoring.known("100000.00")
    recompute(at=NOW)
    by, values = person("credit_analyst"), {"reason": "x", "at": NOW}
    made = lifecycle.take_over_limit(
        account_id=account.pk, limit=LimitInput(amount=Decimal(500_000)), by=by, **values
    )
    standing = ScoreStanding.objects.get(customer=account.customer_id)
    # 4% of the annual revenue of 20,000,000 is recommended to class B.
    assert (standing.limit_amount, standing.deviation) == (500_000, Decimal("-37.5"))
    lifecycle.end_limit(limit_id=made.pk, by=by, **values)
    assert ScoreStanding.objects.get(customer=account.customer_id).limit_amount == 100_000


def command(*arguments):
    out = StringIO()
    call_command("recompute_scores", *arguments, stdout=out)
    return out.getvalue()


def test_command_scores_as_of_a_moment():
    account = scoring.known()
    assert "1 customers scored, 1 new scores" in command("--at", "2026-03-02T09:00:00Z")
    assert latest(account).at == datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-40T00:00", "2099-01-01T00:00:00"])
def test_command_refuses_what_is_no_past_moment(text):
    with pytest.raises(CommandError):
        command("--at", text)


def test_command_says_that_no_card_is_published():
    Scorecard.objects.published().update(state="retired")
    with pytest.raises(CommandError, match="No scorecard"):
        command()


@pytest.mark.parametrize(
    ("states", "value", "count"),
    [
        ((), None, None),
        (("open", "withdrawn"), None, None),
        (("kept",), 0, 1),
        (("kept", "partly_kept", "broken"), 2, 3),
    ],
)
def test_gather_counts_promises_that_were_not_kept(states, value, count):
    account = scoring.known()
    for state in states:
        credit.promise(account, TODAY - DAY, state=state)
    credit.promise(account, TODAY - 366 * DAY, state="broken")
    found = gather(accounts_of([account.customer_id], TODAY, "CNY"), TODAY, "CNY")[
        account.customer_id
    ]
    assert found.values["promises"] == value
    assert found.notes.get("promises") == (count and {"count": count})
