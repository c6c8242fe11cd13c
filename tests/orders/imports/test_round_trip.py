"""What the product writes it reads again: lists, files to begin with, and any cell."""

import csv
import io

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from orders.imports.enums import Kind
from orders.imports.fields import FIELDS, LARGEST_OF
from orders.imports.mapping import by_name, guess_kind, missing
from orders.imports.options import Options
from orders.imports.problems import BadValue, Notes
from orders.imports.reading import Sheet
from orders.imports.samples import sample
from orders.imports.sentences import SENTENCES
from orders.imports.values import ValueReader
from orders.models import Order, Product
from staff.roles import Role
from staff.sheets import MARK, safe
from tests.factories import credit, orders
from tests.factories.imports import checked, importer
from tests.factories.moments import NOW
from tests.factories.staff import person

LANGUAGES = ("en", "zh-hans", "zh-hant")
TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=60)
CELLS = st.one_of(
    TEXTS,
    st.sampled_from(
        ["=1+1", "-5", "1e400", "9" * 400, "NaN", "Infinity", "١٢", "一", "🧾", '"', "'="]
    ),
    st.decimals(allow_nan=False).map(str),
    st.datetimes().map(str),
)
EVERY_FIELD = [field for of_kind in FIELDS.values() for field in of_kind]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", Kind.values)
def test_sample_is_recognised_and_its_row_read(kind, language):
    with translation.override(language):
        headings = sample(kind).headings(language)
    assert guess_kind(headings) == kind
    columns = by_name(kind, headings)
    assert [columns[field.code] for field in FIELDS[kind]] == headings


@pytest.mark.parametrize("kind", Kind.values)
def test_sample_holds_values_that_can_be_read(kind):
    with translation.override("en"):
        made = sample(kind)
        (cells,) = made.cells("en", NOW.tzinfo)
    reader = ValueReader(Options(time_zone="UTC"), NOW.replace(year=2027), Notes())
    for field, cell in zip(FIELDS[kind], cells, strict=True):
        reader.read(field, safe(cell))


@given(st.sampled_from(EVERY_FIELD), CELLS)
def test_every_cell_becomes_a_value_or_a_problem_that_can_be_told(field, cell):
    reader = ValueReader(Options(date_form="d/m/Y", time_zone="UTC"), NOW, Notes())
    try:
        value = reader.read(field, cell.strip())
    except BadValue as problem:
        for sentence in SENTENCES[problem.code]:
            assert str(sentence) % problem.figures
    else:
        assert value is None or isinstance(value, str)
        if field.type in LARGEST_OF and value:
            assert 0 <= float(value) <= LARGEST_OF[field.type]


@given(st.lists(TEXTS.map(str.strip).filter(bool), min_size=1, max_size=4))
def test_texts_come_through_a_file_as_they_were(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("cells") / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write(MARK)
        csv.writer(file).writerows([["name"], *([safe(text)] for text in texts)])
    found = [row.values[0] for row in Sheet(path).rows()][1:]
    dressed = [text for text in texts if text.startswith(("'", '="'))]
    assert dressed or found == texts


def exported(client, address):
    body = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    return body, next(csv.reader(io.StringIO(body)))


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/orders/export/", Kind.ORDERS),
        ("/customers/export/", Kind.CUSTOMERS),
        ("/products/export/", Kind.PRODUCTS),
        ("/receivables/export/", Kind.INVOICES),
        ("/expiring-limits/export/", Kind.LIMITS),
    ],
)
def test_lists_that_leave_are_recognised_when_they_come_back(client, address, kind, language):
    user = person(Role.ADMINISTRATOR, language=language)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    _body, headings = exported(client, address)
    assert not missing(kind, by_name(kind, headings))


@pytest.mark.django_db
def test_products_that_leave_are_known_when_they_come_back(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for name in ("Bolt", "=1+1", "螺栓, 大"):
        orders.product(name=name)
    ada = importer()
    client.force_login(ada, "django.contrib.auth.backends.ModelBackend")
    body, _headings = exported(client, "/products/export/")
    run = checked({"products": body}, ada)
    assert (run.problem_count, run.skipped) == (0, {"products": Product.objects.count()})


@pytest.mark.django_db
def test_first_rows_of_an_order_list_are_understood(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    order = orders.submit(orders.draft(credit.account("500.00")))
    ada = importer()
    client.force_login(ada, "django.contrib.auth.backends.ModelBackend")
    body, headings = exported(client, "/orders/export/")
    columns = {"orders": {c: h for c, h in by_name("orders", headings).items() if c != "status"}}
    run = checked({"orders": body}, ada, columns=columns)
    row = run.files.get().first_rows[0]
    assert row["values"]["number"] == Order.objects.get(pk=order.pk).number
    assert row["values"]["total"] == str(order.total)
