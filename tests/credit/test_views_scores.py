import csv
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from credit.scoring.recompute import recompute
from tests.factories import credit, scoring
from tests.factories.staff import person
from tests.orders.pages import as_role, client_of, words

pytestmark = pytest.mark.django_db
LIST = "/recommended-limits/"


def scored(limit="100000.00", **values):
    """4% of a revenue of 20,000,000 is recommended to a customer of class B: 800,000."""
    account = scoring.known(limit, **values)
    recompute(at=timezone.now(), customers=[account.customer_id])
    return account


def names(query="", role="auditor"):
    response = as_role(role).get(f"{LIST}{query}")
    assert response.status_code == 200
    return [row.customer.name for row in response.context["page"].rows]


@pytest.mark.parametrize(
    ("limit", "off"),
    [("800000", 0), ("640008", -20), ("600000", -25), ("1000000", 25), ("1200000", 50),
     ("1600000", 100), ("0", -100)],
)  # fmt: skip
def test_scores_shows_limits_that_are_far_off(limit, off):
    scored(limit, name="Far")
    for percent in (25, 50, 100):
        shown = names(f"?view=all&deviation={percent}")
        assert shown == (["Far"] if abs(off) >= percent else [])
    assert names() == (["Far"] if abs(off) >= 25 else [])


def test_scores_tells_above_from_below():
    scored("100", name="Low")
    scored("9000000", name="High")
    scored("800000", name="Right")
    assert names("?view=above") == ["High"] and names("?view=below") == ["Low"]
    assert names("?view=all") == ["High", "Low", "Right"]


def test_scores_narrows_and_sorts():
    wanted = scored(name="Harbour", external_rating="D")
    scored(name="Anchor")
    segment = wanted.customer.segment_id
    for query in ("?q=harb", f"?segment={segment}", "?risk_class=C"):
        assert names(query) == ["Harbour"]
    assert names("?sort=name") == ["Anchor", "Harbour"]
    assert names("?sort=-class") == names("?sort=points") == ["Harbour", "Anchor"]


def test_scores_goes_on_where_its_page_ended():
    for number in range(52):
        credit.segment()
        scoring.known(str(number * 1000))
    recompute(at=timezone.now())
    client = as_role("auditor")
    first = client.get(LIST).context["page"]
    second = client.get(LIST + first.older).context["page"]
    seen = [row.pk for row in [*first.rows, *second.rows]]
    assert len(seen) == len(set(seen)) == 52


def test_scores_costs_the_same_for_many():
    client, counts = as_role("auditor"), []
    for more in (1, 9):
        for _ in range(more):
            scored()
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_scores_shows_salespeople_their_own_only():
    mine = scored(name="Mine")
    scored(name="Not mine")
    response = client_of(mine.customer.owner).get(LIST)
    assert "Not mine" not in words(response) and "Mine" in words(response)


@pytest.mark.parametrize("role", ["warehouse", "supply_chain"])
@pytest.mark.parametrize("address", [LIST, f"{LIST}export/"])
def test_scores_are_closed_to_who_sees_no_credit(role, address):
    assert as_role(role).get(address).status_code == 403


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", "No limit is far"),
        ("?view=all", "No customer has a score yet"),
        ("?q=zzz", "No customer matches"),
    ],
)
def test_scores_says_why_it_is_empty(query, text):
    assert text in words(as_role("auditor").get(LIST + query))


@pytest.mark.parametrize(
    "query",
    ["?deviation=7", "?deviation=x", "?segment=9999", "?risk_class=Z",
     "?q=" + "x" * 81, "?after=broken"],
)  # fmt: skip
def test_scores_refuses_what_it_does_not_understand(query):
    assert as_role("auditor").get(LIST + query).status_code == 400


@pytest.mark.parametrize("query", ["?sort=nonsense", "?view=nonsense", "?sort=-"])
def test_scores_passes_over_views_and_orders_that_there_are_not(query):
    scored(name="Only")
    assert names(query) == ["Only"]


def exported(query=""):
    response = as_role("auditor").get(f"{LIST}export/{query}")
    text = b"".join(response.streaming_content).decode()
    return list(csv.reader(text.lstrip("\ufeff").splitlines()))


def test_export_says_what_the_list_shows_without_formulas():
    account = scored(name="=cmd|calc")
    scored("800000", name="Right")
    heading, *rows = exported()
    assert heading[0] == "Customer code" and len(rows) == 1
    assert rows[0][:2] == [account.customer.code, "'=cmd|calc"]
    assert rows[0][3:] == ["B", "69.25", "800000.00", "amount", "100000.00", "CNY", "-87.5"]


def test_export_of_a_filter_that_is_not_understood_shows_it():
    assert as_role("auditor").get(f"{LIST}export/?deviation=7").status_code == 400


def card(account, role="credit_analyst"):
    return words(as_role(role).get(f"/customers/{account.customer_id}/"))


def test_customer_shows_the_score_with_its_arithmetic():
    text = card(scored())
    assert "69.25" in text and "B: low risk" in text
    assert "The customer has 300 employees; from 200 to below 500 gives 70 of 100 points." in text
    assert "70 × 10% = 7.00" in text
    assert "4% of the annual revenue of 20,000,000.00 = 800,000.00 CNY" in text
    assert "Nothing was invoiced within a year." in text and "88% below" in text


def test_customer_says_what_is_unknown():
    text = card(scored(employees=None, external_rating="", annual_revenue=None, industry=None))
    for unknown in ("number of employees", "No external rating", "The industry is not known"):
        assert unknown in text
    assert "No limit can be recommended." in text


def test_customer_shows_how_it_paid():
    account, today = scoring.known(), timezone.localdate()
    credit.invoice(account, Decimal(10), today - timedelta(days=40))
    recompute(at=timezone.now())
    assert "40 days late on average over 1 invoice in a year, 40 days at most" in card(account)


@pytest.mark.parametrize("kind", ["none", "unlimited", "inherit"])
def test_customer_shows_limits_of_every_kind_beside_the_score(kind):
    account = scored(None, kind=kind)
    assert "How the limit is worked out" in card(account)


def test_customer_without_a_score_says_so():
    assert "has no score yet" in card(scoring.known())


def test_customer_shows_earlier_scores():
    account = scoring.known()
    for days in (70, 35, 0):
        recompute(at=timezone.now() - timedelta(days=days))
    assert card(account).count("<tr><td><time") >= 3


def test_score_belongs_to_who_sees_credit():
    assert as_role("warehouse").get(f"/customers/{scored().customer_id}/").status_code == 403
    assert person("sales").has_perm("credit.view_creditaccount")
