"""What PowerShell prints: tables in fixed columns, and lists of ``name : value``."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from planner.reading.delimited import columns_of
from planner.reading.records import Block, Column, Shape, header_key, keeper

_DASHES = re.compile(r"-+(?: +-+)+")
_NAME = re.compile(r"[\w@#][\w@#$ ./-]{0,79}")
_WIDEST = 20_000  # Characters; no console is that wide.
_FEWEST = 3  # Columns; of two cells one is often empty.
_DEEPEST = 50  # Further lines of one row; a name that was wrapped has a few.
_TIME = re.compile(r"(?:\d{1,2}:\d{2}(?::\d{2})? ?)?[AaPp]\.?[Mm]\.?|\d{1,2}:\d{2}(?::\d{2})?")
_AFTER_COLON = frozenset({"", " "})
_BETWEEN = 5  # Lines on which a value may go on without being indented.
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
    that stands to the right of its column's dashes belongs to it. What ``-Wrap`` broke over
    several lines is joined again; other text alone on its line is no row.
    """
    end = start + 2
    while end < len(lines) and lines[end].strip() and not is_noise(lines[end]):
        end += 1
    starts = [found.start() for found in re.finditer(r"-+", lines[start + 1])]
    bounds = list(zip(starts, [*starts[1:], None], strict=True))
    widest = max((len(line.rstrip()) for line in lines[start:end]), default=0)
    widths = [after - a - 1 for a, after in pairwise([*starts, widest + 1])]
    rows: list[list[str]] = []
    above: list[str] = []
    further = 0
    block = Block(Shape.TABLE, [], [], start + 1, end)
    for at in range(start + 2, end):
        row = _cells(lines[at], bounds)
        if len(bounds) < _FEWEST or not _is_partial(row, above):
            rows.append(row)
            block.lines.append(at + 1)
            above, further = row, 0
        elif further < _DEEPEST and _goes_below(row, above, widths):
            rows[-1] = [_joined(*pair) for pair in zip(rows[-1], row, strict=True)]
            further += 1
            above = [more or begun for begun, more in zip(above, row, strict=True)]
        else:
            block.strays[at + 1] = lines[at].strip()
    block.columns = columns_of(_cells(lines[start], bounds), rows)
    return block, end


def _cells(line: str, bounds: Sequence[tuple[int, int | None]]) -> list[str]:
    return [line[a:b].strip() for a, b in bounds]


def _is_partial(row: Sequence[str], above: Sequence[str]) -> bool:
    """Tell whether a line says one thing alone below a row that says more.

    What is left of a time in that row may stand beside it.
    """
    said = [place for place, cell in enumerate(row) if cell]
    times = [place for place in said if above and above[place] and _TIME.fullmatch(row[place])]
    return len(said) - len(times) <= 1 and len(said) < len([cell for cell in above if cell])


def _goes_below(row: Sequence[str], above: Sequence[str], widths: Sequence[int]) -> bool:
    """Tell whether each cell goes on with the one above, which had no room for its next word."""
    return all(
        len(begun) + 1 + len(cell.split(maxsplit=1)[0]) > width if begun else False
        for cell, begun, width in zip(row, above, widths, strict=True)
        if cell
    )


def _joined(begun: str, more: str) -> str:
    """Return a cell that was broken: between two words, or within one that has no blank."""
    blank = " " if " " in begun or _TIME.fullmatch(more) else ""
    return f"{begun}{blank}{more}" if more else begun


def is_listed(lines: Sequence[str], at: int, needed: Sequence[frozenset[str]]) -> bool:
    """Tell whether a list of ``name : value`` begins on a line.

    It does where the colons of two lines stand below one another, as Format-List writes them.
    Where they don't, lists and prose look alike: then the lines that follow one another must
    have a name from each set of ``needed``.
    """
    colon = _colon(lines[at])
    if not colon:
        return False
    below = lines[at + 1] if at + 1 < len(lines) else ""
    if _is_padded(lines[at], colon) and _is_padded(below, colon) and _colon(below) == colon:
        return True
    if at and _colon(lines[at - 1]):
        return False  # Those lines were looked at from the first of them on.
    missing = list(needed)
    while missing and at < len(lines) and (colon := _colon(lines[at])):
        key = header_key(lines[at][:colon].strip())
        missing = [names for names in missing if key not in names]
        at += 1
    return not missing


def _colon(line: str) -> int:
    """Return where the colon of a ``name : value`` line stands; 0 where it is none."""
    place = line.find(":", 1, 121)
    if place < 0 or line[place + 1 : place + 2] not in _AFTER_COLON:
        return 0
    return place if _NAME.fullmatch(line[:place].strip()) else 0


def _is_padded(line: str, colon: int) -> bool:
    """Tell whether a blank stands before a colon, as Format-List sets it and prose rarely does."""
    return line[colon - 1 : colon + 1] == " :"


def listed_block(lines: Sequence[str], start: int) -> tuple[Block, int]:
    """Return the objects that are listed from ``start`` on, and where they end.

    A blank line, or a name that comes again, parts two objects; an indented line goes on
    with the value above it, and so does any other after which the object goes on: it must
    not lose what stands below, such as its state.
    """
    colon = _colon(lines[start])
    block = Block(Shape.LIST, [], [], start + 1)
    listed = _Listed()
    name = head = ""
    at = end = start
    known: dict[str, str] = {}
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            listed.is_open, name = False, ""
        elif line[: colon + 1].isspace():
            if not name:
                break
            listed.cells[name][-1] += line[colon + 1 :].strip()
            end = at + 1
        elif found := _colon_after(line, colon, known):
            head = line[: found + 1]
            # Below a blank line it may be prose, or the foot of a mail.
            apart = at > start and not listed.is_open
            if apart and head not in known and not _is_padded(line, found):
                break
            colon = found
            name = known.setdefault(head, line[:found].strip())
            if listed.add(name, line[found + 1 :].strip()):
                block.lines.append(at + 1)
            end = at + 1
        elif listed.is_open and _goes_on(lines, at, padded=_is_padded(head, colon)):
            listed.cells[name][-1] += line.strip()
        else:
            break
        at += 1
    block.columns = [
        Column(name, header_key(name), cells) for name, cells in listed.whole().items()
    ]
    block.last_line = end
    return block, end


def _colon_after(line: str, colon: int, known: Container[str]) -> int:
    """Return where a line's colon stands: mostly below the last one, after a name known by now."""
    if line[: colon + 1] in known and line[colon + 1 : colon + 2] in _AFTER_COLON:
        return colon
    return _colon(line)


def _goes_on(lines: Sequence[str], at: int, *, padded: bool) -> bool:
    """Tell whether another name of an object stands a few lines below one that has none.

    ``padded`` says that a blank stands before the colons of that object.
    """
    for line in lines[at : at + _BETWEEN]:
        if not line.strip() or is_noise(line):
            return False
        if colon := _colon(line):
            return _is_padded(line, colon) or not padded
    return False


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
    return ends_cut(cell) or not cell.strip("#")


def ends_cut(text: str) -> bool:
    """Tell whether a header or cell ends in the mark that a console sets where it cut one."""
    return text.endswith(_CUT)
