"""A plan as an Excel workbook: typed dates and numbers, one sheet a table."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

from planner.writing.escaping import cell as as_cell
from planner.writing.sentences import Sentences
from planner.writing.tables import Cell, Sheet, Table, sheet

_DAY_FORMAT = "yyyy-mm-dd"
_NARROWEST, _WIDEST = 8, 60  # Characters.
_LOOKED_AT = 200  # Rows that decide a column's width.
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
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    page.title = made.title[:31]
    page.freeze_panes = "A2"
    last = get_column_letter(len(made.header))
    page.auto_filter.ref = f"A1:{last}{len(made.rows) + 1}"
    for place in range(len(made.header)):
        letter = get_column_letter(place + 1)
        page.column_dimensions[letter].width = _width(made, place)
    bold, top = Font(bold=True), Alignment(vertical="top", wrap_text=True)

    def written(value: Cell) -> Any:
        if isinstance(value, str):
            text: Any = WriteOnlyCell(page, as_cell(value)[:_LONGEST])
            text.data_type = "s"
            text.alignment = top
            return text
        typed: Any = WriteOnlyCell(page)
        typed.value = value
        typed.alignment = top
        if isinstance(value, dt.date):
            typed.number_format = _DAY_FORMAT
        return typed

    header = [written(name) for name in made.header]
    for name in header:
        name.font = bold
    page.append(header)
    for row in made.rows:
        page.append([None if value is None else written(value) for value in row])


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
