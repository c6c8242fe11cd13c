from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from staff import tasks
from staff.inbox import lifecycle, notify
from staff.inbox.models import Delivery, Notice
from tests.factories.moments import NOW
from tests.factories.notices import KIND, data, tell
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return person("sales", email="ada@example.com")


@pytest.fixture
def by_mail(settings):
    settings.NOTICES_BY_MAIL = True


def test_notify_keeps_what_is_told_and_not_its_words(ada):
    (notice,) = tell(ada, amount=Decimal("7.50"))
    assert notice.data == data(amount="7.50")
    assert (notice.kind, notice.path, notice.at, notice.read_at) == (KIND, "/orders/", NOW, None)


def test_notify_tells_each_person_once_per_key(ada, by_mail):
    bob = person("sales", email="bob@example.com")
    tell(ada, key="k")
    tell(ada, bob, ada, key="k", order="SO-2")
    told = dict(Notice.objects.filter(key="k").values_list("to_id", "data__order"))
    assert told == {ada.pk: "SO-1", bob.pk: "SO-2"}
    assert Delivery.objects.count() == 2


def test_notify_told_again_mails_nobody_who_was_told_before(ada, settings):
    tell(ada, key="k")
    settings.NOTICES_BY_MAIL = True
    tell(ada, key="k")
    assert not Delivery.objects.exists()


def test_notify_is_one_statement_for_any_number_of_people(by_mail, django_assert_num_queries):
    people = [person(email=f"{n}@example.com") for n in range(20)]
    with django_assert_num_queries(1):
        notify(to=[p.pk for p in people], kind=KIND, data=data(), path="/orders/", key="k", at=NOW)
    assert Delivery.objects.count() == 20


def test_notify_of_nobody_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        notify(to=[], kind=KIND, data=data(), path="/", key="k", at=NOW)


def test_notify_goes_with_the_transaction_of_its_caller(ada, by_mail):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(ada, key="k")
        raise ZeroDivisionError
    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()


def test_notify_posts_mail_to_those_who_want_it_and_can_get_it(ada, by_mail):
    quiet, nowhere = person(email="quiet@example.com"), person(email="")
    lifecycle.choose_mail(user=quiet, unwanted=[KIND], shown=[KIND])
    assert len(tell(ada, quiet, nowhere)) == 3
    assert [d.notice.to for d in Delivery.objects.all()] == [ada]


def test_notify_without_a_mail_server_posts_nothing(ada, settings):
    settings.NOTICES_BY_MAIL = False
    assert tell(ada)
    assert not Delivery.objects.exists()


def test_notify_tells_closed_accounts_nothing():
    assert tell(person(is_active=False, email="gone@example.com")) == []


def test_notify_refuses_a_kind_that_nobody_declares(ada):
    with pytest.raises(KeyError):
        tell(ada, kind="test.unheard")


@pytest.mark.parametrize("path", ["https://evil.example", "//evil.example", "/\\evil", "orders/"])
def test_notify_refuses_a_path_that_leads_elsewhere(ada, path):
    with pytest.raises(ValueError, match="address"):
        tell(ada, path=path)
    (notice,) = tell(ada)
    with pytest.raises(IntegrityError):
        Notice.objects.filter(pk=notice.pk).update(path=path)


def test_notify_has_mail_sent_after_the_commit(
    ada, by_mail, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(tasks.deliver_notices, "apply_async", lambda **options: sent.append(1))
    with django_capture_on_commit_callbacks(execute=True):
        tell(ada)
        assert sent == []
    assert sent == [1]


def test_notify_survives_a_broker_that_is_away(
    ada, by_mail, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def away(**options):
        raise ConnectionError

    monkeypatch.setattr(tasks.deliver_notices, "apply_async", away)
    with django_capture_on_commit_callbacks(execute=True):
        tell(ada)
    assert Delivery.objects.due(NOW + timedelta(minutes=1)).count() == 1
