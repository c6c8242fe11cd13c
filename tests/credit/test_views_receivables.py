from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from credit.models import Allocation, Dispute, Invoice, Receipt
from tests.factories import credit
from tests.factories.staff import person
from tests.factories.traces import everything

pytestmark = pytest.mark.django_db


def today():
    # The pages read the clock themselves.
    return timezone.localdate(timezone.now(), timezone.get_default_timezone())


def now():
    return timezone.now()


def owed(account, amount="50.00", late=0, **values):
    day = today() - timedelta(days=late)
    return credit.owed(account, amount, day, issued_on=day, at=now(), **values)


@pytest.fixture
def finance(client):
    user = person("finance")
    client.force_login(user)
    return client


def content(response):
    return response.content.decode()


def test_list_shows_the_open_invoices_and_their_ages(finance):
    account = credit.account(name="Acme")
    owed(account, number="OLD-1", late=40)
    credit.allocated(owed(account, number="GONE-1"), "50.00", at=now())
    text = content(finance.get(reverse("credit:invoices")))
    assert "OLD-1" in text
    assert "GONE-1" not in text
    assert "31–60 days overdue" in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("view=overdue", {"LATE-1", "DISP-1"}),
        ("view=disputed", {"DISP-1"}),
        ("view=settled", {"GONE-1"}),
        ("view=all", {"LATE-1", "DISP-1", "GONE-1", "DUE-1"}),
        ("q=due-", {"DUE-1"}),
        ("q=acme&view=overdue&sort=-open", {"LATE-1", "DISP-1"}),
        ("currency=USD", set()),
        ("since=2001-01-01&until=2001-02-01", set()),
    ],
)
def test_list_is_narrowed(finance, query, shown):
    account = credit.account(name="Acme")
    owed(account, number="LATE-1", late=5)
    credit.disputed(owed(account, number="DISP-1", late=5), "10", at=now())
    credit.allocated(owed(account, number="GONE-1"), "50.00", at=now())
    owed(account, number="DUE-1")
    text = content(finance.get(f"{reverse('credit:invoices')}?{query}"))
    numbers = {"LATE-1", "DISP-1", "GONE-1", "DUE-1"}
    assert {number for number in numbers if number in text} == shown


def test_list_asks_the_same_number_of_questions_for_many_rows(
    finance, django_assert_max_num_queries
):
    for _ in range(3):
        owed(credit.account())
    with django_assert_max_num_queries(20) as few:
        finance.get(reverse("credit:invoices"))
    for _ in range(10):
        owed(credit.account())
    with django_assert_max_num_queries(len(few)):
        finance.get(reverse("credit:invoices"))


def test_export_writes_what_the_list_shows_and_no_formula(finance):
    account = credit.account(name="=1+1")
    owed(account, number="LATE-1", late=5)
    owed(account, number="DUE-1")
    response = finance.get(f"{reverse('credit:invoices_export')}?view=overdue")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("LATE-1,overdue,")
    assert "'=1+1" in lines[1]


def test_salespeople_see_the_receivables_of_their_customers_only(client):
    owner = person("sales")
    own, other = owed(credit.account(owner=owner)), owed(credit.account())
    client.force_login(owner)
    assert client.get(reverse("credit:invoice", args=[own.pk])).status_code == 200
    assert client.get(reverse("credit:invoice", args=[other.pk])).status_code == 404
    page = reverse("credit:receivables", args=[other.account.customer_id])
    assert client.get(page).status_code == 404
    assert client.get(reverse("credit:dispute", args=[other.pk])).status_code == 404


def test_customer_page_shows_what_waits_to_be_allocated(finance):
    account = credit.account()
    made = credit.receipt(account, "60", reference="B-7", at=now())
    text = content(finance.get(reverse("credit:receivables", args=[account.customer_id])))
    assert "B-7" in text
    assert reverse("credit:allocate", args=[made.pk]) in text


RECEIPT = {"method": "transfer", "allocate": "oldest", "reference": "B-1"}


def test_record_receipt_previews_before_it_writes(finance):
    account = credit.account()
    owed(account, "30.00", late=9)
    owed(account, "50.00")
    address = reverse("credit:record_receipt", args=[account.customer_id])
    data = RECEIPT | {"amount": "45", "received_on": today().isoformat()}
    response = finance.post(address, data | {"preview": "yes"})
    assert [planned for _i, _f, planned in response.context["rows"]] == [30, 15]
    assert not Receipt.objects.exists()
    assert finance.post(address, data).status_code == 302
    assert Receipt.objects.get().unallocated == 0


def test_record_receipt_allocates_as_chosen(finance):
    account = credit.account()
    old, young = owed(account, "30.00", late=9), owed(account, "50.00")
    data = RECEIPT | {"amount": "45", "received_on": today().isoformat(), "allocate": "chosen"}
    address = reverse("credit:record_receipt", args=[account.customer_id])
    response = finance.post(address, data | {f"part_{young.pk}": "45"})
    assert response.status_code == 302
    old.refresh_from_db(), young.refresh_from_db()
    assert (old.open_amount, young.open_amount) == (30, 5)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "0"},
        {"amount": "abc"},
        {"received_on": "2999-01-01"},
        {"received_on": "yesterday"},
        {"allocate": "chosen"},
        {"method": "gold"},
    ],
)
def test_record_receipt_refuses_with_words_and_keeps_what_was_typed(finance, wrong):
    account = credit.account()
    owed(account, "30.00")
    data = RECEIPT | {"amount": "45", "received_on": today().isoformat()} | wrong
    address = reverse("credit:record_receipt", args=[account.customer_id])
    before = everything()
    response = finance.post(address, data)
    assert response.status_code == 422
    assert 'value="B-1"' in content(response)
    assert everything() == before


def test_history_of_an_invoice_tells_what_is_disputed_and_why(finance):
    invoice = owed(credit.account("1000.00"))
    credit.disputed(invoice, "12.50", reason="quality", at=now())
    page = content(finance.get(reverse("credit:invoice", args=[invoice.pk])))
    history = page[page.index('class="timeline-list"') :]
    assert "12.50 CNY<br>Quality or damage" in history


def test_acts_on_an_invoice_from_dispute_to_write_off(finance):
    invoice = owed(credit.account(), "50.00")
    acts = [
        ("dispute", {"amount": "20", "reason": "price", "note": "dear"}),
        ("credit_note", {"amount": "20", "reason": "price", "number": "CN-9"}),
        ("write_off", {"amount": "30", "reason": "insolvent"}),
    ]
    for name, data in acts:
        address = reverse(f"credit:{name}", args=[invoice.pk])
        assert finance.get(address).status_code == 200
        assert finance.post(address, data).status_code == 302, name
    invoice.refresh_from_db()
    assert (invoice.open_amount, Dispute.objects.get().outcome) == (0, "settled")
    text = content(finance.get(reverse("credit:invoice", args=[invoice.pk])))
    for words in ("CN-9", "insolvent", "dear", "Written off"):
        assert words in text


def test_act_shows_why_it_cannot_be_done(finance):
    invoice = owed(credit.account(), "50.00")
    address = reverse("credit:credit_note", args=[invoice.pk])
    response = finance.post(address, {"amount": "50.01", "reason": "price"})
    assert response.status_code == 422
    assert "more than the 50.00" in content(response)


def test_allocation_and_dispute_are_undone_on_their_pages(finance):
    invoice = owed(credit.account(), "50.00")
    found = credit.allocated(invoice, "20", at=now())
    quarrel = credit.disputed(invoice, "5", at=now())
    undo = reverse("credit:unallocate", args=[found.pk])
    assert "20.00 CNY" in content(finance.get(undo))
    assert finance.post(undo, {"reason": "mistake"}).status_code == 302
    assert Allocation.objects.get().reversal_reason == "mistake"
    resolve = reverse("credit:resolve_dispute", args=[quarrel.pk])
    assert (
        finance.post(resolve, {"outcome": "rejected", "note": "price is right"}).status_code == 302
    )
    assert Invoice.objects.get().disputed_amount == 0


def test_allocate_page_takes_what_is_left(finance):
    account = credit.account()
    made = credit.receipt(account, "60", at=now())
    owed(account, "50.00")
    address = reverse("credit:allocate", args=[made.pk])
    assert "50.00" in content(finance.get(address))
    assert finance.post(address, {"allocate": "oldest"}).status_code == 302
    assert Receipt.objects.get().unallocated == 10


def test_open_item_is_entered(finance):
    account = credit.account()
    address = reverse("credit:open_item", args=[account.customer_id])
    days = {"issued_on": date(2020, 1, 1).isoformat(), "due_on": date(2020, 2, 1).isoformat()}
    assert finance.get(address).status_code == 200
    assert finance.post(address, days | {"number": "X-1", "amount": "70"}).status_code == 302
    assert Invoice.objects.get(number="X-1").open_amount == Decimal(70)


def test_invoice_page_offers_nobody_what_they_may_not_do(client):
    invoice = owed(credit.account(), "50.00")
    client.force_login(person("auditor"))
    text = content(client.get(reverse("credit:invoice", args=[invoice.pk])))
    for words in ("Record receipt", "Dispute invoice", "Write off"):
        assert words not in text
