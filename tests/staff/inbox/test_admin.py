import pytest
from django.core.exceptions import PermissionDenied

from staff.inbox import lifecycle
from staff.inbox.enums import Cause, DeliveryState
from staff.inbox.models import Delivery
from tests.factories.moments import NOW
from tests.factories.notices import posted
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
LIST = "/admin/staff/delivery/"


@pytest.fixture
def failed(settings):
    settings.NOTICES_BY_MAIL = True
    delivery = posted(person("sales", email="ada@example.com", full_name="Ada"))
    ended = {"state": DeliveryState.FAILED, "next_at": None, "cause": Cause.REFUSED}
    Delivery.objects.filter(pk=delivery.pk).update(**ended, last_error="550 no such person")
    return delivery


def signed(client, *roles):
    user = person(*roles)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return user


def test_admin_shows_what_failed_and_why_but_not_what_it_said(client, failed):
    signed(client, "administrator")
    page = client.get(f"{LIST}?state__exact=failed").content.decode()
    assert "Ada" in page
    assert "550 no such person" in page
    one = client.get(f"{LIST}{failed.pk}/change/").content.decode()
    assert "ada@example.com" in one
    assert "Söhne" not in one


def test_admin_has_failed_mail_sent_again_and_leaves_the_rest(client, failed):
    waiting = posted(person(email="bob@example.com"))
    signed(client, "administrator")
    chosen = {"action": "send_again", "_selected_action": [failed.pk, waiting.pk]}
    page = client.post(LIST, chosen, follow=True).content.decode()
    assert "1 mail will be sent again" in page
    assert "1 was left alone" in page
    failed.refresh_from_db()
    assert failed.state == DeliveryState.PENDING


def test_auditor_sees_deliveries_and_sends_nothing_again(client, failed):
    auditor = signed(client, "auditor")
    client.post(LIST, {"action": "send_again", "_selected_action": [failed.pk]})
    failed.refresh_from_db()
    assert failed.state == DeliveryState.FAILED
    with pytest.raises(PermissionDenied):
        lifecycle.send_again(delivery_ids=[failed.pk], by=auditor, at=NOW)


def test_admin_keeps_deliveries_from_those_who_may_not_see_them(client, failed):
    signed(client, "finance")
    assert client.get(LIST).status_code == 403
