"""The cells of a worksheet as text, read as they come: rows that are only formatted cost nothing.

What openpyxl itself reads from a large sheet leaves out merged cells and formulas without a
result, believes the size that the sheet claims, and takes twice as long.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element, iterparse

from openpyxl.cell.text import Text
from openpyxl.utils import column_index_from_string, range_boundaries
from openpyxl.utils.datetime import from_excel
from openpyxl.xml.constants import SHEET_MAIN_NS

_SPACE = f"{{{SHEET_MAIN_NS}}}"
_DATA, _ROW, _MERGED = f"{_SPACE}sheetData", f"{_SPACE}row", f"{_SPACE}mergeCell"
_VALUE, _FORMULA, _INLINE = f"{_SPACE}v", f"{_SPACE}f", f"{_SPACE}is"
_DIGITS = "0123456789"
# No "<" stands in text or in attributes, so nothing but what is empty fits.
_EMPTY_CELL = re.compile(rb'<c r="[^<>]*/>')
_EMPTY_ROW = re.compile(rb'<row r="[^<>]*(?:/>|>\s*</row>)')
_AT_ONCE = 1 << 16  # Bytes.
_MOST_ROWS = 1_048_576  # Of any worksheet.
_GROUP = 3  # Digits after a point that could be taken for thousands.


@dataclass(slots=True)
class Cells:
    """What stands on a worksheet, its rows and columns counted from 1.

    Attributes:
        rows: Row → column → text; what is empty is left out.
        formulas: Row → formula that stands in it without a result.
    """

    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    formulas: dict[int, str] = field(default_factory=dict)


def cells_of(sheet: Any) -> Cells:
    """Return the cells of a worksheet that openpyxl opened to read only.

    Days are written as ISO, numbers with a decimal point, text on one line. A cell that is
    merged over several rows stands in each of them that has anything else.

    Raises:
        ValueError: The sheet has more rows than any sheet can have.
        Exception: Whatever the XML parser raises for a damaged sheet.
    """
    said = _Said(sheet)
    cells = Cells()
    merged: list[str] = []
    # Its source is closed with the workbook.
    for element in _elements(_Filled(sheet._get_source())):  # noqa: SLF001 - openpyxl has no other way in
        if element.tag == _MERGED:
            merged.append(element.get("ref", ""))
            continue
        number = int(float(element.get("r", said.row + 1)))
        if not 0 < number <= _MOST_ROWS:
            raise ValueError(number)
        said.row = number
        row = dict(said.cells(element, cells))
        if row:
            cells.rows.setdefault(number, {}).update(row)
    _fill(cells, merged)
    return cells


class _Filled:
    """A sheet's XML without its empty cells and rows: leaving them out is quicker than parsing."""

    def __init__(self, source: Any) -> None:
        self._source = source
        self._rest = b""

    def read(self, _size: int = -1) -> bytes:
        """Return the next bytes, ``b""`` at the end."""
        while chunk := self._source.read(_AT_ONCE):
            text = self._rest + chunk
            cut = text.rfind(b"<row ")
            if cut <= 0:  # One row is longer than this; its cells may be parted anywhere.
                cut = max(text.rfind(b"<"), 0)
            self._rest = text[cut:]
            if filled := _EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", text[:cut])):
                return filled
        filled, self._rest = self._rest, b""
        return filled


def _elements(source: _Filled) -> Iterator[Element]:
    """Yield the rows and the merged ranges of a sheet, and forget each when it's done with."""
    data: Element | None = None
    for event, element in iterparse(source, ("start", "end")):  # noqa: S314 - as openpyxl does; expat has limits of its own
        if event == "start":
            if data is None and element.tag == _DATA:
                data = element
        elif element.tag == _ROW and data is not None:
            yield element
            data.clear()
        elif element.tag == _MERGED:
            yield element


def _fill(cells: Cells, merged: Iterable[str]) -> None:
    """Write what is merged over several rows into each of them that says anything."""
    for ref in merged:
        left, top, _, bottom = (edge or 0 for edge in range_boundaries(ref))
        text = cells.rows.get(top, {}).get(left)
        if text is None or bottom == top:
            continue
        below = range(top + 1, bottom + 1)
        # A range may go down to the end of the sheet.
        for number in below if len(below) < len(cells.rows) else [*cells.rows]:
            if number in below and number in cells.rows:
                cells.rows[number].setdefault(left, text)


class _Said:
    """What the cells of one sheet say.

    Attributes:
        row: Number of the row that is being read.
    """

    def __init__(self, sheet: Any) -> None:
        book = sheet.parent
        self.row = 0
        self._shared = sheet._shared_strings  # noqa: SLF001
        self._days = book._date_formats  # noqa: SLF001
        self._spans = book._timedelta_formats  # noqa: SLF001
        self._epoch = book.epoch
        # Sheets say the same days, numbers and words all over again.
        self._day: Callable[[str, int], str] = cache(self._day_of)
        self._word: Callable[[int], str] = cache(self._word_of)
        self._number: Callable[[str], str] = cache(_number_of)

    def cells(self, row: Element, cells: Cells) -> Iterator[tuple[int, str]]:
        """Yield column and text of each cell of a row that says something."""
        column = 0
        for cell in row:
            place = cell.get("r")
            column = _column(place.rstrip(_DIGITS)) if place else column + 1
            if not len(cell):  # Only formatted.
                continue
            text = self._text(cell)
            if not text and _has_no_result(cell):
                text = f"={cell.findtext(_FORMULA) or ''}"
                cells.formulas.setdefault(self.row, text)
            if text:
                yield column, text

    def _text(self, cell: Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline: Any = cell.find(_INLINE)
            return "" if inline is None else _plain(_content(inline))
        value = cell.findtext(_VALUE)
        if not value:
            return ""
        match kind:
            case "n":
                style = int(cell.get("s", 0))
                return self._day(value, style) if style in self._days else self._number(value)
            case "s":
                return self._word(int(value))
            case "b":
                return "true" if value == "1" else "false"
            case _:
                return _plain(value)

    def _word_of(self, number: int) -> str:
        return _plain(self._shared[number])

    def _day_of(self, value: str, style: int) -> str:
        try:
            found = from_excel(float(value), self._epoch, timedelta=style in self._spans)
        except (OverflowError, ValueError):
            return _number_of(value)
        if isinstance(found, dt.datetime) and found.time() == dt.time():
            return found.date().isoformat()
        return found.isoformat(" ") if isinstance(found, dt.datetime) else str(found)


def _content(inline: Any) -> str:
    text: Any = Text.from_tree(inline)
    return str(text.content)


def _has_no_result(cell: Element) -> bool:
    """Tell whether a formula was never calculated; one may well have an empty text as result."""
    if cell.find(_FORMULA) is None:
        return False
    return cell.get("t") != "str" or cell.find(_VALUE) is None


@cache
def _column(letters: str) -> int:
    return column_index_from_string(letters)


def _number_of(value: str) -> str:
    """Return a number as anyone reads it: its point is never taken for one of thousands."""
    try:
        number = float(value)
    except ValueError:
        return _plain(value)
    if number.is_integer():
        return str(int(number))
    text = repr(number)
    return f"{text}0" if len(text.partition(".")[2]) == _GROUP else text


def _plain(text: str) -> str:
    return " ".join(text.split())
