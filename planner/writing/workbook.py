"""A plan as an Excel workbook: typed dates and numbers, one sheet a table.

openpyxl makes the workbook with its styles, headers and filters. The rows below the
headers are written here, each text once: openpyxl takes some five times as long for
cells that share nothing but their kind.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from html import escape
from typing import Any

from planner.writing.escaping import cell as as_cell
from planner.writing.sentences import Sentences
from planner.writing.tables import Cell, Sheet, Table, sheet

_NARROWEST, _WIDEST = 8, 60  # Characters.
_LOOKED_AT = 200  # Rows that decide a column's width.
_LONGEST_TITLE = 31  # Characters of a sheet's title.
_LONGEST = 32_767  # Characters that a cell holds.
_ZIP_BEGINS = (1980, 1, 1, 0, 0, 0)
_EXCEL_BEGINS = dt.date(1899, 12, 30).toordinal()
_ROWS_END = b"</sheetData>"
_MOST_COLUMNS = 50


def workbook(say: Sentences) -> bytes:
    """Return a plan's workbook: agenda, lines, set aside.

    The same plan gives the same bytes. No cell is a formula: text that begins like one is
    stored as text behind an apostrophe, as in the other tables.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    made_on = dt.datetime.combine(say.plan.as_of, dt.time())
    book.properties.created = made_on
    book.properties.title = say.label("title")
    book.properties.creator = "csp-move-planner"
    rows = {}
    for number, table in enumerate(Table, 1):
        page, made = book.create_sheet(), sheet(table, say)
        _begin(page, made)
        rows[f"xl/worksheets/sheet{number}.xml"] = made.rows
    day: Any = say.plan.as_of
    style = WriteOnlyCell(page, day).style_id  # Of days; saved with the book.
    file = io.BytesIO()
    book.save(file)
    return _completed(file.getvalue(), rows, style, made_on)


def _begin(page: Any, made: Sheet) -> None:
    """Give a sheet all but the rows below its header."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    page.title = made.title[:_LONGEST_TITLE]
    page.freeze_panes = "A2"
    last = get_column_letter(len(made.header))
    page.auto_filter.ref = f"A1:{last}{len(made.rows) + 1}"
    for place in range(len(made.header)):
        page.column_dimensions[get_column_letter(place + 1)].width = _width(made, place)
    header = [WriteOnlyCell(page, name) for name in made.header]
    for name in header:
        name.font = Font(bold=True)
    page.append(header)


def _rows(rows: Iterable[tuple[Cell, ...]], style: int) -> Iterator[str]:
    """Return rows as SpreadsheetML, from the second on; ``style`` is that of days."""
    from openpyxl.utils import get_column_letter

    letters = [get_column_letter(place) for place in range(1, _MOST_COLUMNS + 1)]
    written = _content(style)
    for number, row in enumerate(rows, 2):
        cells = [
            f'<c r="{letter}{number}"{content}</c>'
            for letter, value in zip(letters, row, strict=False)
            if (content := written(value))
        ]
        yield f'<row r="{number}">{"".join(cells)}</row>'


def _content(style: int) -> Callable[[Cell], str]:
    """Return what writes a cell behind its address; each text and each day once."""

    @cache
    def text(value: str) -> str:
        said = escape(as_cell(value)[:_LONGEST])
        return f' t="inlineStr"><is><t xml:space="preserve">{said}</t></is>' if said else ""

    @cache
    def day(value: dt.date) -> str:
        return f' s="{style}"><v>{value.toordinal() - _EXCEL_BEGINS}</v>'

    def content(value: Cell) -> str:
        if isinstance(value, str):
            return text(value)
        if value is None:
            return ""
        return day(value) if isinstance(value, dt.date) else f"><v>{value}</v>"

    return content


def _width(made: Sheet, place: int) -> int:
    shown = [made.header[place], *(row[place] for row in made.rows[:_LOOKED_AT])]
    longest = max(len(str(value)) if value is not None else 0 for value in shown)
    return min(max(longest + 2, _NARROWEST), _WIDEST)


def _completed(
    file: bytes,
    rows: dict[str, tuple[tuple[Cell, ...], ...]],
    style: int,
    day: dt.datetime,
) -> bytes:
    """Return a workbook with its rows, and without the moment at which it was saved."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as saved, zipfile.ZipFile(packed, "w") as made:
        for entry in saved.infolist():
            content = saved.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _modified(content, day)
            if entry.filename in rows:
                before, end, after = content.partition(_ROWS_END)
                below = "".join(_rows(rows[entry.filename], style)).encode()
                content = before + below + end + after
            dated = zipfile.ZipInfo(entry.filename, _ZIP_BEGINS)
            made.writestr(dated, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _modified(properties: bytes, day: dt.datetime) -> bytes:
    before, opened, rest = properties.partition(b"<dcterms:modified")
    attributes, close, rest = rest.partition(b">")
    _, ending, after = rest.partition(b"</dcterms:modified>")
    moment = day.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return before + opened + attributes + close + moment + ending + after
