"""Give each of many jobs a day: windows, so many a day, so many a week, closed days.

What it optimises, in this order:

1. as many jobs as possible get a day;
2. the job that lands furthest from the day it wants lands as near as possible.

Both are exact. Jobs, days and weeks form a flow network (job → day → week), so the jobs
that can be placed together are a matroid, and augmenting paths find a largest set of
them. The search widens by one day at a time: in round ``k`` each job may use the days
of its window at most ``k`` from the one it wants. After each round no further job could
be placed within ``k`` days, so the round that places the last one is the least possible
(2), and after the last round no job could be added at all (1). Within a round jobs come
in the order given, and each takes the free day nearest to its own.

At last jobs move back, or change places, where that brings them nearer to their days.
How few days are moved in total is therefore good, but not proven least.

Earliest deadline first, the usual rule for such windows, also places most jobs, but it
fills days from the first on and so moves nearly everything; here a job that can stay
where it is wanted stays there.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Job:
    """Something that takes one place on one day; days are proleptic ordinals.

    Attributes:
        earliest: First day that it can have.
        latest: Last day that it can have.
        wanted: Day that it wants, within the two.
    """

    earliest: int
    latest: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Room:
    """How much has room when.

    Attributes:
        per_day: Most jobs on one day; ``None``: any number.
        per_week: Most jobs in one week, Monday to Sunday; ``None``: any number.
        closed: Days without room, among those that any job can have.
    """

    per_day: int | None = None
    per_week: int | None = None
    closed: frozenset[int] = frozenset()

    def day(self, day: int, jobs: int) -> int:
        """Return how many jobs a day takes, of so many in all."""
        if day in self.closed:
            return 0
        return jobs if self.per_day is None else self.per_day

    def week(self, jobs: int) -> int:
        """Return how many jobs a week takes, of so many in all."""
        return jobs if self.per_week is None else self.per_week


def week_of(day: int) -> int:
    """Return the number of a day's week; weeks begin on Monday."""
    return (day - 1) // _WEEK


def monday_of(week: int) -> dt.date:
    """Return the first day of a week."""
    return dt.date.fromordinal(week * _WEEK + 1)


def place(jobs: Sequence[Job], room: Room) -> list[int | None]:
    """Return each job's day; ``None`` where there is no room for it.

    Where not all have room, those that come earlier in ``jobs`` are preferred among the
    jobs that can be placed equally near to the day they want.
    """
    board = _Board(jobs, room)
    waiting = board.waiting()
    reach = 0
    while waiting:
        board.reach = reach
        waiting = board.round(waiting)
        if not waiting or (wider := board.next_reach(waiting)) is None:
            break
        reach = wider
    board.settle()
    return [board.days.get(number) for number in range(len(jobs))]


@dataclass(slots=True)
class _Board:
    """Where each job stands while days are given out.

    Jobs with the same window and wish are one kind; the search goes by kinds.
    """

    jobs: Sequence[Job]
    room: Room
    reach: int = 0
    days: dict[int, int] = field(default_factory=dict)
    held: dict[int, dict[Job, list[int]]] = field(default_factory=dict)
    on_day: Counter[int] = field(default_factory=Counter)
    in_week: Counter[int] = field(default_factory=Counter)
    dead: set[int] = field(default_factory=set)
    dead_weeks: set[int] = field(default_factory=set)
    _beyond: dict[int, int] = field(default_factory=dict)

    def waiting(self) -> dict[Job, list[int]]:
        """Return the jobs that have no day yet, by kind, in the order given."""
        kinds: dict[Job, list[int]] = {}
        for number, job in enumerate(self.jobs):
            kinds.setdefault(job, []).append(number)
        return kinds

    def round(self, waiting: dict[Job, list[int]]) -> dict[Job, list[int]]:
        """Place what can be placed within reach; return what still waits."""
        self.dead, self.dead_weeks, self._beyond = set(), set(), {}
        left: dict[Job, list[int]] = {}
        for kind, numbers in waiting.items():
            for place, number in enumerate(numbers):
                if not self._augment(kind, number):
                    left[kind] = numbers[place:]
                    break
        return left

    def next_reach(self, waiting: dict[Job, list[int]]) -> int | None:
        """Return the least reach at which a job that waits could get a day, if there is one.

        What a failed round has seen is closed: only a kind in it whose window goes on
        past the days seen can lead out of it.
        """
        least: int | None = None
        kinds = set(waiting)
        for day in self.dead:
            kinds.update(self.held.get(day, ()))
        for kind in kinds:
            low = max(kind.earliest, kind.wanted - self.reach)
            high = min(kind.latest, kind.wanted + self.reach)
            for day in (self._alive_before(low, kind.earliest), self._alive_from(high + 1)):
                if day is not None and kind.earliest <= day <= kind.latest:
                    distance = abs(day - kind.wanted)
                    least = distance if least is None else min(least, distance)
        return least

    def settle(self) -> None:
        """Bring jobs nearer to their days: to free places, and by changing places."""
        moved = True
        while moved:
            moved = False
            away = [number for number, day in self.days.items() if day != self.jobs[number].wanted]
            away.sort(key=lambda number: -abs(self.days[number] - self.jobs[number].wanted))
            for number in away:
                moved |= self._nearer(number) or self._swap(number)

    def _nearer(self, number: int) -> bool:
        job, now = self.jobs[number], self.days[number]
        for day in _between(job.wanted, now):
            if self.free(day, leaving=now):
                self._move(number, day)
                return True
        return False

    def _swap(self, number: int) -> bool:
        """Change places with a job on the way, where both together come nearer."""
        job, now = self.jobs[number], self.days[number]
        for day in _between(job.wanted, now):
            for other, numbers in self.held.get(day, {}).items():
                if not numbers or not other.earliest <= now <= other.latest:
                    continue
                before = abs(now - job.wanted) + abs(day - other.wanted)
                after = abs(day - job.wanted) + abs(now - other.wanted)
                if after < before and abs(now - other.wanted) <= abs(now - job.wanted):
                    second = numbers[0]
                    self._take(second)
                    self._move(number, day)
                    self._put(second, now)
                    return True
        return False

    def free(self, day: int, leaving: int | None = None) -> bool:
        """Tell whether one more job has room on a day, ``leaving`` being left for it."""
        count = len(self.jobs)
        if self.on_day[day] >= self.room.day(day, count):
            return False
        week = week_of(day)
        in_week = self.in_week[week] - (leaving is not None and week_of(leaving) == week)
        return in_week < self.room.week(count)

    def _alive_from(self, day: int) -> int:
        """Return the first day from ``day`` on that this round hasn't given up."""
        seen = []
        while day in self._beyond:
            seen.append(day)
            day = self._beyond[day]
        for passed in seen:
            self._beyond[passed] = day
        return day

    def _alive_before(self, day: int, earliest: int) -> int | None:
        """Return the last day before ``day`` that this round hasn't given up."""
        day -= 1
        while day >= earliest:
            if day not in self._beyond:
                return day
            day -= 1
        return None

    def _within(self, kind: Job) -> list[int]:
        """Return the days that a job may still try, the nearest to its wish first."""
        low = max(kind.earliest, kind.wanted - self.reach)
        high = min(kind.latest, kind.wanted + self.reach)
        days: list[int] = []
        day = self._alive_from(low)
        while day <= high:
            days.append(day)
            day = self._alive_from(day + 1)
        if len(days) > 1:
            days.sort(key=lambda day: (abs(day - kind.wanted), day))
        return days

    def _augment(self, kind: Job, number: int) -> bool:
        """Find a day for one more job, moving others within reach; tell whether it worked."""
        came: dict[int, tuple[int | None, int | None]] = {}
        weeks: dict[int, int] = {}
        queue: deque[tuple[str, int]] = deque()
        for day in self._within(kind):
            self._beyond[day] = day + 1
            came[day] = (None, number)
            if self.free(day):
                return self._follow(came, weeks, day)
            queue.append(("day", day))
        while queue:
            what, place = queue.popleft()
            found = (
                self._leave_day(place, came, weeks, queue)
                if what == "day"
                else self._open_week(place, came, queue)
            )
            if found is not None:
                return self._follow(came, weeks, found)
        self.dead.update(came)
        self.dead_weeks.update(weeks)
        return False

    def _leave_day(
        self,
        day: int,
        came: dict[int, tuple[int | None, int | None]],
        weeks: dict[int, int],
        queue: deque[tuple[str, int]],
    ) -> int | None:
        """Look where a day that has one job too many can send one; return a day with room."""
        week = week_of(day)
        unfilled = self.on_day[day] < self.room.day(day, len(self.jobs))
        if unfilled and week not in weeks and week not in self.dead_weeks:
            weeks[week] = day
            queue.append(("week", week))
        for other, numbers in self.held.get(day, {}).items():
            if not numbers:
                continue
            for target in self._within(other):
                self._beyond[target] = target + 1
                came[target] = (day, numbers[0])
                if self.free(target):
                    return target
                queue.append(("day", target))
        return None

    def _open_week(
        self,
        week: int,
        came: dict[int, tuple[int | None, int | None]],
        queue: deque[tuple[str, int]],
    ) -> int | None:
        """Let any day of a full week send a job elsewhere."""
        first = week * _WEEK + 1
        for day in range(first, first + _WEEK):
            if self.on_day[day] and day not in self._beyond:
                self._beyond[day] = day + 1
                came[day] = (-week - 1, None)
                queue.append(("day", day))
        return None

    def _follow(
        self,
        came: dict[int, tuple[int | None, int | None]],
        weeks: dict[int, int],
        day: int,
    ) -> bool:
        """Make the moves that lead to a day with room; what was seen may be seen again."""
        moves: list[tuple[int, int]] = []
        place: int | None = day
        while place is not None:
            before, number = came[place]
            if number is None:
                place = weeks[-(before or 0) - 1]
                continue
            moves.append((number, place))
            place = before
        for number, target in moves:
            if number in self.days:
                self._take(number)
            self._put(number, target)
        for seen in came:
            self._beyond.pop(seen, None)
        for gone in self.dead:
            self._beyond[gone] = gone + 1
        return True

    def _move(self, number: int, day: int) -> None:
        self._take(number)
        self._put(number, day)

    def _take(self, number: int) -> None:
        day = self.days.pop(number)
        self.held[day][self.jobs[number]].remove(number)
        self.on_day[day] -= 1
        self.in_week[week_of(day)] -= 1

    def _put(self, number: int, day: int) -> None:
        self.days[number] = day
        self.held.setdefault(day, {}).setdefault(self.jobs[number], []).append(number)
        self.on_day[day] += 1
        self.in_week[week_of(day)] += 1


def _between(wanted: int, now: int) -> Iterator[int]:
    """Yield the days nearer to the one wanted than ``now`` is, the nearest first."""
    distance = abs(now - wanted)
    for step in range(distance):
        yield wanted - step
        if step:
            yield wanted + step
