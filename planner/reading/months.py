"""Months as reports write them: which of a subscription's lines is the latest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from planner.reading.days import DAY_FIRST, MONTH_FIRST, day_of, full_year, order_of
from planner.reading.records import fold
from planner.reading.values import Unreadable

_YEAR_FIRST = re.compile(r"(\d{4})[-/. ]?(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{4})")
_NAMED = re.compile(r"([^\W\d_]{3,12})\.?(?:[ \-/.,']| de | del ){0,2}(\d{4}|\d{2})")
_NAMED_LAST = re.compile(r"(\d{4}|\d{2})[ \-/.]{1,2}([^\W\d_]{3,12})\.?")
_FIRST_OF_MONTH = re.compile(r"0?1[/.\-](\d{1,2})[/.\-]\d{2,4}\b")
_MONTHS = 12

type Month = tuple[int, int]
"""Year and month."""


def months_in(texts: Iterable[str], names: Mapping[str, str]) -> dict[str, Month]:
    """Return text → its month, of all texts of a column that state one.

    ``names`` are folded names of months → their number.
    """
    listed = {*texts}
    order = _order(listed)
    found = {text: _month(text.strip(), order, names) for text in listed}
    return {text: month for text, month in found.items() if month}


def _order(texts: Iterable[str]) -> str:
    """Return what comes first: a column whose days all begin with 1 has the first of each month."""
    stated = [text for text in texts if text]
    firsts = [_FIRST_OF_MONTH.match(text.strip()) for text in stated]
    if stated and all(firsts) and any(one and int(one[1]) > 1 for one in firsts):
        return DAY_FIRST
    order = order_of(stated)
    return order if order == DAY_FIRST else MONTH_FIRST


def _month(text: str, order: str, names: Mapping[str, str]) -> Month | None:
    if match := _YEAR_FIRST.fullmatch(text):
        return _valid(match[1], match[2])
    if match := _YEAR_LAST.fullmatch(text):
        return _valid(match[2], match[1])
    if (match := _NAMED.fullmatch(text)) and (number := names.get(fold(match[1]))):
        return _valid(match[2], number)
    if (match := _NAMED_LAST.fullmatch(text)) and (number := names.get(fold(match[2]))):
        return _valid(match[1], number)
    try:
        day = day_of(text, order, names)
    except Unreadable:
        return None
    return (day.year, day.month) if day else None


def _valid(year: str, month: str) -> Month | None:
    number = int(month)
    return (full_year(year), number) if 1 <= number <= _MONTHS else None
