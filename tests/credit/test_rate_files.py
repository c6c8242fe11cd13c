from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from credit.errors import CreditError
from credit.lifecycle.rates import enter_rates, read_rates
from credit.models import ExchangeRate
from journal.models import Entry
from tests.factories.moments import NOW
from tests.factories.staff import person, superuser
from tests.factories.traces import everything

pytestmark = pytest.mark.django_db

HEAD = "date,source,target,rate,origin\n"
GOOD = HEAD + "2026-03-02,USD,CNY,7.1035,bank\n2026-03-03,usd,cny,7.2,\n"


def rates():
    rows = ExchangeRate.objects.order_by("valid_on")
    return [(row.valid_on, row.source, row.target, row.rate, row.origin) for row in rows]


def test_enter_rates_writes_them_with_one_journal_entry():
    by = person("credit_analyst")
    assert enter_rates(rates=read_rates(GOOD.splitlines()), by=by, at=NOW) == 2
    assert rates() == [
        (date(2026, 3, 2), "USD", "CNY", Decimal("7.1035"), "bank"),
        (date(2026, 3, 3), "USD", "CNY", Decimal("7.2"), ""),
    ]
    entry = Entry.objects.get(action="credit.rate_changed")
    assert (entry.by, entry.data["imported"], entry.data["pairs"]) == (by, 2, ["USD/CNY"])


def test_enter_rates_replaces_the_rate_of_the_same_day():
    by = person("credit_analyst")
    for rate in ("7.1", "7.3"):
        lines = (HEAD + f"2026-03-02,USD,CNY,{rate},\n").splitlines()
        enter_rates(rates=read_rates(lines), by=by, at=NOW)
    assert [row[3] for row in rates()] == [Decimal("7.3")]


@pytest.mark.parametrize("role", ["sales", "finance", "auditor"])
def test_enter_rates_refuses_who_may_not(role):
    by, before = person(role), everything()
    with pytest.raises(PermissionDenied):
        enter_rates(rates=read_rates(GOOD.splitlines()), by=by, at=NOW)
    assert everything() == before


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("day,source\n", "needs a first line"),
        (HEAD + "2.3.2026,USD,CNY,7,\n", "Line 2: write the day"),
        (HEAD + "2026-03-02,USD,USD,7,\n", "two different currencies"),
        (HEAD + "2026-03-02,USD,XXX,7,\n", "two different currencies"),
        (HEAD + "2026-03-02,USD,CNY,0,\n", "more than 0"),
        (HEAD + "2026-03-02,USD,CNY,-7,\n", "more than 0"),
        (HEAD + "2026-03-02,USD,CNY,NaN,\n", "more than 0"),
        (HEAD + "2026-03-02,USD,CNY,1e99,\n", "more than 0"),
        (HEAD + "2026-03-02,USD,CNY,7.123456789,\n", "eight decimals"),
        (HEAD + "2026-03-02,USD,CNY,seven,\n", "more than 0"),
        (HEAD + "2026-03-02,USD,CNY,7," + "x" * 121 + "\n", "at most 120"),
        (HEAD + "2026-03-02,USD,CNY,7,\n2026-03-02,USD,CNY,8,\n", "Line 3: the pair has"),
    ],
)
def test_read_rates_says_what_is_wrong(text, problem):
    with pytest.raises(CreditError, match=problem):
        read_rates(text.splitlines())


def test_import_rates_enters_a_file_or_nothing(tmp_path):
    by, file = person("credit_analyst"), tmp_path / "rates.csv"
    file.write_text("\ufeff" + GOOD, encoding="utf-8")
    call_command("import_rates", str(file), "--by", by.username)
    assert len(rates()) == 2
    file.write_text(GOOD + "2026-03-04,USD,CNY,0,\n", encoding="utf-8")
    with pytest.raises(CommandError, match="Line 4"):
        call_command("import_rates", str(file), "--by", by.username)
    with pytest.raises(CommandError, match="no user"):
        call_command("import_rates", str(file), "--by", "nobody")
    assert len(rates()) == 2


def test_import_page_takes_a_file_and_names_its_faulty_lines(client):
    client.force_login(superuser())
    url = reverse("admin:credit_exchangerate_import")
    assert client.get(url).status_code == 200
    assert client.post(url, {"file": SimpleUploadedFile("r.csv", GOOD.encode())}).status_code == 302
    bad = (HEAD + "2026-03-02,USD,CNY,0,\n").encode()
    for content in (bad, b"\xff\xfe\x00", b"nothing"):
        answer = client.post(url, {"file": SimpleUploadedFile("r.csv", content)})
        assert answer.status_code == 422
    assert len(rates()) == 2


def test_import_page_is_closed_to_those_who_may_not(client):
    client.force_login(person("auditor"))
    assert client.get(reverse("admin:credit_exchangerate_import")).status_code == 403
