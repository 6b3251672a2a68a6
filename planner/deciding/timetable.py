"""What a verdict means on the days of a line: dated steps, and what is paid or lost between."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import NamedTuple

from planner.dates import add_months
from planner.deciding.calendar import Calendar, calendar_of
from planner.deciding.verdict import Verdict
from planner.knowledge import DayRule, Knowledge, NotInForce
from planner.model import Notice, Step, Subscription

ANCHORS = frozenset(
    {
        "as_of",
        "start",
        "term_end",
        "new_start",
        "transfer_request_created",
        "access_request_sent",
        "access_ends",
        "wished_start",
        "cutover",
        "old_enough_to_migrate",
        "access_last",
        "grace_last",
        "data_last",
    }
)
"""The days that a rule of the calendar may count from, beside those above it."""


# Timetables share most of their steps, and what is written once for a step.
_step = lru_cache(maxsize=1 << 14)(Step)


class Counted(NamedTuple):
    """The days of a line that its plan is counted from: lines with the same share a timetable."""

    start: dt.date | None
    end: dt.date | None
    stage_end: dt.date | None
    new_start: dt.date | None
    transfer_request_created: dt.date | None
    access_request_sent: dt.date | None
    access_days: int | None
    wished_start: dt.date | None
    cutover: dt.date | None


_COUNTED = attrgetter(*Counted._fields[:-2])
_REACHED = itemgetter(0)
_OLD_ENOUGH = "old_enough_to_migrate"


def counted_in(
    line: Subscription, wished_start: dt.date | None, cutover: dt.date | None
) -> Counted:
    """Return the days that a line's plan is counted from, its cutover where that is settled.

    ``wished_start`` is the day of the cutover where the paste wishes one: what comes
    before is counted from it. Where only the schedule moves a line it is ``None``, and
    the relationship is still requested by the term end (P-02).
    """
    return Counted._make((*_COUNTED(line), wished_start, cutover))


@dataclass(frozen=True, slots=True)
class Timetable:
    """The days and steps of a verdict on the days of a line.

    Attributes:
        dates: Name → day (UTC), in the order of the plan; never changed, as lines share it.
        figures: Name → count or code that stands beside the dates; never changed either.
        overlap_days: Days paid for twice (F-06); ``None`` where no day is known.
        gap_days: Days without access (F-07).
        blockers: What stands in the way by the verdict or by the calendar.
    """

    dates: dict[str, dt.date]
    figures: dict[str, int | str]
    steps: tuple[Step, ...]
    overlap_days: int | None
    gap_days: int | None
    blockers: tuple[Notice, ...]


def timetable_of(
    verdict: Verdict, counted: Counted, as_of: dt.date, knowledge: Knowledge
) -> Timetable:
    """Return the days and steps of a verdict, counted from a line's own days."""
    calendar = calendar_of(verdict.days, _anchors(counted, verdict, as_of, knowledge))
    overlap = _overlap_days(verdict, calendar)
    steps, late = _steps(verdict, calendar, as_of)
    return Timetable(
        dates={name: day for name, day in calendar.days.items() if day is not None},
        figures=_figures(counted, verdict, overlap, knowledge),
        steps=steps,
        overlap_days=overlap,
        gap_days=_gap_days(counted, verdict, calendar),
        blockers=(
            *verdict.blockers,
            *(_passed(rule, calendar) for rule in calendar.overdue),
            *late,
            *(_unruled(rule) for rule in calendar.unruled),
        ),
    )


def _anchors(
    counted: Counted, verdict: Verdict, as_of: dt.date, knowledge: Knowledge
) -> dict[str, dt.date | None]:
    """Return the days that a path's days are counted from."""
    anchors: dict[str, dt.date | None] = {
        "as_of": as_of,
        "start": counted.start,
        "term_end": counted.end,
        "new_start": counted.new_start,
        "transfer_request_created": counted.transfer_request_created,
        "access_request_sent": counted.access_request_sent,
        "access_ends": _access_ends(counted),
        "wished_start": counted.wished_start,
        "cutover": counted.cutover,
    }
    for rule in verdict.days:
        if rule.anchor == _OLD_ENOUGH:
            anchors[_OLD_ENOUGH] = _old_enough_to_migrate(counted, knowledge)
    regime = verdict.regime
    if regime is None:
        return anchors
    if counted.stage_end:
        kept = regime.data - regime.access if verdict.facts["state"] == "expired" else 0
        anchors["access_last"] = anchors["grace_last"] = counted.stage_end
        anchors["data_last"] = counted.stage_end + dt.timedelta(days=kept)
    elif counted.end:
        access_last = counted.end + dt.timedelta(days=regime.access)
        anchors["access_last"] = access_last
        anchors["grace_last"] = access_last if regime.access else None
        anchors["data_last"] = counted.end + dt.timedelta(days=regime.data)
    return anchors


def _old_enough_to_migrate(counted: Counted, knowledge: Knowledge) -> dt.date | None:
    """Return the first day on which a legacy subscription may be migrated (R-117)."""
    try:
        months = knowledge.limit("R-117.minimum_age_months")
    except NotInForce:
        return None
    if counted.start is None or not isinstance(months, int):
        return None
    return add_months(counted.start, months)


def _access_ends(counted: Counted) -> dt.date | None:
    """Return the day on which admin access ends if it is granted on the day it is asked (F-09)."""
    if counted.access_request_sent is None or counted.access_days is None:
        return None
    return counted.access_request_sent + dt.timedelta(days=counted.access_days)


def _overlap_days(verdict: Verdict, calendar: Calendar) -> int | None:
    """F-06: days from the new start to the last paid day, both included."""
    if verdict.in_place:
        return 0
    last_paid = calendar.days.get("source_last_paid_day")
    provision = calendar.days.get("provision_on")
    if last_paid is None or provision is None:
        return None
    return max(0, (last_paid - provision).days + 1)


def _gap_days(counted: Counted, verdict: Verdict, calendar: Calendar) -> int | None:
    """F-07: days between the end of access and the new start.

    None where the subscription changes in place, and none where it runs on, paid.
    """
    if verdict.in_place or verdict.facts["state"] == "est":
        return 0
    provision = calendar.days.get("provision_on")
    if provision is None or verdict.regime is None or counted.end is None:
        return None
    access_last = counted.end + dt.timedelta(days=verdict.regime.access)
    return max(0, (provision - access_last).days - 1)


def _figures(
    counted: Counted,
    verdict: Verdict,
    overlap: int | None,
    knowledge: Knowledge,
) -> dict[str, int | str]:
    figures: dict[str, int | str] = {}
    if verdict.ends_source and verdict.regime and verdict.regime.end_of_term_choice:
        figures["end_of_term_choice"] = verdict.regime.end_of_term_choice
    if overlap is not None:
        figures["overlap_days"] = overlap
    if counted.new_start and counted.end:
        planned = knowledge.days(["P-07.provision_lead"])
        figures[f"overlap_if_t{planned}"] = planned + 1
    return figures


def _steps(
    verdict: Verdict, calendar: Calendar, as_of: dt.date
) -> tuple[tuple[Step, ...], tuple[Notice, ...]]:
    """Return the dated steps, and a notice for each that comes after its own last day.

    No step is recommended outside its window: one that would come too late is put on
    its last day, or on the as-of day where that has passed too.
    """
    days: dict[str, dt.date | None] = {"as_of": as_of, **calendar.days}
    dated: list[tuple[dt.date, Step]] = []
    late: list[Notice] = []
    reached = dt.date.min
    for step, _, begins, ends, actor, rules in verdict.steps:
        if begins is not None and begins not in days:
            continue
        on = days[begins] if begins else None
        if on is None and actor == "nobody":
            continue  # What happens by itself on a day that isn't known is no step.
        by = days.get(ends) if ends else None
        if on and by and by < on:
            if on > as_of:
                late.append(Notice("too-late", rules, {"step": step, "day": on, "by": by}))
            on = max(by, as_of)
        reached = on or reached
        dated.append((reached, _step(step, on, begins is None, by, actor, rules)))
    # A step without a day stays behind the one before it.
    dated.sort(key=_REACHED)
    return tuple([step for _, step in dated]), tuple(late)


def _passed(rule: DayRule, calendar: Calendar) -> Notice:
    values = {"name": rule.name, "day": calendar.days[rule.name]}
    return Notice("day-passed", (*rule.rules, "P-13"), values)


def _unruled(rule: DayRule) -> Notice:
    return Notice("no-rule-for-day", rule.rules, {"name": rule.name})
