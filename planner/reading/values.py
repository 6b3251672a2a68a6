"""What a cell can be read as: a closed set of transforms, named in ``data/formats``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from planner.products import Catalogue, How
from planner.reading.records import fold

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_NUMBERS = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:[ T].*)?")
_COUNT = re.compile(r"\d{1,9}(?:[.,]0+)?")
_GROUPED = re.compile(r"\d{1,3}(?:([.,'\u00a0\u202f ])\d{3})(?:\1\d{3})*")
_COUNTRY = re.compile(r"([A-Za-z]{2})(?:$|[-/ ].*)")
_MONTHS = 12
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


def _text(cell: Cell, _vocabulary: Vocabulary) -> Value:
    return cell.text or None


def _count(cell: Cell, vocabulary: Vocabulary) -> Value:
    text = cell.text
    if _is_nothing(text, vocabulary):
        return None
    if _GROUPED.fullmatch(text):
        return int(re.sub(r"\D", "", text))
    if _COUNT.fullmatch(text):
        return int(re.split(r"[.,]", text)[0])
    raise Unreadable("not-a-count")


def _word(cell: Cell, vocabulary: Vocabulary) -> Value:
    listed = vocabulary.lists[cell.words]
    word = fold(cell.text)
    if word in listed:
        return listed[word]
    if _is_nothing(cell.text, vocabulary):
        return None
    raise Unreadable("unknown-word", choices=", ".join(dict.fromkeys(listed.values())))


def _word_before_colon(cell: Cell, vocabulary: Vocabulary) -> Value:
    before, _, _ = cell.text.partition(":")
    return _word(Cell(before.strip(), cell.words), vocabulary)


def _text_after_colon(cell: Cell, _vocabulary: Vocabulary) -> Value:
    _, _, after = cell.text.partition(":")
    return after.strip() or None


def _presence(cell: Cell, vocabulary: Vocabulary) -> Value:
    return None if _is_nothing(cell.text, vocabulary) else cell.present


def _product_name(cell: Cell, vocabulary: Vocabulary) -> Value:
    """Return the catalogue's title of what is found exactly; anything else as it stands."""
    found = vocabulary.catalogue.find(cell.text)
    return found.products[0].title if found.how is How.EXACT else cell.text or None


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
    if _is_nothing(text, vocabulary):
        return None
    match = _COUNTRY.fullmatch(text.strip())
    if match is None:
        raise Unreadable("not-a-country")
    return match.group(1).upper()


def _day(cell: Cell, vocabulary: Vocabulary) -> Value:
    if _is_nothing(cell.text, vocabulary):
        return None
    if match := _ISO.fullmatch(cell.text):
        return _date(*(int(part) for part in match.groups()))
    if match := _NUMBERS.fullmatch(cell.text):
        first, second, year = (int(part) for part in match.groups())
        if first != second and max(first, second) <= _MONTHS:
            raise Unreadable("ambiguous-date")
        if first > _MONTHS:
            return _date(year, second, first)
        return _date(year, first, second)
    raise Unreadable("not-a-date")


def _day_month_first(cell: Cell, vocabulary: Vocabulary) -> Value:
    if match := _NUMBERS.fullmatch(cell.text):
        month, day, year = (int(part) for part in match.groups())
        return _date(year, month, day)
    return _day(cell, vocabulary)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        found = dt.date(year, month, day)
    except ValueError as error:
        raise Unreadable("no-such-day") from error
    return None if found.year in {_NO_YEAR, _FAR_YEAR} else found


def _is_nothing(text: str, vocabulary: Vocabulary) -> bool:
    return not text.strip() or fold(text) in vocabulary.nothing


TRANSFORMS: Mapping[str, Transform] = {
    "text": _text,
    "count": _count,
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
