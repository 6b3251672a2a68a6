"""An .xlsx file → a block for each of its sheets that holds a table."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

from planner.reading.delimited import columns_of, header_cells
from planner.reading.parts import Known, Parts
from planner.reading.records import Block, Shape

_TITLES = 30  # Rows in which the header is looked for.
PACKAGES = ("openpyxl",)
"""What has to be there to read a workbook."""


class NotAWorkbook(ValueError):
    """A file that begins like an .xlsx file and isn't one."""


def workbook_parts(raw: bytes, known: Known) -> Parts:
    """Return the tables of a workbook's sheets. Cells keep their types as text: days as ISO.

    Raises:
        NotAWorkbook: The file is damaged or no workbook.
    """
    from openpyxl import load_workbook

    parts = Parts()
    try:
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        before = 0
        for sheet in book.worksheets:
            rows = [[_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
            _add(rows, before, known, parts)
            before += len(rows)
        book.close()
    except Exception as why:  # openpyxl and the XML parser below it raise whatever they like
        raise NotAWorkbook from why
    return parts


def _add(rows: Sequence[Sequence[str]], before: int, known: Known, parts: Parts) -> None:
    """Add the table of one sheet, whose rows are numbered on from the sheets before it."""
    counts = [len(header_cells("\t".join(row), known.keys)[0]) for row in rows[:_TITLES]]
    most = max(counts, default=0)
    header = counts.index(most) if most else -1
    for place, row in enumerate(rows[:header] if header >= 0 else rows[:1]):
        if text := " · ".join(filter(None, row)):
            parts.strays[before + place + 1] = text
    if header < 0:
        return
    below = [(place, row) for place, row in enumerate(rows) if place > header and any(row)]
    headers = list(rows[header])
    while headers and not headers[-1]:
        headers.pop()
    block = Block(Shape.TABLE, [], [before + place + 1 for place, _ in below], before + header + 1)
    block.columns = columns_of(headers, [row[: len(headers)] for _, row in below])
    block.last_line = before + len(rows)
    parts.blocks.append(block)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case dt.datetime():
            return value.isoformat(" ") if value.time() != dt.time() else value.date().isoformat()
        case dt.date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return " ".join(str(value).split())
