import os

from config import translations

CATALOGUE = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Order"
msgstr "订单"

msgid "Ticket"
msgstr ""

#, fuzzy
msgid "Limit"
msgstr "额度"
"""


def catalogue(folder):
    file = folder / "zh_Hans" / "LC_MESSAGES" / "django.po"
    file.parent.mkdir(parents=True)
    file.write_text(CATALOGUE, encoding="utf-8")
    return file


def test_compile_changed_writes_what_gettext_reads(tmp_path):
    import gettext

    target = catalogue(tmp_path).with_suffix(".mo")
    assert translations.compile_changed(tmp_path) == [target]
    with target.open("rb") as file:
        read = gettext.GNUTranslations(file)
    assert read.gettext("Order") == "订单"
    assert read.gettext("Limit") == "Limit"


def test_compile_changed_leaves_what_is_up_to_date(tmp_path):
    source = catalogue(tmp_path)
    translations.compile_changed(tmp_path)
    assert translations.compile_changed(tmp_path) == []
    later = source.stat().st_mtime + 5
    os.utime(source, (later, later))
    assert len(translations.compile_changed(tmp_path)) == 1


def test_missing_names_the_untranslated_and_the_doubtful(tmp_path):
    catalogue(tmp_path)
    assert [line.rsplit(": ", 1)[1] for line in translations.missing(tmp_path)] == [
        "Ticket",
        "Limit",
    ]
