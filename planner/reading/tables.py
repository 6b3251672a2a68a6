"""Delimited text → a table: which line is the header, which mark parts the cells, which rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from functools import partial

from planner.reading.records import Record, Table, headers_of, key_of, record_of

_DELIMITERS = ("\t", ";", ",", "|")
_MARKDOWN = "|"
_MARKDOWN_RULE = re.compile(r":?-+:?")
_UNESCAPED_BAR = re.compile(r"(?<!\\)\|")
_TITLES = 20  # Lines of titles above a header, each of which may use a word of the header.

Split = Callable[[list[str], int], tuple[list[str] | None, int]]
"""Lines and where to begin → the cells of a row (``None``: a quote stays open), lines taken."""


def delimited_table(text: str, signature: frozenset[str], known: frozenset[str]) -> Table | None:
    """Return a delimited table, or ``None`` where no line of the paste is a header.

    A header holds a key of a format's signature. Of the first lines that do, it is the
    one with most known keys; its delimiter is the one that yields most of them. What
    stands above it is kept as strays.
    """
    lines = text.split("\n")
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    header = _header(lines, signature, known)
    if header is None:
        return None
    number, delimiter = header
    strays = {above + 1: lines[above] for above in range(number) if lines[above].strip()}
    return _table(lines, number, _split(lines, number, delimiter), strays)


def known_cells(line: str, known: frozenset[str]) -> list[str]:
    """Return the cells of a line that are known headers, by the delimiter that yields most."""
    split = [[cell.strip().strip('"') for cell in line.split(mark)] for mark in _DELIMITERS]
    return max(([cell for cell in cells if key_of(cell) in known] for cells in split), key=len)


def _header(
    lines: list[str], signature: frozenset[str], known: frozenset[str]
) -> tuple[int, str] | None:
    """Return the place of the header, from 0, and its delimiter."""
    candidates: list[tuple[int, int, str]] = []
    for number, line in enumerate(lines):
        if candidates and number - candidates[0][1] >= _TITLES:
            break
        keys = {mark: frozenset(map(key_of, line.split(mark))) for mark in _DELIMITERS}
        delimiter = max(_DELIMITERS, key=lambda mark: len(keys[mark] & known))
        if keys[delimiter] & signature:
            candidates.append((len(keys[delimiter] & known), number, delimiter))
    if not candidates:
        return None
    _, number, delimiter = max(candidates, key=lambda one: one[0])
    return number, delimiter


def _split(lines: list[str], number: int, delimiter: str) -> Split:
    """Return how this table's rows are split: as Markdown or as delimited text."""
    if delimiter == _MARKDOWN:
        below = next((line for line in lines[number + 1 :] if line.strip()), "")
        if lines[number].strip().startswith(_MARKDOWN):
            return _framed_row
        if _is_rule(below):
            return _markdown_row
    return partial(_delimited_row, delimiter)


def _table(lines: list[str], start: int, split: Split, strays: dict[int, str]) -> Table:
    cells, taken = split(lines, start)
    if cells is None:  # A quote that stays open in the header means nothing.
        cells, taken = split([lines[start].replace('"', "")], 0)
    headers = [header.strip() for header in cells or ()]
    records: list[Record] = []
    unclosed: dict[int, str] = {}
    for place, cells in _rows(lines, start + taken, split):
        if cells is None:
            unclosed[place + 1] = lines[place].strip()
        elif any(cell.strip() for cell in cells):
            pasted = zip(headers, cells, strict=False)
            records.append(record_of(place + 1, pasted, cells[len(headers) :]))
    named = headers_of(headers)
    return Table("table", named, start + 1, tuple(records), strays, unclosed)


def _rows(lines: list[str], at: int, split: Split) -> Iterator[tuple[int, list[str] | None]]:
    """Yield each row with the place of the line on which it starts, from 0."""
    while at < len(lines):
        cells, taken = split(lines, at)
        yield at, cells
        at += taken


def _framed_row(lines: list[str], at: int) -> tuple[list[str], int]:
    """Return one row of a Markdown table whose lines begin with a bar."""
    line = lines[at].strip()
    if _is_rule(line):
        return [], 1
    cells = _UNESCAPED_BAR.split(line.removeprefix(_MARKDOWN))
    if not cells[-1]:  # The bar at the end of the line.
        cells.pop()
    return [cell.replace("\\|", "|") for cell in cells], 1


def _markdown_row(lines: list[str], at: int) -> tuple[list[str], int]:
    """Return one row of a Markdown table whose header has no bars around it."""
    line = lines[at].strip()
    framed = line.startswith(_MARKDOWN) and line.endswith(_MARKDOWN)
    return _framed_row([line if framed else _MARKDOWN + line], 0)


def _is_rule(line: str) -> bool:
    """Tell whether a line is the rule below a Markdown table's header."""
    cells = line.strip().strip(_MARKDOWN).split(_MARKDOWN)
    return _MARKDOWN in line and all(_MARKDOWN_RULE.fullmatch(cell.strip()) for cell in cells)


def _delimited_row(delimiter: str, lines: list[str], at: int) -> tuple[list[str] | None, int]:
    """Return one row; a quoted cell may go on over several lines.

    A quote that nothing closes would take the rest of the paste with it. So where the
    quotes of a row don't work out, its first line must do alone, and failing that
    only this line is given up.
    """
    line = lines[at]
    if '"' not in line:
        return line.split(delimiter), 1
    following = (lines[number] + "\n" for number in range(at, len(lines)))
    reader = csv.reader(following, delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        return next(reader), reader.line_num
    except csv.Error:
        reader = csv.reader([f"{line}\n", "\n"], delimiter=delimiter, skipinitialspace=True)
        cells = next(reader)
        return (cells, 1) if reader.line_num == 1 else (None, 1)
