"""Where a line of a reading stands, as its reader counts: in which file, and its number there."""

from __future__ import annotations

from dataclasses import dataclass

from planner.model import Part, Reading


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands.

    Attributes:
        number: Its line in its file or paste, or its place in its JSON list; from 1.
        counts: What the number counts: ``lines`` or ``entries``.
        source: Name of its file; ``""`` for pasted text, or where there is one source alone.
    """

    number: int
    counts: str
    source: str


def place_of(reading: Reading, line: int) -> Place:
    """Return where a line stands; ``line`` counts over the whole reading."""
    line = reading.places.get(line, line)
    part = _part_of(reading, line)
    if part is None:
        return Place(line, reading.counts, "")
    several = len({one.name for one in reading.parts}) > 1
    return Place(line - part.before, part.counts, part.name if several else "")


def _part_of(reading: Reading, line: int) -> Part | None:
    """Return the part that a line is in, or else a table of the same file or paste."""
    within = [part for part in reading.parts if part.first <= line <= part.last]
    if within:
        return max(within, key=lambda part: part.before)
    beside = [part for part in reading.parts if part.counts == "lines" and part.before < line]
    return max(beside, key=lambda part: part.before, default=None)
