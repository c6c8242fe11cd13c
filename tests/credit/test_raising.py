"""Who lets a customer use more alone: nobody, by whatever way."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from credit import lifecycle
from credit.lifecycle import LimitInput, RaiseNeedsApproval
from credit.models import CreditAccount
from tests.factories import credit
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
TOMORROW, MONTH = TODAY + timedelta(1), TODAY + timedelta(30)


def grant(account, amount, **values):
    limit = LimitInput(**{"amount": amount and Decimal(amount)} | values)
    by = person("credit_analyst")
    return lifecycle.grant_limit(account_id=account.pk, limit=limit, reason="-", by=by, at=NOW)


def end(limit):
    lifecycle.end_limit(limit_id=limit.pk, reason="-", by=person("credit_analyst"), at=NOW)


def usable(account, day=TODAY):
    return CreditAccount.objects.with_limits(day).get(pk=account.pk).effective_limit.amount


@pytest.mark.parametrize(
    ("amount", "values"),
    [
        ("100.01", {}),
        ("100.01", {"valid_from": TOMORROW}),
        ("0.01", {"type": "temporary", "valid_until": TOMORROW}),
        (
            "1.00",
            {"type": "secured", "valid_until": MONTH, "security": "insurance",
             "covered_percent": Decimal(80)},
        ),
        (None, {"kind": "unlimited"}),
        (None, {"kind": "group"}),
    ],
)  # fmt: skip
def test_grant_limit_refuses_every_raise(amount, values):
    account = credit.account("100.00")
    credit.in_group(account, credit.account("500.00"))
    with pytest.raises(RaiseNeedsApproval, match="Request the change"):
        grant(account, amount, **values)
    assert account.limits.count() == 1


@pytest.mark.parametrize(
    ("amount", "values"),
    [
        ("99.99", {}),
        ("100.00", {}),
        (None, {"kind": "none"}),
        ("50.00", {"valid_from": TOMORROW}),
        ("50.00", {"valid_until": MONTH}),
        ("0.00", {"type": "temporary", "valid_until": TOMORROW}),
    ],
)
def test_grant_limit_lowers_at_once(amount, values):
    account = credit.account("100.00")
    made = grant(account, amount, **values)
    assert (made.requested_by, made.request_id, made.granted_by.username) != (None, None, "")
    assert usable(account, TOMORROW) <= 100


def test_grant_limit_refuses_what_undoes_a_decrease_to_come():
    account = credit.account("100.00")
    grant(account, "20.00", valid_from=TOMORROW)
    with pytest.raises(RaiseNeedsApproval):
        grant(account, "50.00", valid_from=TOMORROW)
    grant(account, "50.00")
    assert [usable(account, day) for day in (TODAY, TOMORROW)] == [50, 20]


def test_grant_limit_refuses_to_renew_an_expired_one():
    account = credit.account("100.00")
    account.limits.update(valid_until=TODAY - timedelta(1))
    with pytest.raises(RaiseNeedsApproval):
        grant(account, "90.00")


def test_grant_limit_refuses_to_prolong():
    account = credit.account("100.00")
    account.limits.update(valid_until=TOMORROW)
    with pytest.raises(RaiseNeedsApproval):
        grant(account, "100.00")


def test_end_limit_refuses_to_bring_back_a_larger_one():
    account = credit.account("100.00")
    lowered = grant(account, "20.00")
    with pytest.raises(RaiseNeedsApproval, match="could use more"):
        end(lowered)
    assert usable(account) == 20


def test_end_limit_of_an_addition_is_always_possible():
    account = credit.account("100.00")
    credit.limits([account], "50.00", type="temporary", valid_until=MONTH)
    end(account.limits.get(type="temporary"))
    assert usable(account) == 100
