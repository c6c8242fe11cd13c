import pytest

from orders.imports.enums import Status
from orders.imports.mapping import by_name, fold, guess_kind, key_of, method_of, missing, status_of
from tests.factories import imports

ENGLISH = ["Order No.", "Customer", "Order date", "Status", "Paid at", "Grand Total"]
SIMPLIFIED = ["订单编号", "客户编号", "下单时间", "订单状态", "付款时间", "订单金额"]
TRADITIONAL = ["訂單編號", "客戶編號", "訂單日期", "訂單狀態", "付款時間", "訂單總額"]
TMALL = [
    "订单编号",
    "总金额",
    "买家实际支付金额",
    "收货地址 ",
    "订单创建时间",
    "订单付款时间 ",
    "退款金额",
]


@pytest.mark.parametrize("headers", [ENGLISH, SIMPLIFIED, TRADITIONAL])
def test_by_name_maps_headers_of_each_language(headers):
    wanted = ["number", "customer", "submitted_at", "status", "paid_at", "total"]
    assert by_name("orders", headers) == dict(zip(wanted, headers, strict=True))
    assert guess_kind(headers) == "orders"


def test_by_name_maps_tmall_headers_with_their_trailing_blanks():
    found = by_name("orders", TMALL)
    assert found["ship_to_address"] == "收货地址 "
    assert found["submitted_at"] == "订单创建时间"
    assert found["paid_at"] == "订单付款时间 "
    assert len(found) == len(TMALL)
    assert guess_kind(TMALL) == "orders"


@pytest.mark.parametrize(("kind", "body"), [(kind, body) for kind, body in imports.FILES.items()])
def test_guess_kind_tells_what_a_file_holds(kind, body):
    assert guess_kind(body.splitlines()[0].split(",")) == kind


@pytest.mark.parametrize("on_hand", ["On hand", "现有库存", "库存量", "現有庫存", "現存量"])
def test_guess_kind_knows_stock_by_what_warehouses_call_it(on_hand):
    assert guess_kind(["SKU", "仓库", on_hand]) == "stock"


def test_guess_kind_does_not_guess_wildly():
    assert guess_kind(["colour", "weight"]) is None


def test_by_name_uses_each_column_once():
    found = by_name("customers", ["customer_id", "customer_unique_id"])
    assert found == {"code": "customer_id", "name": "customer_unique_id"}


def test_missing_names_required_fields():
    assert missing("lines", {"order": "order"}) == ["product", "price"]


@pytest.mark.parametrize(
    "words", ["Order  ID", "order_id", "ORDER-ID", "订单ID（元）", "ｏrder id"]
)
def test_fold_ignores_what_people_write_differently(words):
    assert fold(words) in ("orderid", "订单id")


def test_key_of_ignores_the_order_of_columns():
    assert key_of(["a", "b"]) == key_of(["b", "A "]) != key_of(["a"])


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Canceled", Status.CANCELLED),
        ("交易关闭", Status.CANCELLED),
        ("已出貨", Status.SHIPPED),
        ("交易成功", Status.DELIVERED),
        ("processing", Status.OPEN),
        ("lost in space", None),
    ],
)
def test_status_of_knows_the_usual_words(word, status):
    assert status_of(word, {}) == status


def test_status_of_takes_what_was_chosen_first():
    assert status_of("Processing", {"processing": Status.CANCELLED}) == Status.CANCELLED


def test_method_of_knows_the_usual_words():
    assert [method_of(word) for word in ("credit_card", "支付宝", "beads")] == [
        "card",
        "wallet",
        None,
    ]


def test_guess_kind_prefers_what_knows_the_columns_to_what_merely_asks_little():
    assert guess_kind(["发票号", "客户编码", "金额", "到期日"]) == "invoices"


def test_guess_kind_keeps_to_what_may_be_imported():
    headers = ["customer", "amount"]
    assert guess_kind(headers) == "limits"
    assert guess_kind(headers, ["products", "orders"]) is None
