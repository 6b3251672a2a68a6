"""Read a paste: part it into blocks, read each of them, and put together what they say."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from planner.knowledge import Knowledge
from planner.model import Choices, Part, Problem, Reading
from planner.reading.binaries import is_workbook, without_text
from planner.reading.blocks import read_block
from planner.reading.decoding import clean, decode
from planner.reading.formats import formats_of
from planner.reading.json_values import Break
from planner.reading.markup import is_markup, shown_of
from planner.reading.outcome import reading_of
from planner.reading.parts import Known, Parts, parts_of, tables_of
from planner.reading.records import Shape, header_key, short
from planner.reading.secrets import without_secrets
from planner.reading.work import Work
from planner.reading.workbook import NotAWorkbook, Sheet, sheets_of

_AT_ONCE = 1 << 20  # Characters that are encoded together; a large paste isn't held twice.


@dataclass(frozen=True, slots=True)
class File:
    """A file that was dropped or chosen."""

    name: str
    content: bytes


type Sources = str | bytes | File | Sequence[str | File]
"""Pasted text, a file, or several of both."""


def read(
    sources: Sources,
    knowledge: Knowledge,
    choices: Choices | None = None,
) -> Reading:
    """Return what was understood of pasted text, of a file, or of several of both.

    Every line is a subscription, adds to one, or is set aside with what is wrong with it.
    Never raises for what was pasted. ``choices`` is what the reader changed.
    """
    work = Work(formats_of(knowledge), choices or Choices())
    digest = hashlib.sha256()
    listed = [sources] if isinstance(sources, str | bytes | File) else list(sources)
    with _uncollected():
        for source in listed:
            _read_source(source, work, digest.update)
        fingerprint = "sha256:" + digest.hexdigest()
        return reading_of(work, fingerprint, knowledge)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep Python from looking for circles: a reading has none, and looking takes a tenth of it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def fingerprint_of(text: str) -> str:
    """Return ``sha256:`` over a paste with plain line ends."""
    return "sha256:" + hashlib.sha256(clean(text).encode()).hexdigest()


def _read_source(source: str | bytes | File, work: Work, digest: Any) -> None:
    name = source.name if isinstance(source, File) else ""
    content = source.content if isinstance(source, File) else source
    encoding = ""
    if isinstance(content, bytes):
        if is_workbook(content):
            digest(content)
            _read_workbook(content, name, work)
            return
        if problem := without_text(content):
            digest(content)
            work.set_aside.append(Problem(problem, 0, value=short(name)))
            return
        decoded = decode(content)
        content, encoding = decoded.text, decoded.encoding
    text = clean(content)
    for start in range(0, len(text), _AT_ONCE):
        digest(text[start : start + _AT_ONCE].encode())
    before = work.end
    if is_markup(text):
        text = shown_of(text)
        work.notes.append(Problem("read-as-shown", 0))
    text = _without_secrets(text, work)
    if not text.strip():
        work.set_aside.append(_nothing_in(source, before))
        return
    parts = parts_of(text, _known(work))
    if not parts.blocks:
        _nothing_found(text, parts, before, work)
        work.end += text.count("\n") + 1
        return
    _read_parts(parts, text.count("\n") + 1, name, encoding, work)


def _without_secrets(text: str, work: Work) -> str:
    text, removed = without_secrets(text)
    if removed:
        work.notes.append(Problem("secrets-removed", 0, values={"count": removed}))
    return text


def _known(work: Work) -> Known:
    """Return the header keys that mean something, and those that the reader gave a meaning."""
    chosen = {header_key(header) for _, header in work.choices.columns}
    return replace(work.formats.known, read=work.formats.known.read | chosen)


def _read_workbook(raw: bytes, name: str, work: Work) -> None:
    """Read each sheet as a table that was pasted, with line numbers of its own."""
    try:
        sheets = sheets_of(raw)
    except NotAWorkbook:
        work.set_aside.append(Problem("not-a-workbook", 0, value=short(name)))
        return
    if not sheets:
        work.set_aside.append(Problem("no-sheet", 0, value=short(name)))
    for sheet in sheets:
        named = ", ".join(filter(None, (name, sheet.name))) if len(sheets) > 1 else name
        _read_sheet(sheet, named, work)


def _read_sheet(sheet: Sheet, name: str, work: Work) -> None:
    lines = _without_secrets(clean("\n".join(sheet.lines)), work).split("\n")
    if sheet.is_hidden:
        _set_sheet_aside(lines, name, "hidden", ("hidden-sheet", "hidden-sheet"), work)
        return
    parts = tables_of(lines, _known(work))
    if not parts.blocks:
        _set_sheet_aside(lines, name, "unrecognised", ("no-header", "unknown-part"), work)
        return
    before = work.end
    for line, formula in [*sheet.formulas.items()][:1]:
        work.notes.append(Problem("formula-without-result", before + line, value=short(formula)))
    _read_parts(parts, len(lines), name, "xlsx", work)


def _set_sheet_aside(
    lines: Sequence[str], name: str, how: str, why: tuple[str, str], work: Work
) -> None:
    """Set every row of a sheet aside; ``why`` is that of the first row and of the others."""
    before = work.end
    rows = [number for number, line in enumerate(lines, 1) if line]
    number = len(work.parts) + 1
    work.parts.append(
        Part(
            *(number, name, "xlsx", Shape.TABLE.value, "", how, (), "subscriptions", "lines"),
            *(before, before + rows[0], before + rows[-1], 0),
        )
    )
    work.end += len(lines)
    values: dict[str, str | int] = {"known": work.formats.shown}
    for line in rows:
        said = Problem(why[line > rows[0]], before + line, value=short(lines[line - 1]))
        work.set_aside.append(replace(said, values=values) if line == rows[0] else said)


def _nothing_in(source: str | bytes | File, before: int) -> Problem:
    if isinstance(source, File):
        return Problem("empty-file", 0, value=short(source.name))
    return Problem("nothing-pasted", before)


def _nothing_found(text: str, parts: Parts, before: int, work: Work) -> None:
    """Say of a text without any table why there is nothing to plan in it."""
    if parts.broken:
        work.set_aside.append(_broken(parts.broken[0], before))
        return
    lines = text.split("\n")
    first = next(number for number, line in enumerate(lines, 1) if line.strip())
    last = max(number for number, line in enumerate(lines, 1) if line.strip())
    work.set_aside.append(
        Problem(
            "no-table",
            before + first,
            value=short(lines[first - 1].strip()),
            values={"last_line": last, "known": work.formats.shown},
        )
    )


def _read_parts(parts: Parts, lines: int, name: str, encoding: str, work: Work) -> None:
    before = work.end
    is_text = any(block.shape is not Shape.JSON for block in parts.blocks)
    is_text = is_text or bool(parts.strays or parts.broken)
    end = before + (lines if is_text else 0)
    first = len(work.parts)
    for block in parts.blocks:
        own_before = before
        if block.shape is Shape.JSON:
            own_before = end
        last = read_block(block, own_before, name, encoding, work)
        if block.shape is Shape.JSON:
            end = max(end, last)
    work.end = max(end, before)
    if any(part.format_id for part in work.parts[first:]):
        for part, block in zip(work.parts[first:], parts.blocks, strict=True):
            if not part.format_id:
                work.set_aside += [
                    Problem("unknown-part", part.before + line) for line in block.lines
                ]
    for line, text in parts.strays.items():
        work.set_aside.append(Problem("stray-line", before + line, value=short(text)))
    for one in parts.broken:
        # Where nothing of a broken value was read, the lines below may be a table's.
        line = one.line if one.entries else one.begun
        work.set_aside.append(_broken(replace(one, line=line), before))


def _broken(found: Break, before: int) -> Problem:
    """Say where JSON breaks, and whether entries before it could be read."""
    values: dict[str, str | int] = {"column_number": found.column}
    name = "json-cut" if found.entries else "not-json"
    return Problem(name, before + found.line, values=values)
