"""Give every line that is cut over its day, within its own window and the reader's limits."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from planner.knowledge import Knowledge, NotInForce
from planner.model import (
    Cutover,
    Recommendation,
    Schedule,
    Scheduling,
    Subscription,
    customer_of,
)
from planner.scheduling.bases import bases_first, bases_of
from planner.scheduling.ends import new_term, shared_end
from planner.scheduling.placing import Job, Room, place
from planner.scheduling.stops import Stops
from planner.scheduling.windows import Window, cutover_rules, window_of

_OPEN_FOR = dt.timedelta(days=366)
"""How far a window that no rule closes is looked through."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line that is cut over, and where it would like to be."""

    line: Subscription
    key: str
    window: Window
    wanted: dt.date

    @property
    def latest(self) -> dt.date:
        return self.window.latest or max(self.window.recommended, self.wanted) + _OPEN_FOR

    @property
    def job(self) -> Job:
        days = (self.window.earliest, self.latest, self.wanted)
        return Job(*(day.toordinal() for day in days))


def schedule_cutovers(
    recommendations: Iterable[Recommendation],
    limits: Scheduling,
    keys: Mapping[int, str],
    as_of: dt.date,
    knowledge: Knowledge,
) -> Schedule:
    """Return the day of each line's cutover under the reader's limits.

    A line wants the day that its own rules recommend; with a wished day, the day of its
    window nearest to it; in waves, the day of its wave; an add-on its base's day (R-130).
    ``planner.scheduling.placing`` says what is optimised; an add-on that would still come
    before its base changes its day where it can (``planner.scheduling.bases``). Without
    limits or wishes every line keeps its recommended day. ``keys`` (line → key) settle
    what comes first, so the order of lines in the paste doesn't matter.

    A line is one cutover and takes one place of its day's and week's capacity, also
    where it stands for several subscriptions. Transfers and migrations to new commerce
    take none: nothing is bought, and the day is not the new partner's to set.
    """
    rules = cutover_rules(knowledge)
    early = _days_early(knowledge)
    windows = [
        (one.subscription, window)
        for one in recommendations
        if (window := window_of(one, rules, as_of, early)) is not None
    ]
    if _is_limited(limits):
        given = _placed(windows, limits, keys)
    else:
        given = [
            Cutover(line.line, one.recommended, one.earliest, one.latest, one.recommended)
            for line, one in windows
        ]
    if not limits.wave_by and limits.end_on is None:
        return Schedule(limits, tuple(given))
    lines = {line.line: line for line, _ in windows}
    waves = _waves(given, lines, limits.wave_by)
    finished = (_finished(one, waves.get(one.line, 0), lines[one.line], limits) for one in given)
    return Schedule(limits, tuple(finished))


def _days_early(knowledge: Knowledge) -> int:
    try:
        return knowledge.days(["P-17.most_days_early"])
    except NotInForce:
        return 0


def _is_limited(limits: Scheduling) -> bool:
    counted = (limits.per_day, limits.per_week, limits.wished)
    return any(one is not None for one in counted) or bool(
        limits.days_off or limits.blackout or limits.wave_by in {"customer", "product"}
    )


def _placed(
    windows: Sequence[tuple[Subscription, Window]], limits: Scheduling, keys: Mapping[int, str]
) -> list[Cutover]:
    candidates = [
        _Candidate(line, keys[line.line], window, day)
        for (line, window), day in zip(windows, _wanted(windows, limits, keys), strict=True)
    ]
    ordered = sorted(candidates, key=_most_urgent)
    jobs = [one.job for one in ordered]
    room = Room(limits.per_day, limits.per_week, _closed(jobs, limits))
    placed = place(jobs, room)
    places = {one.line.line: place for place, one in enumerate(ordered)}
    found = _bases((one.line for one in ordered), keys)
    pairs = [(places[add_on], places[base]) for add_on, base in found.items()]
    days = bases_first(placed, jobs, pairs, room)
    stops = Stops(limits, room, days)
    held = [
        stops.held_by(job, day) or _moved_by(before, day) or _missed_wish(one, limits)
        for one, job, before, day in zip(ordered, jobs, placed, days, strict=True)
    ]
    reliefs = [
        stops.relief(job) if day is None else () for job, day in zip(jobs, days, strict=True)
    ]
    given = {
        one.line.line: Cutover(
            line=one.line.line,
            recommended=one.window.recommended,
            earliest=one.window.earliest,
            latest=one.window.latest,
            on=None if day is None else dt.date.fromordinal(day),
            held_by=kinds,
            relief=relief,
        )
        for one, day, kinds, relief in zip(ordered, days, held, reliefs, strict=True)
    }
    return [given[line.line] for line, _ in windows]


def _bases(lines: Iterable[Subscription], keys: Mapping[int, str]) -> dict[int, int]:
    return bases_of(sorted(lines, key=lambda line: keys[line.line]))


def _moved_by(before: int | None, day: int | None) -> tuple[str, ...]:
    return () if day == before else ("base",)


def _missed_wish(one: _Candidate, limits: Scheduling) -> tuple[str, ...]:
    missed = limits.wished is not None and one.wanted != limits.wished
    return ("window",) if missed else ()


def _most_urgent(one: _Candidate) -> tuple[dt.date, dt.date, dt.date, str, int]:
    """Earliest last day first; the key settles what is equal."""
    return one.latest, one.wanted, one.window.earliest, one.key, one.line.line


def _closed(jobs: Sequence[Job], limits: Scheduling) -> frozenset[int]:
    """Return the days without a cutover, among those that a line could have."""
    if not jobs or not (limits.days_off or limits.blackout):
        return frozenset()
    first, last = min(job.earliest for job in jobs), max(job.latest for job in jobs)
    closed: set[int] = set()
    for begins, ends in limits.blackout:
        closed.update(range(max(first, begins.toordinal()), min(last, ends.toordinal()) + 1))
    if limits.days_off:
        off = {(day + 1) % 7 for day in limits.days_off}  # Ordinal 1 was a Monday.
        closed.update(day for day in range(first, last + 1) if day % 7 in off)
    return frozenset(closed)


def _wanted(
    windows: Sequence[tuple[Subscription, Window]], limits: Scheduling, keys: Mapping[int, str]
) -> list[dt.date]:
    """Return the day that each line would like, always within its window."""
    wished = limits.wished
    if wished is not None:
        return [_within(wished, window) for _, window in windows]
    days = {line.line: _within(window.recommended, window) for line, window in windows}
    if limits.wave_by in {"customer", "product"}:
        groups: defaultdict[str, list[tuple[Subscription, Window]]] = defaultdict(list)
        for line, window in windows:
            groups[_wave_key(line, limits.wave_by)].append((line, window))
        for group in groups.values():
            days.update(_wave_days(group, keys))
    inside = {line.line: window for line, window in windows}
    days.update(
        (add_on, _within(days[base], inside[add_on]))
        for add_on, base in _bases((line for line, _ in windows), keys).items()
    )
    return [days[line.line] for line, _ in windows]


def _within(day: dt.date, window: Window) -> dt.date:
    day = max(day, window.earliest)
    return day if window.latest is None else min(day, window.latest)


def _wave_key(line: Subscription, wave_by: str) -> str:
    return customer_of(line) if wave_by == "customer" else line.product.casefold()


def _wave_days(
    group: Sequence[tuple[Subscription, Window]], keys: Mapping[int, str]
) -> dict[int, dt.date]:
    """Return one day for as many lines of a group as share one, with the fewest such days.

    The window that closes first takes in all that open before it closes: the fewest
    days that meet every window. Each wave then lies as near as it can to the middle of
    its lines' recommended days.
    """
    last = dt.date.max
    waiting = sorted(
        group, key=lambda one: (one[1].latest or last, one[1].earliest, keys[one[0].line])
    )
    days: dict[int, dt.date] = {}
    while waiting:
        closes = waiting[0][1].latest or max(one.recommended for _, one in waiting)
        closes = max(closes, waiting[0][1].earliest)
        together = [one for one in waiting if one[1].earliest <= closes]
        waiting = [one for one in waiting if one[1].earliest > closes]
        recommended = sorted(window.recommended for _, window in together)
        day = min(recommended[(len(recommended) - 1) // 2], closes)
        day = max(day, *(window.earliest for _, window in together), dt.date.min)
        days.update((line.line, day) for line, _ in together)
    return days


def _waves(
    given: Iterable[Cutover], lines: Mapping[int, Subscription], wave_by: str
) -> dict[int, int]:
    """Return line → number of its wave: what moves together, in the order of days.

    A wave is one day's lines of one customer or product; by date, one day's lines.
    """
    if not wave_by:
        return {}
    waves: defaultdict[tuple[dt.date, str], list[int]] = defaultdict(list)
    for one in given:
        if one.on is not None:
            group = "" if wave_by == "date" else _wave_key(lines[one.line], wave_by)
            waves[one.on, group].append(one.line)
    return {line: number for number, wave in enumerate(sorted(waves), 1) for line in waves[wave]}


def _finished(one: Cutover, wave: int, line: Subscription, limits: Scheduling) -> Cutover:
    """Return a cutover with its wave and the end of its new term."""
    ends, unaligned = None, ""
    if limits.end_on is not None:
        ends, unaligned = shared_end(one.on or one.recommended, new_term(line.term), limits.end_on)
    return replace(one, wave=wave, term_ends=ends, unaligned=unaligned)
