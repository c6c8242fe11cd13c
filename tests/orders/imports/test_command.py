import json

import pytest
from django.core.management import CommandError, call_command

from orders.models import ImportFile, Order
from tests.factories.imports import FILES

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    for kind, body in FILES.items():
        (tmp_path / f"{kind}.csv").write_text(body, encoding="utf-8")
    return tmp_path


def run(folder, who, *more, kinds=FILES, **options):
    paths = {kind: folder / f"{kind}.csv" for kind in kinds}
    call_command("import_orders", *more, by=who.username, currency="CNY", **paths, **options)


def test_command_imports_all_files_and_reports(ada, folder, capsys):
    run(folder, ada)
    assert Order.objects.count() == 2
    told = capsys.readouterr().out
    assert "orders: 2 new, 0 already there" in told
    assert not ImportFile.objects.exclude(stored="").exists()


def test_command_prints_json(ada, folder, capsys):
    run(folder, ada, json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["new"]["orders"]) == ("done", 2)


def test_command_only_checks(ada, folder, capsys):
    run(folder, ada, check_only=True)
    assert not Order.objects.exists()
    assert "ready to import" in capsys.readouterr().out


def test_command_names_every_problem_and_fails(ada, folder, capsys):
    (folder / "lines.csv").write_text("order id,sku,qty,unit price\nA-1,P1,-3,10\n")
    with pytest.raises(SystemExit):
        run(folder, ada)
    told = capsys.readouterr().out
    assert "lines.csv, line 2 · qty = “-3” · The quantity is not more than 0." in told


def test_command_takes_columns_and_words(ada, folder):
    odd = FILES["orders"].replace("order date", "zeit").replace("processing", "verloren")
    (folder / "orders.csv").write_text(odd, encoding="utf-8")
    run(folder, ada, map=["orders.submitted_at=Zeit"], status=["verloren=cancelled"])
    assert Order.objects.get(external_id="A-2").state == "cancelled"


def test_command_takes_the_form_of_dates(ada, folder):
    dated = FILES["orders"].replace("2026-01-07 10:00", "1/7/2026 10:00")
    with pytest.raises(SystemExit):
        (folder / "orders.csv").write_text(dated, encoding="utf-8")
        run(folder, ada, date_format="m/d/Y H:M")
    only = (
        "order id,customer,order date,total\nA-1,C1,1/7/2026 10:00,34.5\nA-2,C2,2/7/2026 1:00,1\n"
    )
    (folder / "orders.csv").write_text(only, encoding="utf-8")
    run(folder, ada, date_format="m/d/Y H:M", time_zone="UTC")
    assert Order.objects.get(external_id="A-2").submitted_at.month == 2


@pytest.mark.parametrize(
    "options",
    [
        {"by": "nobody"},
        {"map": ["orders.colour=x"]},
        {"status": ["x=lost"]},
        {"date_format": "d-Y-m"},
        {"time_zone": "Mars/Olympus"},
        {"tax_percent": "much"},
        {"owner": "nobody"},
        {"orders": "/nowhere.csv"},
    ],
)
def test_command_refuses_impossible_choices(ada, folder, options):
    paths = {kind: folder / f"{kind}.csv" for kind in FILES}
    with pytest.raises(CommandError):
        call_command("import_orders", **{"by": ada.username, "currency": "CNY"} | paths | options)
    assert not Order.objects.exists()
