from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from credit import lifecycle
from credit.lifecycle import CreditError, LimitInput
from credit.models import CreditAccount, CreditLimit, Customer
from journal.models import Entry
from staff.roles import Role
from tests.factories import credit, orders
from tests.factories.moments import DAY, NOW
from tests.factories.refusals import refuse_inserts
from tests.factories.staff import person
from tests.factories.traces import everything

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
YESTERDAY, TOMORROW = TODAY - timedelta(1), TODAY + timedelta(1)
SECURED = {"type": "secured", "security": "insurance", "covered_percent": Decimal(80)}


def grant(account, amount="50.00", *, by=None, reason="season", at=NOW, **values):
    limit = LimitInput(**{"amount": amount and Decimal(amount)} | values)
    by = by or person("credit_analyst")
    values = {"limit": limit, "reason": reason, "by": by, "at": at}
    return lifecycle.take_over_limit(account_id=account.pk, **values)


def end(limit, *, by=None, reason="over", at=NOW):
    by = by or person("credit_analyst")
    return lifecycle.end_limit(limit_id=limit.pk, reason=reason, by=by, at=at)


def amount_on(account, day=TODAY):
    return CreditAccount.objects.with_limits(day).get(pk=account.pk).effective_limit.amount


def test_limits_add_up_on_the_days_on_which_they_are_valid():
    account = credit.account("100.00")
    grant(account, type="temporary", valid_until=TOMORROW)
    grant(account, "30.00", **SECURED, valid_from=TOMORROW, valid_until=TOMORROW + DAY)
    days = [TODAY + n * DAY for n in range(-1, 4)]
    assert [amount_on(account, day) for day in days] == [100, 150, 174, 124, 100]


def test_take_over_limit_for_later_takes_over_on_its_first_day():
    account = credit.account("100.00")
    grant(account, "300.00", valid_from=TOMORROW)
    grant(account, "200.00")
    assert [amount_on(account, day) for day in (TODAY, TOMORROW)] == [200, 300]


def test_take_over_limit_twice_on_a_day_counts_the_last():
    account = credit.account("100.00")
    grant(account, "300.00")
    grant(account, "200.00")
    assert amount_on(account) == 200


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"type": "eternal"}, "no such kind"),
        ({"kind": "group", "amount": None}, "belongs to no group"),
        ({"type": "temporary"}, "with a last day"),
        ({**SECURED}, "with a last day"),
        ({"type": "temporary", "kind": "unlimited", "amount": None, "valid_until": TOMORROW},
         "is an amount"),
        ({"valid_until": YESTERDAY}, "before its first"),
        ({"valid_from": TOMORROW, "valid_until": TODAY}, "before its first"),
        ({"type": "temporary", "valid_from": YESTERDAY, "valid_until": YESTERDAY}, "past already"),
        ({"valid_from": date(2019, 1, 1)}, "would never count"),
        ({"security": "insurance"}, "Only a secured limit"),
        ({"covered_percent": Decimal(5)}, "Only a secured limit"),
        ({"type": "temporary", "valid_until": TOMORROW, "security": "insurance"}, "Only a secured"),
        ({**SECURED, "valid_until": TOMORROW, "security": ""}, "Say what secures"),
        ({**SECURED, "valid_until": TOMORROW, "covered_percent": None}, "Say what secures"),
        ({**SECURED, "valid_until": TOMORROW, "covered_percent": Decimal("100.01")}, "0 to 100"),
        ({**SECURED, "valid_until": TOMORROW, "covered_percent": Decimal("-0.01")}, "0 to 100"),
        ({**SECURED, "valid_until": TOMORROW, "covered_percent": Decimal("NaN")}, "0 to 100"),
        ({**SECURED, "valid_until": TOMORROW, "covered_percent": Decimal("0.001")}, "0 to 100"),
        ({"reason": " "}, "Say why"),
    ],
)  # fmt: skip
def test_take_over_limit_refuses_nonsense_in_words(values, words):
    account, by = credit.account("100.00"), person("credit_analyst")
    before = everything(), list(CreditLimit.objects.values())
    with pytest.raises(CreditError, match=words):
        grant(account, **{"by": by} | values)
    assert (everything(), list(CreditLimit.objects.values())) == before


def test_take_over_limit_as_the_group_within_one():
    parent, member = credit.account("500.00"), credit.account("100.00")
    credit.in_group(member, parent)
    grant(member, None, kind="group")
    assert amount_on(member) is None


def test_end_limit_gives_way_to_the_one_before():
    account = credit.account("100.00")
    made = grant(account, "300.00")
    ended = end(made, reason=" by mistake ")
    assert (ended.end_reason, ended.ended_at) == ("by mistake", NOW)
    assert amount_on(account) == 100
    entry = Entry.objects.about(account).latest("pk")
    assert (entry.action, entry.reason) == ("credit.limit_ended", "by mistake")
    assert entry.data["limit"] == made.pk


def test_end_limit_of_the_only_one_leaves_no_credit():
    account = credit.account("100.00")
    end(account.limits.get())
    assert orders.submit(orders.draft(account, "0.01")).state == "credit_failed"


def test_end_limit_refuses_twice_and_without_a_reason():
    limit = credit.account("100.00").limits.get()
    with pytest.raises(CreditError, match="Say why"):
        end(limit, reason=" ")
    end(limit)
    with pytest.raises(CreditError, match="ended already"):
        end(limit)


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.CREDIT_ANALYST}))
def test_end_limit_and_set_review_refuse_everybody_but_the_analyst(role):
    limit, by = credit.account("100.00").limits.get(), person(role)
    with pytest.raises(PermissionDenied):
        end(limit, by=by)
    with pytest.raises(PermissionDenied):
        lifecycle.set_review(account_id=limit.account_id, review_on=TODAY, by=by, at=NOW)
    limit.refresh_from_db()
    assert (limit.ended_at, limit.account.review_on) == (None, None)


def test_end_limit_undoes_everything_when_the_journal_refuses():
    limit, by = credit.account("100.00").limits.get(), person("credit_analyst")
    with refuse_inserts(Entry), pytest.raises(IntegrityError), transaction.atomic():
        end(limit, by=by)
    limit.refresh_from_db()
    assert limit.ended_at is None


def test_set_review_keeps_the_day_and_journals_both():
    account, by = credit.account("100.00"), person("credit_analyst")
    for day, reason in ((TOMORROW, ""), (TODAY, ""), (TOMORROW, " papers late "), (None, "sold")):
        lifecycle.set_review(account_id=account.pk, review_on=day, by=by, at=NOW, reason=reason)
    account.refresh_from_db()
    assert account.review_on is None
    told = [(entry.data, entry.reason) for entry in Entry.objects.about(account).order_by("pk")]
    assert told == [
        ({"before": None, "after": "2026-03-03"}, ""),
        ({"before": "2026-03-03", "after": "2026-03-02"}, ""),
        ({"before": "2026-03-02", "after": "2026-03-03"}, "papers late"),
        ({"before": "2026-03-03", "after": None}, "sold"),
    ]


@pytest.mark.parametrize("day", [TOMORROW, None])
def test_set_review_puts_nothing_off_without_a_reason(day):
    account, by = credit.account("100.00"), person("credit_analyst")
    lifecycle.set_review(account_id=account.pk, review_on=TODAY, by=by, at=NOW)
    with pytest.raises(CreditError, match="put off"):
        lifecycle.set_review(account_id=account.pk, review_on=day, by=by, at=NOW, reason=" ")
    account.refresh_from_db()
    assert account.review_on == TODAY


def test_set_review_is_not_put_off_by_whoever_looks_after_the_customer():
    account, by = credit.account("100.00"), person("credit_analyst")
    Customer.objects.filter(pk=account.customer_id).update(owner=by)
    lifecycle.set_review(account_id=account.pk, review_on=TODAY, by=by, at=NOW)
    with pytest.raises(PermissionDenied):
        lifecycle.set_review(account_id=account.pk, review_on=None, by=by, at=NOW, reason="later")
