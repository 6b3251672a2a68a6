"""Tables without any mark between their cells: in columns of spaces, or a cell on each line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import batched

from planner.reading.console import is_noise
from planner.reading.delimited import columns_of
from planner.reading.records import Block, Shape, header_key

_GAP = re.compile(r" {2,}")
_CELL = re.compile(r"\S+(?: \S+)*")
_MARKS = frozenset("\t;|")
_LONGEST_HEADER = 60
_WIDEST = 2000  # Characters; no page is that wide.
_FEWEST = 3  # Headers that have to stand below one another.
_BLANKS = 5  # Lines between two pages of a table.
_MOST = 20
_MOST_CELLS = 20_000
_NUMBER = re.compile(r"[\d.,'\u2019\u00a0\u202f ]{1,20}")
_DAY = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}.{0,20}")


def is_spaced(lines: Sequence[str], at: int, known: frozenset[str]) -> bool:
    """Tell whether a line is the header of a table whose columns are parted by spaces alone."""
    line = lines[at].strip()
    if "  " not in line or len(line) > _WIDEST or not _MARKS.isdisjoint(line):
        return False
    cells = _GAP.split(line)
    found = sum(header_key(cell) in known for cell in cells)
    return found > 1 and found * 2 >= len(cells)


def spaced_block(lines: Sequence[str], start: int) -> tuple[Block, int]:
    """Return the table in columns of spaces whose header stands at ``start``, and its end.

    A row with as many cells as headers is read one by one; of any other the cells are those
    that stand below their header. Headers that come again go on with the table.
    """
    header = lines[start].strip()
    found = list(_CELL.finditer(lines[start]))
    headers = [one[0] for one in found]
    extents = [one.span() for one in found]
    block = Block(Shape.TABLE, [], [], start + 1)
    rows: list[list[str]] = []
    at = _next_row(lines, start + 1, header)
    while at < len(lines) and lines[at].strip() and not is_noise(lines[at]):
        cells = _GAP.split(lines[at].strip())
        if len(cells) == 1 and len(headers) > 1:
            block.strays[at + 1] = lines[at].strip()
        else:
            same = len(cells) == len(headers)
            rows.append(cells if same else _below(lines[at], extents))
            block.lines.append(at + 1)
        at = _next_row(lines, at + 1, header)
    block.columns = columns_of(headers, rows)
    block.last_line = at
    return block, at


def _next_row(lines: Sequence[str], at: int, header: str) -> int:
    """Return where the next row may stand: on this line, or below the same headers again."""
    while at < len(lines):
        below = at
        while below < len(lines) and below - at < _BLANKS and not lines[below].strip():
            below += 1
        if below == len(lines) or lines[below].strip() != header:
            break
        at = below + 1
    return at


def _below(line: str, extents: Sequence[tuple[int, int]]) -> list[str]:
    """Return the cells of a line, each under the header that it overlaps or comes closest to.

    A number that ends where its header ends stands further from where it begins than from the
    header before; so both ends count, and of several headers that a cell overlaps, the edge
    that it shares with one. Two cells under one header stay apart: joined by one blank, two
    counts would be one with thousands.
    """
    row = [""] * len(extents)
    for cell in _CELL.finditer(line[:_WIDEST]):
        place = min(range(len(extents)), key=lambda one: _distance(extents[one], cell.span()))
        row[place] = f"{row[place]}  {cell[0]}".strip()
    return row


def _distance(header: tuple[int, int], cell: tuple[int, int]) -> tuple[int, int]:
    """Return how far a cell stands from a header: blanks between them, then between their edges."""
    between = max(0, cell[0] - header[1] + 1, header[0] - cell[1] + 1)
    return between, min(abs(cell[0] - header[0]), abs(cell[1] - header[1]))


def stacked_headers(lines: Sequence[str], at: int, known: frozenset[str]) -> int:
    """Return how many headers stand below one another where a page's cells were copied so.

    0 where they don't, or where what follows doesn't fill whole rows of the same kind: then
    no one can say which cell belongs to which header.
    """
    count = 0
    while count < _MOST and at + count < len(lines) and _is_header(lines[at + count], known):
        count += 1
    if count < _FEWEST:
        return 0
    cells = _cells(lines, at + count, known)
    if not cells or len(cells) % count:
        return 0
    kinds = [tuple(_kind(lines[place]) for place in row) for row in batched(cells, count)]
    return count if len({*kinds}) == 1 else 0


def stacked_block(
    lines: Sequence[str], start: int, count: int, known: frozenset[str]
) -> tuple[Block, int]:
    """Return the table whose ``count`` headers stand below one another, and its end."""
    cells = _cells(lines, start + count, known)
    headers = [line.strip() for line in lines[start : start + count]]
    block = Block(Shape.TABLE, [], [], start + 1)
    rows = [[lines[place].strip() for place in row] for row in batched(cells, count)]
    block.lines = [row[0] + 1 for row in batched(cells, count)]
    block.columns = columns_of(headers, rows)
    block.last_line = cells[-1] + 1
    return block, cells[-1] + 1


def _is_header(line: str, known: frozenset[str]) -> bool:
    return len(line) < _LONGEST_HEADER and header_key(line.strip()) in known


def _cells(lines: Sequence[str], at: int, known: frozenset[str]) -> list[int]:
    """Return the places of the lines from here on up to a blank one or another header."""
    places: list[int] = []
    end = min(len(lines), at + _MOST_CELLS)
    while at < end and lines[at].strip() and not _is_header(lines[at], known):
        places.append(at)
        at += 1
    return places


def _kind(cell: str) -> str:
    cell = cell.strip()
    if _NUMBER.fullmatch(cell):
        return "number"
    return "day" if _DAY.fullmatch(cell) else "text"
