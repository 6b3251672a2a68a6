"""A plan as an Excel workbook: typed dates and numbers, one sheet a table."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

from planner.writing.escaping import cell as as_cell
from planner.writing.sentences import Sentences
from planner.writing.tables import Cell, Sheet, Table, sheet

_NARROWEST, _WIDEST = 8, 60  # Characters.
_LOOKED_AT = 200  # Rows that decide a column's width.
_LONGEST_TITLE = 31  # Characters of a sheet's title.
_LONGEST = 32_767  # Characters that a cell holds.
_ZIP_BEGINS = (1980, 1, 1, 0, 0, 0)


def workbook(say: Sentences) -> bytes:
    """Return a plan's workbook: agenda, lines, set aside.

    The same plan gives the same bytes. No cell is a formula: text that begins like one is
    stored as text behind an apostrophe, as in the other tables.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    made_on = dt.datetime.combine(say.plan.as_of, dt.time())
    book.properties.created = made_on
    book.properties.title = say.label("title")
    book.properties.creator = "csp-move-planner"
    for table in Table:
        _write(book.create_sheet(), sheet(table, say))
    file = io.BytesIO()
    book.save(file)
    return _dated(file.getvalue(), made_on)


def _write(page: Any, made: Sheet) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    page.title = made.title[:_LONGEST_TITLE]
    page.freeze_panes = "A2"
    last = get_column_letter(len(made.header))
    page.auto_filter.ref = f"A1:{last}{len(made.rows) + 1}"
    for place in range(len(made.header)):
        page.column_dimensions[get_column_letter(place + 1)].width = _width(made, place)

    def typed(value: Cell) -> Any:
        if not isinstance(value, str):
            return value
        text = as_cell(value)[:_LONGEST]
        if not text.startswith("#"):
            return text
        named: Any = WriteOnlyCell(page, text)  # openpyxl takes "#N/A" for an error.
        named.data_type = "s"
        return named

    header = [WriteOnlyCell(page, name) for name in made.header]
    for name in header:
        name.font = Font(bold=True)
    page.append(header)
    for row in made.rows:
        page.append([typed(value) for value in row])


def _width(made: Sheet, place: int) -> int:
    shown = [made.header[place], *(row[place] for row in made.rows[:_LOOKED_AT])]
    longest = max(len(str(value)) if value is not None else 0 for value in shown)
    return min(max(longest + 2, _NARROWEST), _WIDEST)


def _dated(file: bytes, day: dt.datetime) -> bytes:
    """Return the same workbook without the moment at which it was saved."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as saved, zipfile.ZipFile(packed, "w") as made:
        for entry in saved.infolist():
            content = saved.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _modified(content, day)
            dated = zipfile.ZipInfo(entry.filename, _ZIP_BEGINS)
            made.writestr(dated, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _modified(properties: bytes, day: dt.datetime) -> bytes:
    before, opened, rest = properties.partition(b"<dcterms:modified")
    attributes, close, rest = rest.partition(b">")
    _, ending, after = rest.partition(b"</dcterms:modified>")
    moment = day.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return before + opened + attributes + close + moment + ending + after
