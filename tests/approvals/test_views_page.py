import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from approvals import lifecycle
from approvals.enums import LapseReason
from approvals.models import ApprovalRequest
from credit.enums import PromiseState
from credit.models import Promise
from journal.attachments.models import Attachment
from orders.models import Order, ReleaseCondition
from tests.factories import files, orders
from tests.factories.moments import DAY, NOW
from tests.factories.staff import absence, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_levels():
    # Approvers of the first level answer, then those of the second.
    person("approver_1")
    return orders.open_request(orders.failed("90000.00", limit="50000.00"))


@pytest.fixture
def one_level():
    return orders.open_request(orders.failed())


def sit(client, *roles, **values):
    user = person(*roles, **values)
    client.force_login(user)
    return user


def page(client, asked):
    return client.get(reverse("approvals:detail", args=[asked.pk])).content.decode()


def post(client, verb, asked, **values):
    return client.post(reverse(f"approvals:{verb}", args=[asked.pk]), values)


def answer(client, asked, **values):
    given = {"answer": "approve", "comment": "known", "seen_decision": asked.decision_id}
    return post(client, "decide", asked, **(given | values))


def approve(asked, role, **values):
    words = {"comment": "pays well", "at": NOW, "seen_decision_id": asked.decision_id}
    return lifecycle.approve(request_id=asked.pk, by=person(role), **(words | values))


def test_detail_shows_levels_and_what_approving_leads_to(client, two_levels):
    sit(client, "approver_1")
    text = page(client, two_levels)
    assert "Level 1 of 2" in text
    assert "Level 2 of 2" in text
    assert "Approving asks level 2 next: Approver, level 2." in text


def test_detail_says_that_the_last_level_releases(client, two_levels):
    approve(two_levels, "approver_1")
    sit(client, "approver_2")
    text = page(client, two_levels)
    assert "Approving releases the order" in text
    assert "pays well" in text


def test_detail_explains_the_deadline_by_business_hours(client, one_level):
    sit(client, "credit_analyst")
    text = page(client, one_level)
    assert "8 business hours from when it was asked" in text
    assert "60 min" in text


def test_detail_says_in_whose_place_one_decides(client, two_levels):
    away, acting = person("approver_1", full_name="Away Wang"), person("sales_manager")
    acting.user_permissions.set(away.groups.get().permissions.filter(codename="decide"))
    absence(away, acting, last=400)
    client.force_login(acting)
    assert "instead of Away Wang" in page(client, two_levels)


def test_detail_shows_promises_and_guarantees(client, one_level):
    account, by = one_level.order.account, person("finance")
    made = {"account": account, "made_at": NOW, "made_by": by, "due_on": NOW.date()}
    Promise.objects.create(amount="70.00", state=PromiseState.OPEN, **made)
    Promise.objects.create(amount="8.00", state=PromiseState.BROKEN, settled_at=NOW, **made)
    sit(client, "credit_analyst")
    text = page(client, one_level)
    assert "0 kept, 1 not" in text
    assert "1 open over 70.00" in text


def test_detail_shows_how_similar_requests_turned_out(client, one_level):
    at = timezone.now()
    paid, refused = orders.failed(), orders.failed()
    orders.approve(paid, at=at)
    orders.reject(refused, at=at)
    sit(client, "credit_analyst")
    text = page(client, one_level)
    assert "Decided: 2. Released: 1, of which 0 paid on time" in text
    assert paid.number in text
    assert refused.number in text
    assert "Not due yet" in text


def test_detail_keeps_others_from_deciding(client, two_levels):
    sit(client, "approver_2")
    assert 'name="answer"' not in page(client, two_levels)
    assert answer(client, two_levels).status_code == 403


def test_detail_of_ones_own_order_is_for_reading(client):
    owner = person("sales")
    asked = orders.open_request(orders.failed(owner=owner))
    client.force_login(owner)
    text = page(client, asked)
    assert 'name="answer"' not in text
    assert "somebody else decides about it" in text
    assert "Margin" not in text


def test_detail_hides_credit_from_those_who_may_not_see_it(client, one_level):
    user = sit(client)
    names = ["view_approvalrequest", "view_all_customers"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    text = page(client, one_level)
    assert "Credit limit" in text
    assert "over the limit of" not in text
    assert "Invoices paid on time" not in text


def test_detail_shows_what_an_approval_stands_for_and_that_it_lapsed(client, one_level):
    orders.approve(one_level.order)
    lifecycle.lapse(order=one_level.order, reason=LapseReason.EXPIRED, at=NOW + DAY)
    sit(client, "credit_analyst")
    text = page(client, one_level)
    for words in ("What was approved", "version 1", "90.00", "This approval lapsed"):
        assert words in text


def test_detail_says_what_to_do_when_nobody_can_decide(client, one_level):
    ApprovalRequest.objects.filter(pk=one_level.pk).update(stuck_since=NOW)
    sit(client, "administrator")
    assert "An administrator names a substitute" in page(client, one_level)


def test_decide_sets_the_conditions_that_were_filled_in(client, one_level):
    sit(client, "credit_analyst")
    given = {"answer": "conditions", "prepay": "30", "days": "15", "document": "letter"}
    assert answer(client, one_level, amount="80", **given).status_code == 302
    kept = ReleaseCondition.objects.order_by("pk")
    assert [(one.kind, one.percent, one.days, one.text, one.amount) for one in kept] == [
        ("prepay_percent", 30, None, "", None),
        ("pay_within", None, 15, "", None),
        ("guarantee", None, None, "letter", None),
        ("amount", None, None, "", 80),
    ]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"answer": "conditions"}, "Fill in at least one condition"),
        ({"answer": "approve", "prepay": "30"}, "You filled in conditions"),
        ({"answer": "conditions", "prepay": "130"}, "At most 100 is possible here"),
        ({"answer": "conditions", "days": "0"}, "greater than or equal to 1"),
        ({"answer": "conditions", "prepay": "a"}, "Write a figure"),
    ],
)
def test_decide_refuses_conditions_that_make_no_sense(client, one_level, values, message):
    sit(client, "credit_analyst")
    response = answer(client, one_level, comment="as agreed by phone", **values)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert "as agreed by phone" in response.content.decode()


def test_decide_keeps_what_was_typed_when_the_condition_does_not_fit_the_order(client, one_level):
    sit(client, "credit_analyst")
    response = answer(client, one_level, answer="conditions", amount="999", comment="all of it")
    assert response.status_code == 409
    assert "all of it" in response.content.decode()
    assert 'value="999"' in response.content.decode()


def test_decide_returns_the_order_for_change(client, one_level):
    sit(client, "credit_analyst")
    response = answer(client, one_level, answer="return", comment="split it")
    assert response.status_code == 302
    assert Order.objects.get(pk=one_level.order_id).state == "draft"
    assert "split it" in page(client, one_level)


def test_decide_at_the_first_level_says_that_others_are_asked(client, two_levels):
    sit(client, "approver_1")
    response = answer(client, two_levels)
    told = client.get(response.url).content.decode()
    assert "others are asked as well" in told
    assert Order.objects.get(pk=two_levels.order_id).state == "credit_failed"


def test_decide_shows_a_level_that_went_on_meanwhile(client, two_levels):
    sit(client, "approver_1", "approver_2")
    approve(two_levels, "approver_1")
    response = answer(client, two_levels, seen_level="1-1", comment="looks fine")
    assert response.status_code == 409
    assert "went on to another level" in response.content.decode()
    assert "looks fine" in response.content.decode()


def test_ask_and_reply_go_to_the_thread_and_back(client, one_level):
    analyst, owner = person("credit_analyst"), one_level.order_owner
    owner.groups.set(person("sales").groups.all())
    client.force_login(analyst)
    assert post(client, "ask", one_level, to=owner.pk, text="when?").status_code == 302
    client.force_login(owner)
    assert "Waits for a reply" in page(client, one_level)
    response = post(client, "reply", one_level, text="on Friday", **{"from": "order"})
    assert response.url == reverse("orders:detail", args=[one_level.order_id])
    text = page(client, one_level)
    assert "on Friday" in text
    assert "Waits for a reply" not in text


def test_reply_brings_a_file_that_stays_with_the_order(client, one_level):
    owner = one_level.order_owner
    owner.groups.set(person("sales").groups.all())
    client.force_login(person("credit_analyst"))
    post(client, "ask", one_level, to=owner.pk, text="what plan?")
    client.force_login(owner)
    assert 'enctype="multipart/form-data"' in page(client, one_level)
    chosen = SimpleUploadedFile("plan.pdf", files.PDF)
    post(client, "reply", one_level, text="The plan.", documents=chosen)
    [kept] = Attachment.objects.of(one_level.order)
    assert (kept.name, kept.about, kept.uploaded_by) == ("plan.pdf", "The plan.", owner)
    assert "plan.pdf" in page(client, one_level)


@pytest.mark.parametrize("values", [{"text": ""}, {"text": "hm?", "to": "0"}])
def test_ask_refuses_what_is_incomplete(client, one_level, values):
    sit(client, "credit_analyst")
    values = {"to": one_level.order_owner_id} | values
    assert post(client, "ask", one_level, **values).status_code == 422


def test_ask_offers_colleagues_who_can_see_the_request_only(client, one_level):
    finance, stranger = person("finance"), person("sales")
    sit(client, "credit_analyst")
    text = page(client, one_level)
    assert f'<option value="{finance.pk}">' in text
    assert f'<option value="{stranger.pk}">' not in text


def test_ask_is_for_approvers_and_reply_for_those_concerned(client, one_level):
    sit(client, "finance")
    assert post(client, "ask", one_level, text="?").status_code == 403
    assert post(client, "reply", one_level, text="!").status_code == 403


def test_thread_is_part_of_the_page_of_the_order(client, one_level):
    analyst = sit(client, "credit_analyst")
    lifecycle.ask(request_id=one_level.pk, by=analyst, text="any news?", at=NOW)
    url = reverse("approvals:of_order", args=[one_level.order_id])
    assert client.get(url).url == reverse("approvals:detail", args=[one_level.pk])
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "any news?" in part
    assert 'name="from"' in part
    assert url in client.get(reverse("orders:detail", args=[one_level.order_id])).content.decode()


def test_order_without_a_request_has_no_such_part(client):
    sit(client, "credit_analyst")
    url = reverse("approvals:of_order", args=[orders.released().pk])
    assert client.get(url, headers={"HX-Request": "true"}).status_code == 204


def test_detail_costs_the_same_however_much_came_before(
    client, one_level, django_assert_max_num_queries
):
    sit(client, "credit_analyst")
    orders.approve(orders.failed(), at=timezone.now())
    page(client, one_level)
    with django_assert_max_num_queries(60) as one:
        page(client, one_level)
    for _number in range(4):
        orders.approve(orders.failed(), at=timezone.now())
    with django_assert_max_num_queries(len(one)):
        page(client, one_level)
