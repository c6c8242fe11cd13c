"""The list of holds, releasing many, and marking what was wrong."""

import csv
import io

import pytest
from django.utils import timezone

from orders import lifecycle
from orders.models import Hold, Misjudgment
from tests.factories import orders
from tests.factories.moments import DAY, NOW
from tests.factories.staff import person, superuser
from tests.orders.pages import account_with_seller, as_role, words
from tests.orders.test_views_list import queries_of

pytestmark = pytest.mark.django_db


def release(hold):
    return lifecycle.release_hold(hold_id=hold.pk, note="fine", by=superuser(), at=NOW)


def listed(query="", role="credit_analyst"):
    return [hold.pk for hold in as_role(role).get(f"/holds/{query}").context["page"].rows]


def wrong(hold):
    lifecycle.mark_wrongly_held(hold_id=hold.pk, reason="no cause", by=superuser(), at=NOW)


def test_holds_list_every_reason_that_stands_the_oldest_first():
    order = orders.released()
    second, first = orders.hold(order, at=NOW), orders.hold(order, at=NOW - DAY)
    release(orders.hold(order))
    assert listed() == [first.pk, second.pk]


def test_holds_leave_out_orders_that_have_ended():
    order = orders.released()
    orders.hold(order)
    orders.cancel(order)
    assert listed() == []


@pytest.mark.parametrize(
    "query",
    ["?reason=fraud", "?source=rule", "?age=7", "?owner={owner}", "?q={number}", "?q={code}"],
)
def test_holds_narrow_to(query):
    at = timezone.now()
    wanted = orders.hold(
        orders.released(), by=superuser(), reason="fraud", source="rule", at=at - 8 * DAY
    )
    orders.hold(orders.released(), at=at)
    order = wanted.order
    known = {"owner": order.owner_id, "number": order.number, "code": order.customer.code}
    assert listed(query.format(**known)) == [wanted.pk]


@pytest.mark.parametrize("sort", ["order", "-order", "amount", "-amount", "since", "-since"])
def test_holds_sort_by(sort):
    made = [
        orders.hold(orders.released(total), at=NOW + place * DAY)
        for place, total in enumerate(("30.00", "60.00", "90.00"))
    ]
    pks = [hold.pk for hold in made]
    assert listed(f"?sort={sort}") == (pks[::-1] if sort.startswith("-") else pks)


def test_holds_with_a_filter_that_makes_no_sense_show_nothing():
    orders.hold(orders.released())
    response = as_role("auditor").get("/holds/?age=never")
    assert response.status_code == 400 and response.context["page"].rows == []


def test_holds_show_salespeople_their_own_customers_only():
    account, seller = account_with_seller()
    mine = orders.hold(orders.submit(orders.draft(account)))
    orders.hold(orders.released())
    assert [hold.pk for hold in seller.get("/holds/").context["page"].rows] == [mine.pk]


@pytest.mark.parametrize("view", ["released", "wrong"])
def test_holds_of_the_past_ask_as_much_for_many_rows_as_for_one(view):
    def make():
        hold = release(orders.hold(orders.released()))
        wrong(hold)

    client = as_role("credit_analyst")
    make()
    once = queries_of(client, f"/holds/?view={view}")
    for _ in range(4):
        make()
    assert queries_of(client, f"/holds/?view={view}") == once


def test_export_holds_exactly_what_the_list_shows():
    hold = orders.hold(orders.released(), note="=1+1")
    orders.hold(orders.released(), by=superuser(), source="rule")
    answer = as_role("finance").get("/holds/export/?source=person")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text))
    assert [row[0] for row in rows] == [hold.order.number]
    assert rows[0][header.index("Note")] == "'=1+1"


def test_release_many_asks_for_one_reason_and_tells_of_each():
    one, other = (orders.hold(orders.released()) for _ in range(2))
    forced = orders.hold(orders.released(), by=superuser(), forced=True)
    client = as_role("approver_1")
    pks = [one.pk, other.pk, forced.pk]
    asked = words(client.get("/holds/release/", {"pk": pks}))
    assert "Release 2 holds" in asked and "ou cannot release this one" in asked
    told = client.post("/holds/release/", {"pk": pks, "note": "all clear"})
    assert [problem for _, problem in told.context["results"]] == [
        "",
        "",
        "You may not release this hold.",
    ]
    assert set(Hold.objects.active()) == {forced}
    assert Hold.objects.get(pk=one.pk).release_note == "all clear"


def test_release_many_needs_a_reason():
    hold = orders.hold(orders.released())
    response = as_role("credit_analyst").post("/holds/release/", {"pk": [hold.pk], "note": " "})
    assert response.status_code == 422 and not Hold.objects.get().released_at


@pytest.mark.parametrize("pks", [[], ["x"], ["9" * 30], ["0"]])
def test_release_many_of_nothing_says_so(pks):
    assert "No hold is chosen" in words(as_role("approver_1").get("/holds/release/", {"pk": pks}))


def test_release_many_leaves_out_what_one_may_not_see():
    hold = orders.hold(orders.released())
    _, seller = account_with_seller()
    assert seller.post("/holds/release/", {"pk": hold.pk, "note": "x"}).status_code == 403


def test_wrongly_held_is_marked_from_the_list_and_shown_on_its_tab():
    hold = release(orders.hold(orders.released()))
    client = as_role("credit_analyst")
    data = {"reason": "door was right", "next": "holds"}
    assert client.post(f"/holds/{hold.pk}/wrongly-held/", data).url == "/holds/"
    text = words(client.get("/holds/?view=wrong"))
    assert "door was right" in text and hold.order.number in text
    assert "Wrongly held" in words(client.get("/holds/?view=released"))


def test_wrongly_held_is_not_offered_while_the_hold_stands():
    hold = orders.hold(orders.released())
    response = as_role("credit_analyst").get(f"/holds/{hold.pk}/wrongly-held/", follow=True)
    assert "You cannot mark this hold now." in words(response)


def test_check_is_marked_as_wrong_on_its_decision():
    order = orders.failed()
    url = f"/orders/{order.pk}/decisions/{order.decisions.get().pk}/misjudged/"
    client = as_role("credit_analyst")
    assert client.get(url).context["form"]["code"].value() == "limit"
    client.post(url, {"code": "limit", "reason": "paid yesterday"})
    assert Misjudgment.objects.get().reason == "paid yesterday"
    assert "paid yesterday" in words(client.get(f"/orders/{order.pk}/"))
    assert "You cannot mark" in words(client.get(url, follow=True))


def test_check_that_did_not_block_is_refused():
    order = orders.failed()
    url = f"/orders/{order.pk}/decisions/{order.decisions.get().pk}/misjudged/"
    response = as_role("credit_analyst").post(url, {"code": "overdue", "reason": "x"})
    assert response.status_code == 422 and not Misjudgment.objects.exists()


def marked(reason="no cause", *, by=None, at=NOW, order=None):
    """A hold of that order, released and marked as wrong."""
    hold = release(orders.hold(order or orders.released()))
    return lifecycle.mark_wrongly_held(hold_id=hold.pk, reason=reason, by=by or superuser(), at=at)


def misjudged(order, by=None):
    return lifecycle.mark_misjudged(
        decision_id=order.decisions.get().pk, code="limit", reason="paid", by=by or superuser(),
        at=NOW,
    )  # fmt: skip


def wrong_ones(query):
    page = as_role("credit_analyst").get(f"/holds/?view=wrong{query}").context["page"]
    return [one.pk for one in page.rows]


def test_wrongly_held_narrows_by_what_who_and_when():
    by, early = superuser(), marked(at=NOW - 5 * DAY)
    hold, check = marked(by=by), misjudged(orders.failed(), by)
    day = timezone.localdate(NOW).isoformat()
    assert wrong_ones("&kind=hold") == [hold.pk, early.pk]
    assert wrong_ones("&kind=check") == wrong_ones("&code=limit") == [check.pk]
    assert sorted(wrong_ones(f"&by={by.pk}")) == sorted([hold.pk, check.pk])
    assert early.pk not in wrong_ones(f"&since={day}") and len(wrong_ones(f"&since={day}")) == 2
    assert wrong_ones(f"&until={day}&kind=hold&since=2020-01-01") == [hold.pk, early.pk]
    assert wrong_ones(f"&q={check.order.number}") == [check.pk]


def test_wrongly_held_counts_follow_the_filter():
    marked(), misjudged(orders.failed())
    context = as_role("auditor").get("/holds/?view=wrong&kind=check").context
    assert [(row["code"], row["count"]) for row in context["counts"]] == [("limit", 1)]


@pytest.mark.parametrize("query", ["&code=nonsense", "&by=x", "&since=yesterday", "&kind=x"])
def test_wrongly_held_refuses_filters_it_does_not_understand(query):
    marked()
    answer = as_role("auditor").get(f"/holds/?view=wrong{query}")
    assert answer.status_code == 400 and answer.context["page"].rows == []
    assert as_role("auditor").get(f"/holds/export/?view=wrong{query}").status_code == 400


def test_export_of_wrongly_held_is_what_its_list_shows():
    one = marked("=1+1")
    misjudged(orders.failed())
    answer = as_role("finance").get("/holds/export/?view=wrong&kind=hold")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["Order"], row["What was wrong"]) == (one.order.number, "Hold")
    assert (row["Reason"], row["Why it was wrong"]) == ("address to be clarified", "'=1+1")


def test_list_and_preview_tell_of_other_holds_on_the_order():
    order, desk = orders.released(), as_role("credit_analyst")
    first, _second = (orders.hold(order) for _ in range(2))
    assert words(desk.get("/holds/")).count("and 1 other hold on this order") == 2
    text = words(desk.get(f"/holds/release/?pk={first.pk}"))
    assert "stays held by another" in text.lower() and "Release 1 hold" in text


def test_preview_counts_only_what_may_be_released():
    hold = orders.hold(orders.released(), forced=True, by=person("approver_2"))
    text = words(as_role("credit_analyst").get(f"/holds/release/?pk={hold.pk}"))
    assert "Release 1 hold" in text
    text = words(as_role("approver_1").get(f"/holds/release/?pk={hold.pk}"))
    assert "cannot release this one" in text and "Release 0 holds" not in text
