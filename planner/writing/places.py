"""Where a line stands in what was pasted: in which file, and its number there."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from planner.model import Reading
from planner.words import Words


@dataclass(frozen=True, slots=True)
class Place:
    """Where one line stands.

    Attributes:
        number: Its number there: of a line, or of an entry in a JSON list.
        counts: What the number counts: ``lines`` or ``entries``.
        name: Name of its file; ``""`` for pasted text.
        source: Which of several files or pastes it is in, from 1; 0 where there is one.
        part: Which of several lists of its file, each with numbers of its own, it is in, from 1;
            0 where there is one.
    """

    number: int
    counts: str
    name: str = ""
    source: int = 0
    part: int = 0


def places(reading: Reading) -> Callable[[int], Place]:
    """Return what finds a line's place.

    Numbers count on through all that was pasted together; in each file they begin again.
    """
    sources = sorted({(part.before, part.name, part.counts) for part in reading.parts})
    begin = [before for before, _, _ in sources]
    named = [source[1:] for source in sources]

    @cache
    def found(line: int) -> Place:
        line = reading.places.get(line, line)
        at = bisect_left(begin, line) - 1
        if at < 0:  # Text above the first table or list.
            return Place(line, "lines")
        before, name, counts = sources[at]
        if len(sources) == 1:
            return Place(line - before, counts, name)
        same = named.count(named[at]) > 1
        part = named[: at + 1].count(named[at]) if same else 0
        return Place(line - before, counts, name, at + 1, part)

    return found


def source_of(place: Place, words: Words) -> str:
    """Return which of several files or pastes a place is in; ``""`` where there is one."""
    if not place.source:
        return ""
    if place.name and place.part:
        return words.say("planner.labels.place.part_of", part=place.part, source=place.name)
    return place.name or words.say("planner.labels.place.part", part=place.source)
