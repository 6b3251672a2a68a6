"""A page's source → the text that the page shows: a line for each row of a table.

Only reads: no script, style or attribute but ``colspan`` and ``rowspan`` counts. One pass over
the tags, because Python's ``html.parser`` takes quadratic time for some broken pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

# No part of a tag passes over another "<", so each character is looked at a few times at most.
_TAG = re.compile(
    r"""<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]*+)"""
    r"""(?P<said>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+'|["'])*+)>|<!--|<[!?][^<>]*+>"""
)
_SPAN = re.compile(r"""(?<![\w-])(colspan|rowspan)\s?=\s?["']?(\d{1,4})""", re.IGNORECASE)
_BEGINS = re.compile(r"^[ \t]*<(?:table|tr|thead|tbody)(?=[\s>])", re.IGNORECASE | re.MULTILINE)
_ROW = re.compile(r"<tr(?=[\s>])", re.IGNORECASE)
_TABLE = re.compile(r"<table(?=[\s>])", re.IGNORECASE)
_UNSHOWN = frozenset({"script", "style", "template", "noscript", "title", "svg", "select"})
_CELLS = frozenset({"td", "th"})
_INLINE = frozenset(
    (
        *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "em", "font", "i", "img", "kbd"),
        *("label", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "time", "u", "wbr"),
    )
)
_WIDEST = 1000  # Columns of one row.
_DEEPEST = 50  # Tables within tables; deeper ones are read as part of the one around them.


@dataclass(slots=True)
class _Table:
    """A table that is open.

    Attributes:
        row: Cells of the row that is open; ``None`` between rows.
        down: Column → text that a cell above spans down, and over how many more rows.
    """

    lines: list[str] = field(default_factory=list)
    row: list[str] | None = None
    cell: list[str] | None = None
    spans: tuple[int, int] = (1, 1)
    down: dict[int, tuple[str, int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Page:
    """What is shown so far: lines, open tables, and tables that stood within others."""

    most: int
    lines: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    open: list[_Table] = field(default_factory=list)
    inner: list[list[str]] = field(default_factory=list)


def is_markup(text: str) -> bool:
    """Tell whether a text is the source of a table, or of a page that has one."""
    if "<" not in text or ("<tr" not in text and "<TR" not in text and "<Tr" not in text):
        return False
    if not _ROW.search(text):
        return False
    starts = text.lstrip()[:1] == "<" and bool(_TABLE.search(text))
    return starts or bool(_BEGINS.search(text))


def shown_of(text: str) -> str:
    """Return what a page shows: its tables' cells parted by tabs, all else as lines."""
    page = _Page(most=len(text))
    at = 0
    endless: set[str] = set()
    for tag in _TAG.finditer(text):
        if tag.start() < at:
            continue
        _say(page, text[at : tag.start()])
        at = tag.end()
        name = (tag["name"] or "").lower()
        if tag[0] == "<!--" or (name in _UNSHOWN and not tag["close"]):
            at = _after(text, at, name or "-->", endless)
        elif name:
            _follow(page, name, tag["said"], closes=bool(tag["close"]))
    _say(page, text[at:])
    while page.open:
        _close_table(page)
    _break(page)
    return "\n".join(page.lines)


def _after(text: str, at: int, name: str, endless: set[str]) -> int:
    """Return where what isn't shown ends; where it never does, it's taken as shown."""
    if name in endless:
        return at
    if name == "-->":
        found = text.find(name, at)
        stop = found + len(name)
    else:
        end = re.compile(rf"</{name}[^<>]*>", re.IGNORECASE).search(text, at)
        found, stop = (end.start(), end.end()) if end else (-1, at)
    if found < 0:
        endless.add(name)
        return at
    return stop


def _follow(page: _Page, name: str, said: str, *, closes: bool) -> None:
    """Do what a tag says."""
    if name == "table":
        if not closes and len(page.open) < _DEEPEST:
            if not page.open:
                _break(page)
            page.open.append(_Table())
        elif closes and page.open:
            _close_table(page)
    elif name == "tr":
        _close_row(page, _table(page))
        page.open[-1].row = None if closes else []
    elif name in _CELLS and not closes:
        _open_cell(page, _table(page), said)
    elif name in _CELLS and page.open:
        _close_cell(page, page.open[-1])
    elif name not in _INLINE:
        if page.open:
            _say(page, " ")
        else:
            _break(page)


def _table(page: _Page) -> _Table:
    """Return the table that is open; rows copied without theirs are one."""
    if not page.open:
        _break(page)
        page.open.append(_Table())
    return page.open[-1]


def _open_cell(page: _Page, table: _Table, said: str) -> None:
    _close_cell(page, table)
    table.row = [] if table.row is None else table.row
    table.cell = []
    counts = {key.lower(): int(count) for key, count in _SPAN.findall(said)}
    table.spans = (counts.get("colspan", 1), counts.get("rowspan", 1))


def _say(page: _Page, text: str) -> None:
    """Add text where the page is: to a cell, or to what stands outside of tables."""
    if not text:
        return
    table = page.open[-1] if page.open else None
    if table is not None and table.cell is not None:
        table.cell.append(text)
    elif table is None:
        before, *further = text.split("\n")
        page.loose.append(before)
        for line in further:
            _break(page)
            page.loose.append(line)
    elif text.strip():  # Text between rows or cells, which browsers show above the table.
        page.inner.append([_plain(text)])


def _plain(text: str) -> str:
    return " ".join(unescape(text).split())


def _break(page: _Page) -> None:
    said = _plain("".join(page.loose))
    page.loose.clear()
    if said or (page.lines and page.lines[-1]):
        page.lines.append(said)


def _close_cell(page: _Page, table: _Table) -> None:
    if table.cell is None or table.row is None:
        return
    text = _plain("".join(table.cell))
    table.cell = None
    across, down = table.spans
    _span_down(page, table)
    place = len(table.row)
    filled = ["", *[""] * min(across - 1, _WIDEST, page.most)] if across > 1 else [""]
    filled[0] = text
    page.most -= len(filled) - 1
    table.row += filled
    if down > 1 and text:
        table.down[place] = text, down - 1


def _span_down(page: _Page, table: _Table) -> None:
    """Fill the cells that ones of rows above span down to, up to the next one of this row."""
    row = table.row if table.row is not None else []
    while table.down and (above := table.down.get(len(row))) and page.most > 0:
        text, rows = above
        if rows > 1:
            table.down[len(row)] = text, rows - 1
        else:
            del table.down[len(row)]
        page.most -= len(text) + 1
        row.append(text)


def _close_row(page: _Page, table: _Table) -> None:
    _close_cell(page, table)
    if table.row:
        _span_down(page, table)
        if any(table.row):
            table.lines.append("\t".join(map(_quoted, table.row[:_WIDEST])))
    table.row = None


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if '"' in cell else cell


def _close_table(page: _Page) -> None:
    """Put a table's lines below what is shown; tables within it follow after it."""
    table = page.open.pop()
    _close_row(page, table)
    if page.open:
        page.inner.append(table.lines)
        return
    for lines in (table.lines, *page.inner):
        if lines:
            page.lines += [*lines, ""]
    page.inner.clear()
