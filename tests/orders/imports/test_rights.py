"""What an import may not write, because whoever imports may not."""

import pytest
from django.contrib.auth.models import Permission

from orders.enums import Source
from orders.models import Order
from staff.roles import Role
from tests.factories import credit, imports
from tests.factories.imports import FILES, checked
from tests.orders.imports.test_refusals import HEADER, orders

pytestmark = pytest.mark.django_db


def test_write_refuses_an_unlimited_account_from_an_administrator(ada):
    run = checked(FILES, ada, limit_kind="unlimited")
    assert [problem.code for problem in run.read_problems] == ["no_right"]


def test_write_refuses_new_orders_from_whoever_may_not_submit(ada):
    bare = orders("A-1,C1,2026-01-01,,,,", "A-2,C2,2026-01-01,,,,")
    files = {kind: body for kind, body in FILES.items() if kind != "payments"} | bare
    run = checked(files, ada, history=False)
    assert [problem.code for problem in run.read_problems] == ["no_right"]


def test_check_refuses_the_customers_of_others_without_the_right_to_see_them():
    seller = imports.person(Role.SALES)
    seller.user_permissions.add(Permission.objects.get(codename="import_data"))
    account = credit.account()
    rows = f"{HEADER},total\nA-1,{account.customer.code},2026-01-01,,,,,5\n"
    run = checked({"orders": rows}, type(seller).objects.get(pk=seller.pk))
    assert "others_customer" in [problem.code for problem in run.read_problems]
    assert not Order.objects.filter(source=Source.IMPORT).exists()
