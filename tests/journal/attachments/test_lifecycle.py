from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import Error, transaction

from journal.attachments.errors import FileRefused
from journal.models import Attachment, Entry
from tests.factories import credit, files, limit_changes, orders
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def kept(attachment):
    with attachment.stored.open() as content:
        return content.read()


def on_disk(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", files.PDF, "application/pdf"),
        ("a.png", files.PNG, "image/png"),
        ("A.JPEG", files.JPEG, "image/jpeg"),
        ("a.webp", files.WEBP, "image/webp"),
        ("a.xlsx", files.XLSX, "spreadsheetml.sheet"),
        ("a.docx", files.DOCX, "wordprocessingml.document"),
        ("a.csv", "编号,数量\n".encode("gb18030"), "text/csv"),
        ("a.txt", "说明 ✓".encode(), "text/plain"),
    ],
)
def test_attach_knows_a_file_by_its_content(name, content, kind):
    made = files.attach(orders.released(), name, content)
    assert made.content_type.endswith(kind)
    assert kept(made) == content


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"", "is empty"),
        ("a.exe", b"MZ\x90\x00" + bytes(64), "none of the files"),
        ("a.html", b"<html><script>alert(1)</script>", "none of the files"),
        ("a.png", b"no picture", "end in .txt"),
        ("a.pdf", files.PNG, "end in .png"),
        ("a.zip", files.package("a.txt"), "none of the files"),
        ("a.xlsx", files.package("xl/workbook.xml", "xl/vbaProject.bin"), "none of the files"),
        ("a.docx", b"PK\x03\x04 broken", "none of the files"),
        ("a.txt", b"bell\x07", "none of the files"),
    ],
)
def test_attach_refuses_what_is_not_on_the_list(name, content, words, folder):
    with pytest.raises(FileRefused, match=words):
        files.attach(orders.released(), name, content)
    assert not Attachment.objects.exists() and on_disk(folder) == []


def test_attach_refuses_a_file_that_is_too_large(settings):
    settings.ATTACHMENT_BYTES = len(files.PDF) - 1
    with pytest.raises(FileRefused, match="larger than"):
        files.attach(orders.released())


def test_attach_refuses_more_than_there_may_be_until_one_is_removed(settings):
    settings.ATTACHMENTS_EACH, order = 1, orders.released()
    first = files.attach(order)
    with pytest.raises(FileRefused, match="as many as there may be"):
        files.attach(order, "b.png", files.PNG)
    files.remove(first)
    files.attach(order, "b.png", files.PNG)


def test_attach_refuses_the_same_content_twice_on_one_subject_alone():
    order = orders.released()
    files.attach(order)
    with pytest.raises(FileRefused, match="attached already"):
        files.attach(order, "other name.pdf")
    files.attach(orders.released())


def test_attach_writes_the_timeline_of_the_order():
    order, by = orders.released(), person("finance")
    made = files.attach(order, about="bank guarantee", by=by)
    entry = Entry.objects.for_order(order.pk).first()
    assert (entry.action, entry.by, entry.at) == ("file.attached", by, NOW)
    assert entry.data == {
        "name": "guarantee.pdf",
        "about": "bank guarantee",
        "size": len(files.PDF),
        "sha256": made.sha256,
        "type": "application/pdf",
    }


def test_attach_hides_the_name_on_disk_and_opens_the_file_to_nobody_else(folder):
    files.attach(orders.released(), "../../etc/底单\u202e.pdf")
    (path,) = on_disk(folder)
    assert Attachment.objects.get().name == "底单.pdf"
    assert path.suffix == "" and path.stat().st_mode & 0o777 == 0o600


def test_attach_leaves_no_content_behind_when_the_journal_fails(monkeypatch, folder):
    monkeypatch.setattr("journal.attachments.lifecycle.record", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        files.attach(orders.released())
    assert not Attachment.objects.exists() and on_disk(folder) == []


@pytest.mark.parametrize("role", ["auditor", "sales"])
def test_attach_is_for_those_who_work_with_the_order(role):
    # A salesperson sees the orders of their own customers only.
    with pytest.raises(PermissionDenied):
        files.attach(orders.released(), by=person(role))


def test_attach_takes_files_of_requested_limits():
    asked = limit_changes.requested(credit.account())
    files.attach(asked.limit_change, by=asked.requested_by)
    assert Entry.objects.filter(action="file.attached").get().order_id is None


def test_remove_marks_and_keeps_the_content():
    order, by = orders.released(), person("finance")
    made = files.remove(files.attach(order, by=by), by=by)
    assert (made.removed_by, made.removed_at, made.removed_because) == (by, NOW, "wrong file")
    assert kept(made) == files.PDF
    entry = Entry.objects.for_order(order.pk).first()
    assert (entry.action, entry.reason) == ("file.removed", "wrong file")


@pytest.mark.parametrize(("role", "may"), [("finance", False), ("administrator", True)])
def test_remove_files_of_others_is_for_a_few(role, may):
    made = files.attach(orders.released())
    if may:
        files.remove(made, by=person(role))
    else:
        with pytest.raises(PermissionDenied):
            files.remove(made, by=person(role))
    assert bool(Attachment.objects.get().removed_at) == may


def test_remove_needs_a_reason_and_happens_once():
    made = files.attach(orders.released())
    with pytest.raises(FileRefused, match="Say why"):
        files.remove(made, reason=" ")
    files.remove(made)
    with pytest.raises(FileRefused, match="already"):
        files.remove(made)


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.update(name="other.pdf"),
        lambda rows: rows.delete(),
        lambda rows: rows.update(removed_at=NOW),
    ],
)
def test_database_keeps_what_was_attached(change):
    files.attach(orders.released())
    with pytest.raises(Error), transaction.atomic():
        change(Attachment.objects.all())
    assert Attachment.objects.standing().get().name == "guarantee.pdf"
