import pytest
from django.urls import reverse

from tests.approvals.calibration import past
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
PAGE, CASES = "approvals:calibration", "approvals:calibration_cases"
ANYBODY = ("credit_analyst", "finance", "administrator", "auditor")
NOBODY = ("sales", "sales_manager", "warehouse", "supply_chain", "customer_service")


@pytest.fixture
def approver():
    return person("approver_1", full_name="Ann Own")


@pytest.fixture
def colleague():
    return person("credit_analyst", full_name="Bob Other")


@pytest.fixture
def two(approver, colleague):
    """One order approved by each; the colleague's is overdue."""
    orders = past.approved(approver, limit="85.00"), past.approved(colleague, limit="85.00")
    past.invoice(orders[0], -90, settled=0)
    past.invoice(orders[1], -90)
    return orders


def get(client, user, name=PAGE, **query):
    client.force_login(user)
    return client.get(reverse(name), query)


def text(response):
    lines = getattr(response, "streaming_content", None) or [response.content]
    return b"".join(lines).decode()


def numbers(response):
    return {order.number for order in response.context["page"].rows}


@pytest.mark.parametrize("role", NOBODY)
@pytest.mark.parametrize("name", [PAGE, CASES, f"{PAGE}_export", f"{CASES}_export"])
def test_calibration_is_refused_to_those_who_neither_decide_nor_supervise(client, role, name):
    assert get(client, person(role), name).status_code == 403


@pytest.mark.parametrize("role", ANYBODY)
def test_calibration_shows_every_approver_to_those_who_supervise(client, two, role):
    page = text(get(client, person(role)))
    assert "Ann Own" in page
    assert "Bob Other" in page


def test_calibration_shows_an_approver_their_own_figures_and_the_total(client, two, approver):
    response = get(client, approver)
    report = response.context["report"]
    assert [line.label for line in report.approvers] == ["Ann Own"]
    assert report.whole[0].tally.judged == 2
    assert "Bob Other" not in text(response)
    assert "Bob Other" not in text(get(client, approver, f"{PAGE}_export"))


def test_cases_of_a_colleague_are_refused_to_an_approver(client, two, approver, colleague):
    assert get(client, approver, CASES, approver=colleague.pk).status_code == 400
    assert get(client, approver, f"{CASES}_export", approver=colleague.pk).status_code == 400
    assert numbers(get(client, approver, CASES, approver=approver.pk)) == {two[0].number}


def test_calibration_says_of_few_cases_that_they_are_too_few(client, two):
    page = text(get(client, person("auditor")))
    assert "too few to tell" in page
    assert '<svg class="calibration-bar"' not in page


def test_calibration_is_empty_before_anything_was_approved(client):
    past.passed()
    response = get(client, person("auditor"))
    assert "No order was released by an approval" in text(response)


@pytest.mark.parametrize(
    "query", [{"since": "x"}, {"least": "0"}, {"segment": "0"},
              {"since": "2026-02-02", "until": "2026-02-01"}],
)  # fmt: skip
@pytest.mark.parametrize("name", [PAGE, CASES, f"{PAGE}_export", f"{CASES}_export"])
def test_filters_that_make_no_sense_are_refused(client, two, name, query):
    assert get(client, person("auditor"), name, **query).status_code == 400


def test_every_figure_leads_to_as_many_orders(client, two):
    past.invoice(past.passed(), -90, settled=5)
    auditor = person("auditor")
    report = get(client, auditor).context["report"]
    counted = ("judged", "troubled", "on_time", "late", "overdue", "written_off", "not_due")
    lines = [*report.whole, *report.approvers, *report.reasons, *report.bands]
    for line in lines:
        for outcome in counted:
            response = client.get(f"{line.address}&outcome={outcome}")
            assert len(numbers(response)) == getattr(line.tally, outcome), (line.label, outcome)


def test_cases_export_holds_the_orders_of_the_list(client, two):
    found = text(get(client, person("finance"), f"{CASES}_export", outcome="overdue"))
    header, row = found.strip().split("\r\n")
    assert header.startswith("\ufeffOrder,")
    assert row.startswith(two[1].number)
    assert ",overdue," in row


def test_export_holds_the_figures_with_their_denominators(client, two):
    rows = text(get(client, person("finance"), f"{PAGE}_export")).split("\r\n")
    few = ",".join(["too few to tell"] * 3)
    assert f"All together,Released by an approval,2,1,0,,1,0,0,{few}" in rows


def test_calibration_costs_the_same_for_many_approvers(client, two, django_assert_max_num_queries):
    auditor = person("auditor")
    get(client, auditor)
    for _ in range(3):
        past.approved(person("approver_1"), limit="85.00")
    with django_assert_max_num_queries(14):
        client.get(reverse(PAGE))
    with django_assert_max_num_queries(14):
        client.get(reverse(CASES))
