"""What PowerShell prints: tables in fixed columns, and lists of ``name : value``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from planner.reading.delimited import columns_of
from planner.reading.records import Block, Column, Shape, header_key, keeper

_DASHES = re.compile(r"-+(?: +-+)+")
_NAME = re.compile(r"[\w@#][\w@#$ ./-]{0,79}")
_WIDEST = 20_000  # Characters; no console is that wide.
_AFTER_COLON = frozenset({"", " "})
_CUT = ("...", "…")
_NOISE = re.compile(
    r"PS [^>]{0,260}>|PS>|[A-Za-z]:\\[^>]{0,260}>|>>|sep=.$|#TYPE |VERBOSE:|WARNING:|HTTP/\d"
)


def is_noise(line: str) -> bool:
    """Tell whether a line is a console's prompt or another mark that holds no data."""
    return bool(_NOISE.match(line.lstrip()))


def is_ruled(lines: Sequence[str], at: int) -> bool:
    """Tell whether a line is the header of a table in fixed columns: dashes stand below it."""
    return at + 1 < len(lines) and bool(lines[at].strip()) and _dashes(lines[at + 1])


def _dashes(line: str) -> bool:
    line = line.strip() if len(line) <= 2 * _WIDEST else ""
    return line.startswith("-") and len(line) <= _WIDEST and bool(_DASHES.fullmatch(line))


def ruled_block(lines: Sequence[str], start: int) -> tuple[Block, int]:
    """Return the table in fixed columns whose header stands at ``start``, and where it ends.

    Cells are placed by the columns of the dashes: an empty cell stays empty, and a number
    that stands to the right of its column's dashes belongs to it.
    """
    rule = lines[start + 1]
    starts = [found.start() for found in re.finditer(r"-+", rule)]
    header_line = lines[start]
    bounds = list(zip(starts, [*starts[1:], None], strict=True))
    headers = [header_line[a:b].strip() for a, b in bounds]
    at = start + 2
    rows: list[list[str]] = []
    block = Block(Shape.TABLE, [], [], start + 1)
    while at < len(lines) and lines[at].strip() and not is_noise(lines[at]):
        row = _cells(lines[at], bounds)
        rows.append(row)
        block.lines.append(at + 1)
        at += 1
    block.columns = columns_of(headers, rows)
    block.last_line = at
    return block, at


def _cells(line: str, bounds: Sequence[tuple[int, int | None]]) -> list[str]:
    return [line[a:b].strip() for a, b in bounds]


def is_listed(lines: Sequence[str], at: int) -> bool:
    """Tell whether a list of ``name : value`` begins on a line: two lines at least."""
    colon = _colon(lines[at])
    return bool(colon) and at + 1 < len(lines) and _colon(lines[at + 1]) == colon


def _colon(line: str) -> int:
    """Return where the colon of a ``name : value`` line stands; 0 where it is none."""
    place = line.find(" : ", 0, 120)
    if place < 0:
        bare = line[:121].rstrip()
        place = len(bare) - 2 if bare.endswith(" :") else -1
    if place <= 0 or not _NAME.fullmatch(line[:place].rstrip()):
        return 0
    return place + 1


def listed_block(lines: Sequence[str], start: int) -> tuple[Block, int]:
    """Return the objects that are listed from ``start`` on, and where they end.

    A blank line, or a name that comes again, parts two objects; an indented line goes on
    with the value above it.
    """
    colon = _colon(lines[start])
    block = Block(Shape.LIST, [], [], start + 1)
    listed = _Listed()
    name = ""
    at = end = start
    known: dict[str, str] = {}
    while at < len(lines):
        line = lines[at]
        head = line[: colon + 1]
        if head in known and line[colon + 1 : colon + 2] in _AFTER_COLON:
            name = known[head]
            if listed.add(name, line[colon + 2 :].strip()):
                block.lines.append(at + 1)
            end = at + 1
        elif not line.strip():
            listed.is_open, name = False, ""
        elif line[: colon + 1].isspace():
            if not name:
                break
            listed.cells[name][-1] += line[colon + 1 :].strip()
            end = at + 1
        elif found := _colon(line):
            colon = found if not listed.is_open else colon
            if found != colon:
                break
            name = known.setdefault(line[: found + 1], line[: found - 1].strip())
            if listed.add(name, line[found + 1 :].strip()):
                block.lines.append(at + 1)
            end = at + 1
        else:
            break
        at += 1
    block.columns = [
        Column(name, header_key(name), cells) for name, cells in listed.whole().items()
    ]
    block.last_line = end
    return block, end


@dataclass(slots=True)
class _Listed:
    """Objects that are listed one after the other, as columns that grow.

    Attributes:
        cells: Name → a cell for each object up to the last that says something under it.
        is_open: Whether a further name belongs to the last object.
    """

    count: int = 0
    cells: dict[str, list[str]] = field(default_factory=dict)
    is_open: bool = False
    kept: Callable[[str], str] = field(default_factory=keeper)

    def add(self, name: str, value: str) -> bool:
        """Add what stands behind a name; tell whether another object begins with it."""
        cells = self.cells.setdefault(name, [])
        begins = not self.is_open or len(cells) == self.count
        if begins:
            self.count += 1
            self.is_open = True
        if len(cells) < self.count - 1:
            cells += [""] * (self.count - 1 - len(cells))
        cells.append(self.kept(value))
        return begins

    def whole(self) -> dict[str, list[str]]:
        """Return the cells of every name, one an object."""
        return {
            name: cells + [""] * (self.count - len(cells)) for name, cells in self.cells.items()
        }


def is_cut(cell: str) -> bool:
    """Tell whether a console cut a cell, or Excel hid it, because its column was too narrow."""
    return cell.endswith(_CUT) or not cell.strip("#")
