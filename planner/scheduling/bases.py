"""Add-ons and their bases: the same day where it can be, else the base first.

An add-on needs its base on the tenant, whoever sold it (R-130). So an add-on may go
ahead of its base while the old base runs, and none is left without a day for its sake.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from planner.model import Subscription, customer_of
from planner.scheduling.placing import Job, Room, week_of


def bases_of(lines: Iterable[Subscription]) -> dict[int, int]:
    """Return line of an add-on → line of its base, where both are among the lines.

    A base is named by its subscription's id or its product, within one customer; the
    first of that name counts.
    """
    lines = tuple(lines)
    named: dict[tuple[str, str], int] = {}
    for line in lines:
        for name in (line.subscription_id, line.product):
            if name:
                named.setdefault((customer_of(line), name.casefold()), line.line)
    found: dict[int, int] = {}
    for line in lines:
        for name in (line.parent_subscription_id, line.base_product):
            base = named.get((customer_of(line), name.casefold())) if name else None
            if base is not None and base != line.line:
                found[line.line] = base
                break
    return found


def bases_first(
    days: Sequence[int | None], jobs: Sequence[Job], bases: Sequence[tuple[int, int]], room: Room
) -> list[int | None]:
    """Return the days with add-ons that come before their bases put right where that can be.

    ``bases`` pairs places in ``jobs``: an add-on and its base. The two exchange days, or
    the add-on takes the first day with room from its base's day on; windows, closed days
    and limits hold as before, and as many jobs have a day.
    """
    put = list(days)
    on_day = Counter(day for day in put if day is not None)
    in_week = Counter(week_of(day) for day in put if day is not None)
    early = [
        (day, add_on, base)
        for add_on, base in bases
        if (day := put[add_on]) is not None and (put[base] or day) > day
    ]
    for _, add_on, base in sorted(early):
        day, after = put[add_on], put[base]
        if day is None or after is None or day >= after:
            continue
        if jobs[base].earliest <= day and after <= jobs[add_on].latest:
            put[add_on], put[base] = after, day
            continue
        for free in range(max(after, jobs[add_on].earliest), jobs[add_on].latest + 1):
            week = week_of(free)
            same_week = week == week_of(day)
            if on_day[free] < room.day(free, len(jobs)) and (
                in_week[week] - same_week < room.week(len(jobs))
            ):
                put[add_on] = free
                on_day.update({free: 1, day: -1})
                in_week.update({week: 1, week_of(day): -1})
                break
    return put
