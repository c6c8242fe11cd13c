import pytest
from django.urls import reverse

from journal.models import Attachment
from tests.factories import credit, files, limit_changes, orders
from tests.factories.staff import person
from tests.orders.pages import as_role, client_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def attach(client, subject, *uploads, kind="order", **fields):
    url = reverse("attachments:attach", args=[kind, subject.pk])
    return client.post(url, {"chosen": uploads} | fields, follow=True)


def status(client, url):
    answer = client.get(url)
    answer.getvalue()  # to its end, where the file is closed
    return answer.status_code


def test_attaching_several_tells_of_each_and_shows_them_on_the_order():
    order, finance = orders.released(), as_role("finance")
    text = words(
        attach(finance, order, files.upload(), files.upload("a.exe", b"MZ\x00"), about="底单")
    )
    assert "1 file is attached." in text and "“a.exe” is none of the files" in text
    file = Attachment.objects.get()
    assert reverse("attachments:download", args=[file.pk]) in text and "底单" in text


def test_attaching_nothing_says_so():
    assert "Choose at least one file." in words(attach(as_role("finance"), orders.released()))


def test_download_is_named_typed_and_harmless():
    file = files.attach(orders.released(), "底单 1.pdf")
    answer = as_role("warehouse").get(reverse("attachments:download", args=[file.pk]))
    assert answer.getvalue() == files.PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%BA%95")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"] and "no-store" in answer["Cache-Control"]


def test_download_has_the_rights_of_the_order():
    order = orders.released()
    url = reverse("attachments:download", args=[files.attach(order).pk])
    assert status(client_of(order.owner), url) == 200
    assert status(as_role("sales"), url) == 404
    assert status(client_of(person()), url) == 404


def test_download_of_requested_limits_needs_the_right_to_read_requests():
    asked = limit_changes.requested(credit.account())
    url = reverse("attachments:download", args=[files.attach(asked.limit_change).pk])
    assert status(client_of(asked.requested_by), url) == 200
    assert status(as_role("approver_2"), url) == 200
    assert status(as_role("warehouse"), url) == 404


def test_removed_file_is_told_and_opens_for_readers_of_the_journal_alone():
    order = orders.released()
    file = files.remove(files.attach(order))
    url = reverse("attachments:download", args=[file.pk])
    assert status(as_role("finance"), url) == 200
    assert status(client_of(order.owner), url) == 403
    text = words(client_of(order.owner).get(reverse("orders:detail", args=[order.pk])))
    assert "1 removed file" in text and "wrong file" in text and url not in text


def test_removing_asks_why_and_goes_back():
    order, analyst = orders.released(), as_role("credit_analyst")
    file = files.attach(order)
    url = reverse("attachments:remove", args=[file.pk])
    assert "guarantee.pdf" in words(analyst.get(url))
    assert analyst.post(url, {"reason": ""}).status_code == 422
    answer = analyst.post(url, {"reason": "of another order"})
    assert answer.url == f"/orders/{order.pk}/#files"
    assert Attachment.objects.get().removed_because == "of another order"


def test_removing_is_refused_to_others():
    file = files.attach(orders.released())
    url = reverse("attachments:remove", args=[file.pk])
    assert as_role("warehouse").post(url, {"reason": "-"}).status_code == 403


def test_content_that_is_gone_is_said_so():
    file = files.attach(orders.released())
    file.stored.storage.delete(file.stored.name)
    answer = as_role("finance").get(reverse("attachments:download", args=[file.pk]))
    assert answer.status_code == 404


def test_nobody_attaches_to_what_is_no_subject():
    assert attach(as_role("finance"), orders.released(), kind="nothing").status_code == 404


def test_confirming_a_document_attaches_it_to_the_order():
    made = orders.conditional(orders.failed(), orders.guarantee("ICBC guarantee"))
    condition = made.conditions.get()
    fields = {"evidence": "letter 12", "documents": [files.upload()]}
    as_role("finance").post(reverse("orders:meet_condition", args=[condition.pk]), fields)
    file = Attachment.objects.of(made).get()
    assert (file.name, "ICBC guarantee" in file.about) == ("guarantee.pdf", True)


def test_order_page_asks_once_for_any_number_of_files(django_assert_max_num_queries):
    order, finance = orders.released(), as_role("finance")
    page = reverse("orders:detail", args=[order.pk])
    counted = []
    for number in (1, 6):
        for place in range(number):
            files.attach(order, f"{number}-{place}.txt", f"{number} {place}".encode())
        finance.get(page)
        with django_assert_max_num_queries(200) as queries:
            finance.get(page)
        counted.append(len(queries))
    assert counted[0] == counted[1]
