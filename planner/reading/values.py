"""What a cell can be read as: a closed set of transforms, named in ``data/formats``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from planner.dates import FIRST_YEAR, LAST_YEAR, is_counted
from planner.products import Catalogue, How
from planner.reading.records import fold, key_of

_TIME = r"""(?:[T ]\s*
    (?P<hour>\d{1,2}):\s?(?P<minute>\d{2}) (?::\s?\d{2}(?:[.,]\d{1,9})?)?
    \s?(?P<half>[AaPp]\.?\s?[Mm]\.?)?
    \s?(?P<zone>[Zz]|UTC|[+-]\d{1,2}(?::?\d{2})?)?)?"""
_ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_TIME}", re.VERBOSE)
_NUMBERS = re.compile(rf"(\d{{1,2}})[/.\-](\d{{1,2}})[/.\-](\d{{4}}){_TIME}", re.VERBOSE)
_ZONE = re.compile(r"([+-])(\d{1,2}):?(\d{2})?")
_COUNT = re.compile(r"\d{1,9}(?:[.,]0+)?")
_GROUPED = re.compile(r"\d{1,3}(?:([.,'\u00a0\u202f ])\d{3})(?:\1\d{3})?")
_COUNTRY = re.compile(r"([A-Za-z]{2})(?:$|[-/ ].*)")
_MONTHS = 12
_HALF_DAY = 12  # Hours.
_MOST_DAYS = 36_500  # A hundred years: longer than any term, short enough to be added to a day.
_NO_YEAR = 1  # .NET and Graph print the year 1 where there is no date.
_FAR_YEAR = 9999  # … and the year 9999 where something has no end.


class Unreadable(ValueError):
    """A cell that can't be read: the id of the sentence that says why, and its values."""

    def __init__(self, problem: str, **values: str | int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.values = values


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that cells use: list → folded word → what it means; and words for nothing.

    ``catalogue`` knows the products that cells name.
    """

    lists: Mapping[str, Mapping[str, str]]
    nothing: frozenset[str]
    catalogue: Catalogue


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell to be read: its text and what its format says of it."""

    text: str
    words: str = ""
    present: str = ""


Value = str | int | dt.date | None
Transform = Callable[[Cell, Vocabulary], Value]


def _text(cell: Cell, vocabulary: Vocabulary) -> Value:
    return None if is_nothing(cell.text, vocabulary) else cell.text


def _count(cell: Cell, vocabulary: Vocabulary) -> Value:
    text = cell.text
    if is_nothing(text, vocabulary):
        return None
    if _GROUPED.fullmatch(text):
        return int(re.sub(r"\D", "", text))
    if _COUNT.fullmatch(text):
        return int(re.split(r"[.,]", text)[0])
    raise Unreadable("not-a-count")


def _count_from_one(cell: Cell, vocabulary: Vocabulary) -> Value:
    count = _count(cell, vocabulary)
    if count == 0:
        raise Unreadable("count-of-nothing")
    return count


def _days(cell: Cell, vocabulary: Vocabulary) -> Value:
    days = _count(cell, vocabulary)
    if isinstance(days, int) and days > _MOST_DAYS:
        raise Unreadable("too-many-days", most=_MOST_DAYS)
    return days


def _word(cell: Cell, vocabulary: Vocabulary) -> Value:
    listed = vocabulary.lists[cell.words]
    word = fold(cell.text)
    if word in listed:
        return listed[word]
    if is_nothing(cell.text, vocabulary):
        return None
    raise Unreadable("unknown-word", choices=", ".join(dict.fromkeys(listed.values())))


def _word_before_colon(cell: Cell, vocabulary: Vocabulary) -> Value:
    before, _, _ = cell.text.partition(":")
    return _word(Cell(before.strip(), cell.words), vocabulary)


def _text_after_colon(cell: Cell, vocabulary: Vocabulary) -> Value:
    _, _, after = cell.text.partition(":")
    return _text(Cell(after.strip()), vocabulary)


def _presence(cell: Cell, vocabulary: Vocabulary) -> Value:
    return None if is_nothing(cell.text, vocabulary) else cell.present


def _product_name(cell: Cell, vocabulary: Vocabulary) -> Value:
    """Return the catalogue's title of what is found exactly; anything else as it stands."""
    found = vocabulary.catalogue.find(cell.text)
    return found.products[0].title if found.how is How.EXACT else _text(cell, vocabulary)


def _product_id(cell: Cell, vocabulary: Vocabulary) -> Value:
    """Return what is an id of a product; a name is none."""
    return cell.text if vocabulary.catalogue.by_id(cell.text) else None


def _partner_market(cell: Cell, vocabulary: Vocabulary) -> Value:
    partner, slash, customer = cell.text.partition("/")
    return _country(partner, vocabulary) if not slash or customer else None


def _customer_market(cell: Cell, vocabulary: Vocabulary) -> Value:
    _, slash, customer = cell.text.partition("/")
    return _country(customer if slash else cell.text, vocabulary)


def _country(text: str, vocabulary: Vocabulary) -> str | None:
    if is_nothing(text, vocabulary):
        return None
    match = _COUNTRY.fullmatch(text.strip())
    if match is None:
        raise Unreadable("not-a-country")
    return match.group(1).upper()


def _day(cell: Cell, vocabulary: Vocabulary) -> Value:
    return None if is_nothing(cell.text, vocabulary) else day_of(cell.text)


def day_of(text: str) -> dt.date | None:
    """Return the day (UTC, R-143) that a text states, with or without a time of day.

    ``None`` for the years 1 and 9999, which sources print where there is no day.

    Raises:
        Unreadable: No day, no such day, a day that could be two, or one out of range.
    """
    if match := _ISO.fullmatch(text):
        return _date(int(match[1]), int(match[2]), int(match[3]), match)
    if match := _NUMBERS.fullmatch(text):
        first, second = int(match[1]), int(match[2])
        if first != second and max(first, second) <= _MONTHS:
            raise Unreadable("ambiguous-date")
        if first > _MONTHS:
            return _date(int(match[3]), second, first, match)
        return _date(int(match[3]), first, second, match)
    raise Unreadable("not-a-date")


def _day_month_first(cell: Cell, vocabulary: Vocabulary) -> Value:
    if match := _NUMBERS.fullmatch(cell.text):
        return _date(int(match[3]), int(match[1]), int(match[2]), match)
    return _day(cell, vocabulary)


def _date(year: int, month: int, day: int, stated: re.Match[str]) -> dt.date | None:
    """Return a day in UTC; without a zone, a time of day doesn't move it."""
    if year in {_NO_YEAR, _FAR_YEAR}:
        return None
    try:
        found = dt.date(year, month, day)
    except ValueError as error:
        raise Unreadable("no-such-day") from error
    check_range(found)
    if stated["hour"] is None:
        return found
    try:
        time = dt.time(_hour(int(stated["hour"]), stated["half"]), int(stated["minute"]))
    except ValueError as error:
        raise Unreadable("not-a-date") from error
    return (dt.datetime.combine(found, time) - _ahead_of_utc(stated["zone"])).date()


def check_range(day: dt.date) -> None:
    """Refuse a day outside the years that the planner counts with.

    Raises:
        Unreadable: It lies outside; says which years they are.
    """
    if not is_counted(day):
        years = {"first_year": str(FIRST_YEAR), "last_year": str(LAST_YEAR)}
        raise Unreadable("day-out-of-range", **years)


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


def is_nothing(text: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a cell says that there is nothing to say."""
    return not text.strip() or key_of(text) in vocabulary.nothing


TRANSFORMS: Mapping[str, Transform] = {
    "text": _text,
    "count": _count,
    "count-from-one": _count_from_one,
    "days": _days,
    "word": _word,
    "word-before-colon": _word_before_colon,
    "text-after-colon": _text_after_colon,
    "presence": _presence,
    "product-name": _product_name,
    "product-id": _product_id,
    "partner-market": _partner_market,
    "customer-market": _customer_market,
    "day": _day,
    "day-month-first": _day_month_first,
}
"""Every way to read a cell, by the name that ``data/formats`` uses."""
