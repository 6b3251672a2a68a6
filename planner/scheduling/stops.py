"""What keeps a line from a day, and the smallest change of the limits that would help."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator

from planner.model import Relief, Scheduling
from planner.scheduling.placing import Job, Room, monday_of, week_of


class Stops:
    """The days and weeks that have no room left.

    Args:
        limits: The reader's limits.
        room: The same, as the days were given out by.
        days: The days given, ``None`` where there was no room.
    """

    def __init__(self, limits: Scheduling, room: Room, days: Iterable[int | None]) -> None:
        self._limits = limits
        self._room = room
        given = list(days)
        self._total = len(given)
        self._on_day = Counter(day for day in given if day is not None)
        self._in_week = Counter(week_of(day) for day in given if day is not None)
        self._more: Counter[int] = Counter()
        self._more_weekly: Counter[int] = Counter()
        self._opened: dict[int, Relief] = {}
        self._known: dict[tuple[int, int], tuple[str, ...]] = {}

    def held_by(self, job: Job, day: int | None) -> tuple[str, ...]:
        """Return the limits that keep a job from the day it wants, or from any day it could have.

        To be asked for every job before the first relief.
        """
        if day == job.wanted:
            return ()
        if day is not None:
            return tuple(sorted(self._limits_on(job.wanted)))
        window = job.earliest, job.latest
        if window not in self._known:
            days = range(job.earliest, job.latest + 1)
            found = {limit for day in days for limit in self._limits_on(day)}
            self._known[window] = tuple(sorted(found))
        return self._known[window]

    def relief(self, job: Job) -> tuple[Relief, ...]:
        """Return the smallest change that makes room for a job, and count it as made.

        The fewest limits, then the day nearest to the one wanted. Changes add up: each
        counts on those returned before, so all of them together make room for all.
        """
        day = self._cheapest(job)
        found: list[Relief] = []
        date, week = dt.date.fromordinal(day), week_of(day)
        if day in self._room.closed and day not in self._opened:
            now_open = self._room.per_day or 0
            self._opened[day] = Relief(self._closed_by(day), date, 0, now_open)
            self._more[day] += self._room.per_day or self._total
        if day in self._opened:
            found.append(self._opened[day])
        if self._on_day[day] >= (allowed := self._allowed(day)):
            found.append(Relief("per-day", date, allowed, allowed + 1))
            self._more[day] += 1
        if self._in_week[week] >= (weekly := self._allowed_weekly(week)):
            found.append(Relief("per-week", monday_of(week), weekly, weekly + 1))
            self._more_weekly[week] += 1
        self._on_day[day] += 1
        self._in_week[week] += 1
        return tuple(found)

    def _limits_on(self, day: int) -> Iterator[str]:
        if day in self._room.closed:
            yield self._closed_by(day)
        elif self._on_day[day] >= self._allowed(day):
            yield "per-day"
        if self._in_week[week_of(day)] >= self._allowed_weekly(week_of(day)):
            yield "per-week"

    def _closed_by(self, day: int) -> str:
        date = dt.date.fromordinal(day)
        out = any(begins <= date <= ends for begins, ends in self._limits.blackout)
        return "blackout" if out else "day-off"

    def _cheapest(self, job: Job) -> int:
        best, least = job.wanted, 3
        for day in _nearest_first(job):
            changes = self._changes(day)
            if changes < least:
                best, least = day, changes
            if least <= 1:
                break
        return best

    def _changes(self, day: int) -> int:
        week = week_of(day)
        full = self._on_day[day] >= self._allowed(day)
        return full + (self._in_week[week] >= self._allowed_weekly(week))

    def _allowed(self, day: int) -> int:
        return self._room.day(day, self._total) + self._more[day]

    def _allowed_weekly(self, week: int) -> int:
        return self._room.week(self._total) + self._more_weekly[week]


def _nearest_first(job: Job) -> Iterator[int]:
    yield job.wanted
    for step in range(1, max(job.wanted - job.earliest, job.latest - job.wanted) + 1):
        if job.wanted - step >= job.earliest:
            yield job.wanted - step
        if job.wanted + step <= job.latest:
            yield job.wanted + step
