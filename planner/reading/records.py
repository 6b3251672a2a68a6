"""Blocks of records: columns of cells, each row with the line on which it starts.

Knows the shapes that text comes in and nothing of what it means.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

_SHOWN = 120  # Characters of a cell or line that a problem repeats.
_LONGEST_KEPT = 120  # Characters of a text that may come again.
_MOST_KEPT = 50_000  # Texts.
_ASCII = bytes(range(128))
_LOWER = _ASCII.lower() + bytes(range(128, 256))
_MARKS = bytes(code for code in _ASCII if not chr(code).isalnum())
_DOTTED = re.compile(r"(?<=\w)\.(?=\w)")


class Shape(StrEnum):
    """How a block is laid out."""

    TABLE = "table"
    """Delimited text, a console's table, Markdown, a worksheet."""

    LIST = "list"
    """One ``name : value`` a line, as PowerShell's Format-List writes it."""

    JSON = "json"


@dataclass(slots=True)
class Column:
    """One column: its header or key as pasted, its key (see ``header_key``) and its cells.

    A cell is text without blanks around it; ``""`` is empty. Most columns of an export mean
    nothing to the plan, so ``stated`` may also be what makes the cells when someone looks.
    """

    header: str
    key: str
    stated: Sequence[str] | Callable[[], Sequence[str]]
    is_nested: bool = False

    @property
    def cells(self) -> Sequence[str]:
        """The cells, one a row."""
        if callable(self.stated):
            self.stated = self.stated()
        return self.stated


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list.

    Attributes:
        beside: Key of what stands beside its entries, dots between the levels → its text.
        count: How many entries it has.
    """

    beside: Mapping[str, str]
    count: int


@dataclass(slots=True)
class Block:
    """Records of one kind.

    Attributes:
        lines: Line of the paste on which each row starts, or the object's place in its list.
        header_line: Line of the headers, from 1; 0 for JSON.
        last_line: Last line of the block.
        surplus: Row → cells beyond the last header.
        totals: Line → text of lines that only add up others.
        strays: Line (or place) → text of what stands in the block but is no record.
        unclosed: Line → text of lines in which a quote opens and nothing closes it.
        pages: Those that a wrapped list of records came in.
        raw: The entries of a JSON list as they were decoded, where some may hold further records.
    """

    shape: Shape
    columns: list[Column]
    lines: list[int]
    header_line: int = 0
    last_line: int = 0
    surplus: dict[int, tuple[str, ...]] = field(default_factory=dict)
    totals: dict[int, str] = field(default_factory=dict)
    strays: dict[int, str] = field(default_factory=dict)
    unclosed: dict[int, str] = field(default_factory=dict)
    pages: tuple[Page, ...] = ()
    raw: list[object] = field(default_factory=list)

    @property
    def keys(self) -> frozenset[str]:
        """Every key that the block has a column for."""
        return frozenset(column.key for column in self.columns if column.key)


def fold(text: str) -> str:
    """Return the letters and digits of a header or word, of any script.

    Case, accents, spaces and punctuation make no difference.
    """
    # Most text is ASCII, and bytes are quick to go through.
    if text.isascii():
        return text.encode().translate(_LOWER, _MARKS).decode()
    return _folded(text)


@lru_cache(maxsize=4096)  # A table repeats its words on every line.
def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(filter(str.isalnum, plain))


def key_of(text: str) -> str:
    """Return what a word is compared by: folded, or as it stands if only symbols."""
    return fold(text) or text.strip()


@lru_cache(maxsize=4096)
def header_key(text: str) -> str:
    """Return what a header is compared by: folded; dots inside it keep the levels apart."""
    if "." in text and len(parts := _DOTTED.split(text)) > 1:
        return ".".join(filter(None, map(fold, parts)))
    return key_of(text)


def keeper() -> Callable[[str], str]:
    """Return what gives back an equal text that it was given before.

    Large exports say the same all over again; so it is held once.
    """
    known: dict[str, str] = {}

    def kept(text: str) -> str:
        if len(text) > _LONGEST_KEPT:
            return text
        return known.setdefault(text, text) if len(known) < _MOST_KEPT else known.get(text, text)

    return kept


def short(text: str) -> str:
    """Return as much of a pasted text as a problem repeats, its cells parted by dots."""
    if "\t" in text:
        text = " · ".join(cell for cell in map(str.strip, text.split("\t")) if cell)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
