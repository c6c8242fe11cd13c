import pytest

from orders.pasting import read_rows, take


def typed(text):
    """The rows without their empty cells."""
    return [{name: value for name, value in row.items() if value} for row in read_rows(text)]


def test_read_rows_takes_columns_by_their_place():
    assert typed("A-1\t10\t9.50\t5\t13\tL-7\nB-2\t3") == [
        {
            "product": "A-1",
            "quantity": "10",
            "price": "9.50",
            "discount_percent": "5",
            "tax_percent": "13",
            "lot": "L-7",
        },
        {"product": "B-2", "quantity": "3"},
    ]


@pytest.mark.parametrize(
    "titles",
    [
        "SKU\tQuantity\tUnit price",
        "商品编码\t数量\t单价",
        "商品編號\t數量\t單價",
        "sku\tqty\tprice",
    ],
)
def test_read_rows_leaves_out_a_row_of_titles(titles):
    assert typed(f"{titles}\nA-1\t10\t9") == [{"product": "A-1", "quantity": "10", "price": "9"}]


def test_read_rows_follows_titles_in_any_order_and_skips_foreign_columns():
    text = "批号\t备注\t数量\tSKU\nL-7\tblue\t10\tA-1"
    assert typed(text) == [{"product": "A-1", "quantity": "10", "lot": "L-7"}]


def test_read_rows_strips_what_sheets_write_around_figures_and_nothing_else():
    text = 'A-1\t1,000\t¥ 1,234.50\t5%\n"Pipe, 2 m"\tmany\n\n\t\t\n'
    assert typed(text) == [
        {"product": "A-1", "quantity": "1,000", "price": "1,234.50", "discount_percent": "5"},
        {"product": "Pipe, 2 m", "quantity": "many"},
    ]


def test_read_rows_takes_commas_where_there_is_no_tab():
    assert typed("A-1,10,9.50") == [{"product": "A-1", "quantity": "10", "price": "9.50"}]


def test_take_keeps_what_finds_no_room_as_text_to_paste_again():
    taken = take("A-1\t1\nB-2\t2\t\t5\nC-3\t3", 1)
    assert [row["product"] for row in taken.rows] == ["A-1"]
    assert taken.left == "B-2\t2\t\t5\nC-3\t3"
    assert [row["product"] for row in take(taken.left, 9).rows] == ["B-2", "C-3"]
