"""What was read of a paste, for the command line: its rows as printed, and what was set aside."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any

from planner.knowledge import Knowledge
from planner.model import ColumnRead, Part, Problem, Reading, Row
from planner.reading.joins import Rows
from planner.words import Words
from planner.writing.places import places, source_of

_UNESCAPED_CONTROL = re.compile("[\x7f-\x9f]")  # JSON allows them; a terminal would obey them.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_MOST_STRETCHES = 12
_TO = "\N{EN DASH}"
_FIELDS = tuple(one.name for one in fields(Row))
#: Exports are compared by one word for every volume licence; plans tell them apart.
_CHANNELS = {"Open": "VL", "Open Value": "VL"}


def set_aside(reading: Reading) -> tuple[Problem, ...]:
    """Return what was set aside and is no row either."""
    if not isinstance(reading.rows, Rows):  # A plan that was opened holds none.
        return reading.set_aside
    rows = reading.rows.keys
    return tuple(problem for problem in reading.set_aside if problem.line not in rows)


def reading_json(reading: Reading) -> str:
    """Return a reading as JSON: its rows with every field, then what was set aside."""
    made = {
        "format_id": reading.format_id,
        "encoding": reading.encoding,
        "parts": [
            {
                "number": part.number,
                "name": part.name,
                "format_id": part.format_id,
                "how": part.how,
                "role": part.role,
                "rows": part.rows,
                "columns": [_column(column) for column in part.columns],
                "missing": list(part.missing),
            }
            for part in reading.parts
        ],
        "rows": [_row(row) for row in reading.rows],
        "set_aside": [_problem(problem) for problem in set_aside(reading)],
        "warnings": [_problem(problem) for problem in reading.notes],
    }
    text = json.dumps(made, ensure_ascii=False, indent=2) + "\n"
    return _UNESCAPED_CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def reading_text(reading: Reading, language: str, knowledge: Knowledge) -> str:
    """Return a reading as text in a language: each part, its columns, what was set aside."""
    words = Words(language, knowledge.tree["languages"][language])
    lines: list[str] = []
    for part in reading.parts:
        lines += [*_part(part, words), ""]
    for problem in (*set_aside(reading), *reading.notes):
        said = words.say(
            f"planner.problems.{problem.id}",
            **{"line": problem.line, "value": problem.value, **problem.values},
        )
        place = " · ".join(
            filter(None, (_place(problem, reading, words), problem.column, problem.value))
        )
        lines.append(f"{place}: {said}" if place else said)
    lines += warned_rows(reading, words)
    return "\n".join(_CONTROL.sub(" ", line) for line in lines) + "\n"


def warned_rows(reading: Reading, words: Words) -> list[str]:
    """Say of each warning once which rows it concerns, and of which of several files."""
    place = places(reading)
    rows: dict[str, dict[str, list[int]]] = {}
    for line, codes in reading.warned.items():
        found = place(line)
        for code in codes:
            by_source = rows.setdefault(code, {})
            by_source.setdefault(source_of(found, words), []).append(found.number)
    return [
        words.say(
            "planner.reading.summary.warned",
            count=sum(len({*numbers}) for numbers in by_source.values()),
            rows="; ".join(
                _of(_stretches(numbers), source, words) for source, numbers in by_source.items()
            ),
            warning=words.say(f"planner.reading.warnings.{code}"),
        )
        for code, by_source in rows.items()
    ]


def _stretches(numbers: Sequence[int]) -> str:
    """Return numbers with those that follow one another drawn together, such as 2 to 5."""
    ends: list[list[int]] = []
    for number in sorted({*numbers}):
        if ends and number == ends[-1][1] + 1:
            ends[-1][1] = number
        else:
            ends.append([number, number])
    said = [str(a) if a == b else f"{a}{_TO}{b}" for a, b in ends[:_MOST_STRETCHES]]
    return ", ".join(said) + (" …" if len(ends) > _MOST_STRETCHES else "")


def _place(problem: Problem, reading: Reading, words: Words) -> str:
    """Return where a problem stands: "Line 3", "Entry 3" or "Line 3 of orders.csv"."""
    if not problem.line:
        return ""
    place = places(reading)(problem.line)
    title = words.say(f"planner.labels.place.{place.counts}_title", place=place.number)
    return _of(title, source_of(place, words), words)


def _of(said: str, source: str, words: Words) -> str:
    return words.say("planner.labels.place.of", places=said, source=source) if source else said


def _part(part: Part, words: Words) -> list[str]:
    key = f"planner.reading.formats.{part.format_id.replace('.', '-')}"
    name = words.say(key) if words.has(key) else part.format_id or part.name
    how = words.say(f"planner.reading.how.{part.how}")
    if part.how == "recognised" and part.signature:
        how = words.say("planner.reading.summary.recognised", columns=part.signature)
    said = [
        f"{name[:1].upper()}{name[1:]}. {how}" if name else how,
        words.say("planner.reading.summary.rows", count=part.rows),
    ]
    for column in part.columns:
        fields_read = ", ".join(_field(name, words) for name in column.fields)
        how = words.say(f"planner.reading.columns.{column.how}")
        order = ""
        if column.order:
            order = f"; {words.say(f'planner.reading.orders.{column.order}')}" + (
                f" ({words.say(f'planner.reading.order_by.{column.order_by}')})"
                if column.order_by
                else ""
            )
        said.append(f"  {column.header}: {fields_read or how}{order}")
    if part.missing:
        named = [_field(name, words) for name in part.missing]
        said.append(words.say("planner.reading.summary.missing", fields=named))
        if words.has(f"planner.reading.hints.{part.hint}"):
            said.append(words.say(f"planner.reading.hints.{part.hint}"))
    if part.customer:
        said.append(words.say("planner.reading.question.customer"))
    return said


def _field(name: str, words: Words) -> str:
    key = f"planner.reading.fields.{name}"
    return words.say(key) if words.has(key) else name


def _column(column: ColumnRead) -> dict[str, Any]:
    return {
        "header": column.header,
        "fields": list(column.fields),
        "how": column.how,
        "order": column.order,
        "order_by": column.order_by,
    }


def _row(row: Row) -> dict[str, Any]:
    made = {name: _plain(getattr(row, name)) for name in _FIELDS}
    return {**made, "channel": _CHANNELS.get(row.channel or "", row.channel)}


def _plain(value: object) -> object:
    match value:
        case dt.date():
            return value.isoformat()
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case tuple():
            return list(value)
        case _:
            return value


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "line": problem.line,
        "column": problem.column,
        "value": problem.value,
        "id": problem.id,
    }
