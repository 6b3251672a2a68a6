"""A paste → its blocks: tables, lists and JSON values, with whatever stands around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from planner.reading.console import is_listed, is_noise, is_ruled, listed_block, ruled_block
from planner.reading.delimited import MARKDOWN, WIKI, delimited_block, header_cells, is_wiki
from planner.reading.frames import unframed
from planner.reading.json_values import Break, Found, entries_of, json_block, json_values
from planner.reading.records import Block, Page, header_key
from planner.reading.spaced import is_spaced, spaced_block, stacked_block, stacked_headers

_TITLES = 20  # Lines of titles above a header, each of which may use a word of the header.
_QUOTED = re.compile(r"(?:> ?){1,20}")  # What e-mail programs set before a line that they quote.
_FENCE = re.compile(r"^ {0,3}```[\w-]{0,20}[ ]{0,20}$", re.MULTILINE)
_JSON = re.compile(r"\{|\[\s*(?:[\[{\"]|\Z)")
_ALIKE = 0.5  # Share of keys that two JSON values have in common to be of one list.
_MOST_LISTS = 50  # Judged each by itself; whoever pastes more of them pastes noise.


@dataclass(slots=True)
class Parts:
    """What a paste is made of.

    Attributes:
        strays: Line → text of what stands outside every block.
        noise: How many lines are a console's own.
    """

    blocks: list[Block] = field(default_factory=list)
    strays: dict[int, str] = field(default_factory=dict)
    noise: int = 0
    broken: list[Break] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Known:
    """The header keys that mean something: all of them, and those of which one does alone.

    Attributes:
        needed: Names that a product has, and ones of its seats or days: an entry of a list has
            one of each.
        nesting: Those of lists in a record whose entries may be records like it.
        read: Those of columns whose cells say something.
    """

    keys: frozenset[str]
    telling: frozenset[str]
    needed: tuple[frozenset[str], ...]
    nesting: frozenset[str] = frozenset()
    read: frozenset[str] = frozenset()


def parts_of(text: str, known: Known) -> Parts:
    """Return the blocks of a cleaned text, in its order, and what stands around them."""
    parts = Parts()
    text = unframed(_unquoted(text))
    found = json_values(text)
    lines = text.split("\n")
    if not found.values:
        if found.broken and _JSON.match(text.lstrip()):
            parts.broken = found.broken[:1]
            return parts
        _tables(lines, 0, known, parts)
        return parts
    _with_json(text, found, known, parts)
    return parts


def tables_of(lines: Sequence[str], known: Known) -> Parts:
    """Return the tables and lists of lines that hold no JSON and that no e-mail quotes."""
    parts = Parts()
    _tables(lines, 0, known, parts)
    return parts


def _unquoted(text: str) -> str:
    """Return a text without the marks around each line that an e-mail quotes, or around code."""
    # One letter is looked for much faster than several.
    if "`" in text and "```" in text:
        text = _FENCE.sub("", text)
    if ">" not in text or ("\n> " not in text and not text.startswith("> ")):
        return text
    return "\n".join(
        _QUOTED.sub("", line, count=1) if line.startswith("> ") or line == ">" else line
        for line in text.split("\n")
    )


def _with_json(text: str, found: Found, known: Known, parts: Parts) -> None:
    """Add the JSON values of a text, the ones that follow each other as one list."""
    groups, lines = _grouped(text, found)
    found.values.clear()  # A block gives the objects up as it goes through them.
    parts.broken = list({one.begun: one for one in found.broken}.values())
    for one in parts.broken:
        lines[one.begun - 1] = ""
    parts.blocks += [
        json_block(entries, tuple(pages), known.nesting, known.read) for entries, pages in groups
    ]
    if any(line.strip() for line in lines):
        _tables(lines, 0, known, parts)


def _grouped(text: str, found: Found) -> tuple[list[tuple[list[object], list[Page]]], list[str]]:
    """Return the entries of each list with its pages, and the lines without them."""
    groups: list[tuple[list[object], list[Page]]] = []
    kept: list[str] = []
    position = 0
    last = frozenset[str]()
    for value, (start, end) in zip(found.values, found.spans, strict=True):
        between = text[position:start]
        kept += [between, "\n" * text.count("\n", start, end)]
        entries, pages = entries_of(value)
        keys = _keys(entries)
        together = not between.strip(" \t\n,") and _alike(keys, last)
        if groups and (together or len(groups) == _MOST_LISTS):
            groups[-1][0].extend(entries)
            groups[-1][1].extend(pages)
        else:
            groups.append((list(entries), list(pages)))
        position, last = end, keys
    kept.append(text[position:])
    return groups, "".join(kept).split("\n")


def _keys(entries: Sequence[object]) -> frozenset[str]:
    first = next((entry for entry in entries if isinstance(entry, dict)), {})
    return frozenset(first)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _ALIKE * max(len(one), len(other))


def _tables(lines: Sequence[str], first: int, known: Known, parts: Parts) -> None:
    """Add the tables and lists of a text that has no JSON (left) in it."""
    at = first
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
        elif is_noise(line):
            parts.noise += 1
            at += 1
        elif is_ruled(lines, at):
            block, at = ruled_block(lines, at)
            parts.blocks.append(block)
        elif is_listed(lines, at, known.needed):
            block, at = listed_block(lines, at)
            parts.blocks.append(block)
        elif count := stacked_headers(lines, at, known.keys):
            block, at = stacked_block(lines, at, count, known.keys)
            parts.blocks.append(block)
        elif header := _header(lines, at, known):
            delimiter = header
            stop = _end(lines, at, delimiter, known)
            parts.blocks.append(delimited_block(lines, at, stop, delimiter))
            at = stop
        elif is_spaced(lines, at, known.keys):
            block, at = spaced_block(lines, at)
            parts.blocks.append(block)
        else:
            parts.strays[at + 1] = line.strip()
            at += 1


def _header(lines: Sequence[str], at: int, known: Known) -> str:
    """Return the delimiter of the header on this line, or ``""`` where it is none.

    One known word may stand in a title, so a line further down that has more counts.
    """
    cells, delimiter = header_cells(lines[at], known.keys)
    if len(cells) > 1:
        return delimiter
    if not cells or header_key(cells[0]) not in known.telling:
        return ""
    below = lines[at + 1 : at + _TITLES]
    if any(_is_another(line, lines[at], known) for line in below[:2]):
        return ""  # Headers that stand below one another without whole rows below them.
    if any(len(header_cells(line, known.keys)[0]) > 1 for line in below):
        return ""
    return delimiter


def _is_another(line: str, header: str, known: Known) -> bool:
    """Tell whether a line is nothing but another header."""
    return line.strip() != header.strip() and header_key(line.strip()) in known.keys


def _end(lines: Sequence[str], start: int, delimiter: str, known: Known) -> int:
    """Return where the rows below a header end: at the next header, list or ruled table."""
    header = lines[start].strip()
    after_blank = False
    for at in range(start + 1, len(lines)):
        line = lines[at]
        if not line.strip():
            after_blank = True
            continue
        if line.strip() == header and (title := _title_above(lines, at, start, delimiter)):
            return title
        first = line.partition(delimiter)[0].strip(' "\u00a0')
        if (
            (after_blank or (len(first) < 60 and header_key(first) in known.keys))  # noqa: PLR2004 - the longest header is shorter
            and line.strip() != header
            and _starts_another(lines, at, known)
        ):
            return _title_above(lines, at, start, delimiter) or at
        after_blank = False
    return len(lines)


def _title_above(lines: Sequence[str], at: int, start: int, delimiter: str) -> int:
    """Return where a title of its own stands above another header, or the same again.

    0 where none does. Markdown parts a table from its title by a blank line.
    """
    blanks = f"{delimiter} \t\u00a0"
    above = at - 1
    if delimiter == MARKDOWN and not lines[above].strip(blanks):
        above -= 1
    title = lines[above].strip(blanks)
    apart = above - 1 > start and not lines[above - 1].strip(blanks)
    return above if apart and title and delimiter not in title else 0


def _starts_another(lines: Sequence[str], at: int, known: Known) -> bool:
    if is_noise(lines[at]) or is_ruled(lines, at) or is_listed(lines, at, known.needed):
        return True
    line = lines[at].replace(WIKI, MARKDOWN) if is_wiki(lines[at]) else lines[at]
    cells, delimiter = header_cells(line, known.keys)
    return len(cells) > 1 and len(cells) * 2 >= len(line.split(delimiter))
