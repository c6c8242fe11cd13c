"""Small files of each kind, as bytes, and attached by the verbs themselves."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile

from journal.attachments import lifecycle
from tests.factories.moments import NOW
from tests.factories.staff import person

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + bytes(17)
JPEG = b"\xff\xd8\xff\xe0" + b"\x00\x10JFIF" + bytes(16)
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(24)


def package(*parts):
    """A zip package of empty parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for part in parts:
            archive.writestr(zipfile.ZipInfo(part), b"-")  # the same bytes whenever it is made
    return made.getvalue()


XLSX = package("[Content_Types].xml", "xl/workbook.xml")
DOCX = package("[Content_Types].xml", "word/document.xml")


def upload(name="guarantee.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def attach(subject, name="guarantee.pdf", content=PDF, *, by=None, at=NOW, about=""):
    return lifecycle.attach(
        subject=subject,
        file=upload(name, content),
        about=about,
        by=by or person("credit_analyst"),
        at=at,
    )


def remove(attachment, *, by=None, reason="wrong file", at=NOW):
    by = by or person("credit_analyst")
    return lifecycle.remove(attachment_id=attachment.pk, reason=reason, by=by, at=at)
