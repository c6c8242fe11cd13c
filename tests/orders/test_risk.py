import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from journal.models import Entry
from orders import lifecycle
from orders.enums import FlagKind
from orders.errors import OrderError
from orders.models import ProductFlag
from tests.factories import orders
from tests.factories.moments import HOUR, NOW
from tests.factories.refusals import refuse_inserts
from tests.factories.staff import person, superuser
from tests.factories.traces import everything

pytestmark = pytest.mark.django_db
FLAGGERS = ["warehouse", "supply_chain", "customer_service", "administrator"]


def raise_flag(**values):
    if not {"product_id", "category"} & set(values):
        values["product_id"] = orders.product().pk
    return orders.flag(**values)


def lift(flag, *, by=None, note="retested", at=NOW + HOUR):
    return lifecycle.lift_flag(flag_id=flag.pk, note=note, by=by or person("warehouse"), at=at)


def flags():
    return list(ProductFlag.objects.order_by("pk").values())


def test_raise_flag_keeps_goods_evidence_and_who():
    product, by = orders.product(), person("supply_chain")
    flag = raise_flag(product_id=product.pk, lot=" L7 ", kind=FlagKind.RECALL, by=by)
    stored = ProductFlag.objects.get(pk=flag.pk)
    assert (stored.product, stored.category, stored.lot) == (product, "", "L7")
    assert (stored.kind, stored.evidence) == ("recall", "complaints 12 and 15")
    assert (stored.raised_by, stored.raised_at, stored.lifted_at) == (by, NOW, None)
    assert stored.goods == f"{product}, lot L7"


def test_raise_flag_journals_goods_and_evidence():
    orders.product(category="tools")
    flag = raise_flag(category="tools")
    entry = Entry.objects.about(flag).get()
    assert (entry.action, entry.at, entry.by) == ("order.product_flagged", NOW, flag.raised_by)
    assert entry.reason == "complaints 12 and 15"
    assert entry.data == {"kind": "quality", "sku": "", "category": "tools", "lot": ""}
    assert flag.goods == "category tools"


def test_raise_flag_leaves_orders_alone():
    order = orders.released()
    before = everything()
    raise_flag(product_id=order.lines.get().product_id)
    after = everything()
    after[Entry].pop()
    assert after == before


@pytest.mark.parametrize(
    "values, words",
    [
        ({"evidence": " "}, "Write down the evidence"),
        ({"product_id": None}, "either a product or a category"),
        ({"product_id": 999_999}, "no longer there"),
        ({"category": "nonsense"}, "no product in this category"),
        ({"category": "tools", "lot": "L7"}, "A lot belongs to a product"),
        ({"lot": "L" * 61}, "at most 60 characters"),
    ],
)
def test_raise_flag_refuses(values, words):
    orders.product(category="tools")
    with pytest.raises(OrderError, match=words):
        raise_flag(**values)
    assert flags() == []


def test_raise_flag_refuses_product_and_category_together():
    product = orders.product(category="tools")
    with pytest.raises(OrderError, match="either a product or a category"):
        raise_flag(product_id=product.pk, category="tools")


def test_raise_flag_takes_each_kind_once_for_the_same_goods():
    product = orders.product()
    flag = raise_flag(product_id=product.pk, lot="L7")
    with pytest.raises(OrderError, match="already"):
        raise_flag(product_id=product.pk, lot="l7")
    for other in ({"lot": "L8"}, {"lot": ""}, {"lot": "L7", "kind": FlagKind.SAFETY}):
        raise_flag(product_id=product.pk, **other)
    lift(flag)
    assert raise_flag(product_id=product.pk, lot="L7").pk


@pytest.mark.parametrize("role", FLAGGERS)
def test_flags_are_for_those_who_hear_of_the_goods(role):
    by = person(role)
    assert lift(raise_flag(by=by), by=by).lifted_by == by


@pytest.mark.parametrize("role", ["sales", "sales_manager", "credit_analyst", "finance", "auditor"])
def test_flags_are_not_for_others(role):
    flag = raise_flag()
    before = flags()
    with pytest.raises(PermissionDenied):
        raise_flag(by=person(role))
    with pytest.raises(PermissionDenied):
        lift(flag, by=person(role))
    assert flags() == before


def test_lift_flag_keeps_who_when_and_why():
    by = person("warehouse")
    flag = lift(raise_flag(), by=by)
    stored = ProductFlag.objects.get(pk=flag.pk)
    assert (stored.lifted_at, stored.lifted_by, stored.lift_note) == (NOW + HOUR, by, "retested")
    entry = Entry.objects.about(flag).first()
    assert (entry.action, entry.reason, entry.by) == ("order.flag_lifted", "retested", by)


def test_lift_flag_leaves_the_others():
    product = orders.product()
    first, second = raise_flag(product_id=product.pk), raise_flag(product_id=product.pk, lot="L7")
    lift(first)
    assert list(ProductFlag.objects.active()) == [second]


@pytest.mark.parametrize("note", ["", "  "])
def test_lift_flag_needs_a_reason(note):
    flag = raise_flag()
    with pytest.raises(OrderError, match="Write why"):
        lift(flag, note=note)
    assert ProductFlag.objects.active().count() == 1


def test_lift_flag_twice_refuses_the_second():
    flag = lift(raise_flag())
    before = flags()
    with pytest.raises(OrderError, match="lifted already"):
        lift(flag)
    assert flags() == before


def test_flag_verbs_undo_everything_when_the_journal_refuses():
    product, flag, by = orders.product(), raise_flag(), superuser()
    before = flags()
    with refuse_inserts(Entry), pytest.raises(IntegrityError), transaction.atomic():
        raise_flag(product_id=product.pk, by=by)
    with refuse_inserts(Entry), pytest.raises(IntegrityError), transaction.atomic():
        lift(flag, by=by)
    assert flags() == before


@pytest.mark.parametrize(
    "changes",
    [
        {"category": "tools"},
        {"product": None},
        {"product": None, "category": "tools", "lot": "L7"},
        {"evidence": ""},
        {"lifted_at": NOW},
        {"lift_note": "why"},
        {"lifted_at": NOW - HOUR, "lift_note": "before it was raised"},
    ],
)
def test_database_refuses_half_a_flag(changes):
    flag = raise_flag()
    changes |= (
        {"lifted_by": flag.raised_by} if changes.get("lifted_at") and len(changes) > 1 else {}
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        ProductFlag.objects.filter(pk=flag.pk).update(**changes)


def test_database_refuses_a_second_flag_on_a_category():
    orders.product(category="tools")
    flag = raise_flag(category="tools")
    flag.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        flag.save(force_insert=True)


def test_database_refuses_a_second_flag_of_the_kind():
    flag = raise_flag(lot="L7")
    flag.pk, flag.lot = None, "l7"
    with pytest.raises(IntegrityError), transaction.atomic():
        flag.save(force_insert=True)
