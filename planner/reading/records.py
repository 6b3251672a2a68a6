"""Pasted text → records: cells by key, each with the line on which it starts.

Knows the shapes text comes in (a table, JSON) and nothing of what it means.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

_WRAPPERS = ("value", "items", "subscriptions", "data", "results", "records")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_REPLACED = "\ufffd"


class Pasted(NamedTuple):
    """What stands in one cell, and the header or key above it, as pasted."""

    header: str
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a table or one JSON object.

    Attributes:
        line: Line of the paste on which it starts, or the object's place in its list; from 1.
        cells: Key (see ``key_of``) → what stands under it, in order; several where
            several headers have that key. Empty cells are left out.
        unnamed: Number of a column without a header, from 1 → what stands in it.
        surplus: Cells beyond the last header.
    """

    line: int
    cells: Mapping[str, tuple[Pasted, ...]]
    unnamed: Mapping[int, str] = field(default_factory=dict)
    surplus: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that stands in the record."""
        named = (pasted.text for under in self.cells.values() for pasted in under)
        return (*named, *self.unnamed.values())


@dataclass(frozen=True, slots=True)
class Table:
    """What a paste holds.

    Attributes:
        container: ``table`` or ``json``.
        headers: Header or key as pasted → its key (see ``key_of``), in order.
        header_line: Line of the headers, from 1; 0 for JSON.
        strays: Line (or place) → text of what stands in the list but is no record.
        unclosed: Line → text of lines in which a quote opens and nothing closes it.
        more: Keys that stand beside a wrapped list of records (such as a next page's address).
    """

    container: str
    headers: Mapping[str, str]
    header_line: int
    records: tuple[Record, ...]
    strays: Mapping[int, str] = field(default_factory=dict)
    unclosed: Mapping[int, str] = field(default_factory=dict)
    more: tuple[str, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """Every key that the table has a column for."""
        return frozenset(self.headers.values())


class NotJson(ValueError):
    """Text that begins like JSON but isn't: where it breaks (line, column from 1)."""

    def __init__(self, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}")
        self.line = line
        self.column = column


@lru_cache(maxsize=4096)  # A table repeats its headers and words on every line.
def fold(text: str) -> str:
    """Return the letters and digits of a header or word, of any script.

    Case, accents, spaces and punctuation make no difference.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(filter(str.isalnum, plain))


def key_of(text: str) -> str:
    """Return what a header or word is compared by: folded, or as it stands if only symbols."""
    return fold(text) or text.strip()


def clean(text: str) -> str:
    """Return pasted text with plain line ends, without byte-order marks or NULs, and encodable."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _encodable(text.replace("\ufeff", "").replace("\x00", ""))


def _encodable(text: str) -> str:
    """Return text without halves of surrogate pairs, which no encoding can carry."""
    return _LONE_SURROGATE.sub(_REPLACED, text)


def record_of(line: int, pasted: Iterable[tuple[str, str]], surplus: Iterable[str] = ()) -> Record:
    """Return the record of one line: its headers, each with the text of its cell."""
    cells: dict[str, tuple[Pasted, ...]] = {}
    unnamed: dict[int, str] = {}
    for number, (header, cell) in enumerate(pasted, 1):
        text = cell.strip()
        if not text:
            continue
        if key := key_of(header):
            cells[key] = (*cells.get(key, ()), Pasted(header, text))
        else:
            unnamed[number] = text
    return Record(line, cells, unnamed, tuple(cell for cell in surplus if cell.strip()))


def headers_of(headers: Iterable[str]) -> dict[str, str]:
    """Return headers → keys; a column without a header has neither."""
    return {header: key for header in headers if (key := key_of(header))}


def looks_like_json(text: str) -> bool:
    """Tell whether a paste begins as a JSON list or object does."""
    return text.lstrip()[:1] in {"[", "{"}


class _Object(dict[str, object]):
    """A JSON object that still knows keys which were written twice."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs


# Numbers stay as they were written: Python's own could change or refuse them.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_Object, parse_int=str, parse_float=str, parse_constant=str
)


def json_table(text: str) -> Table:
    """Return the objects of a JSON paste: a list, one object, or a wrapped list.

    Raises:
        NotJson: The text isn't JSON, or nested too deeply; says where it breaks.
    """
    start = len(text) - len(text.lstrip())
    try:
        whole, end = _DECODER.raw_decode(text, start)
        if text[end:].strip():
            raise NotJson(text.count("\n", 0, end) + 1, end - text.rfind("\n", 0, end))
        return _json_table(*_entries(whole))
    except json.JSONDecodeError as error:
        raise NotJson(error.lineno, error.colno) from error
    except RecursionError as error:
        raise NotJson(1, 1) from error


def _entries(whole: object) -> tuple[list[object], tuple[str, ...]]:
    """Return the list that a JSON value is or wraps, and the keys beside it."""
    if isinstance(whole, list):
        return whole, ()
    if isinstance(whole, _Object):
        for wrapper in _WRAPPERS:
            wrapped = whole.get(wrapper)
            if isinstance(wrapped, list):
                return wrapped, tuple(key_of(key) for key in whole if key != wrapper)
    return [whole], ()


def _json_table(entries: list[object], more: tuple[str, ...]) -> Table:
    headers: dict[str, str] = {}
    records: list[Record] = []
    strays: dict[int, str] = {}
    for place, entry in enumerate(entries, 1):
        if not isinstance(entry, _Object) or not entry:
            strays[place] = _scalar(entry) or json.dumps(entry)
            continue
        pairs = [(_encodable(key.strip()), _scalar(value)) for key, value in entry.pairs]
        headers |= headers_of(key for key, _ in pairs)
        records.append(record_of(place, pairs))
    return Table("json", headers, 0, tuple(records), strays, more=more)


def _scalar(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return _encodable(value).strip()
        case _:
            return _encodable(json.dumps(value, ensure_ascii=False))
