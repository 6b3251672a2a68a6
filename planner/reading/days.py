"""Days as exports write them, and whether day or month comes first in a column."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence

from planner.reading.records import fold
from planner.reading.values import Unreadable, check_range

DAY_FIRST = "day-first"
MONTH_FIRST = "month-first"
YEAR_FIRST = "year-first"
MIXED = "mixed"
YEAR_UNCLEAR = "year-unclear"
"""Years of two digits, which may come first as well as last."""

_TIME = r"""(?:,?[T ]\s*
    (?P<hour>\d{1,2}):\s?(?P<minute>\d{2}) (?::\s?(?P<second>\d{2})(?:[.,]\d{1,9})?)?
    \s?(?P<half>[AaPp]\.?\s?[Mm]\.?)?
    \s?(?P<zone>[Zz]|UTC|[+-]\d{1,2}(?::?\d{2})?)?)?"""
_ISO = re.compile(rf"(\d{{4}})[-/](\d{{1,2}})[-/](\d{{1,2}}){_TIME}", re.VERBOSE)
_NUMBERS = re.compile(rf"(\d{{1,2}})[/.\-](\d{{1,2}})[/.\-](\d{{4}}|\d{{2}}){_TIME}", re.VERBOSE)
_MONTH = r"(?P<month>[^\W\d_]{3,12})\.?"
_DAY_NAMED = re.compile(
    rf"(\d{{1,2}})(?:[ \-/.]|º|\.\s|er\s|th\s|st\s|nd\s|rd\s|\sde\s)\s?"
    rf"{_MONTH}(?:[ \-/,.]|\sdel?\s)\s?(\d{{4}}|\d{{2}}){_TIME}",
    re.VERBOSE,
)
_NAMED_DAY = re.compile(rf"{_MONTH}[ ](\d{{1,2}})(?:st|nd|rd|th)?,?[ ](\d{{4}}){_TIME}", re.VERBOSE)
_POINTS = re.compile(rf"(\d{{4}})\.\s?(\d{{1,2}})\.\s?(\d{{1,2}})\.?{_TIME}", re.VERBOSE)
_CLOCK = re.compile(r"\s(?:klo|kl\.?|um)\s\d{1,2}[.:]\d{2}(?:[.:]\d{2})?(?:\sUhr)?$")
_DOTNET = re.compile(r"\\?/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\\?/")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DIGITS = re.compile(r"\d{5}(?:[.,]\d{1,10})?|\d{8}|\d{10}|\d{13}")
_BESIDE = re.compile(r"\s?\([^()]{0,60}\)")
_ZONE = re.compile(r"([+-])(\d{1,2}):?(\d{2})?")
_HALF = re.compile(r"[AaPp]\.?\s?[Mm]\.?")
_DIGIT_RUN = re.compile(r"\d+")
_DAY_DIGITS = 2
_MONTHS = 12
_HALF_DAY = 12  # Hours.
_FIRST_MINUTE, _LAST_MINUTE = dt.time(0), dt.time(23, 59)
_NO_YEAR = 1  # .NET and Graph print the year 1 where there is no date.
_FAR_YEAR = 9999  # … and the year 9999 where something has no end.
_YEAR_DIGITS = 2
_THIS_CENTURY = 2000
_YEARS_SOLD = range(2010, 2046)  # Before the first, nothing that is planned was sold.
_YEARS_USUAL = range(2020, 2031)  # Of nearly all terms that still run.
_EPOCH = dt.date(1970, 1, 1)
_FIRST_SERIAL = dt.date(1899, 12, 30)
_SERIALS = (25_000, 80_000)  # Excel's numbers for 1968 to 2119.
_SECONDS_DIGITS = 10
_COMPACT_DIGITS = 8
_DAY_SECONDS = 86_400
_LONGEST = 60
_MONTH_AND_YEAR = 2  # Words.
_FOUR_DIGITS = re.compile(r"[12]\d{3}")


def day_of(text: str, order: str = "", months: Mapping[str, str] | None = None) -> dt.date | None:
    """Return the day (UTC, R-143) that a text states, with or without a time of day.

    Where a time is the first or last second of a day, the seller means that day as printed,
    whatever the zone; any other time is put into UTC.

    ``order`` says what comes first where both could; ``months`` are folded names of
    months → their number. ``None`` for the years 1 and 9999, which sources print where
    there is no day.

    Raises:
        Unreadable: No day, no such day, a day that could be two, or one out of range.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        raise Unreadable("not-a-date")
    if match := _ISO.fullmatch(text):
        return _date(int(match[1]), int(match[2]), int(match[3]), match)
    text = text.replace("\u202f", " ").replace("\u00a0", " ")
    if text.endswith(")") and not text.startswith(("/", "\\")):
        text = _BESIDE.sub("", text)
    if match := _NUMBERS.fullmatch(text):
        return _numbered(match, order)
    if match := _ISO.fullmatch(text) or _POINTS.fullmatch(text):
        return _date(int(match[1]), int(match[2]), int(match[3]), match)
    if match := _DOTNET.fullmatch(text):
        return _since_epoch(int(match[1]) // 1000)
    if _DIGITS.fullmatch(text):
        return _counted(text)
    return _named(text, months or {})


def said_of(text: str, words: Mapping[str, Mapping[str, str]]) -> str:
    """Return a day without the words that people set before it: "Renews on", "Sunday,".

    Without a time of day that a word begins, too. ``words`` are lists of folded words; a text
    that isn't a day with such words stays as it is. "End of March 2027" is its last day.
    """
    text = text.strip()
    if len(text) > _LONGEST or not text:
        return text
    if not text[0].isdigit():
        parts = text.split()
        before = 0
        while before < len(parts) - 1 and fold(parts[before]) in words["before-day"]:
            before += 1
        for cut in range(before + 1):
            if last := _month_end(parts[cut:], words):
                return last
        text = " ".join(parts[before:]) if before else text
    return _CLOCK.sub("", text)


def _month_end(parts: Sequence[str], words: Mapping[str, Mapping[str, str]]) -> str:
    """Return the last day of the month in "end of March 2027"; ``""`` where it says none."""
    plain = [part for part in parts if fold(part) not in {"de", "del"}]
    if len(plain) <= _MONTH_AND_YEAR or not _FOUR_DIGITS.fullmatch(plain[-1]):
        return ""
    year, month = int(plain[-1]), words["month"].get(fold(plain[-2]), "")
    if not month or fold("".join(plain[:-2])) not in words["month-end"]:
        return ""
    return f"{year}-{month}-{calendar.monthrange(year, int(month))[1]}"


def order_of(texts: Iterable[str]) -> str:
    """Return what comes first in a column of days, as its values settle it.

    ``day-first`` or ``month-first``; ``mixed`` where some settle it one way and some the
    other; ``""`` where nothing does, and every value fits both.
    """
    orders = {DAY_FIRST: False, MONTH_FIRST: False}
    for text in texts:
        match = _NUMBERS.match(text) if len(text) <= _LONGEST else None
        if match is None:
            continue
        orders[DAY_FIRST] |= int(match[1]) > _MONTHS or text[match.end(1)] == "."
        orders[MONTH_FIRST] |= int(match[2]) > _MONTHS
    if all(orders.values()):
        return MIXED
    return next((order for order, settled in orders.items() if settled), "")


def year_of(texts: Iterable[str]) -> str:
    """Return where the year stands in a column whose years have two digits.

    ``year-first`` where every day fits so, and one would lie outside all years in which anything
    was sold if the year came last; ``year-unclear`` where it would only be unusual; else ``""``:
    people write the year last.
    """
    first: set[int] = set()
    last: set[int] = set()
    for text in texts:
        match = _NUMBERS.match(text) if len(text) <= _LONGEST else None
        if match is None or text[match.end(1)] == "." or not _has_short_year(match):
            if text and (match or _ISO.match(text)):
                return ""
            continue
        try:
            found = dt.date(full_year(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return ""
        first.add(found.year)
        last.add(full_year(match[3]))
    if not first or not first.issubset(_YEARS_SOLD) or last.issubset(_YEARS_USUAL):
        return ""
    if not last.issubset(_YEARS_SOLD):
        return YEAR_FIRST
    return YEAR_UNCLEAR if first.issubset(_YEARS_USUAL) else ""


def _has_short_year(match: re.Match[str]) -> bool:
    """Tell whether a year of two digits may stand first in a day, as it may last."""
    return len(match[1]) == len(match[3]) == _YEAR_DIGITS


def is_open(text: str) -> bool:
    """Tell whether a text is a day in which day and month could each be the other."""
    match = _NUMBERS.match(text) if len(text) <= _LONGEST else None
    if match is None or match[1] == match[2]:
        return False
    return max(int(match[1]), int(match[2])) <= _MONTHS


def may_be_swapped(texts: Iterable[str]) -> bool:
    """Tell whether Excel may have swapped day and month in a part of a column.

    Where Excel expects the other order it takes a day such as 2/3/2027 for another one and
    writes it in its own way, and leaves 2/13/2027 as text. So one way of writing holds only
    days that could be swapped, and another, in which the year comes last, only days that couldn't.
    """
    taken: dict[str, bool] = {}
    left: dict[str, bool] = {}
    for text in texts:
        match = _NUMBERS.match(text) or _ISO.match(text) if len(text) <= _LONGEST else None
        if match is None:
            continue
        is_iso = len(match[1]) > _DAY_DIGITS
        swappable = max(map(int, match.group(2, 3) if is_iso else match.group(1, 2))) <= _MONTHS
        way = _DIGIT_RUN.sub("0", _HALF.sub("", text))
        taken[way] = taken.get(way, True) and swappable
        left[way] = left.get(way, not is_iso) and not swappable
    return any(taken.values()) and any(left.values())


def _numbered(match: re.Match[str], order: str) -> dt.date | None:
    first, second, year = int(match[1]), int(match[2]), full_year(match[3])
    if order in {YEAR_FIRST, YEAR_UNCLEAR} and _has_short_year(match):
        if order == YEAR_UNCLEAR:
            raise Unreadable("ambiguous-year")
        return _date(full_year(match[1]), second, int(match[3]), match)
    if order == DAY_FIRST:
        return _date(year, second, first, match)
    if order == MONTH_FIRST:
        return _date(year, first, second, match)
    if first != second and max(first, second) <= _MONTHS:
        raise Unreadable("mixed-date-orders" if order == MIXED else "ambiguous-date")
    if first > _MONTHS:
        return _date(year, second, first, match)
    return _date(year, first, second, match)


def _named(text: str, months: Mapping[str, str]) -> dt.date | None:
    match = _DAY_NAMED.fullmatch(text)
    day, year = (match[1], match[3]) if match else ("", "")
    if match is None and (match := _NAMED_DAY.fullmatch(text)):
        day, year = match[2], match[3]
    if match is None:
        raise Unreadable("not-a-date")
    month = months.get(fold(match["month"]))
    if month is None:
        raise Unreadable("not-a-date")
    return _date(full_year(year), int(month), int(day), match)


def full_year(digits: str) -> int:
    """Return a year that was written with two digits or four."""
    return int(digits) + (_THIS_CENTURY if len(digits) == _YEAR_DIGITS else 0)


def _counted(text: str) -> dt.date | None:
    """Return the day of an Excel serial, of an epoch time or of digits without marks."""
    whole = re.split("[.,]", text)[0]
    number = int(whole)
    if len(whole) >= _SECONDS_DIGITS:
        return _since_epoch(number if len(whole) == _SECONDS_DIGITS else number // 1000)
    if len(whole) == _COMPACT_DIGITS and (match := _COMPACT.fullmatch(whole)):
        return _date(int(match[1]), int(match[2]), int(match[3]), None)
    first, last = _SERIALS
    if not first <= number <= last:
        raise Unreadable("not-a-date")
    return _FIRST_SERIAL + dt.timedelta(days=number)


def _since_epoch(seconds: int) -> dt.date | None:
    try:
        found = _EPOCH + dt.timedelta(days=seconds // _DAY_SECONDS)
    except OverflowError as error:
        raise Unreadable("not-a-date") from error
    if found.year in {_NO_YEAR, _FAR_YEAR}:
        return None
    check_range(found)
    return found


def _date(year: int, month: int, day: int, stated: re.Match[str] | None) -> dt.date | None:
    """Return a day in UTC; what states no zone, or the edge of a day, stays as it is."""
    if year in {_NO_YEAR, _FAR_YEAR}:
        return None
    try:
        found = dt.date(year, month, day)
    except ValueError as error:
        raise Unreadable("no-such-day") from error
    check_range(found)
    if stated is None or stated["hour"] is None:
        return found
    try:
        time = dt.time(_hour(int(stated["hour"]), stated["half"]), int(stated["minute"]))
    except ValueError as error:
        raise Unreadable("not-a-date") from error
    if _is_edge(time, stated["second"]):
        return found
    return (dt.datetime.combine(found, time) - _ahead_of_utc(stated["zone"])).date()


def _is_edge(time: dt.time, second: str | None) -> bool:
    """Tell whether a time is where a day begins or ends: systems print whole days so."""
    if time == _FIRST_MINUTE:
        return second in {None, "00"}
    return time == _LAST_MINUTE and second in {None, "59"}


def _hour(hour: int, half: str | None) -> int:
    """Return an hour from 0 to 23; ``half`` says which half of the day (a.m., p.m.)."""
    if half is None:
        return hour
    if not 1 <= hour <= _HALF_DAY:
        raise ValueError(hour)
    return hour % _HALF_DAY + (_HALF_DAY if half[0] in "Pp" else 0)


def _ahead_of_utc(zone: str | None) -> dt.timedelta:
    match = _ZONE.fullmatch(zone or "")
    if match is None:
        return dt.timedelta()
    sign, hours, minutes = match.groups()
    ahead = dt.timedelta(hours=int(hours), minutes=int(minutes or 0))
    return -ahead if sign == "-" else ahead
