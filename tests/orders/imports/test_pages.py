import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from orders.imports import progress
from orders.imports.enums import RunState
from orders.models import ImportRun, Order
from tests.factories import imports, orders
from tests.factories.imports import FILES, checked, fresh, imported, importer, uploaded
from tests.factories.staff import person

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def signed(client, ada):
    client.force_login(ada, BACKEND)
    return client


@pytest.fixture
def _worker(monkeypatch):
    """Tasks run at once, where a worker would take them from the queue."""
    from orders import tasks

    monkeypatch.setattr(tasks.carry_out_import, "delay", tasks.carry_out_import)


def files(**replaced):
    return [
        SimpleUploadedFile(f"{kind}.csv", body if isinstance(body, bytes) else body.encode())
        for kind, body in (FILES | replaced).items()
    ]


def filled(run, **more):
    """What the browser sends back for the page of an import as it stands."""
    from django.utils import timezone

    from orders.imports.forms import FileForm
    from orders.imports.option_form import OptionsForm

    form = OptionsForm(run, run.created_by, timezone.now())
    bound = [form, *(FileForm(file) for file in run.files.all())]
    values = {field.html_name: field.value() for one in bound for field in one}
    told = {name: value for name, value in values.items() if value is not None}
    return {name: value for name, value in told.items() if value is not False} | more


@pytest.mark.django_db
def test_list_says_what_to_do_when_there_is_nothing(signed):
    answer = signed.get("/imports/")
    assert "Nothing has been imported yet" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_worker")
def test_pages_lead_from_upload_to_report(signed):
    answer = signed.post("/imports/new/", {"uploads": files()}, follow=True)
    run = ImportRun.objects.get()
    assert "Meaning of the columns" in answer.content.decode()
    address = f"/imports/{run.pk}/"
    sent = filled(run, currency="CNY", time_zone="UTC", action="check")
    answer = signed.post(f"{address}check/", sent, follow=True)
    assert "Import everything" in answer.content.decode()
    answer = signed.post(f"{address}write/", follow=True)
    assert "Everything was imported." in answer.content.decode()
    assert Order.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_worker")
def test_page_shows_bad_rows_and_takes_words_for_unknown_states(signed, ada):
    run = imports.uploaded(FILES | {"orders": FILES["orders"].replace("processing", "lost")}, ada)
    address = f"/imports/{run.pk}/"
    sent = filled(run, currency="CNY", time_zone="UTC", action="check")
    shown = signed.post(f"{address}check/", sent, follow=True).content.decode()
    assert "The status is not known." in shown
    sent = filled(fresh(run), action="check", word_0="cancelled")
    shown = signed.post(f"{address}check/", sent, follow=True).content.decode()
    assert "Every row was checked" in shown
    assert fresh(run).options.status_words == {"lost": "cancelled"}


@pytest.mark.django_db
def test_upload_shows_what_is_wrong(signed):
    answer = signed.post("/imports/new/", {})
    assert answer.status_code == 422


@pytest.mark.django_db
def test_check_shows_choices_that_are_not_valid(signed, ada):
    run = uploaded(FILES, ada)
    sent = filled(run, currency="DUCAT", action="check")
    answer = signed.post(f"/imports/{run.pk}/check/", sent)
    assert answer.status_code == 422
    assert fresh(run).state == RunState.UPLOADED


@pytest.mark.django_db
def test_page_escapes_what_files_say(signed, ada):
    bad = FILES["orders"].replace("processing", "<script>alert(1)</script>")
    run = checked(FILES | {"orders": bad}, ada)
    shown = signed.get(f"/imports/{run.pk}/").content.decode()
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown


@pytest.mark.django_db
def test_status_tells_how_far_and_then_reloads(signed, ada):
    run = uploaded(FILES, ada)
    ImportRun.objects.update(state=RunState.WRITING)
    progress.reporter(run.pk)("orders", 50, 200)
    answer = signed.get(f"/imports/{run.pk}/status/")
    assert "Orders: 50 of 200" in answer.content.decode()
    assert "HX-Refresh" not in answer.headers
    ImportRun.objects.update(state=RunState.DONE)
    assert signed.get(f"/imports/{run.pk}/status/").headers["HX-Refresh"] == "true"


@pytest.mark.django_db
def test_discard_leads_back_to_the_list(signed, ada):
    run = uploaded(FILES, ada)
    assert signed.post(f"/imports/{run.pk}/discard/").url == "/imports/"
    assert fresh(run).state == RunState.DISCARDED


@pytest.mark.django_db
def test_discard_of_a_finished_import_says_why_not(signed, ada):
    run = imported(FILES, ada)
    answer = signed.post(f"/imports/{run.pk}/discard/", follow=True)
    assert "cannot be discarded now" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "check/", "write/", "discard/", "status/"])
def test_pages_are_closed_to_others(client, ada, address):
    run = uploaded(FILES, ada)
    client.force_login(person("sales_manager"), BACKEND)
    verb = client.get if address in ("", "status/") else client.post
    assert verb(f"/imports/{run.pk}/{address}").status_code == 403


@pytest.mark.django_db
def test_list_costs_the_same_for_many_imports(signed, ada, django_assert_max_num_queries):
    for _number in range(5):
        uploaded({"orders": FILES["orders"]}, ada)
    with django_assert_max_num_queries(12):
        signed.get("/imports/")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_worker")
def test_page_lets_a_person_say_that_payments_come_again(client):
    cashier, order = person("finance"), orders.released("90.00")
    client.force_login(cashier, BACKEND)
    rows = {"payments": f"order,amount,paid at\n{order.number},20.00,2026-03-01\n"}
    imported(rows, cashier)
    run = checked(rows, cashier)
    address, choice = f"/imports/{run.pk}/", "although they look recorded already"
    shown = client.get(address).content.decode()
    assert f"{order.number}: 20.00" in shown and choice in shown
    client.post(f"{address}check/", filled(run, payments_again="on", action="check"))
    client.post(f"{address}write/")
    assert order.payments.count() == 2
    other = checked({"stock": "sku,warehouse code,on hand\nP-1,W-1,1\n"}, cashier)
    assert choice not in client.get(f"/imports/{other.pk}/").content.decode()


@pytest.mark.django_db
def test_upload_offers_the_files_that_one_may_import(client):
    client.force_login(person("warehouse"), BACKEND)
    offered = client.get("/imports/new/").context["kinds"]
    assert [kind for kind, _label in offered] == ["stock", "shipments"]


@pytest.mark.django_db
def test_file_is_offered_as_what_its_owner_may_import(client):
    keeper = person("warehouse")
    client.force_login(keeper, BACKEND)
    run = checked({"stock": "sku,warehouse code,on hand\nP-1,W-1,1\n"}, keeper)
    (form,) = client.get(f"/imports/{run.pk}/").context["files"]
    assert [kind for kind, _label in form.fields["kind"].choices] == ["", "stock", "shipments"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "The file is empty."),
        (b"sku,name\n", "The file has a header but no rows below it."),
        (b"%PDF-1.7 ...", "This is neither a CSV nor an XLSX file but PDF."),
        (b"sku,name\nA," + b"x" * 1_100_000 + b"\n", "The line is longer than 1 MB."),
        (b"A1,B2,C3\nA2,B3,C4\n", "The columns do not show what the file holds: A1, B2, C3."),
    ],
)
def test_upload_says_at_once_why_a_file_cannot_be_read(signed, body, told):
    upload = SimpleUploadedFile("goods.csv", body)
    answer = signed.post("/imports/new/", {"uploads": [upload]}, follow=True)
    assert told in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs"])
def test_upload_finds_the_encoding_of_chinese_files(ada, encoding):
    header = {"gb18030": "产品编码,产品名称", "big5hkscs": "產品編號,產品名稱"}[encoding]
    run = uploaded({"products": f"{header}\nA-1,螺丝\n".replace("丝", "絲").encode(encoding)}, ada)
    file = run.files.get()
    assert (file.encoding, file.kind) == (encoding, "products")
    assert file.headers == header.split(",")


@pytest.mark.django_db
def test_upload_finds_the_encoding_below_a_plain_header(ada):
    run = uploaded({"products": "sku,name\nA-1,滚珠轴承\n".encode("gb18030")}, ada)
    assert run.files.get().encoding == "gb18030"


@pytest.mark.django_db
def test_page_offers_new_orders_only_to_who_may_submit_them(signed, ada):
    run = uploaded(FILES, ada)
    address = f"/imports/{run.pk}/"
    assert 'name="history" value="no"' not in signed.get(address).content.decode()
    seller = importer()
    seller.groups.add(*person("sales").groups.all())
    signed.force_login(seller, BACKEND)
    run = uploaded(FILES, seller)
    assert 'value="no"' in signed.get(f"/imports/{run.pk}/").content.decode()


@pytest.mark.django_db
def test_page_asks_only_what_says_something_about_the_files(client):
    client.force_login(person("warehouse"), BACKEND)
    stock = SimpleUploadedFile("stock.csv", b"sku,warehouse code,on hand\nP1,MAIN,5\n")
    answer = client.post("/imports/new/", {"uploads": [stock]}, follow=True)
    form = answer.context["form"]
    assert [field.name for field in form.main] == ["date_form", "time_zone", "decimal_comma"]
    assert form.more == []
    sent = client.post(
        f"/imports/{ImportRun.objects.get().pk}/check/", filled(ImportRun.objects.get())
    )
    assert sent.status_code == 302
