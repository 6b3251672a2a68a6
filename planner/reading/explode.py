"""Records that hold a list of subscriptions → one row for each of them."""

from __future__ import annotations

import json
from collections.abc import Container, Sequence
from dataclasses import replace
from functools import partial

from planner.reading.json_values import Written, columns_of
from planner.reading.records import Block, Column, Shape

_DEEPEST = 8


def each_of(block: Block, key: str, read: Container[str], alone: Container[str] = ()) -> Block:
    """Return a block with a row for each entry of the list under a key.

    The entries' own keys become columns named after the list; what stands beside it is
    repeated, but for the keys in ``alone`` where a list has several entries. A record with
    an empty list stays a row. ``read`` as for ``json_block``.
    """
    column = next((one for one in block.columns if one.key == key), None)
    if column is None:
        return block
    rows: list[int] = []
    records: list[dict[str, object]] = []
    several: set[int] = set()
    cells = column.cells
    held = cells.values if isinstance(cells, Written) else cells
    for row, cell in enumerate(held):
        entries = _entries(cell) or [{}]
        rows += [row] * len(entries)
        records += entries
        if len(entries) > 1:
            several.add(row)
    inner = list(columns_of(records, column.header, key, read))
    outer = [
        replace(one, stated=partial(_repeated, one, rows, several if one.key in alone else ()))
        for one in block.columns
        if one.key != key
    ]
    kept = Column(column.header, key, [""] * len(rows), is_nested=True)
    numbered = block.shape is Shape.JSON
    lines = list(range(1, len(rows) + 1)) if numbered else [block.lines[row] for row in rows]
    last = max(block.last_line, len(rows)) if numbered else block.last_line
    surplus = {place: block.surplus[row] for place, row in enumerate(rows) if row in block.surplus}
    columns = [*outer, kept, *inner]
    return replace(block, columns=columns, lines=lines, last_line=last, surplus=surplus)


def _repeated(column: Column, rows: Sequence[int], empty: Container[int]) -> list[str]:
    """Return a column's cells of these rows, but nothing of those in ``empty``."""
    cells = column.cells
    return ["" if row in empty else cells[row] for row in rows]


def nested_in(entries: list[object], key: str, inherited: Container[str]) -> list[object]:
    """Return records with the further records that each holds under a key right after it.

    What stands under an ``inherited`` key of a record holds of those in it that don't say it.
    """
    found: list[object] = []
    waiting = [(entry, 0) for entry in reversed(entries)]
    while waiting:
        entry, depth = waiting.pop()
        found.append(entry)
        if isinstance(entry, dict) and depth < _DEEPEST:
            inner = next((value for name, value in entry.items() if name.lower() == key), None)
            if isinstance(inner, list):
                given = {name: value for name, value in entry.items() if name.lower() in inherited}
                waiting += [(_with(given, one), depth + 1) for one in reversed(inner)]
    return found


def _with(given: dict[str, object], record: object) -> object:
    if not isinstance(record, dict):
        return record
    stated = {name.lower() for name, value in record.items() if value}
    return record | {name: value for name, value in given.items() if name.lower() not in stated}


def _entries(cell: object) -> list[dict[str, object]]:
    """Return the objects of a list that a cell holds, as text with or without its brackets."""
    value = _parsed(cell) if isinstance(cell, str) else cell
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if isinstance(one, dict)]


def _parsed(cell: str) -> object:
    text = cell.strip()
    if not text.startswith(("[", "{")):
        return None
    try:
        return json.loads(text if text.startswith("[") else f"[{text}]", parse_float=str)
    except (ValueError, RecursionError):
        return None
