"""Real files of a marketplace and of a shop, against answers computed independently.

They lie beside the checkout and are no part of it; where they are missing the tests say so.
"""

import csv
import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.models import F, Q

from credit.models import CreditAccount
from orders.models import Order

DATA = Path(settings.BASE_DIR).parent / "shared" / "data"
ZONE = ZoneInfo("Asia/Shanghai")
SAMPLE = 200
OLIST = {
    "customers": ("olist_customers_dataset.csv", "customer_id"),
    "products": ("olist_products_dataset.csv", "product_id"),
    "orders": ("olist_orders_dataset.csv", "order_id"),
    "lines": ("olist_order_items_dataset.csv", "order_id"),
    "payments": ("olist_order_payments_dataset.csv", "order_id"),
}

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"real data is not in {DATA}"),
]


def read(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(path, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def olist(tmp_path):
    """The first orders of the marketplace with all that belongs to them."""
    files = {kind: read(DATA / "olist" / name) for kind, (name, _key) in OLIST.items()}
    orders = files["orders"] = files["orders"][:SAMPLE]
    keep = {"orders": {row["order_id"] for row in orders}}
    keep["lines"] = keep["payments"] = keep["orders"]
    keep["customers"] = {row["customer_id"] for row in orders}
    files["lines"] = [row for row in files["lines"] if row["order_id"] in keep["orders"]]
    keep["products"] = {row["product_id"] for row in files["lines"]}
    for kind, (_name, key) in OLIST.items():
        files[kind] = [row for row in files[kind] if row[key] in keep[kind]]
    paths = {kind: write(tmp_path / f"{kind}.csv", rows) for kind, rows in files.items()}
    return files, paths


def bring_in(who, paths, **options):
    call_command("import_orders", by=who.username, **paths, **options)


def unshipped(orders, moment):
    """Orders paid more than 24 hours before `moment` and not shipped by then."""
    late = Q(shipped_at__isnull=True) | Q(shipped_at__gt=moment)
    return orders.open_as_of(moment).filter(late, paid_at__lt=moment - timedelta(hours=24))


def reckoned(rows, moment):
    """The same from the file itself."""

    def read_at(text):
        if not text:
            return None
        return datetime.strptime(text, "%m/%d/%Y %H:%M").replace(tzinfo=ZONE)

    pairs = [
        (read_at(row["order_approved_at"]), read_at(row["order_delivered_carrier_date"]))
        for row in rows
    ]
    day = timedelta(hours=24)
    return sum(1 for p, s in pairs if p and p + day < moment and (s is None or s > moment))


def test_olist_sample_is_imported_as_the_files_say(ada, olist):
    files, paths = olist
    bring_in(ada, paths, currency="BRL", date_format="m/d/Y H:M")
    found = Order.objects.all()
    assert found.count() == SAMPLE
    value = sum(Decimal(row["price"]) + Decimal(row["freight_value"]) for row in files["lines"])
    assert sum(found.values_list("total", flat=True)) == value
    for text in json.loads((DATA / "expected/olist.json").read_text())[
        "Q2_paid_gt24h_unshipped_as_of_T"
    ]:
        assert unshipped(found, at(text)).count() == reckoned(files["orders"], at(text))
    cities = sum("paulo" in row["customer_city"] for row in files["customers"])
    assert found.filter(ship_to_address__icontains="paulo").count() == cities
    assert not CreditAccount.objects.differing_from_ledger().exists()


def test_tmall_sample_maps_by_itself(ada, tmp_path):
    rows = read(DATA / "tmall" / "tmall_order_report.csv")[:SAMPLE]
    path = write(tmp_path / "orders.csv", rows)
    bring_in(ada, {"orders": path}, currency="CNY", customer="TMALL:Tmall consumers")
    found = Order.objects.all()
    paid = [row for row in rows if row["订单付款时间 "]]
    assert found.count() == SAMPLE
    assert found.filter(paid_at__isnull=False, paid_amount=F("total")).count() == len(paid)
    assert sum(found.values_list("total", flat=True)) == sum(Decimal(r["总金额"]) for r in rows)
    region = found.filter(ship_to_address=rows[0]["收货地址 "]).count()
    assert region == sum(row["收货地址 "] == rows[0]["收货地址 "] for row in rows)


@pytest.mark.slow
def test_all_real_files_pass_their_check(ada, capsys):
    paths = {kind: DATA / "olist" / name for kind, (name, _key) in OLIST.items()}
    bring_in(ada, paths, currency="BRL", date_format="m/d/Y", check_only=True, json=True)
    told = json.loads(capsys.readouterr().out)
    rows = json.loads((DATA / "expected/olist.json").read_text())["rows"]
    assert {k: told["new"][k] for k in ("customers", "orders", "lines", "payments")} == {
        "customers": rows["customers"],
        "orders": rows["orders"],
        "lines": rows["order_items"],
        "payments": rows["order_payments"],
    }
    tmall = {"orders": DATA / "tmall" / "tmall_order_report.csv"}
    bring_in(ada, tmall, currency="CNY", customer="TMALL", check_only=True, json=True)
    assert json.loads(capsys.readouterr().out)["new"] == {"orders": 28010}
