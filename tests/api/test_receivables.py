from datetime import timedelta

import pytest

from credit.models import ExchangeRate, Invoice, Receipt
from staff.api.scopes import Scope
from tests.factories import credit
from tests.factories.api import Caller, caller
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def finance():
    return Caller(user=person("finance"))


@pytest.fixture
def account():
    return credit.account("900.00")


def receipt(account, amount, **values):
    body = {"customer": account.customer.code, "amount": amount, "received_on": str(TODAY)}
    return body | values


def test_invoice_is_brought_over_and_found(finance, account):
    body = {
        "customer": account.customer.code,
        "number": "OLD-1",
        "amount": "120.00",
        "issued_on": "2026-01-01",
        "due_on": "2026-01-31",
    }
    made = finance.post("invoices/", body)
    assert (made.status_code, made.json()["standing"]) == (201, "overdue")
    again = finance.post("invoices/", body)
    assert (again.status_code, again.json()["code"]) == (422, "credit_refused")
    for query in ({"view": "overdue"}, {"number": "OLD-1"}, {"customer": account.customer_id}):
        assert len(finance.get("invoices/", **query).json()["results"]) == 1
    assert finance.get("invoices/", view="settled").json()["results"] == []


def test_receipt_pays_the_oldest_invoice_first_and_can_be_taken_off(finance, account):
    old = credit.owed(account, "50.00", TODAY - timedelta(days=9))
    new = credit.owed(account, "50.00", TODAY)
    made = finance.post("receipts/", receipt(account, "70.00", reference="B1")).json()
    parts = [(part["invoice"], part["amount"]) for part in made["allocations"]]
    assert parts == [(old.pk, "50.00"), (new.pk, "20.00")]
    undone = finance.post(
        f"allocations/{made['allocations'][0]['id']}/undo/", {"reason": "wrong one"}
    )
    assert undone.json()["reversal_reason"] == "wrong one"
    chosen = {"parts": [{"invoice": new.pk, "amount": "30.00"}]}
    told = finance.post(f"receipts/{made['id']}/allocate/", chosen).json()
    assert told["unallocated"] == "20.00"
    back = {"amount": "20.00", "refunded_on": str(TODAY), "reason": "paid twice"}
    refunded = finance.post(f"receipts/{made['id']}/refunds/", back)
    assert (refunded.status_code, refunded.json()["unallocated"]) == (201, "0.00")


def test_same_bank_reference_is_taken_once(finance, account):
    body = receipt(account, "70.00", reference="B1", allocate="none")
    assert finance.post("receipts/", body).json()["unallocated"] == "70.00"
    assert finance.post("receipts/", body).json()["code"] == "credit_refused"
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"received_on": "0001-01-01"}, "received_on"),
        ({"customer": "nobody"}, "customer"),
        ({"parts": [{"invoice": 1, "amount": "1"}, {"invoice": 1, "amount": "1"}]}, "parts"),
    ],
)
def test_receipt_that_is_wrong_is_refused_by_field(finance, account, body, field):
    refused = finance.post("receipts/", receipt(account, "1.00") | body)
    assert (refused.status_code, list(refused.json()["errors"])) == (422, [field])
    assert not Receipt.objects.exists()


def test_invoice_is_disputed_credited_and_written_off(finance, account):
    invoice = credit.owed(account, "90.00", TODAY)
    path = f"invoices/{invoice.pk}/"
    disputed = finance.post(f"{path}disputes/", {"amount": "40.00", "reason": "price"})
    assert (disputed.status_code, disputed.json()["disputed_amount"]) == (201, "40.00")
    [dispute] = finance.get("disputes/").json()["results"]
    ended = {"outcome": "accepted", "note": "agreed"}
    assert finance.post(f"disputes/{dispute['id']}/resolve/", ended).json()["outcome"] == "accepted"
    note = {"amount": "40.00", "reason": "wrong price"}
    assert finance.post(f"{path}credit-notes/", note).json()["open_amount"] == "50.00"
    lost = finance.post(f"{path}write-offs/", {"amount": "50.00", "reason": "insolvent"}).json()
    assert (lost["standing"], len(lost["adjustments"])) == ("settled", 2)


@pytest.mark.parametrize("role", ["sales", "credit_analyst", "auditor"])
def test_who_does_not_take_money_records_none(role, account):
    answer = Caller(user=person(role)).post("receipts/", receipt(account, "1.00"))
    assert answer.status_code == 403
    assert not Receipt.objects.exists()


def test_key_records_money_and_writes_nothing_off(account):
    invoice, bank = credit.owed(account, "90.00", TODAY), caller(Scope.MONEY)
    lost = bank.post(f"invoices/{invoice.pk}/write-offs/", {"amount": "1.00", "reason": "x"})
    assert lost.status_code == 403
    assert bank.post("receipts/", receipt(account, "90.00")).status_code == 201
    assert Invoice.objects.get().open_amount == 0


def test_receivables_of_others_are_not_there(account):
    invoice, stranger = credit.owed(account, "90.00", TODAY), Caller(user=person("sales"))
    assert stranger.get(f"invoices/{invoice.pk}/").status_code == 404
    assert stranger.get("invoices/").json()["results"] == []
    dispute = {"amount": "1.00", "reason": "price"}
    assert stranger.post(f"invoices/{invoice.pk}/disputes/", dispute).status_code == 404


def test_lists_ask_the_same_queries_for_many(finance, account, django_assert_max_num_queries):
    for _number in range(4):
        credit.allocated(credit.owed(account, "9.00", TODAY), "4.00")
    for path in ("invoices/", "receipts/", "disputes/", "promises/", "exchange-rates/"):
        with django_assert_max_num_queries(7):
            assert finance.get(path).status_code == 200


def test_promise_is_recorded_and_found(finance, account):
    body = {"customer": account.customer.code, "amount": "30.00", "due_on": str(TODAY)}
    assert finance.post("promises/", body).status_code == 201
    assert finance.post("promises/", body | {"due_on": "2026-01-01"}).status_code == 422
    [promise] = finance.get("promises/", view="soon").json()["results"]
    assert (promise["amount"], promise["state"]) == ("30.00", "open")


def test_rates_are_entered_in_place_of_those_of_the_day():
    analyst = Caller(user=person("credit_analyst"))
    rate = {"source": "USD", "target": "CNY", "rate": "7.1", "valid_on": "2026-03-02"}
    for value in ("7.1", "7.2"):
        made = analyst.post("exchange-rates/", {"rates": [rate | {"rate": value}]})
        assert (made.status_code, made.json()["entered"]) == (201, 1)
    [found] = analyst.get("exchange-rates/", source="USD").json()["results"]
    assert found["rate"] == "7.20000000"
    refused = analyst.post("exchange-rates/", {"rates": [rate | {"target": "USD"}]})
    assert (refused.status_code, ExchangeRate.objects.count()) == (422, 1)


def test_balances_are_compared(finance, account):
    credit.owed(account, "90.00", TODAY)
    run = finance.post("reconciliations/")
    assert (run.status_code, run.json()["found"], run.json()["differences"]) == (201, 0, [])
    assert len(finance.get("reconciliations/").json()["results"]) == 1
    assert Caller(user=person("auditor")).post("reconciliations/").status_code == 403
