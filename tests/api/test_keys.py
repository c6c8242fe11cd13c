from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from journal.models import Entry
from orders.models import Order
from staff.api import lifecycle, secrets
from staff.api.lifecycle import GRACE, KeyRefused
from staff.api.models import ApiKey
from staff.api.scopes import Scope, granted
from staff.models import User
from tests.factories import api, credit, orders
from tests.factories.api import Caller
from tests.factories.moments import NOW
from tests.factories.staff import PASSWORD, person

pytestmark = pytest.mark.django_db
# What decides, sets limits, or looks after people and rules.
DECIDING = {
    "approvals.decide",
    "orders.release_hold",
    "orders.force_hold",
    "orders.meet_condition",
    "credit.change_limit",
    "credit.change_segment",
    "credit.classify_customer",
    "credit.add_creditaccount",
    "credit.write_off",
    "credit.publish_policy",
    "approvals.publish_matrix",
    "approvals.request_limit_change",
    "staff.assign_roles",
    "staff.manage_api_keys",
    "staff.open_admin",
}


def test_create_key_keeps_a_hash_and_tells_the_journal():
    by = person("administrator")
    key, text = api.key(Scope.GOODS, by=by, name="WMS")
    secret = secrets.parse(text)
    assert secret.key_id == key.key_id
    assert secret.secret not in str(ApiKey.objects.values().get())
    entry = Entry.objects.about(key).get()
    assert (entry.action, entry.by, entry.data["scopes"]) == ("api_key.created", by, ["goods"])
    assert secret.secret not in str(entry.data)


def test_create_key_is_refused_to_whoever_may_not():
    with pytest.raises(PermissionDenied):
        api.key(by=person("finance"))
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("wrong", [{"name": " "}, {"expires_at": NOW}])
def test_create_key_refuses_what_makes_no_sense(wrong):
    with pytest.raises(KeyRefused):
        api.key(**wrong)


def test_create_key_wants_a_scope_that_exists():
    for scopes in ([], ["everything"]):
        with pytest.raises(KeyRefused):
            lifecycle.create_key(
                name="x", scopes=scopes, expires_at=None, by=person("administrator"), at=NOW
            )


def test_no_scopes_together_decide_or_look_after_people():
    everything = granted(Scope.values)
    assert not everything & DECIDING
    assert {name for name in everything if name.startswith("approvals.")} <= {
        name for name in everything if ".view_" in name
    }


def test_every_scope_grants_something_that_exists():
    for scope in Scope:
        assert "credit.view_all_customers" in granted([scope]), scope


def test_service_user_has_the_rights_of_its_key_wherever_it_is_met():
    key, _text = api.key(Scope.GOODS)
    user = User.objects.get(pk=key.user_id)
    assert user.has_perm("orders.ship_order")
    assert not user.has_perm("orders.submit_order")
    lifecycle.revoke_key(key_id=key.pk, by=person("administrator"), at=NOW)
    assert not User.objects.get(pk=key.user_id).has_perm("orders.ship_order")


def test_service_user_cannot_sign_in(client):
    key, _text = api.key(*Scope.values)
    user = User.objects.get(pk=key.user_id)
    user.set_password(PASSWORD)
    user.save()
    form = {"username": user.username, "password": PASSWORD}
    assert client.post("/sign-in/", form).status_code != 302


def test_key_opens_its_scopes_and_nothing_else():
    shop = api.caller(Scope.ORDERS)
    order = orders.draft(credit.account())
    assert shop.get("orders/").status_code == 200
    warehouse = api.caller(Scope.GOODS)
    refused = warehouse.post(f"orders/{order.pk}/submit/")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


def test_key_opens_no_page_of_the_browser(client):
    _key, text = api.key(Scope.READ)
    answer = client.get("/orders/", headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code == 302


@pytest.mark.parametrize("text", ["", "og_", "og_abc_def", "nonsense", "og_ü_x", "og_a_b_c_d"])
def test_wrong_key_is_refused_and_told_how(text):
    answer = Caller(text or "x").get("orders/")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_right_id_with_a_wrong_secret_is_refused():
    key, _text = api.key()
    assert Caller(str(secrets.new(key.key_id))).get("orders/").status_code == 401


def test_rotate_key_leaves_the_old_secret_good_for_a_while(time_machine):
    time_machine.move_to(NOW, tick=False)
    key, old = api.key()
    _key, new = lifecycle.rotate_key(key_id=key.pk, by=person("administrator"), at=NOW)
    assert [Caller(text).get("orders/").status_code for text in (old, new)] == [200, 200]
    time_machine.move_to(NOW + GRACE, tick=False)
    assert [Caller(text).get("orders/").status_code for text in (old, new)] == [401, 200]


def test_revoke_key_closes_both_secrets_at_once(time_machine):
    time_machine.move_to(NOW, tick=False)
    by = person("administrator")
    key, old = api.key()
    _key, new = lifecycle.rotate_key(key_id=key.pk, by=by, at=NOW)
    lifecycle.revoke_key(key_id=key.pk, by=by, at=NOW)
    assert [Caller(text).get("orders/").status_code for text in (old, new)] == [401, 401]
    for verb in (lifecycle.revoke_key, lifecycle.rotate_key):
        with pytest.raises(KeyRefused):
            verb(key_id=key.pk, by=by, at=NOW)


def test_key_expires(time_machine):
    time_machine.move_to(NOW, tick=False)
    _key, text = api.key(expires_at=NOW + timedelta(days=1))
    assert Caller(text).get("orders/").status_code == 200
    time_machine.move_to(NOW + timedelta(days=1), tick=False)
    assert Caller(text).get("orders/").status_code == 401


def test_what_a_key_does_is_signed_by_its_service_user():
    key, text = api.key()
    order = orders.draft(credit.account())
    assert Caller(text).post(f"orders/{order.pk}/submit/").status_code == 200
    assert Order.objects.get(pk=order.pk).submitted_by_id == key.user_id


def test_wrong_keys_do_not_lock_anybody_out(client):
    user = person("sales")
    for _ in range(12):
        Caller("og_000000000000_wrong").get("orders/")
    assert client.post("/sign-in/", {"username": user.username, "password": PASSWORD}).url == "/"
