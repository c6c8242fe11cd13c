import pytest

from staff.hours.intervals import HoursError, Interval, parse, written


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("9:00–12:00, 13:00–18:00", "9:00–12:00, 13:00–18:00"),
        ("9-12,13-18", "9:00–12:00, 13:00–18:00"),
        ("13:00 - 18:00; 9.30-12:00", "9:30–12:00, 13:00–18:00"),
        ("9:00至12:00,13:00~18:00", "9:00–12:00, 13:00–18:00"),
        ("0:00–24:00", "0:00–24:00"),
        ("9–12, 12–15", "9:00–12:00, 12:00–15:00"),
        ("", ""),
        (" , ", ""),
    ],
)
def test_parse_reads_what_people_write(text, meant):
    assert written(parse(text)) == meant
    assert parse(meant) == parse(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("9:00–12:30, 12:00–18:00", "9:00–12:30 and 12:00–18:00 overlap"),
        ("9:00–12:00, 9:00–12:00", "overlap"),
        ("18:00–9:00", "18:00–9:00 does not end after it begins"),
        ("9:00–9:00", "does not end"),
        ("9:00–24:30", "within one day"),
        ("9:00–12:75", "59 minutes"),
        ("all day", "“all day” cannot be read"),
        ("9:00", "cannot be read"),
        ("-5–12", "cannot be read"),
    ],
)
def test_parse_says_what_is_wrong(text, words):
    with pytest.raises(HoursError, match=words):
        parse(text)


def test_parse_gives_minutes_after_midnight():
    assert parse("9:05–24:00") == (Interval(545, 1440),)
