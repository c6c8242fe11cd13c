from datetime import timedelta

import pytest
from django.utils import timezone

from approvals.models import ApprovalRequest, MatrixVersion
from credit.days import company_day
from credit.enums import VersionState
from staff.api.scopes import Scope
from tests.factories import credit, limit_changes, orders, policies, routes
from tests.factories.api import Caller, caller
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst():
    return Caller(user=person("credit_analyst"))


def today():
    return company_day(timezone.now())


def due(amount="100.00"):
    account = credit.account(amount)
    account.review_on = today() - timedelta(days=1)
    account.save(update_fields=["review_on"])
    return account


def review(*reviews, days=365):
    day = today() + timedelta(days=days)
    return {"reason": "figures of the year", "review_on": str(day), "reviews": list(reviews)}


def test_limits_are_confirmed_or_their_changes_requested(analyst):
    limit_changes.routed(routes.level("approver_1"))
    kept, raised = due(), due()
    rows = {row["account"]: row for row in analyst.get("limit-reviews/").json()["results"]}
    keep, change = ({"account": one.pk, "seen": rows[one.pk]["seen"]} for one in (kept, raised))
    change |= {"outcome": "change", "amount": "250.00"}
    done = analyst.post("limit-reviews/", review(keep, change)).json()["results"]
    assert [(one["account"], one["problem"]) for one in done] == [(kept.pk, ""), (raised.pk, "")]
    assert ApprovalRequest.objects.get().pk == done[1]["request"]
    assert analyst.get("limit-reviews/", view="due").json()["results"] == []
    again = analyst.post("limit-reviews/", review(change)).json()["results"]
    assert (again[0]["request"], bool(again[0]["problem"])) == (None, True)


def test_review_that_makes_no_sense_is_refused(analyst):
    one = {"account": due().pk}
    for body in (review(), review({**one, "outcome": "change"}), review({**one, "amount": "-1"})):
        refused = analyst.post("limit-reviews/", body)
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    late = analyst.post("limit-reviews/", review(one, days=0)).json()["results"]
    assert late[0]["problem"]


def test_reviews_are_for_those_who_may():
    account, reader = due(), caller(Scope.READ)
    assert reader.get("limit-reviews/").json()["results"][0]["account"] == account.pk
    assert reader.post("limit-reviews/", review({"account": account.pk})).status_code == 403
    assert Caller(user=person("sales")).get("limit-reviews/").status_code == 403


def test_reviews_are_listed_in_a_fixed_number_of_queries(analyst, django_assert_max_num_queries):
    for _ in range(4):
        due()
    with django_assert_max_num_queries(16):
        assert len(analyst.get("limit-reviews/").json()["results"]) == 4


def test_limits_that_end_soon_are_listed(django_assert_max_num_queries):
    soon, finance = credit.account(), Caller(user=person("finance"))
    until = today() + timedelta(days=30)
    credit.limits([soon], "10.00", type="temporary", valid_until=until)
    with django_assert_max_num_queries(12):
        [told] = finance.get("limits/").json()["results"]
    assert (told["customer"]["code"], told["valid_until"]) == (soon.customer.code, str(until))
    assert finance.get("limits/", view="expired").json()["results"] == []
    assert finance.get("limits/", type="magic").json()["code"] == "bad_query"
    assert Caller(user=person("sales")).get("limits/").status_code == 403


def test_results_of_the_shadow_are_listed_where_they_differ(analyst):
    content = policies.changed("limit", percent="50")
    version = policies.publish(content, state=VersionState.SHADOW)
    orders.released("40.00", limit="100.00")
    differing = orders.released("60.00", limit="100.00")
    path = f"policy-versions/{version.pk}/shadow-decisions/"
    [told] = analyst.get(path).json()["results"]
    assert (told["order"], told["outcome"], told["decided"]) == (differing.pk, "failed", "passed")
    assert (told["added"], told["dropped"]) == (["limit"], [])
    assert len(analyst.get(path, difference="same").json()["results"]) == 1
    assert analyst.get(path, customer="NOBODY").json()["results"] == []
    assert analyst.get(path, since="x").json()["code"] == "bad_query"
    assert Caller(user=person("warehouse")).get(path).status_code == 403


def test_misjudgments_are_listed(analyst):
    order = orders.failed()
    mark = {"code": "limit", "reason": "limit was raised by letter"}
    analyst.post(f"orders/{order.pk}/misjudgments/", mark)
    [told] = caller(Scope.READ).get("misjudgments/").json()["results"]
    assert (told["code"], told["decision"]) == ("limit", order.decisions.get().pk)
    assert Caller(user=person("sales")).get("misjudgments/").json()["results"] == []


def test_imagined_case_is_tried_against_the_matrix(analyst):
    account, version = credit.account("100.00"), MatrixVersion.objects.published().get()
    path, body = f"matrix-versions/{version.pk}/test/", {"customer": account.customer.code}
    order = body | {"amount": "900.00", "excess": "800.00", "reasons": ["limit"]}
    way = analyst.post(path, order, once="").json()
    assert (way["blocked"], bool(way["row"]), bool(way["stages"])) == (True, True, True)
    limit = analyst.post(path, body | {"purpose": "limit", "amount": "500.00"}, once="").json()
    assert limit["row"] not in (None, way["row"])


@pytest.mark.parametrize(
    "values",
    [{}, {"amount": "-1"}, {"amount": "1.00", "reasons": ["weather"]}, {"purpose": "holiday"}],
)
def test_case_that_makes_no_sense_is_refused(analyst, values):
    account, version = credit.account(), MatrixVersion.objects.published().get()
    body = {"customer": account.customer.code} | values
    refused = analyst.post(f"matrix-versions/{version.pk}/test/", body, once="")
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
