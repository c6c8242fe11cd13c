import csv
import io

import pytest

from staff.api.scopes import Scope
from tests.factories import credit, goods, orders
from tests.factories.api import Caller, caller
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
LISTS = [
    "orders",
    "products",
    "product-flags",
    "stock",
    "holds",
    "misjudgments",
    "customers",
    "limits",
    "invoices",
    "promises",
    "scores",
    "tickets",
    "rules",
    "approvals",
    "journal",
]


@pytest.fixture
def reader():
    return caller(Scope.READ)


def rows(answer):
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("name", LISTS)
def test_every_list_is_a_file_as_well(reader, name):
    for kind, beginning in (("csv", "\ufeff".encode()), ("xlsx", b"PK")):
        answer = reader.get(f"{name}/export/", **{"as": kind})
        assert (answer.status_code, answer.streaming) == (200, True)
        assert answer.getvalue().startswith(beginning)
        assert f'.{kind}"' in answer["Content-Disposition"]


def test_export_has_what_the_list_has(reader):
    failed, _released = orders.failed(), orders.released()
    narrowed = rows(reader.get("orders/export/", state="credit_failed"))
    assert [row["Order"] for row in narrowed] == [failed.number]
    assert len(rows(reader.get("orders/export/"))) == 2


def test_export_begins_no_formula(reader):
    orders.product(name="=1+1")
    assert rows(reader.get("products/export/"))[0]["Product"] == "'=1+1"


def test_export_follows_the_language_that_is_asked_for(reader):
    goods.counted(orders.product(), goods.warehouse(), "5")
    headers = reader.headers | {"Accept-Language": "zh-hans"}
    answer = reader.client.get("/api/v1/stock/export/", headers=headers)
    assert "SKU" in answer.getvalue().decode() and "On hand" not in answer.getvalue().decode()


@pytest.mark.parametrize("query", [{"as": "pdf"}, {"state": "lost"}, {"held": "perhaps"}])
def test_export_that_was_not_understood_is_refused(reader, query):
    refused = reader.get("orders/export/", **query)
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_query")


def test_export_shows_nobody_what_they_may_not_see():
    account = credit.account("500.00")
    credit.owed(account, "90.00", NOW.date())
    orders.product("10.00", cost="7.00")
    stranger = Caller(user=person("sales"))
    assert rows(stranger.get("customers/export/")) == []
    assert "Cost" not in rows(stranger.get("products/export/"))[0]
    for path in ("journal", "limits", "rules"):
        assert stranger.get(f"{path}/export/").status_code == 403


def test_figures_of_approvals_in_hindsight_are_a_file_as_well():
    orders.approve(orders.failed())
    administrator = Caller(user=person("administrator"))
    for path in ("export/", "orders/export/"):
        assert rows(administrator.get(f"approvals-in-hindsight/{path}"))
