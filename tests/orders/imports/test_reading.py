import codecs

import pytest

from orders.imports.enums import Encoding
from orders.imports.reading import LONGEST_LINE, BadLine, Sheet, likely_encoding

CHINESE = "订单编号,收货地址\n1,上海市\n"


@pytest.fixture
def sheet(tmp_path):
    def write(body, **how):
        path = tmp_path / "file.csv"
        path.write_bytes(body if isinstance(body, bytes) else body.encode())
        return Sheet(path, **how)

    return write


def rows(sheet):
    return [row.values for row in sheet.rows()]


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_rows_reads_utf8_with_and_without_mark(sheet, mark):
    assert sheet(mark + CHINESE.encode()).headers() == ["订单编号", "收货地址"]


@pytest.mark.parametrize(
    ("encoding", "codec"), [(Encoding.GB18030, "gb18030"), (Encoding.BIG5, "big5hkscs")]
)
def test_rows_reads_a_chosen_encoding(sheet, encoding, codec):
    body = "編號,地址\n1,臺北\n".encode(codec)
    assert rows(sheet(body, encoding=encoding)) == [["編號", "地址"], ["1", "臺北"]]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_rows_finds_the_separator(sheet, separator):
    body = f'a{separator}"b{separator}b"\r\n1{separator}2\r\n'
    assert rows(sheet(body)) == [["a", f"b{separator}b"], ["1", "2"]]


def test_rows_counts_lines_over_quoted_line_ends_and_blank_rows(sheet):
    found = list(sheet('a,b\n"1\n2",x\n\n , \n3,y\n').rows())
    assert [(row.line, row.values) for row in found] == [
        (1, ["a", "b"]),
        (2, ["1\n2", "x"]),
        (6, ["3", "y"]),
    ]


def test_rows_takes_off_the_spreadsheet_dress(sheet):
    assert rows(sheet('a\n"=""0012"""\n'))[1] == ["0012"]


@pytest.mark.parametrize(
    ("body", "code", "line"),
    [
        (b"", "empty_file", 0),
        (b"\n\n", "empty_file", 0),
        (b"PK\x03\x04rest", "not_csv", 0),
        (b"%PDF-1.7", "not_csv", 0),
        ("a,b\n1,2\n".encode("utf-16"), "not_csv", 0),
        (b"a,b\n1,\x002\n", "nul_byte", 2),
        ("a,b\n1,é\n".encode("latin-1"), "bad_encoding", 2),
        (b'a,b\n1,2\n3,"open\n5,6\n', "open_quote", 3),
        (b'a,b\n"x"y,2\n', "open_quote", 2),
        (b"a,b\n" + b"x" * (LONGEST_LINE + 1), "long_line", 2),
    ],
)
def test_rows_refuses_what_no_row_can_be_made_of(sheet, body, code, line):
    with pytest.raises(BadLine) as refusal:
        rows(sheet(body))
    assert (refusal.value.code, refusal.value.line) == (code, line)


def test_rows_says_which_byte_and_what_it_may_be(sheet):
    with pytest.raises(BadLine) as refusal:
        rows(sheet("a,b\n1,上海市\n".encode("gb18030")))
    figures = refusal.value.figures
    assert (figures["position"], figures["likely"]) == ("6", "GB18030")
    assert figures["byte"].startswith("0x")


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        ("收货地址".encode("gb18030"), Encoding.GB18030),
        ("café, naïve".encode("cp1252"), Encoding.LATIN1),
    ],
)
def test_likely_encoding_tells_chinese_from_western(raw, encoding):
    assert likely_encoding(raw) == encoding


def test_headers_refuses_a_name_used_twice(sheet):
    with pytest.raises(BadLine) as refusal:
        sheet("a,b,a\n").headers()
    assert refusal.value.code == "duplicate_header"


def test_rows_holds_no_more_than_a_line_at_a_time(sheet):
    import tracemalloc

    body = sheet(b"a,b\n" + b"1,some text that fills the line\n" * 200_000)
    tracemalloc.start()
    assert sum(1 for _row in body.rows()) == 200_001
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000
