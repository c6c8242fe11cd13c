"""Who is told what about a request, once each, and what reaches them by mail."""

import pytest
from django.utils import translation

from approvals import lifecycle
from credit.days import company_day
from staff.inbox import sending
from staff.models import Notice
from tests.factories import credit, orders
from tests.factories.moments import DAY, HOUR, NOW
from tests.factories.routes import answer, asked, level, told
from tests.factories.staff import absence, person
from tests.staff.inbox.conftest import server  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

TODAY = company_day(NOW)


@pytest.fixture
def one():
    return person("approver_1", email="one@example.com")


def kinds(user):
    return list(Notice.objects.filter(to=user).order_by("pk").values_list("kind", flat=True))


def test_asked_goes_to_everybody_of_the_level_and_to_nobody_else(one):
    other, two, finance = person("approver_1"), person("approver_2"), person("finance")
    request = asked(level("approver_1"), level("approver_2"))
    assert told(request, "asked") == sorted([one.pk, other.pk])
    assert (kinds(two), kinds(finance), kinds(request.order_owner)) == ([], [], [])


def test_asked_goes_to_the_substitute_and_not_to_the_absent(one):
    substitute = person("approver_2")
    absence(one, substitute)
    request = asked(level("approver_1"))
    assert told(request, "asked") == [substitute.pk]


def test_reminded_and_escalated_come_once_however_often_the_clock_strikes(one):
    two = person("approver_2")
    asked(level("approver_1"))
    for hours in range(96):
        lifecycle.chase(at=NOW + hours * HOUR)
    assert kinds(one) == ["approval.asked", "approval.reminded"]
    assert kinds(two) == ["approval.escalated", "approval.reminded"]


def unread(user):
    return list(Notice.objects.for_user(user).unread().values_list("kind", flat=True))


@pytest.mark.parametrize("verb", ["approve", "reject", "send_back"])
def test_asked_is_let_go_of_once_somebody_answered(one, verb):
    other, two = person("approver_1"), person("approver_2")
    request = asked(level("approver_1"), level("approver_2"))
    lifecycle.chase(at=NOW + 7 * HOUR)
    elsewhere = asked(level("approver_1"))
    answer(request, verb, by=one)
    assert unread(one) == unread(other) == ["approval.asked"]
    assert told(elsewhere, "asked") == sorted([one.pk, other.pk])
    assert unread(two) == (["approval.asked"] if verb == "approve" else [])


def test_asked_is_let_go_of_when_the_order_needs_no_answer(one):
    request = asked(level("approver_1"))
    orders.cancel(request.order)
    assert unread(one) == []


def test_asked_says_nothing_of_a_limit_that_is_not_passed(one):
    account = credit.account("500.00")
    credit.owed(account, "10.00", TODAY - 90 * DAY)
    orders.submit(orders.draft(account, "20.00"))
    notice = Notice.objects.get(to=one)
    with translation.override("en"):
        assert notice.text.endswith("over 20.00 CNY needs your decision.")


@pytest.mark.parametrize("verb", ["approve", "reject", "send_back"])
def test_decided_goes_to_owner_and_submitter(one, verb):
    manager = person("sales_manager")
    order = orders.submit(orders.draft(credit.account("50.00")), by=manager)
    request = orders.open_request(order)
    answer(request, verb, by=one)
    assert told(request, "decided") == sorted([manager.pk, order.owner_id])
    assert kinds(one) == ["approval.asked"]


def test_decided_is_told_only_at_the_last_level(one):
    two = person("approver_2")
    request = asked(level("approver_1"), level("approver_2"))
    answer(request, by=one)
    assert (told(request, "decided"), kinds(two)) == ([], ["approval.asked"])
    answer(request, by=two)
    assert told(request, "decided") == [request.order_owner_id]


def test_notice_reads_in_the_language_of_its_reader(one):
    request = asked(level("approver_1"))
    notice = Notice.objects.get(to=one)
    assert request.order.number in notice.subject and "90.00 CNY" in notice.text
    assert "40.00 CNY" in notice.text
    with translation.override("zh-hans"):
        assert request.order.number in notice.subject
    assert notice.path == f"/approvals/{request.pk}/"


def test_every_kind_can_be_put_into_words(one):
    boss, two = person("administrator"), person("approver_2")
    request = asked(level("approver_1", hours=1), level("approver_2"), level("credit_analyst"))
    lifecycle.chase(at=NOW + 45 * HOUR / 60)
    lifecycle.chase(at=NOW + DAY)
    lifecycle.ask(request_id=request.pk, by=one, text="Why?", at=NOW)
    lifecycle.reply(request_id=request.pk, by=request.order_owner, text="So.", at=NOW)
    answer(request, by=one)
    answer(request, by=two)
    answer(request, by=person("credit_analyst"))
    lifecycle.lapse(order=request.order, reason="amended", at=NOW)
    assert set(Notice.objects.values_list("kind", flat=True)) == {
        f"approval.{kind}"
        for kind in (
            "asked", "reminded", "escalated", "stuck", "decided", "question", "reply", "lapsed"
        )
    }  # fmt: skip
    assert all(notice.subject and notice.text for notice in Notice.objects.all())
    assert kinds(boss) == ["approval.stuck"]


def test_asked_leaves_as_a_real_mail_with_the_way_to_the_request(server, one):  # noqa: F811
    request = asked(level("approver_1"))
    assert sending.deliver(now=lambda: NOW) == 1
    assert sending.deliver(now=lambda: NOW + HOUR) == 0
    (mail,) = server.mails
    text = mail.get_body(("plain",)).get_content()
    assert (mail["To"], request.order.number in mail["Subject"]) == ("one@example.com", True)
    assert "https://orders.example.com/" in text
    assert "90.00 CNY" in text


def test_every_kind_leaves_as_a_real_mail(server, one):  # noqa: F811
    seller = person("sales", email="seller@example.com")
    two = person("approver_2", email="two@example.com")
    person("administrator", email="boss@example.com")
    levels = level("approver_1", hours=1), level("approver_2"), level("credit_analyst")
    request = asked(*levels, owner=seller)
    for late in (45 * HOUR / 60, DAY):
        lifecycle.chase(at=NOW + late)
    lifecycle.ask(request_id=request.pk, by=one, text="Why?", at=NOW)
    lifecycle.reply(request_id=request.pk, by=seller, text="So.", at=NOW)
    answer(request, by=one)
    answer(request, by=two)
    answer(request, by=person("credit_analyst"))
    lifecycle.lapse(order=request.order, reason="amended", at=NOW)
    notices = Notice.objects.exclude(to__email="")
    assert notices.values("kind").distinct().count() == 8
    sending.deliver(now=lambda: NOW + 2 * DAY)
    sent = sorted((mail["To"], mail["Subject"]) for mail in server.mails)
    assert sent == sorted((notice.to.email, notice.subject) for notice in notices)


def test_nothing_is_mailed_when_the_submission_is_undone(server, one):  # noqa: F811
    request = asked(level("approver_1"))
    orders.take_back(request.order)
    assert kinds(one) == ["approval.asked"]
