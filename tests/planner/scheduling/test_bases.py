"""Add-ons and their bases: the base first where windows and limits allow it."""

from planner.scheduling.bases import bases_first
from planner.scheduling.placing import Job, Room, week_of

FIRST = 740_000
PAIR = [(0, 1)]


def test_both_exchange_days_where_their_windows_allow_it() -> None:
    jobs = [Job(FIRST, FIRST + 5, FIRST), Job(FIRST, FIRST + 5, FIRST + 2)]

    assert bases_first([FIRST, FIRST + 2], jobs, PAIR, Room(1)) == [FIRST + 2, FIRST]


def test_else_the_add_on_takes_the_first_day_with_room_from_its_base_on() -> None:
    jobs = [Job(FIRST, FIRST + 4, FIRST), Job(FIRST + 2, FIRST + 2, FIRST + 2)]
    room = Room(1, closed=frozenset({FIRST + 3}))

    assert bases_first([FIRST, FIRST + 2], jobs, PAIR, room) == [FIRST + 4, FIRST + 2]


def test_an_add_on_that_no_later_day_has_room_for_keeps_its_own() -> None:
    fixed = Job(FIRST + 2, FIRST + 2, FIRST + 2)
    ends_before = [Job(FIRST, FIRST + 1, FIRST), fixed]
    full_week = [Job(FIRST, FIRST + 7, FIRST), Job(FIRST + 7, FIRST + 7, FIRST + 7)]
    days = [FIRST, FIRST + 7]

    assert bases_first([FIRST, FIRST + 2], ends_before, PAIR, Room(1)) == [FIRST, FIRST + 2]
    assert week_of(FIRST) != week_of(FIRST + 7)
    assert bases_first(days, full_week, PAIR, Room(per_week=1)) == days


def test_an_add_on_whose_base_has_no_day_keeps_its_own() -> None:
    jobs = [Job(FIRST, FIRST + 4, FIRST)] * 2

    assert bases_first([FIRST, None], jobs, PAIR, Room(1)) == [FIRST, None]
