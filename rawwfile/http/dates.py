"""HTTP dates: text to POSIX seconds and back (RFC 9110 section 5.6.7).

No clock is read here: whoever needs "now" passes it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH_NUMBERS = {name: number for number, name in enumerate(_MONTHS, 1)}

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_DAY_SECONDS = 86_400
EARLIEST = (date.min.toordinal() - _EPOCH_DAY) * _DAY_SECONDS
"""The first second that has an HTTP date: the year 1 begins."""
LATEST = (date.max.toordinal() - _EPOCH_DAY + 1) * _DAY_SECONDS - 1
"""The last second that has an HTTP date: the year 9999 ends."""

_DAY = "(?:" + "|".join(_DAYS) + ")"
_LONG_DAY = "(?:" + "|".join(_LONG_DAYS) + ")"
_MONTH = "(?P<month>" + "|".join(_MONTHS) + ")"
_TIME = "(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
_FORMS = (
    # IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
    re.compile(rf"{_DAY}, (?P<day>[0-9]{{2}}) {_MONTH} (?P<year>[0-9]{{4}}) {_TIME} GMT"),
    # rfc850-date: Sunday, 06-Nov-94 08:49:37 GMT
    re.compile(rf"{_LONG_DAY}, (?P<day>[0-9]{{2}})-{_MONTH}-(?P<year>[0-9]{{2}}) {_TIME} GMT"),
    # asctime-date: Sun Nov  6 08:49:37 1994
    re.compile(rf"{_DAY} {_MONTH} (?P<day>[0-9]{{2}}| [0-9]) {_TIME} (?P<year>[0-9]{{4}})"),
)


def parse_http_date(text: str, *, now: int | None = None) -> int | None:
    """Return the POSIX seconds of an HTTP date in any of its three forms, None if it is none.

    now: POSIX seconds, for the two-digit years of the RFC 850 form: a date that looks more
    than 50 years ahead of it is taken a century back, as the RFC asks. Without it, 70 to 99
    are of the last century. The name of the weekday need not fit the date.
    """
    for form in _FORMS:
        match = form.fullmatch(text)
        if match:
            break
    else:
        return None
    year, month = int(match["year"]), _MONTH_NUMBERS[match["month"]]
    clock = int(match["hour"]), int(match["minute"]), int(match["second"])
    if len(match["year"]) == 2:
        return _two_digit_year(year, month, int(match["day"]), clock, now)
    return _seconds(year, month, int(match["day"]), clock)


def format_http_date(seconds: int) -> str:
    """Return the IMF-fixdate of POSIX `seconds`: `Sun, 06 Nov 1994 08:49:37 GMT`.

    Raises ValueError before EARLIEST and after LATEST.
    """
    if not EARLIEST <= seconds <= LATEST:
        raise ValueError(f"{seconds} s is outside the years 1 to 9999, it has no HTTP date")
    days, rest = divmod(int(seconds), _DAY_SECONDS)
    day = date.fromordinal(_EPOCH_DAY + days)
    hour, rest = divmod(rest, 3600)
    minute, second = divmod(rest, 60)
    return (
        f"{_DAYS[day.weekday()]}, {day.day:02d} {_MONTHS[day.month - 1]} {day.year:04d}"
        f" {hour:02d}:{minute:02d}:{second:02d} GMT"
    )


def _two_digit_year(
    year: int, month: int, day: int, clock: tuple[int, int, int], now: int | None
) -> int | None:
    if now is None:
        return _seconds(year + (1900 if year >= 70 else 2000), month, day, clock)
    current = date.fromordinal(_EPOCH_DAY + now // _DAY_SECONDS)
    horizon = (current.year + 50, current.month, current.day, now % _DAY_SECONDS)
    full = (current.year + 50) // 100 * 100 + year
    hour, minute, second = clock
    if (full, month, day, hour * 3600 + minute * 60 + second) > horizon:
        full -= 100
    return _seconds(full, month, day, clock)


def _seconds(year: int, month: int, day: int, clock: tuple[int, int, int]) -> int | None:
    hour, minute, second = clock
    # 60 is a leap second (RFC 9110 allows it); POSIX counts it as the first of the next minute.
    if hour > 23 or minute > 59 or second > 60:
        return None
    if year < 1 or not 1 <= day <= monthrange(year, month)[1]:
        return None
    days = date(year, month, day).toordinal() - _EPOCH_DAY
    return days * _DAY_SECONDS + hour * 3600 + minute * 60 + second
