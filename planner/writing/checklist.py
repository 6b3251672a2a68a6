"""The plan as a list to tick off: one content for Markdown and for paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from babel.dates import format_date

from planner.model import AgendaEntry
from planner.writing.sentences import Sentences
from planner.writing.tasks import Named, asks_nobody, idle

Mark = tuple[str, str]  # The key of a line and the id of a step done for it.


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to tick off.

    Attributes:
        when: When it is done where it has no day, or ``""``.
        last: When it is due at the latest, as a sentence, or ``""``.
        lines: The lines it is for, each named.
        done: It is done for every line.
        by_itself: It happens by itself: to know, not to tick off.
    """

    what: str
    who: str
    when: str
    last: str
    lines: tuple[str, ...]
    done: bool
    by_itself: bool


@dataclass(frozen=True, slots=True)
class Day:
    """What one day holds; its title is the day, written out."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """Everything of a plan, by day; every line of the paste stands somewhere in it."""

    blockers: tuple[tuple[str, str], ...]
    days: tuple[Day, ...]
    undated: tuple[Entry, ...]
    idle: tuple[tuple[str, str], ...]
    set_aside: tuple[tuple[str, str], ...]
    merged: tuple[str, ...]


def checklist(say: Sentences, done: frozenset[Mark]) -> Checklist:
    """Return a plan's checklist; ``done`` holds what the reader ticked off."""
    plan, named = say.plan, Named(say)
    by_day = groupby((one for one in plan.agenda if one.on), key=lambda entry: entry.on)
    return Checklist(
        blockers=tuple(
            (named.line(one.subscription.line), say.blocker(one, notice))
            for one in plan.recommendations
            for notice in one.blockers
        ),
        days=tuple(
            Day(_title(say, on), tuple(_entry(say, named, entry, done) for entry in entries))
            for on, entries in by_day
            if on is not None
        ),
        undated=tuple(_entry(say, named, one, done) for one in plan.agenda if one.on is None),
        idle=tuple((named.line(one.subscription.line), say.path(one.path)) for one in idle(plan)),
        set_aside=tuple(_set_aside(say)),
        merged=tuple(say.merged(line) for line in plan.merged),
    )


def _title(say: Sentences, on: dt.date) -> str:
    return _capitalized(format_date(on, "full", say.words.locale))


def _capitalized(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _entry(say: Sentences, named: Named, entry: AgendaEntry, done: frozenset[Mark]) -> Entry:
    keys = say.plan.keys
    return Entry(
        what=named.what(entry),
        who=named.actor(entry.actor),
        when="" if entry.on else _capitalized(named.when(entry)),
        last=named.last_day(entry),
        lines=tuple(map(named.line, entry.lines)),
        done=all((keys[line], entry.step) in done for line in entry.lines),
        by_itself=asks_nobody(entry),
    )


def _set_aside(say: Sentences) -> Iterator[tuple[str, str]]:
    for fault in say.plan.reading.set_aside:
        where = ", ".join(part for part in (say.place(fault.line), fault.column) if part)
        named = f"{where}: {fault.value}" if fault.value else where
        yield named, say.problem(fault)
