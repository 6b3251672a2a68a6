"""Time reading: many lines of each sample, and a megabyte of what could be slow."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Container, Iterator
from pathlib import Path

from planner.knowledge import Knowledge
from planner.reading import read
from planner.reading.decoding import clean, decode
from planner.reading.json_values import entries_of

BUDGET = 1.0
"""Seconds of one core in which 10,000 lines, or a megabyte of anything, are read."""

_SAMPLES = Path(__file__).resolve().parent.parent / "tests" / "samples"
_MEGABYTE = 1_000_000
_RUNS = 3
_MARKS = (
    *(" ", "\t", ",", ";", "|", '"', "'", "{", "}", "[", "]", "(", ")", ":", "-", "=", "\\", "a"),
    *("0", ".", "\n", "\r", "\u20ac", " : ", '{"', "[{", '{"a":', '"a",', "- ", "-- ", "|-", "eyJ"),
    *(
        "\n{",
        "\n[",
        "a,\n",
        '"\n',
        '\n"sku,',
        "PS >",
        "\n- -",
        "sku\n",
        "product,seats\n",
        "a : b\n",
        "product\nseats\nend\n",
        "product  seats\n",
        "```\n",
        *("{}\n", "{} ", '{"a":1}[1]', "[[", '","', "\r\n", "; ", "<td>", "<tr>", "a,", "e\u0301"),
        *(
            "<table>",
            "\n<table><tr>",
            "<!--",
            "[]",
            "{}{",
            "| ",
            "||\n",
            "\t\n",
            "; ;\n",
            '""',
            '"",',
            *("pwd:'", 'pwd:\\"', "pwd:'\"\\", 'cookie:a="'),
        ),
    ),
)


def exports(lines: int, names: Container[str] = ()) -> Iterator[tuple[str, str]]:
    """Yield the name of each sample, or of those named, with its records repeated to so many."""
    for path in sorted(_SAMPLES.rglob("*.*")):
        if names and path.name not in names:
            continue
        if "expected" not in path.parts and path.suffix in _GROWN:
            text = clean(decode(path.read_bytes()).text)
            if grown := _GROWN[path.suffix](text, lines):
                yield path.name, grown


def _grown_table(text: str, lines: int) -> str:
    header, *rows = text.strip().split("\n")
    if header.startswith("#") or not rows:
        return ""
    return "\n".join([header, *(rows[place % len(rows)] for place in range(lines))])


def _grown_json(text: str, lines: int) -> str:
    entries, _ = entries_of(json.loads(text))
    return json.dumps([entries[place % len(entries)] for place in range(lines)])


def _grown_console(text: str, lines: int) -> str:
    """Return a console's list or table with its objects or rows repeated."""
    parts = [part.strip("\n") for part in text.split("\n\n") if part.strip()]
    if any(" : " in part for part in parts):
        listed = [part for part in parts if " : " in part]
        return "\n\n".join(listed[place % len(listed)] for place in range(lines))
    printed = parts[-1].split("\n")
    rule = next(at for at, line in enumerate(printed) if line.startswith("---"))
    rows = printed[rule + 1 :]
    grown = (rows[place % len(rows)] for place in range(lines))
    return "\n".join([*printed[: rule + 1], *grown])


_GROWN = {
    ".csv": _grown_table,
    ".tsv": _grown_table,
    ".json": _grown_json,
    ".txt": _grown_console,
}


_ENDS = {"\n", "\r"}
_IN_FULL = 12
_LETTERS = " \t,;|\"'{}[]():-=\\<>/a0.\u00e9\u00a0"


def marks() -> Iterator[str]:
    """Yield what a text of nothing else could be slow to read: each mark, each pair of letters."""
    yield from _MARKS
    for one, other in itertools.product(_LETTERS, repeat=2):
        yield one + other


def slowest_megabyte(knowledge: Knowledge) -> tuple[str, float]:
    """Return what the slowest megabyte consists of, and its seconds.

    Alone or below a header, on one line: of marks that end lines there are too many rows to
    call it a megabyte. All are read at a tenth of that, and those that took longest in full.
    """
    texts = {
        name: text
        for mark in marks()
        if not _ENDS & {*mark}
        for name, text in _of_nothing_else(mark, _MEGABYTE // 10)
    }
    taken = {name: seconds_to_read(text, knowledge, runs=1) for name, text in texts.items()}
    slowest = sorted(taken, key=lambda name: -taken[name])[:_IN_FULL]
    found = {name: seconds_to_read(texts[name] * 10, knowledge) for name in slowest}
    name = max(found, key=lambda one: found[one])
    return name, found[name]


def slowest_lines(knowledge: Knowledge) -> tuple[str, float]:
    """Return the short line of which fewest are read a second, and how many."""
    speeds = {}
    for mark in marks():
        if _ENDS & {*mark}:
            for name, text in _of_nothing_else(mark, _MEGABYTE // 10):
                seconds = seconds_to_read(text, knowledge, runs=1)
                speeds[name] = sum(map(text.count, _ENDS)) / seconds
    name = min(speeds, key=lambda one: speeds[one])
    return name, speeds[name]


def _of_nothing_else(mark: str, size: int) -> Iterator[tuple[str, str]]:
    text = mark * (size // len(mark))
    yield repr(mark), text
    yield f"header, {mark!r}", f"sku,seats\n{text}"


def seconds_to_read(text: str, knowledge: Knowledge, runs: int = _RUNS) -> float:
    """Return the best of some runs, in seconds of this process alone."""
    taken: list[float] = []
    for _ in range(runs):
        start = time.process_time()
        read(text, knowledge)
        taken.append(time.process_time() - start)
        if taken[-1] > BUDGET * _RUNS:
            break
    return min(taken)
