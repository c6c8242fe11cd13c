import pytest
from django.urls import reverse
from django.utils import timezone

from approvals import lifecycle
from approvals.enums import LapseReason
from approvals.models import ApprovalRequest
from credit.models import Segment
from tests.factories import orders
from tests.factories.moments import HOUR, NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(client):
    user = person("credit_analyst")
    client.force_login(user)
    return user


def shown(client, **query):
    return client.get(reverse("approvals:list"), query).content.decode()


def numbers(client, *asked, **query):
    page = shown(client, **query)
    return [order.number for order in asked if order.number in page]


def by_due(*moments):
    """Failed orders, each with the deadline of its request."""
    made = []
    for due in moments:
        order = orders.failed()
        orders.open_request(order).seats.update(due_at=due, remind_at=due - HOUR)
        made.append(order)
    return made


def lapsed():
    order = orders.failed()
    orders.approve(order)
    lifecycle.lapse(order=order, reason=LapseReason.AMENDED, at=NOW + HOUR)
    return order


def test_list_counts_what_lapsed_and_says_why(client, analyst):
    order = lapsed()
    page = shown(client, view="lapsed")
    assert order.number in page
    assert "the order was changed beyond what was approved" in page
    assert 'Lapsed <span class="tab-count">1</span>' in page


def test_list_of_answered_leaves_out_what_waits_or_lapsed(client, analyst):
    rejected, waiting, gone = orders.failed(), orders.failed(), lapsed()
    orders.reject(rejected)
    assert numbers(client, rejected, waiting, gone, view="decided") == [rejected.number]


def test_list_filters_by_reason(client, analyst):
    limit, blocked = orders.failed(), orders.failed(status="blacklisted", status_reason="fraud")
    assert numbers(client, limit, blocked, view="open", reason="blacklist") == [blocked.number]


@pytest.mark.parametrize(
    ("band", "total"), [("to_10", "54.00"), ("to_50", "60.00"), ("more", "90.00")]
)
def test_list_filters_by_how_much_over_the_limit(client, analyst, band, total):
    made = {each: orders.failed(each) for each in ("54.00", "60.00", "90.00")}
    assert numbers(client, *made.values(), view="open", excess=band) == [made[total].number]


def test_list_counts_an_excess_without_any_limit_as_the_largest(client, analyst):
    order = orders.submit(orders.draft(orders.without_credit()))
    assert numbers(client, order, view="open", excess="more") == [order.number]


def test_list_filters_by_deadline(client, analyst):
    late, later = by_due(NOW, timezone.now() + 9 * HOUR)
    assert numbers(client, late, later, view="open", due="late") == [late.number]


def test_list_filters_by_segment(client, analyst):
    one, other = orders.failed(), orders.failed()
    segment = Segment.objects.create(code="key", name_en="Key accounts", name_zh_hans="重点")
    other.customer.segment = segment
    other.customer.save()
    assert numbers(client, one, other, view="open", segment="key") == [other.number]


def test_list_refuses_a_filter_it_does_not_know(client, analyst):
    assert client.get(reverse("approvals:list"), {"excess": "huge"}).status_code == 400


@pytest.mark.parametrize("sort", ["due", "-due", "excess", "-excess", "amount", ""])
def test_list_pages_through_every_sorting_without_losing_a_row(client, analyst, monkeypatch, sort):
    monkeypatch.setattr("staff.keyset.page.__kwdefaults__", {"size": 2})
    made = [orders.failed(total) for total in ("54.00", "90.00", "60.00", "54.00", "51.00")]
    seen, url = [], f"{reverse('approvals:list')}?view=open&sort={sort}"
    while url:
        page = client.get(url).context["page"]
        seen += [row.order_id for row in page.rows]
        url = page.older and reverse("approvals:list") + page.older
    assert sorted(seen) == sorted(order.pk for order in made)


def test_list_puts_what_is_due_first_first(client, analyst):
    later, sooner = by_due(NOW + 9 * HOUR, NOW + HOUR)
    page = shown(client, view="open")
    assert page.index(sooner.number) < page.index(later.number)


def test_list_marks_an_open_question_until_it_is_answered(client, analyst):
    asked = orders.open_request(orders.failed())
    lifecycle.ask(request_id=asked.pk, by=analyst, text="when?", at=NOW)
    assert "asked-mark" in shown(client)
    lifecycle.reply(request_id=asked.pk, by=asked.order_owner, text="soon", at=NOW)
    assert "asked-mark" not in shown(client)


@pytest.mark.parametrize(
    ("role", "told"), [("credit_analyst", True), ("administrator", True), ("finance", False)]
)
def test_list_tells_those_who_can_help_what_nobody_can_decide(client, role, told):
    asked = orders.open_request(orders.failed())
    ApprovalRequest.objects.filter(pk=asked.pk).update(stuck_since=NOW)
    client.force_login(person(role))
    assert ("Nobody can decide 1 request" in shown(client, view="lapsed")) is told


def test_list_shows_salespeople_their_own_requests_only(client):
    owner = person("sales")
    own, other = orders.failed(owner=owner), orders.failed()
    client.force_login(owner)
    assert numbers(client, own, other) == [own.number]
