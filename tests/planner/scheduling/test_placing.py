"""Giving out days: never outside a window or a limit, and optimal in what it says it optimises."""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.scheduling.placing import Job, Room, place, week_of

MOST_DAYS_ABOVE_LEAST = 6
"""How far the total of days moved, which isn't optimised, may lie off for eight jobs."""

FIRST = 740_000  # A Monday's ordinal plus a few days, far from both ends of the calendar.

Given = Sequence[int | None]


@st.composite
def jobs(draw: st.DrawFn, most: int, days: int) -> list[Job]:
    made = []
    for _ in range(draw(st.integers(1, most))):
        earliest = FIRST + draw(st.integers(0, days))
        latest = earliest + draw(st.integers(0, days))
        made.append(Job(earliest, latest, draw(st.integers(earliest, latest))))
    return made


@st.composite
def rooms(draw: st.DrawFn, days: int) -> Room:
    limit = st.none() | st.integers(1, 3)
    closed = draw(st.frozensets(st.integers(FIRST, FIRST + 2 * days), max_size=days))
    return Room(draw(limit), draw(limit), closed)


def allowed(days: Given, asked: Sequence[Job], room: Room) -> bool:
    """Tell whether days break no window, no closed day and no limit."""
    given_out = [day for day in days if day is not None]
    most = len(asked)
    return (
        all(
            day is None or (job.earliest <= day <= job.latest)
            for job, day in zip(asked, days, strict=True)
        )
        and not room.closed.intersection(given_out)
        and all(n <= (room.per_day or most) for n in Counter(given_out).values())
        and all(n <= (room.per_week or most) for n in Counter(map(week_of, given_out)).values())
    )


def worth(days: Given, asked: Sequence[Job]) -> tuple[int, int]:
    """Return what is optimised: jobs without a day, and the longest way from a wish."""
    ways = [abs(day - job.wanted) for job, day in zip(asked, days, strict=True) if day is not None]
    return len(asked) - len(ways), max(ways, default=0)


def every_placement(asked: Sequence[Job]) -> Iterator[tuple[int | None, ...]]:
    windows = [(None, *range(job.earliest, job.latest + 1)) for job in asked]
    return itertools.product(*windows)


@settings(max_examples=400)
@given(jobs(most=8, days=9), rooms(days=9))
def test_no_window_closed_day_or_limit_is_ever_broken(asked: list[Job], room: Room) -> None:
    assert allowed(place(asked, room), asked, room)


def _best(asked: Sequence[Job], room: Room) -> tuple[int, int, int]:
    """Return the least worth of all allowed placements, and the fewest days moved at it.

    Goes through the jobs one by one with every day of each; two ways to have filled the
    same places are one, so eight jobs are affordable.
    """
    states: dict[tuple[tuple[int, ...], int, int], int] = {((), 0, 0): 0}
    for job in asked:
        after: dict[tuple[tuple[int, ...], int, int], int] = {}
        for (taken, left, furthest), moved in states.items():
            choices = [((taken, left + 1, furthest), moved)]
            for day in range(job.earliest, job.latest + 1):
                filled = tuple(sorted((*taken, day)))
                way = abs(day - job.wanted)
                if _holds(filled, room):
                    choices.append(((filled, left, max(furthest, way)), moved + way))
            for state, total in choices:
                after[state] = min(total, after.get(state, total))
        states = after
    return min((left, furthest, moved) for (_, left, furthest), moved in states.items())


def _holds(taken: Sequence[int], room: Room) -> bool:
    days, weeks = Counter(taken), Counter(map(week_of, taken))
    return (
        room.closed.isdisjoint(days)
        and (room.per_day is None or max(days.values()) <= room.per_day)
        and (room.per_week is None or max(weeks.values()) <= room.per_week)
    )


@settings(max_examples=150, deadline=None)
@given(jobs(most=8, days=3), rooms(days=3))
def test_most_jobs_get_a_day_and_none_lands_further_away_than_it_must(
    asked: list[Job], room: Room
) -> None:
    days = place(asked, room)

    best = _best(asked, room)
    assert worth(days, asked) == best[:2]
    assert _moved(days, asked) - best[2] <= MOST_DAYS_ABOVE_LEAST


@settings(max_examples=100, deadline=None)
@given(jobs(most=4, days=3), rooms(days=3))
def test_the_check_agrees_with_every_placement_tried_in_turn(asked: list[Job], room: Room) -> None:
    tried = min(
        (*worth(days, asked), _moved(days, asked))
        for days in every_placement(asked)
        if allowed(days, asked, room)
    )

    assert _best(asked, room) == tried


def test_eight_jobs_that_want_one_day_are_spread_as_near_to_it_as_their_windows_allow() -> None:
    asked = [Job(FIRST - 2, FIRST + 1, FIRST)] * 8
    room = Room(per_day=2)

    days = place(asked, room)

    assert Counter(days) == {FIRST: 2, FIRST - 1: 2, FIRST + 1: 2, FIRST - 2: 2}
    best = min(worth(one, asked) for one in every_placement(asked) if allowed(one, asked, room))
    assert worth(days, asked) == best == (0, 2)


def test_a_job_that_can_move_makes_room_for_one_that_cannot() -> None:
    flexible, fixed = Job(FIRST, FIRST + 5, FIRST), Job(FIRST, FIRST, FIRST)

    assert place([flexible, fixed], Room(per_day=1)) == [FIRST + 1, FIRST]


def test_a_full_week_sends_a_job_of_another_of_its_days_elsewhere() -> None:
    monday = FIRST - (FIRST - 1) % 7
    stays = Job(monday + 2, monday + 2, monday + 2)
    moves = Job(monday, monday + 9, monday)

    days = place([moves, stays], Room(per_week=1))

    assert days == [monday + 7, monday + 2]


def test_jobs_with_nothing_in_their_way_get_the_days_they_want() -> None:
    asked = [Job(FIRST, FIRST + 9, FIRST + n % 7) for n in range(50)]

    assert place(asked, Room()) == [job.wanted for job in asked]


def _moved(days: Given, asked: Sequence[Job]) -> int:
    pairs = zip(asked, days, strict=True)
    return sum(abs(day - job.wanted) for job, day in pairs if day is not None)
