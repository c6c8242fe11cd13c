import json

import pytest
from django.core.management import CommandError, call_command

from orders.models import BacktestRun
from tests.factories import credit, orders, policies
from tests.factories.moments import DAY, NOW

pytestmark = pytest.mark.django_db
DAYS = {"since": "2026-01-01", "until": "2026-03-02"}


@pytest.fixture
def past():
    account = credit.account("100.00")
    for number in range(2):
        at = NOW - (9 - number) * DAY
        orders.submit(orders.draft(account, "90.00", at=at), at=at)


def run(*more, version=None, **days):
    days = DAYS | days
    named = ["--from", days["since"], "--to", days["until"]]
    call_command("backtest_policy", version or str(policies.standard()), *named, *more)


def test_command_prints_json_with_every_finding(past, capsys):
    lenient = policies.publish(policies.changed("limit", percent="200"), state="shadow")
    run("--json", "--compare", str(lenient), "--basis", "ledger")
    told = json.loads(capsys.readouterr().out)
    assert (told["basis"], told["compared"]) == ("ledger", str(lenient))
    assert told["summary"]["cases"]["count"] == 2
    # By the ledger the failed order used nothing, so both versions see the same use.
    (found,) = told["findings"]
    assert (found["kind"], found["held"], found["compared_held"]) == ("order", True, False)
    assert found["reasons"][0]["figures"]["observed"] == "180.00"
    assert (found["then"], found["amount"], found["currency"]) == ("never", "90.00", "CNY")


def test_command_prints_json_without_findings(capsys):
    run("--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["findings"], told["summary"]["cases"]["count"]) == ([], 0)


def test_command_tells_in_words(past, capsys):
    run()
    told = capsys.readouterr().out
    assert "2 cases from 2026-01-01 to 2026-03-02" in told
    assert "1 × limit, 90.00 CNY" in told
    assert BacktestRun.objects.get().created_by is None


@pytest.mark.parametrize("version", ["standard", "standard/x", "nobody/1", "/", "standard/999"])
def test_command_refuses_an_unknown_version(version):
    with pytest.raises(CommandError):
        run(version=version)


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "2026-13-01", ""])
def test_command_refuses_what_is_no_day(day):
    with pytest.raises(CommandError, match="is no day"):
        run(since=day)


def test_command_refuses_days_out_of_order():
    with pytest.raises(CommandError):
        run(since="2026-03-03", until="2026-03-02")


def test_command_says_why_a_run_stopped(past, monkeypatch):
    def broken(*args):
        raise ValueError("no past")

    monkeypatch.setattr("orders.backtest.lifecycle.judged", broken)
    with pytest.raises(CommandError, match="no past"):
        run()
