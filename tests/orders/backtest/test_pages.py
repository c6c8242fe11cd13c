import csv
import io

import pytest
from django.test import Client

from orders.models import BacktestFinding, BacktestRun
from tests.factories import backtests, credit, orders, policies
from tests.factories.moments import DAY, NOW
from tests.factories.staff import person
from tests.orders.pages import as_role, words

pytestmark = pytest.mark.django_db
ASKED = {"since": "2026-01-01", "until": "2026-03-01", "basis": "orders"}


@pytest.fixture
def past():
    account = credit.account("100.00", name="=Acme", code="ACME")
    for number in range(3):
        at = NOW - (9 - number) * DAY
        orders.submit(orders.draft(account, "60.00", at=at), at=at)
    return account


@pytest.fixture
def compared(past):
    lenient = policies.publish(policies.changed("limit", percent="150"), state="shadow")
    return backtests.done(compared=lenient)


def analyst():
    return as_role("credit_analyst")


def exported(client, run, query=""):
    answer = client.get(f"/backtests/{run.pk}/export/{query}")
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_list_is_empty_at_first():
    told = words(analyst().get("/backtests/"))
    assert "No policy has been tried yet" in told


def test_list_shows_runs_with_what_they_held(past):
    run = backtests.done()
    told = words(analyst().get("/backtests/"))
    assert f"#{run.pk}" in told
    assert str(policies.standard()) in told


def test_list_costs_the_same_for_many_runs(past, django_assert_max_num_queries):
    client = analyst()
    for _number in range(3):
        backtests.done()
    client.get("/backtests/")
    with django_assert_max_num_queries(12):
        client.get("/backtests/")


def test_form_starts_a_run(past, monkeypatch, django_capture_on_commit_callbacks):
    handed = []
    monkeypatch.setattr("orders.backtest.views.carry_out_backtest.delay", handed.append)
    version = policies.standard()
    with django_capture_on_commit_callbacks(execute=True):
        answer = analyst().post("/backtests/new/", ASKED | {"version": version.pk})
    run = BacktestRun.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/backtests/{run.pk}/")
    assert handed == [run.pk]
    assert (run.version, run.compared) == (version, None)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"until": "2025-01-01"}, "The last day is before the first"),
        ({"since": ""}, "This field is required"),
        ({"basis": "guess"}, "Select a valid choice"),
        ({"version": "99999"}, "Select a valid choice"),
    ],
)
def test_form_refuses(change, told):
    asked = ASKED | {"version": policies.standard().pk} | change
    answer = analyst().post("/backtests/new/", asked)
    assert answer.status_code == 422
    assert told in words(answer)
    assert not BacktestRun.objects.exists()


@pytest.mark.parametrize("query", ["", "?version=x", "?version=99999999999999999999"])
def test_form_opens(query):
    assert analyst().get(f"/backtests/new/{query}").status_code == 200


def test_page_shows_how_far_a_run_is(past):
    run = backtests.queued()
    client = analyst()
    assert "Waiting for a worker" in words(client.get(f"/backtests/{run.pk}/"))
    BacktestRun.objects.update(state="running", done=1, total=3)
    answer = client.get(f"/backtests/{run.pk}/status/")
    assert "1 of 3 judged" in words(answer)
    assert "HX-Refresh" not in answer.headers
    BacktestRun.objects.update(state="failed", ended_at=NOW, error="the past is gone")
    assert client.get(f"/backtests/{run.pk}/status/").headers["HX-Refresh"] == "true"
    assert "the past is gone" in words(client.get(f"/backtests/{run.pk}/"))


def test_page_shows_reasons_with_their_figures(past):
    run = backtests.done()
    told = words(analyst().get(f"/backtests/{run.pk}/"))
    assert "Used 60.00 + this order 60.00 = 120.00 CNY, 20.00 over the limit of 100.00." in told
    assert "of 1 customer" in told


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("?held_by=both", 1),
        ("?held_by=only_first", 1),
        ("?held_by=only_second", 0),
        ("?held_by=second", 1),
        ("?reason=limit", 2),
        ("?reason=limit&ending=cancelled", 0),
        ("?reason=nonsense", 0),
    ],
)
def test_page_narrows_findings(compared, query, count):
    client = analyst()
    page = client.get(f"/backtests/{compared.pk}/{query}").context["page"]
    assert len(page.rows) == count
    assert len(exported(client, compared, query)) == count + 1


def test_page_goes_through_many_findings(past):
    run = backtests.done()
    finding = BacktestFinding.objects.first()
    for _number in range(60):
        finding.pk = None
        finding.save()
    client = analyst()
    first = client.get(f"/backtests/{run.pk}/").context["page"]
    rest = client.get(f"/backtests/{run.pk}/{first.older}").context["page"]
    assert (len(first.rows), len(rest.rows), rest.older) == (50, 12, None)


def test_export_holds_no_formulas(past):
    rows = exported(analyst(), backtests.done())
    assert {row[3] for row in rows[1:]} == {"'=Acme"}
    assert "20.00 over the limit of 100.00" in rows[1][-1]


def test_export_names_both_versions(compared):
    heading, *rows = exported(analyst(), compared)
    assert f"Held by {compared.compared_name}" in heading
    assert {tuple(row[-4::2]) for row in rows} == {("yes", "no"), ("yes", "yes")}


def test_findings_show_only_customers_one_may_see(compared):
    outsider = person("sales")
    assert not BacktestFinding.objects.for_user(outsider).exists()
    owner = compared.findings.first().customer.owner
    assert BacktestFinding.objects.for_user(owner).count() == 2


@pytest.mark.parametrize(
    ("role", "seeing", "starting"),
    [
        ("credit_analyst", 200, 200),
        ("finance", 200, 200),
        ("administrator", 200, 200),
        ("auditor", 200, 403),
        ("approver_1", 200, 403),
        ("sales", 403, 403),
        ("warehouse", 403, 403),
    ],
)
def test_pages_open_to(role, seeing, starting):
    run, client = backtests.queued(), as_role(role)
    for address in ("", f"{run.pk}/", f"{run.pk}/status/", f"{run.pk}/export/"):
        assert client.get(f"/backtests/{address}").status_code == seeing
    assert client.get("/backtests/new/").status_code == starting


def test_pages_ask_for_a_sign_in():
    assert Client().get("/backtests/").status_code == 302


def test_page_of_a_waiting_run_cancels_it_for_its_owner(past):
    owner = person("credit_analyst")
    run, client = backtests.queued(by=owner), Client()
    client.force_login(owner)
    page = f"/backtests/{run.pk}/"
    assert "Cancel backtest" in words(client.get(page))
    assert "Cancel backtest" not in words(analyst().get(page))
    told = words(client.post(f"{page}cancel/", follow=True))
    assert "cancelled the backtest after 0 of 0 cases" in told and "Run again" in told
    again = client.get(f"/backtests/new/?again={run.pk}").context["form"]
    assert (again["since"].value(), again["basis"].value()) == (run.since, run.basis)
    assert "has ended already" in words(client.post(f"{page}cancel/", follow=True))


def test_cancel_is_refused_to_others(past):
    run = backtests.queued(by=person("credit_analyst"))
    assert analyst().post(f"/backtests/{run.pk}/cancel/").status_code == 403


def test_page_says_which_answers_of_rules_count_as_they_are_now(past):
    watched = {"fact": "order.customer_watch", "op": "is", "value": True}
    rules = {"rules": [policies.rule("watched", watched)]}
    version = policies.publish(policies.standard().content | rules, state="shadow")
    told = words(analyst().get(f"/backtests/{backtests.done(version).pk}/"))
    assert "Gate rules asked about 3 orders what keeps no history" in told
    assert "whether the customer is on the watch list or blacklisted" in told
