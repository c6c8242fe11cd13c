"""A year and eleven months of real invoices, against answers computed independently.

They lie beside the checkout and are no part of it; where they are missing the tests say so.
"""

import json
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.models import Count, F, Max, Sum

from credit.ageing import aged, as_of
from credit.history import peaks, portfolio_by_day, receivable_by_day
from credit.models import CreditAccount, Customer, Invoice, Receipt
from tests.factories.staff import person
from tests.factories.traces import differing

DATA = Path(settings.BASE_DIR).parent / "shared" / "data"
FILE = DATA / "ibm_ar" / "WA_Fn-UseC_-Accounts-Receivable.csv"
FIRST, LAST = date(2012, 1, 1), date(2014, 1, 31)
FINER = (15, 30, 45, 60)

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason=f"real data is not in {DATA}")


@pytest.fixture(scope="module")
def expected():
    return json.loads((DATA / "expected" / "ibm_ar.json").read_text())


@pytest.fixture(scope="module")
def imported(django_db_setup, django_db_blocker):
    """Everything imported once for all tests of this file, and taken back after the last."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        call_command(
            "import_receivables",
            FILE,
            by=person("administrator").username,
            commit=True,
            create_customers=True,
            currency="USD",
            date_format="m/d/Y",
            json=True,
        )
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _database(imported, db):
    pass


def money(figure):
    return f"{figure:.2f}"


def test_import_brings_every_invoice_with_its_customer(expected):
    assert Invoice.objects.count() == expected["rows"]
    assert Customer.objects.filter(account__currency="USD").count() == expected["customers"]
    assert money(Invoice.objects.aggregate(s=Sum("amount"))["s"]) == expected["sum_amount"]


def test_import_leaves_everything_settled_by_its_documents():
    assert not Invoice.objects.filter(open_amount__gt=0).exists()
    assert not Receipt.objects.filter(unallocated__gt=0).exists()
    assert not differing()
    figures = CreditAccount.objects.aggregate(owed=Sum("receivable"), paid=Sum("paid"))
    assert figures == {"owed": 0, "paid": Invoice.objects.aggregate(s=Sum("amount"))["s"]}


def bands(invoices, day):
    """The bands that hold something, under the names of the expected answers."""
    found = aged(invoices, day, FINER, amount="left")
    names = {band: f"{band.first}-{band.last}" if band.first else "not_due" for band in found}
    held = [band for band in found if band.count]
    counts = {names[band]: band.count for band in held}
    return counts, {names[band]: money(band.amount) for band in held}


def test_ageing_as_of_each_day(expected):
    for text, answer in expected["A1_as_of"].items():
        counts, amounts = bands(as_of(Invoice.objects.all(), date.fromisoformat(text)),
                                date.fromisoformat(text))  # fmt: skip
        assert counts == answer["ageing_count"], text
        assert amounts == answer["ageing_amount"], text


def test_open_and_overdue_as_of_each_day(expected):
    for text, answer in expected["A1_as_of"].items():
        day = date.fromisoformat(text)
        opened = as_of(Invoice.objects.all(), day)
        late = opened.filter(due_on__lt=day)
        for invoices, name, customers in (
            (opened, "open", "customers_with_open"),
            (late, "overdue", "customers_with_overdue"),
        ):
            assert invoices.count() == answer[name], text
            assert money(invoices.aggregate(s=Sum("left"))["s"]) == answer[f"{name}_amount"], text
            assert invoices.values("account").distinct().count() == answer[customers], text


def test_exposures_as_of_each_day(expected):
    for text, answer in expected["A1_as_of"].items():
        opened = as_of(Invoice.objects.all(), date.fromisoformat(text))
        exposures = (
            opened.order_by()
            .values_list("account__customer__code")
            .annotate(owed=Sum("left"))
            .order_by("-owed", "account__customer__code")
        )
        top = [[code, money(owed)] for code, owed in exposures[:3]]
        assert top == answer["top3_exposure"], text
        for most in (200, 300):
            over = sum(owed > most for _code, owed in exposures)
            assert over == answer[f"customers_exposure_gt_{most}"], text


def test_peaks_of_every_customer(expected):
    answer = expected["A2_max_exposure"]
    codes = dict(CreditAccount.objects.values_list("pk", "customer__code"))
    found = {codes[pk]: peak for pk, peak in peaks("USD", FIRST, LAST).items()}
    ranked = sorted(found.items(), key=lambda pair: (-pair[1].amount, pair[0]))
    top = [[code, money(peak.amount), peak.day.isoformat()] for code, peak in ranked[:5]]
    assert top == answer["top5"]
    assert money(sum(peak.amount for peak in found.values())) == answer["sum_over_customers"]
    over = sum(peak.amount > 500 for peak in found.values())
    assert over == answer["customers_max_gt_500"]


def test_exposure_by_day_of_the_portfolio(expected):
    days = portfolio_by_day("USD", FIRST, LAST)
    most = max(days, key=lambda day: day.amount)
    assert [money(most.amount), str(most.day)] == expected["A2_max_exposure"]["portfolio_max_day"]
    assert (len(days), days[0].amount, days[-1].amount) == (762, 0, 0)


def test_exposure_by_day_of_one_customer(expected):
    code, amount, day = expected["A2_max_exposure"]["top5"][0]
    account = CreditAccount.objects.get(customer__code=code)
    most = max(receivable_by_day(account, FIRST, LAST), key=lambda day: day.amount)
    assert [money(most.amount), str(most.day)] == [amount, day]


def test_late_payments_and_disputes(expected):
    answer = expected["A4_late"]
    days = F("settled_on") - F("due_on")
    late = Invoice.objects.filter(settled_on__gt=F("due_on")).annotate(late=days)
    disputed = Invoice.objects.filter(disputes__isnull=False)
    lengths = [length.days for length in late.values_list("late", flat=True)]
    assert len(lengths) == answer["late_gt0"]
    for least in (15, 30):
        assert sum(length > least for length in lengths) == answer[f"late_gt{least}"]
    assert (max(lengths), sum(lengths)) == (answer["max"], answer["sum_days"])
    assert late.aggregate(most=Max("late"))["most"].days == answer["max"]
    assert disputed.count() == answer["disputed"]
    assert disputed.filter(pk__in=late.values("pk")).count() == answer["disputed_and_late"]


def test_late_payments_by_country(expected):
    late = Invoice.objects.filter(settled_on__gt=F("due_on")).order_by()
    by_country = late.values_list("account__customer__country").annotate(n=Count("pk"))
    assert dict(by_country) == expected["A4_late"]["late_by_country"]
