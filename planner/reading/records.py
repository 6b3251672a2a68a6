"""Pasted text → records: cells by key, each with the line on which it starts.

Knows the shapes text comes in (a table, JSON) and nothing of what it means.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

_DELIMITERS = ("\t", ";", ",", "|")
_WRAPPERS = ("value", "items", "subscriptions", "data", "results", "records")
_NOT_KEY = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a table or one JSON object.

    Attributes:
        line: Line of the paste on which it starts, or the object's place in its list; from 1.
        cells: Folded key → value as pasted (see ``fold``).
        surplus: Cells beyond the last header.
    """

    line: int
    cells: dict[str, str]
    surplus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """What a paste holds.

    Attributes:
        container: ``table`` or ``json``.
        headers: Folded key → header or key as pasted, in order.
        header_line: Line of the headers, from 1; 0 for JSON.
        strays: Line (or place) → text of what stands in the list but is no record.
        more: Keys that stand beside a wrapped list of records (such as a next page's address).
    """

    container: str
    headers: dict[str, str]
    header_line: int
    records: tuple[Record, ...]
    strays: dict[int, str] = field(default_factory=dict)
    more: tuple[str, ...] = ()


class NotJson(ValueError):
    """Text that begins like JSON but isn't: where it breaks (line, column from 1)."""

    def __init__(self, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}")
        self.line = line
        self.column = column


@lru_cache(maxsize=4096)  # A table repeats its headers and words on every line.
def fold(text: str) -> str:
    """Return a header or word without case, accents, spaces and punctuation."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _NOT_KEY.sub("", plain)


def clean(text: str) -> str:
    """Return pasted text with plain line ends and without byte-order marks or NULs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\ufeff", "").replace("\x00", "")


def looks_like_json(text: str) -> bool:
    """Tell whether a paste begins as a JSON list or object does."""
    return text.lstrip()[:1] in {"[", "{"}


def json_table(text: str) -> Table:
    """Return the objects of a JSON paste: a list, one object, or a wrapped list.

    Raises:
        NotJson: The text isn't JSON; says where it breaks.
    """
    decoder = json.JSONDecoder()
    start = len(text) - len(text.lstrip())
    try:
        whole, end = decoder.raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise NotJson(error.lineno, error.colno) from error
    except RecursionError as error:
        raise NotJson(1, 1) from error
    if text[end:].strip():
        line = text.count("\n", 0, end) + 1
        raise NotJson(line, end - text.rfind("\n", 0, end))
    if isinstance(whole, dict):
        wrapper = next((key for key in _WRAPPERS if isinstance(whole.get(key), list)), None)
        if wrapper is None:
            return _json_table([whole], ())
        more = tuple(fold(key) for key in whole if key != wrapper)
        return _json_table(whole[wrapper], more)
    return _json_table(whole, ())


def _json_table(items: list[object], more: tuple[str, ...]) -> Table:
    headers: dict[str, str] = {}
    records: list[Record] = []
    strays: dict[int, str] = {}
    for place, item in enumerate(items, 1):
        if not isinstance(item, dict):
            strays[place] = json.dumps(item, ensure_ascii=False)
            continue
        for key in item:
            headers.setdefault(fold(key), key)
        records.append(Record(place, {fold(key): _scalar(value) for key, value in item.items()}))
    return Table("json", headers, 0, tuple(records), strays, more)


def _scalar(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value.strip()
        case int() | float():
            return str(value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def delimited_table(text: str, known: frozenset[str]) -> Table | None:
    """Return a delimited table, or ``None`` where no line of the paste is a header.

    The header is the first line that holds a known key; its delimiter is the one that
    yields most of them. What stands above it is kept as strays.
    """
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        delimiter = max(_DELIMITERS, key=lambda mark: len(known & _keys(line, mark)))
        if known & _keys(line, delimiter):
            strays = {above + 1: lines[above] for above in range(number) if lines[above].strip()}
            return _delimited(lines, number, delimiter, strays)
    return None


def _keys(line: str, delimiter: str) -> frozenset[str]:
    return frozenset(fold(cell) for cell in line.split(delimiter))


def _delimited(lines: list[str], start: int, delimiter: str, strays: dict[int, str]) -> Table:
    rows = _rows("\n".join(lines[start:]), delimiter)
    _, header_cells = next(rows)
    headers = {fold(cell): cell.strip() for cell in header_cells if fold(cell)}
    keys = [fold(cell) for cell in header_cells]
    records: list[Record] = []
    for offset, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        values: dict[str, str] = {}
        for key, cell in zip(keys, cells, strict=False):
            if key:
                values.setdefault(key, cell.strip())
        surplus = tuple(cell for cell in cells[len(keys) :] if cell.strip())
        records.append(Record(start + offset, values, surplus))
    return Table("table", headers, start + 1, tuple(records), strays)


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line on which it starts, from 1."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    line = 1
    for row in reader:
        yield line, row
        line = reader.line_num + 1
