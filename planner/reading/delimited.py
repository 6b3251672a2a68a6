"""Delimited text → a block: which line is the header, which mark parts the cells, which rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from itertools import zip_longest

from planner.reading.records import Block, Column, Shape, fold, header_key

_TAB = "\t"
DELIMITERS = (_TAB, ";", ",", "|")
MARKDOWN = "|"
"""What parts the cells of a Markdown table."""

WIKI = MARKDOWN * 2
"""What parts the headers of a table in Jira's or Confluence's markup; its cells have one bar."""

_MARKDOWN_RULE = re.compile(r":?-+:?")
_STRUCK = re.compile(r"~~[^~]{1,200}~~")
_LINK = re.compile(r"\[([^\[\]]{1,200})\]\([^()\[\]\s]{1,500}\)")
_UNESCAPED_BAR = re.compile(r"(?<!\\)\|")
_SMART_QUOTES = ("\u201c", "\u201d", "\u201e")
_PLAIN_QUOTES = str.maketrans(dict.fromkeys(_SMART_QUOTES, '"'))
_OPENING = ("\u201c", "\u201e")
_LONGEST_CELL = 200  # Lines that one quoted cell may go on over.
_LONGEST_FIELD = 2**31 - 1  # A cell may be as long as the paste.
_LONGEST_TOTAL = 60
_NUMBER = re.compile(r"[^\W\d_]{0,3}\W{0,3}\d[\d.,'\u2019\u00a0\u202f ]{0,30}\W{0,3}[^\W\d_]{0,3}")
_NOTES = ("*", "(*", "\u2020")
_WIDEST = 1000  # Columns; a line with more cells is no header.
TOTALS = frozenset(
    (
        *("total", "totals", "totales", "totalgeneral", "grandtotal", "subtotal", "subtotales"),
        *("gesamt", "gesamtsumme", "zwischensumme", "suma", "summe", "sum"),
    )
)

_TOTAL_BEGINS = "".join({letter for word in TOTALS for letter in (word[0], word[0].upper())})

Split = Callable[[Sequence[str], int, int], tuple[list[str] | None, int]]
"""Lines, where a row begins and where to stop → its cells (``None``: a quote stays open), lines
taken."""


@cache
def _curled(delimiter: str) -> re.Pattern[str]:
    """Return what finds a whole cell in smart quotes; a quote inside a cell stays as it is.

    To be looked for only where no cell has plain quotes: what those hold is what was meant.
    """
    mark = re.escape(delimiter)
    cell = r"[\u201c\u201e]([^\u201c-\u201e]*+)[\u201c\u201d]"
    return re.compile(rf"((?:^|(?<={mark}))\ ?){cell}(?=\ ?(?:{mark}|$))")


def header_cells(line: str, known: frozenset[str]) -> tuple[list[str], str]:
    """Return the cells of a line that are known headers, and the delimiter that yields most."""
    best: list[str] = []
    chosen = DELIMITERS[0]
    for mark in DELIMITERS:
        if mark not in line and mark != DELIMITERS[0]:
            continue
        cells = [cell.strip(' "\u201c\u201d\u00a0') for cell in line.split(mark, _WIDEST)]
        if len(cells) > _WIDEST:
            continue
        found = [cell for cell in cells if header_key(cell) in known]
        if len(found) > len(best) or not best:
            best, chosen = found, mark
    return best, chosen


def delimited_block(lines: Sequence[str], start: int, stop: int, delimiter: str) -> Block:
    """Return the table whose header stands at ``start`` and whose rows end before ``stop``.

    ``start`` and ``stop`` count from 0; the block's lines from 1.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    if lines[start].lstrip().startswith(_SMART_QUOTES):
        lines = [line.translate(_PLAIN_QUOTES) for line in lines]
    elif any(mark in line for line in lines[start:stop] for mark in _OPENING) and not any(
        '"' in line for line in lines[start:stop]
    ):
        curled = _curled(delimiter)
        lines = [curled.sub(r'\1"\2"', line) for line in lines]
    split = _split(lines, start, delimiter)
    headers, taken = _headers(lines, start, stop, split, delimiter)
    width = len(headers)
    if split is _wiki_header:
        split = _wiki_rows(width)
    block = Block(Shape.TABLE, [], [], start + 1, stop)
    rows: list[list[str]] = []
    repeated = lines[start].strip()
    odd = "".join((_TOTAL_BEGINS, *(header[:1] for header in headers[:1])))
    for place, row in _rows(lines, start + taken, stop, split, delimiter):
        if row is None:
            block.unclosed[place + 1] = lines[place].strip()
            continue
        first = row[0] if row else ""
        if len(row) != width or not first or first[0] in odd or not first[0].isalnum():
            row = _judged(row, place, lines, repeated, width, block, len(rows))  # noqa: PLW2901 - what stands beyond the headers is kept apart
        if row is not None:
            rows.append(row)
            block.lines.append(place + 1)
    block.columns = columns_of(headers, rows)
    return block


def _judged(
    row: list[str],
    place: int,
    lines: Sequence[str],
    repeated: str,
    width: int,
    block: Block,
    number: int,
) -> list[str] | None:
    """Return a row without what stands beyond the last header; ``None`` for what is no row.

    ``repeated`` is the header's line, which some tools print again; ``number`` counts the rows
    before.
    """
    if not any(cell and not cell.isspace() for cell in row) or lines[place].strip() == repeated:
        return None
    if _is_total(row):
        block.totals[place + 1] = " · ".join(cell for cell in row if cell.strip())
        return None
    apart = place in block.strays or not lines[place - 1].strip()
    if _is_outside(row, width, apart=apart) or _is_note(row, width, block):
        block.strays[place + 1] = lines[place].strip()
        return None
    if surplus := tuple(cell for cell in row[width:] if cell.strip()):
        block.surplus[number] = surplus
    return row[:width]


def _headers(
    lines: Sequence[str], start: int, stop: int, split: Split, delimiter: str
) -> tuple[list[str], int]:
    """Return the headers up to the last that says something, and how many lines they take.

    Tabs after it part columns without a header. Other marks may stand in a cell that should
    have had quotes, so a cell there may as well belong to a row that has gone out of step.
    """
    cells, taken = split(lines, start, stop)
    if cells is None:  # A quote that stays open in the header means nothing.
        cells, taken = split([lines[start].replace('"', "")], 0, 1)
    headers = [cell.strip(' \t"\u201c\u201d\u00a0') for cell in cells or ()]
    while delimiter != _TAB and headers and not headers[-1]:
        headers.pop()
    return headers, taken


def columns_of(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Column]:
    """Return rows as columns; the cells are without blanks around them."""
    across: Iterable[Sequence[str]] = zip_longest(*rows, fillvalue="") if rows else ()
    cells = [list(map(str.strip, column)) for column in across]
    empty = [""] * len(rows)
    return [
        Column(header, header_key(header), cells[place] if place < len(cells) else empty)
        for place, header in enumerate(headers)
    ]


def _is_total(row: Sequence[str]) -> bool:
    """Tell whether a row adds up others: "Total", or "Subtotal Contoso" with numbers alone."""
    first, *others = (cell.strip() for cell in row if cell and not cell.isspace())
    if len(first) > _LONGEST_TOTAL:
        return False
    if fold(first.strip("*_")) in TOTALS:
        return True
    return fold(first.split(maxsplit=1)[0]) in TOTALS and bool(others) and _are_numbers(others)


def _are_numbers(cells: Sequence[str]) -> bool:
    return all(map(_NUMBER.fullmatch, cells))


def _is_note(row: Sequence[str], width: int, block: Block) -> bool:
    """Tell whether a line's one cell is a note: with an asterisk, or below a total."""
    said = [cell for cell in row if cell and not cell.isspace()]
    if len(said) > 1 or width <= 2:  # noqa: PLR2004 - of two cells one is often empty
        return False
    last = block.lines[-1] if block.lines else 0
    below = any(next(reversed(apart), 0) > last for apart in (block.totals, block.strays))
    return below or said[0].lstrip().startswith(_NOTES)


def _is_outside(row: Sequence[str], width: int, *, apart: bool) -> bool:
    """Tell whether a line is prose below a table rather than a row of it.

    ``apart`` says that it follows a blank line or prose.
    """
    return width > 1 and len(row) == 1 and (apart or " " in row[0].strip())


def _split(lines: Sequence[str], number: int, delimiter: str) -> Split:
    """Return how this table's rows are split: as Markdown or as delimited text."""
    if delimiter == MARKDOWN:
        if is_wiki(lines[number]):
            return _wiki_header
        below = next((line for line in lines[number + 1 : number + 5] if line.strip()), "")
        if lines[number].strip().startswith(MARKDOWN):
            return _framed_row
        if _is_rule(below):
            return _markdown_row
    return partial(_delimited_row, delimiter)


def _rows(
    lines: Sequence[str], at: int, stop: int, split: Split, delimiter: str
) -> Iterable[tuple[int, list[str] | None]]:
    """Yield each row with the place of the line on which it starts, from 0."""
    if isinstance(split, partial):
        quick = _quick_rows(lines, at, stop, delimiter)
        if quick is not None:
            yield from quick
            return
    while at < stop:
        if not lines[at]:
            at += 1
            continue
        cells, taken = split(lines, at, stop)
        yield at, cells
        at += taken


def _quick_rows(
    lines: Sequence[str], at: int, stop: int, delimiter: str
) -> list[tuple[int, list[str] | None]] | None:
    """Return all rows at once where every quote works out, else ``None``."""
    between = lines[at:stop]
    if not any('"' in line for line in between):
        return [
            (at + place, line.split(delimiter))
            for place, line in enumerate(between)
            if line and not line.isspace()
        ]
    reader = csv.reader(
        (line + "\n" for line in between), delimiter=delimiter, skipinitialspace=True, strict=True
    )
    rows: list[tuple[int, list[str] | None]] = []
    begun = 0
    try:
        for cells in reader:
            if reader.line_num - begun > _LONGEST_CELL:
                return None
            rows.append((at + begun, cells))
            begun = reader.line_num
    except csv.Error:
        return None
    return rows


def _framed_row(lines: Sequence[str], at: int, _stop: int) -> tuple[list[str], int]:
    """Return one row of a Markdown table whose lines begin with a bar."""
    line = lines[at].strip()
    if _is_rule(line):
        return [], 1
    cells = _UNESCAPED_BAR.split(line.removeprefix(MARKDOWN))
    if not cells[-1]:  # The bar at the end of the line.
        cells.pop()
    return [_plain(cell.replace("\\|", "|")) for cell in cells], 1


def _plain(cell: str) -> str:
    """Return what Markdown shows of a cell: text in bold, a link's text, nothing struck out."""
    if "~~" in cell:
        cell = _STRUCK.sub("", cell)
    if "](" in cell:
        cell = _LINK.sub(r"\1", cell)
    if "**" in cell and (bold := cell.strip()).startswith("**") and bold.endswith("**"):
        return bold.strip("*") or cell
    return cell


def is_wiki(line: str) -> bool:
    """Tell whether a line is a header in Jira's markup: two bars before each cell, nowhere one."""
    line = line.strip()
    return line.startswith(WIKI) and line.count(WIKI) > 1 and MARKDOWN not in line.replace(WIKI, "")


def _wiki_header(lines: Sequence[str], at: int, _stop: int) -> tuple[list[str], int]:
    """Return the headers of a table in Jira's markup."""
    return _framed_row([lines[at].replace(WIKI, MARKDOWN)], 0, 1)


def _wiki_rows(width: int) -> Split:
    """Return what splits the rows below such headers.

    Two bars in a row are an empty cell or begin a cell in bold: as fills the ``width`` headers.
    """

    def split(lines: Sequence[str], at: int, stop: int) -> tuple[list[str], int]:
        cells, taken = _framed_row(lines, at, stop)
        if len(cells) != width and WIKI in lines[at]:
            bold, _ = _wiki_header(lines, at, stop)
            cells = bold if len(bold) == width else cells
        return cells, taken

    return split


def _markdown_row(lines: Sequence[str], at: int, _stop: int) -> tuple[list[str], int]:
    """Return one row of a Markdown table whose header has no bars around it."""
    line = lines[at].strip()
    framed = line.startswith(MARKDOWN) and line.endswith(MARKDOWN)
    return _framed_row([line if framed else MARKDOWN + line], 0, 1)


def _is_rule(line: str) -> bool:
    """Tell whether a line is the rule below a Markdown table's header."""
    if MARKDOWN not in line or line.strip(" \t|:-"):
        return False
    cells = line.strip().strip(MARKDOWN).split(MARKDOWN)
    return all(_MARKDOWN_RULE.fullmatch(cell.strip()) for cell in cells)


def _delimited_row(
    delimiter: str, lines: Sequence[str], at: int, stop: int
) -> tuple[list[str] | None, int]:
    """Return one row; a quoted cell may go on over several lines.

    A quote that nothing closes would take the rest of the paste with it. So where the
    quotes of a row don't work out, its first line must do alone, and failing that
    only this line is given up.
    """
    line = lines[at]
    if '"' not in line:
        return line.split(delimiter), 1
    following = (lines[number] + "\n" for number in range(at, min(stop, at + _LONGEST_CELL)))
    reader = csv.reader(following, delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        return next(reader), reader.line_num
    except csv.Error:
        reader = csv.reader([f"{line}\n", "\n"], delimiter=delimiter, skipinitialspace=True)
        cells = next(reader)
        return (cells, 1) if reader.line_num == 1 else (None, 1)
