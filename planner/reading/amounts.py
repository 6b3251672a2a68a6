"""Counts and prices as exports write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation

from planner.reading.values import Unreadable

_COUNT = re.compile(r"\d{1,9}(?:[.,]0+)?")
_GROUPED = re.compile(
    r"(?P<whole>\d{1,3}(?P<mark>[.,'\u2019\u00a0\u202f ])\d{3}(?:(?P=mark)\d{3})?)"
    r"(?:(?!(?P=mark))[.,]0+)?"
)
_AMOUNT = re.compile(
    r"(?P<before>[^\d\-+.,]{0,12})(?P<sign>[-+]?)(?P<mark>[^\d\-+.,]{0,12})"
    r"(?P<number>\d[\d.,'\u2019\u00a0\u202f ]{0,29}(?:[Ee][-+]?\d{1,3})?)(?P<after>[^\d]{0,30})"
)
_COUNTED = re.compile(r"(?P<count>\d[\d.,'\u2019\u00a0\u202f ]{0,14})(?P<unit>[^\W\d_][^\d]{0,20})")
_SHARE = re.compile(
    r"(\d{1,9}) ?(?:/|of|out of|de|von|sur|di) ?(\d{1,9})((?: [^\W\d_]{1,20}){1,3})"
)
_ZEROS = re.compile(r"\d{1,3}[.,]000(?:[^\d.,][^\d]{0,30})?")
_PARTS = re.compile(r"[^\s/()]+")
_LONGEST = 60
_DIGITS = 3  # In a group of thousands.


def count_of(text: str) -> int:
    """Return a whole number; three digits after one separator are thousands.

    Raises:
        Unreadable: It isn't a whole number.
    """
    if match := _GROUPED.fullmatch(text):
        return int(re.sub(r"\D", "", match["whole"]))
    if _COUNT.fullmatch(text):
        return int(re.split(r"[.,]", text)[0])
    raise Unreadable("not-a-count")


def counted(text: str) -> tuple[str, str]:
    """Return the count and the word after it of a text such as "10 licenses"; else no word."""
    match = _COUNTED.fullmatch(text)
    return (match["count"].rstrip(" \u00a0\u202f"), match["unit"]) if match else (text, "")


def shared(text: str) -> tuple[str, str, str] | None:
    """Return both counts and the words of a text such as "25 of 30 assigned", else ``None``."""
    match = _SHARE.fullmatch(text) if len(text) <= _LONGEST else None
    return (match[1], match[2], match[3]) if match else None


def zeros_in(texts: Iterable[str]) -> bool:
    """Tell whether every count of a column ends in one group of three zeros.

    Then they may be thousands as well as decimals: some tools write 25 as "25,000".
    """
    counts = [text for text in texts if any(map(str.isdigit, text[:_LONGEST]))]
    return bool(counts) and all(len(one) <= _LONGEST and _ZEROS.fullmatch(one) for one in counts)


def beside(text: str) -> Iterator[str]:
    """Yield what stands beside the number of an amount: each side of it, then its parts."""
    match = _AMOUNT.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return
    sides = [match[name].strip() for name in ("before", "mark", "after")]
    yield from filter(None, sides)
    for side in sides:
        yield from _PARTS.findall(side)


def point_of(texts: Iterable[str]) -> str:
    """Return the decimal point of a column of amounts: ``.`` or ``,``; ``""`` where none shows."""
    found = {point for text in texts if len(text) <= _LONGEST and (point := _point(text))}
    return found.pop() if len(found) == 1 else ""


def _point(text: str) -> str:
    """Return the mark that can only be a decimal point in this amount."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return ""
    number = match["number"].strip(" \u00a0\u202f")
    dot, comma = number.rfind("."), number.rfind(",")
    if dot >= 0 and comma >= 0:
        return "." if dot > comma else ","
    mark = "." if dot >= 0 else ","
    place = max(dot, comma)
    if place >= 0 and len(number) - place - 1 != _DIGITS and number.count(mark) == 1:
        return mark
    return ""


def amount_of(text: str, point: str = "") -> Decimal:
    """Return an amount of money; ``point`` is the decimal point of its column, if one shows.

    Raises:
        Unreadable: It isn't an amount.
    """
    match = _AMOUNT.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise Unreadable("not-an-amount")
    number = re.sub("['\u2019\u00a0\u202f ]", "", match["number"]).rstrip(".,")
    point = _point(text) or point
    if "e" in number.lower() and "," not in number:
        point = "."
    other = "," if point == "." else "."
    plain = number.replace(other, "").replace(point, ".") if point else re.sub("[.,]", "", number)
    try:
        return Decimal(match["sign"] + plain)
    except InvalidOperation as error:
        raise Unreadable("not-an-amount") from error
