import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders import lifecycle
from orders.models import ProductFlag
from tests.factories import orders
from tests.factories.moments import HOUR, NOW
from tests.orders.pages import as_role, words

pytestmark = pytest.mark.django_db
LIST, RAISE = reverse("orders:flags"), reverse("orders:raise_flag")


def address(flag):
    return reverse("orders:lift_flag", args=[flag.pk])


def lifted(flag, note="retested"):
    return lifecycle.lift_flag(flag_id=flag.pk, note=note, by=flag.raised_by, at=NOW + HOUR)


def given(**values):
    return {"kind": "safety", "evidence": "certificate 17 is false"} | values


def test_list_shows_goods_and_evidence():
    flag = orders.flag(orders.product(), lot="L7", evidence="letter of 3 May")
    page = words(as_role("warehouse").get(LIST))
    for text in (flag.product.sku, "lot L7", "letter of 3 May", address(flag)):
        assert text in page


def test_list_shows_those_lifted_apart():
    standing, gone = orders.flag(orders.product()), lifted(orders.flag(orders.product()))
    client = as_role("sales")
    page, other = words(client.get(LIST)), words(client.get(f"{LIST}?view=lifted"))
    assert standing.product.sku in page and gone.product.sku not in page
    assert gone.product.sku in other and "retested" in other
    assert standing.product.sku not in other


@pytest.mark.parametrize("words_of", ["sku", "name", "lot", "evidence"])
def test_list_is_searched_in_goods_and_evidence(words_of):
    flag = orders.flag(orders.product(name="Blue lamp"), lot="L7", evidence="letter of 3 May")
    orders.flag(orders.product(name="Red lamp"), lot="L8", evidence="complaint")
    asked = {"sku": flag.product.sku, "name": "blue", "lot": "l7", "evidence": "3 may"}[words_of]
    page = as_role("finance").get(LIST, {"q": asked})
    assert [row.pk for row in page.context["page"].rows] == [flag.pk]


def test_list_keeps_to_the_kind_and_refuses_another():
    flag = orders.flag(orders.product(), kind="recall")
    orders.flag(orders.product())
    client = as_role("finance")
    assert client.get(LIST, {"kind": "recall"}).context["page"].rows == [flag]
    assert client.get(LIST, {"kind": "nonsense"}).status_code == 400


def test_list_says_why_it_is_empty():
    client = as_role("warehouse")
    assert "Nothing we sell is flagged" in words(client.get(LIST))
    assert "No flag matches" in words(client.get(LIST, {"q": "x"}))
    assert "No flag was lifted yet" in words(client.get(f"{LIST}?view=lifted"))


def test_list_costs_the_same_for_many_flags():
    client, counts = as_role("warehouse"), []
    for more in (1, 20):
        for _ in range(more):
            orders.flag(orders.product())
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_list_goes_on_to_older_flags():
    flags = [orders.flag(orders.product(), at=NOW + place * HOUR) for place in range(51)]
    client = as_role("warehouse")
    first = client.get(LIST).context["page"]
    second = client.get(LIST + first.older).context["page"]
    assert [*first.rows, *second.rows] == flags[::-1]


@pytest.mark.parametrize("role, offered", [("warehouse", True), ("sales", False)])
def test_list_offers_the_verbs_to_those_who_may(role, offered):
    flag = orders.flag(orders.product())
    page = words(as_role(role).get(LIST))
    assert (RAISE in page, address(flag) in page) == (offered, offered)


def test_raise_flags_the_product_that_is_meant():
    product = orders.product(name="Blue lamp")
    for text, lot in ((product.sku.lower(), "L7"), ("blue", "L8")):
        answer = as_role("warehouse").post(RAISE, given(product=text, lot=lot))
        assert (answer.status_code, answer.url) == (302, LIST)
    assert set(ProductFlag.objects.values_list("product", "lot")) == {
        (product.pk, "L7"),
        (product.pk, "L8"),
    }


def test_raise_flags_a_category():
    orders.product(category="tools")
    as_role("warehouse").post(RAISE, given(category="tools"))
    assert ProductFlag.objects.get().category == "tools"


def test_raise_offers_the_product_of_the_address():
    assert 'value="SKU7"' in words(as_role("warehouse").get(RAISE, {"product": "SKU7"}))


@pytest.mark.parametrize(
    "values, problem",
    [
        ({}, "Choose a product or a category."),
        ({"product": "nonsense"}, "No product has this SKU"),
        ({"product": "lamp"}, "Several products match"),
        ({"product": "blue", "category": "tools"}, "not both"),
        ({"category": "nonsense"}, "not one of the available choices"),
        ({"category": "tools", "lot": "L7"}, "A lot belongs to a product"),
        ({"product": "blue", "evidence": " "}, "This field is required"),
        ({"product": "blue", "kind": "nonsense"}, "not one of the available choices"),
        ({"product": "blue", "lot": "L" * 61}, "at most 60 characters"),
        ({"product": "blue\x00"}, "Null characters"),
    ],
)
def test_raise_says_what_is_wrong_and_keeps_what_was_typed(values, problem):
    orders.product(name="Blue lamp", category="tools")
    orders.product(name="Red lamp")
    answer = as_role("warehouse").post(RAISE, given(**values))
    assert (answer.status_code, ProductFlag.objects.count()) == (422, 0)
    assert problem in words(answer)
    assert values.get("evidence", "certificate 17 is false") in words(answer)


def test_raise_twice_makes_one_flag():
    product, client = orders.product(), as_role("warehouse")
    answers = [client.post(RAISE, given(product=product.sku)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 422]
    assert "already" in words(answers[1])
    assert ProductFlag.objects.count() == 1


def test_lift_asks_with_the_evidence_and_keeps_the_reason():
    flag, client = orders.flag(orders.product(), evidence="letter of 3 May"), as_role("warehouse")
    assert "letter of 3 May" in words(client.get(address(flag)))
    assert client.post(address(flag), {"note": " "}).status_code == 422
    assert client.post(address(flag), {"note": "they withdrew"}).url == LIST
    assert ProductFlag.objects.get().lift_note == "they withdrew"


def test_lift_of_a_lifted_flag_says_so():
    flag, client = lifted(orders.flag(orders.product())), as_role("warehouse")
    answer = client.post(address(flag), {"note": "again"}, follow=True)
    assert "lifted already" in words(answer)
    assert ProductFlag.objects.get().lift_note == "retested"


def test_verbs_are_closed_to_those_who_may_only_look():
    flag, client = orders.flag(orders.product()), as_role("sales")
    assert client.get(RAISE).status_code == client.get(address(flag)).status_code == 403
    assert client.post(address(flag), {"note": "x"}).status_code == 403


def test_products_carry_the_marks_of_their_flags():
    product = orders.product(category="tools")
    other = orders.product(category="gloves")
    orders.flag(product, lot="L7", kind="recall")
    orders.flag(category="tools")
    marked = {row.pk: row.marks for row in _products().context["page"].rows}
    assert [flag.kind for flag in marked[product.pk]] == ["recall", "quality"]
    assert marked[other.pk] == []
    assert "lot L7" in words(_products())


def _products():
    return as_role("sales").get(reverse("orders:products"))


def test_order_shows_the_lot_of_a_line():
    order = orders.draft(orders.credit.account(), lines=[orders.line(lot="L7")])
    page = as_role("auditor").get(reverse("orders:detail", args=[order.pk]))
    assert "lot L7" in words(page)
