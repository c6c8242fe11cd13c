from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from journal.models import Entry
from orders.errors import OrderError
from orders.lifecycle import release
from orders.models import Order, Payment
from staff.api import idempotency
from staff.api.models import KeptAnswer
from staff.api.scopes import Scope
from tests.factories import credit, orders
from tests.factories.api import Caller, caller, key
from tests.factories.moments import NOW


def content(account):
    return {
        "customer": account.customer.code,
        "lines": [{"sku": orders.product().sku, "quantity": "1"}],
    }


@pytest.mark.django_db
def test_post_twice_is_done_once_and_answered_alike():
    shop, body = caller(), content(credit.account())
    first, again = (shop.post("orders/", body, once='"same"') for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert (again["Idempotency-Replayed"], "Idempotency-Replayed" in first) == ("true", False)
    assert again["Location"] == first["Location"]
    assert Order.objects.count() == 1


@pytest.mark.django_db
def test_same_key_with_another_body_is_refused():
    shop, account = caller(), credit.account()
    shop.post("orders/", content(account), once="same")
    other = shop.post("orders/", content(account), once="same")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert Order.objects.count() == 1


@pytest.mark.django_db
def test_same_key_of_another_caller_is_another_key():
    body = content(credit.account())
    made = {caller().post("orders/", body, once="same").json()["id"] for _ in range(2)}
    assert len(made) == 2


@pytest.mark.django_db
def test_refusal_as_things_stood_is_repeated():
    shop, order = caller(), orders.in_state("shipped")
    reason = {"reason": "not wanted"}
    answers = [shop.post(f"orders/{order.pk}/cancel/", reason, once="same") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert answers[0].content == answers[1].content


@pytest.mark.django_db
def test_refused_submit_is_repeated_and_leaves_nothing_else():
    shop, order = caller(), orders.in_state("shipped")
    entries = Entry.objects.count()
    answers = [shop.post(f"orders/{order.pk}/submit/", once="same") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert answers[1]["Idempotency-Replayed"] == "true"
    assert (KeptAnswer.objects.count(), Entry.objects.count()) == (1, entries)


@pytest.mark.django_db
def test_submit_that_fails_after_its_writes_undoes_them(monkeypatch):
    shop, order = caller(), orders.draft(credit.account())

    def refuse(*_args, **_values):
        raise OrderError("no")

    with monkeypatch.context() as broken:
        broken.setattr(release, "went_on", refuse)
        assert shop.post(f"orders/{order.pk}/submit/", once="same").status_code == 422
    assert Order.objects.get(pk=order.pk).state == "draft"
    assert not order.decisions.exists()


@pytest.mark.django_db
def test_refusal_that_did_nothing_is_not_kept():
    shop, order = caller(Scope.GOODS), orders.draft(credit.account())
    assert shop.post(f"orders/{order.pk}/submit/", once="same").status_code == 403
    assert not KeptAnswer.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["", '""', '"open', "ü", "x" * 256, "a b"])
def test_key_has_to_send_a_sensible_header(header):
    answer = caller().post("orders/", content(credit.account()), once=header)
    assert answer.status_code == 400
    assert answer.json()["code"] in ("idempotency_key_missing", "malformed")


@pytest.mark.django_db
def test_crash_leaves_neither_the_work_nor_its_answer(monkeypatch):
    shop, body = caller(), content(credit.account())
    shop.client.raise_request_exception = False

    def crash(*_args, **_values):
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(idempotency, "_keep", crash)
        answer = shop.post("orders/", body, once="same")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert (Order.objects.count(), KeptAnswer.objects.count()) == (0, 0)
    assert shop.post("orders/", body, once="same").status_code == 201


@pytest.mark.django_db
def test_prune_forgets_what_nobody_repeats():
    shop, body = caller(), content(credit.account())
    shop.post("orders/", body)
    kept = KeptAnswer.objects.get()
    assert idempotency.prune(kept.at + idempotency.KEPT_FOR) == 0
    assert idempotency.prune(kept.at + idempotency.KEPT_FOR + timedelta(seconds=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_post_many_times_at_once_pays_once(monkeypatch):
    order = orders.released()
    _key, text = key(Scope.MONEY)
    start = Barrier(6)

    def pay(_number):
        start.wait()
        try:
            body = {"amount": "90.00", "happened_at": NOW.isoformat()}
            return Caller(text).post(f"orders/{order.pk}/payments/", body, once="same").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(pay, range(6)))
    assert set(answers) <= {201, 409} and 201 in answers
    assert Payment.objects.filter(order=order).count() == 1


@pytest.mark.django_db(transaction=True)
def test_same_number_of_a_source_at_once_enters_one_order():
    body = content(credit.account()) | {"external_id": "WEB-1"}
    _key, text = key()
    start = Barrier(4)

    def enter(_number):
        start.wait()
        try:
            return Caller(text).post("orders/", body)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(enter, range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    only = Order.objects.get()
    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert {answer["code"] for answer in refused} == {"external_id_taken"}
    assert {answer["existing"]["id"] for answer in refused} == {only.pk}


@pytest.mark.django_db(transaction=True)
def test_answer_that_was_kept_meanwhile_is_given_and_the_work_undone(monkeypatch):
    shop, order = caller(), orders.draft(credit.account())
    real = idempotency._claim

    def claim(user, once):
        # Somebody's first sending is committed after our look.
        found = real(user, once)
        with ThreadPoolExecutor(1) as other:
            other.submit(_kept, user, once, shop, order).result()
        return found

    with monkeypatch.context() as late:
        late.setattr(idempotency, "_claim", claim)
        answer = shop.post(f"orders/{order.pk}/submit/", once="same")
    assert (answer.json(), answer["Idempotency-Replayed"]) == ({"first": True}, "true")
    assert Order.objects.get(pk=order.pk).state == "draft"


def _kept(user, once, shop, order):
    from hashlib import sha256

    asked = f"POST\n/api/v1/orders/{order.pk}/submit/\n\n{{}}"
    try:
        KeptAnswer.objects.create(
            user_id=user.pk,
            idempotency_key=once,
            request_hash=sha256(asked.encode()).hexdigest(),
            status=200,
            content_type="application/json",
            body='{"first": true}',
            at=NOW,
        )
    finally:
        connection.close()
