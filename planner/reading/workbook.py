"""An .xlsx file → its sheets, each as the text that copying its cells would give."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

PACKAGES = ("openpyxl",)
"""What has to be there to read a workbook."""

_WIDEST = 200  # Columns that every line has; a header further right isn't one of the same table.
_QUOTE = '"'


class NotAWorkbook(ValueError):
    """A file that begins like an .xlsx file and isn't one."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet on which anything stands.

    Attributes:
        lines: A line for each row, from the first on: its cells parted by tabs.
        formulas: Line → formula that stands in it without a result.
    """

    name: str
    is_hidden: bool
    lines: tuple[str, ...]
    formulas: Mapping[int, str]


def sheets_of(raw: bytes) -> list[Sheet]:
    """Return the sheets of a workbook that hold anything, in their order.

    Raises:
        NotAWorkbook: The file is damaged or no workbook.
    """
    from openpyxl import load_workbook

    from planner.reading.cells import cells_of

    sheets: list[Sheet] = []
    try:
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        for sheet in book.worksheets:
            cells = cells_of(sheet)
            if cells.rows:
                hidden = sheet.sheet_state != "visible"
                lines = _lines(cells.rows)
                sheets.append(Sheet(sheet.title, hidden, lines, cells.formulas))
        book.close()
    except Exception as why:  # openpyxl and the XML parser below it raise whatever they like
        raise NotAWorkbook from why
    return sheets


def _lines(rows: Mapping[int, Mapping[int, str]]) -> tuple[str, ...]:
    width = min(max(map(max, rows.values())), _WIDEST)
    return tuple(
        _line(rows[number], width) if number in rows else "" for number in range(1, max(rows) + 1)
    )


def _line(row: Mapping[int, str], width: int) -> str:
    """Return a row as a line with as many cells as the sheet is wide."""
    if [*row] == [1] and row[1].count(_QUOTE) % 2 == 0:
        quoted = row  # Perhaps a line of CSV that Excel left in one cell.
    else:
        quoted = {column: _quoted(text) for column, text in row.items()}
    return "\t".join(quoted.get(column, "") for column in range(1, max(width, *row) + 1))


def _quoted(text: str) -> str:
    """Return a cell so that a quote with which it begins is one of its characters."""
    if not text.startswith(_QUOTE):
        return text
    return f"{_QUOTE}{text.replace(_QUOTE, _QUOTE * 2)}{_QUOTE}"
