from datetime import date, timedelta

import pytest

from credit.models import CreditAccount, CreditLimit, ExchangeRate
from journal.models import Entry
from tests.factories import credit
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
LIMITS, ACCOUNTS, RATES = (
    f"/admin/credit/{name}/" for name in ("creditlimit", "creditaccount", "exchangerate")
)
DAY = timedelta(1)


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def analyst(client):
    user = person("credit_analyst")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    client.user = user
    return client


def said(response):
    form = response.context["adminform"].form
    return [str(error) for errors in form.errors.values() for error in errors]


def test_limits_are_read_and_their_change_is_requested(analyst):
    limit = credit.account("100.00").limits.get()
    shown = analyst.get(LIMITS).content.decode()
    assert f"/customers/{limit.account.customer_id}/limit/request/" in shown
    assert analyst.get(f"{LIMITS}add/").status_code == 403
    assert analyst.post(f"{LIMITS}add/", {"account": limit.account_id}).status_code == 403
    assert CreditLimit.objects.count() == 1
    assert analyst.post(f"{LIMITS}add/", {"account": limit.account_id}).status_code == 403
    assert CreditLimit.objects.count() == 1


def test_limits_show_no_way_to_a_request_to_whoever_may_make_none(client):
    credit.account("100.00")
    client.force_login(person("auditor"), "django.contrib.auth.backends.ModelBackend")
    assert "limit/request/" not in client.get(LIMITS).content.decode()


def act(client, url, action, rows, **values):
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(url, chosen | values)


def test_ending_limits_asks_why_first(analyst):
    limits = [credit.account("100.00").limits.get() for _ in range(2)]
    asked = act(analyst, LIMITS, "end_limits", limits)
    assert asked.status_code == 200 and "Reason" in asked.content.decode()
    again = act(analyst, LIMITS, "end_limits", limits, asked="yes", reason=" ")
    assert "required" in again.content.decode()
    assert not CreditLimit.objects.filter(ended_at__isnull=False).exists()
    done = act(analyst, LIMITS, "end_limits", limits, asked="yes", reason="sold")
    assert done.status_code == 302
    ended = CreditLimit.objects.values_list("end_reason", "ended_by")
    assert set(ended) == {("sold", analyst.user.pk)}


def test_ending_limits_tells_which_had_ended(analyst):
    limit = credit.account("100.00").limits.get()
    for words in ("Done for 1 of 1", "ended already"):
        act(analyst, LIMITS, "end_limits", [limit], asked="yes", reason="sold")
        assert words in analyst.get(LIMITS).content.decode()


def test_changing_the_group_asks_under_whom_and_why(analyst):
    parent, member = credit.account(), credit.account()
    asked = act(analyst, ACCOUNTS, "change_group", [member])
    assert "Group" in asked.content.decode()
    values = {"asked": "yes", "parent": parent.pk, "reason": "bought"}
    act(analyst, ACCOUNTS, "change_group", [member, parent], **values)
    member.refresh_from_db()
    assert (member.parent, member.ancestors) == (parent, [parent.pk])
    told = analyst.get(ACCOUNTS).content.decode()
    assert "Done for 1 of 2" in told and "below itself" in told


def test_setting_the_review_keeps_the_day(analyst):
    account = credit.account()
    act(analyst, ACCOUNTS, "change_review", [account], asked="yes", review_on="2026-04-01")
    assert CreditAccount.objects.get(pk=account.pk).review_on == date(2026, 4, 1)
    wrong = act(analyst, ACCOUNTS, "change_review", [account], asked="yes", review_on="soon")
    assert "valid date" in wrong.content.decode()


@pytest.mark.parametrize(("url", "action"), [(LIMITS, "end_limits"), (ACCOUNTS, "change_group")])
def test_actions_are_not_there_without_the_right(client, url, action):
    user = person("auditor")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    account = credit.account("100.00")
    rows = [account.limits.get()] if url == LIMITS else [account]
    act(client, url, action, rows, asked="yes", reason="sold")
    assert not CreditLimit.objects.filter(ended_at__isnull=False).exists()


def rate(**values):
    standard = {"source": "USD", "target": "CNY", "rate": "7.1", "valid_on": "2026-03-02"}
    return standard | values


def test_analyst_enters_a_rate_and_it_is_journaled(analyst):
    assert analyst.post(f"{RATES}add/", rate(origin="bank")).status_code == 302
    made = ExchangeRate.objects.get()
    entry = Entry.objects.about(made).get()
    assert (entry.action, entry.by) == ("credit.rate_changed", analyst.user)
    assert entry.data["after"]["rate"] == "7.1"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"rate": "0"}, "A rate is more than 0."),
        ({"rate": "-7"}, "A rate is more than 0."),
        ({"rate": "seven"}, "Enter a number"),
        ({"rate": "0.000000001"}, "8 decimal places"),
        ({"rate": "99999999999"}, "digits"),
        ({"target": "USD"}, "Choose two different currencies."),
        ({"target": "ZZZ"}, "not one of the available choices"),
        ({"valid_on": ""}, "required"),
        ({"valid_on": "2026-01-01"}, "already exists"),
    ],
)
def test_rate_refuses_bad_input(analyst, values, words):
    credit.exchange_rate("USD", "CNY", "7")
    response = analyst.post(f"{RATES}add/", rate(**values))
    assert response.status_code == 200
    assert any(words in error for error in said(response)), said(response)
    assert ExchangeRate.objects.count() == 1
