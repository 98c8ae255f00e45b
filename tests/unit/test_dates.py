"""HTTP dates in their three forms."""

from __future__ import annotations

import calendar
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawwfile.http.dates import EARLIEST, LATEST, format_http_date, parse_http_date

RFC_EXAMPLE = 784111777  # Sun, 06 Nov 1994 08:49:37 GMT
YEAR_2024 = calendar.timegm((2024, 6, 1, 0, 0, 0))

DATES = [
    ("Sun, 06 Nov 1994 08:49:37 GMT", RFC_EXAMPLE),
    ("Sunday, 06-Nov-94 08:49:37 GMT", RFC_EXAMPLE),
    ("Sun Nov  6 08:49:37 1994", RFC_EXAMPLE),
    ("Wed Nov 16 08:49:37 1994", RFC_EXAMPLE + 10 * 86400),
    ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ("Wed, 31 Dec 1969 23:59:59 GMT", -1),
    ("Thu, 29 Feb 2024 12:00:00 GMT", 1709208000),
    ("Mon, 06 Nov 1994 08:49:37 GMT", RFC_EXAMPLE),  # the weekday need not fit
    ("Sat, 31 Dec 2016 23:59:60 GMT", calendar.timegm((2017, 1, 1, 0, 0, 0))),
    ("Friday, 01-Jan-69 00:00:00 GMT", calendar.timegm((2069, 1, 1, 0, 0, 0))),
    ("Thursday, 01-Jan-70 00:00:00 GMT", 0),
]

NO_DATES = [
    "", "0", "-1", "now", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 gmt",
    "sun, 06 nov 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT",
    "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
    "Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT", "Thu, 29 Feb 2023 12:00:00 GMT",
    "Sun, 06 Nov 0000 08:49:37 GMT", "Sun, 06 Abc 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT\n",
    "Sun, ٠٦ Nov 1994 08:49:37 GMT", "Sun Nov 6 08:49:37 1994", "Sun Nov 06 08:49:37 1994 GMT",
    "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
]  # fmt: skip


@pytest.mark.parametrize(("text", "seconds"), DATES)
def test_date(text: str, seconds: int) -> None:
    assert parse_http_date(text) == seconds


@pytest.mark.parametrize("text", NO_DATES)
def test_no_date(text: str) -> None:
    assert parse_http_date(text) is None
    assert parse_http_date(text, now=YEAR_2024) is None


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Saturday, 01-Jun-74 00:00:00 GMT", 2074),  # fifty years ahead to the second
        ("Saturday, 01-Jun-74 00:00:01 GMT", 1974),
        ("Saturday, 02-Jun-74 00:00:00 GMT", 1974),
        ("Monday, 31-Dec-73 00:00:00 GMT", 2073),
        ("Monday, 06-Nov-94 00:00:00 GMT", 1994),
        ("Monday, 01-Jan-24 00:00:00 GMT", 2024),
    ],
)
def test_two_digit_years_are_never_more_than_fifty_years_ahead(text: str, year: int) -> None:
    seconds = parse_http_date(text, now=YEAR_2024)
    assert seconds is not None
    assert format_http_date(seconds)[12:16] == str(year)


def test_format() -> None:
    assert format_http_date(RFC_EXAMPLE) == "Sun, 06 Nov 1994 08:49:37 GMT"
    assert format_http_date(EARLIEST) == "Mon, 01 Jan 0001 00:00:00 GMT"
    assert format_http_date(LATEST) == "Fri, 31 Dec 9999 23:59:59 GMT"


@pytest.mark.parametrize("seconds", [EARLIEST - 1, LATEST + 1])
def test_no_format_outside_the_calendar(seconds: int) -> None:
    with pytest.raises(ValueError, match="outside the years 1 to 9999"):
        format_http_date(seconds)


@given(st.integers(EARLIEST, LATEST))
def test_round_trip(seconds: int) -> None:
    assert parse_http_date(format_http_date(seconds)) == seconds


@given(st.integers(0, LATEST))
def test_format_agrees_with_email(seconds: int) -> None:
    assert format_http_date(seconds) == formatdate(seconds, usegmt=True)


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_none(text: str) -> None:
    assert parse_http_date(text) is None or text.isascii()
