"""Decide about one subscription: path, dated steps, reasons and what was ruled out."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from planner.dates import add_months
from planner.deciding.calendar import Calendar, calendar_of
from planner.deciding.facts import Neighbours, facts_of
from planner.deciding.terms import Term, current_term
from planner.deciding.verdicts import Verdict, Verdicts
from planner.knowledge import DayRule, Knowledge, NotInForce
from planner.model import (
    Because,
    Notice,
    Recommendation,
    RuledOut,
    Settings,
    Step,
    Subscription,
)


def recommend(
    subscription: Subscription,
    settings: Settings,
    knowledge: Knowledge,
    verdicts: Verdicts,
    neighbours: Neighbours,
    cutover: dt.date | None = None,
) -> Recommendation:
    """Return what to do with one subscription on the as-of day.

    Unknown facts are assumed on the stricter side and named (P-14); the decision
    table's first matching row gives the path; its days follow from the term and the
    regime after it, and from the day of the cutover where that is settled already.
    Never raises for what was pasted.
    """
    if cutover:
        subscription = replace(subscription, new_start=cutover)
    term = current_term(subscription, settings.as_of, knowledge)
    line = term.subscription
    verdict = verdicts.of(facts_of(term, settings, knowledge, neighbours))
    anchors = _anchors(line, verdict, settings.as_of, knowledge) | {"cutover": cutover}
    calendar = calendar_of(verdict.days, anchors)
    overlap = _overlap_days(verdict, calendar)
    steps, late = _steps(verdict, calendar, settings.as_of)
    decision, regime = verdict.decision, verdict.regime
    return Recommendation(
        subscription=line,
        path=decision.path,
        tone=verdict.tone,
        then=decision.then,
        regime=regime.code if regime else None,
        reassign=verdict.facts["reassign"] == "yes",
        dates={name: day for name, day in calendar.days.items() if day is not None},
        figures=_figures(line, verdict, overlap, knowledge),
        steps=steps,
        overlap_days=overlap,
        gap_days=_gap_days(line, verdict, calendar),
        blockers=(
            *verdict.blockers,
            *(_passed(rule, calendar) for rule in calendar.overdue),
            *late,
            *(_unruled(rule) for rule in calendar.unruled),
        ),
        warnings=verdict.warnings,
        assumptions=verdict.assumptions,
        turning_point=verdict.turning_point,
        because=_because(verdict, term, knowledge),
        instead_of=tuple(RuledOut(path, rules) for path, rules in decision.instead_of),
        optional=decision.optional,
    )


def _anchors(
    line: Subscription, verdict: Verdict, as_of: dt.date, knowledge: Knowledge
) -> dict[str, dt.date | None]:
    """Return the days that a path's days are counted from."""
    anchors: dict[str, dt.date | None] = {
        "as_of": as_of,
        "start": line.start,
        "term_end": line.end,
        "new_start": line.new_start,
        "transfer_request_created": line.transfer_request_created,
        "access_request_sent": line.access_request_sent,
        "access_ends": _access_ends(line),
    }
    if any(day.anchor == "old_enough_to_migrate" for day in verdict.days):
        anchors["old_enough_to_migrate"] = _old_enough_to_migrate(line, knowledge)
    regime = verdict.regime
    if regime is None:
        return anchors
    if line.stage_end:
        kept = regime.data - regime.access if verdict.facts["state"] == "expired" else 0
        anchors["access_last"] = anchors["grace_last"] = line.stage_end
        anchors["data_last"] = line.stage_end + dt.timedelta(days=kept)
    elif line.end:
        access_last = line.end + dt.timedelta(days=regime.access)
        anchors["access_last"] = access_last
        anchors["grace_last"] = access_last if regime.access else None
        anchors["data_last"] = line.end + dt.timedelta(days=regime.data)
    return anchors


def _old_enough_to_migrate(line: Subscription, knowledge: Knowledge) -> dt.date | None:
    """Return the first day on which a legacy subscription may be migrated (R-117)."""
    try:
        months = knowledge.limit("R-117.minimum_age_months")
    except NotInForce:
        return None
    if line.start is None or not isinstance(months, int):
        return None
    return add_months(line.start, months)


def _access_ends(line: Subscription) -> dt.date | None:
    """Return the day on which admin access ends if it is granted on the day it is asked (F-09)."""
    if line.access_request_sent is None or line.access_days is None:
        return None
    return line.access_request_sent + dt.timedelta(days=line.access_days)


def _overlap_days(verdict: Verdict, calendar: Calendar) -> int | None:
    """F-06: days from the new start to the last paid day, both included."""
    if verdict.in_place:
        return 0
    last_paid = calendar.days.get("source_last_paid_day")
    provision = calendar.days.get("provision_on")
    if last_paid is None or provision is None:
        return None
    return max(0, (last_paid - provision).days + 1)


def _gap_days(line: Subscription, verdict: Verdict, calendar: Calendar) -> int | None:
    """F-07: days between the end of access and the new start."""
    if verdict.in_place:
        return 0
    provision = calendar.days.get("provision_on")
    if provision is None or verdict.regime is None or line.end is None:
        return None
    access_last = line.end + dt.timedelta(days=verdict.regime.access)
    return max(0, (provision - access_last).days - 1)


def _figures(
    line: Subscription,
    verdict: Verdict,
    overlap: int | None,
    knowledge: Knowledge,
) -> dict[str, int | str]:
    figures: dict[str, int | str] = {}
    if verdict.ends_source and verdict.regime and verdict.regime.end_of_term_choice:
        figures["end_of_term_choice"] = verdict.regime.end_of_term_choice
    if overlap is not None:
        figures["overlap_days"] = overlap
    if line.new_start and line.end:
        planned = knowledge.days(["P-07.provision_lead"])
        figures[f"overlap_if_t{planned}"] = planned + 1
    if verdict.in_place and line.seats is not None:
        figures["seats_after"] = line.seats
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
    for row in verdict.steps:
        if row.on is not None and row.on not in days:
            continue
        on = days[row.on] if row.on else None
        if on is None and row.actor == "nobody":
            continue  # What happens by itself on a day that isn't known is no step.
        by = days.get(row.by) if row.by else None
        if on and by and by < on:
            if on > as_of:
                late.append(Notice("too-late", row.rules, {"step": row.id, "day": on, "by": by}))
            on = max(by, as_of)
        reached = on or reached
        dated.append((reached, Step(row.id, on, row.on is None, by, row.actor, row.rules)))
    # A step without a day stays behind the one before it.
    return tuple(step for _, step in sorted(dated, key=lambda entry: entry[0])), tuple(late)


def _passed(rule: DayRule, calendar: Calendar) -> Notice:
    values = {"name": rule.name, "day": calendar.days[rule.name]}
    return Notice("day-passed", (*rule.rules, "P-13"), values)


def _unruled(rule: DayRule) -> Notice:
    return Notice("no-rule-for-day", rule.rules, {"name": rule.name})


def _because(verdict: Verdict, term: Term, knowledge: Knowledge) -> tuple[Because, ...]:
    decision, regime = verdict.decision, verdict.regime
    reasons = [Because(decision.id, decision.rules)]
    reasons += [
        Because(row.id, row.rules)
        for row in knowledge.decisions
        if row.id == decision.then_decision
    ]
    reasons += [Because(row.id, row.rules) for row in verdict.modifiers]
    if regime and term.subscription.end:
        reasons.append(Because(regime.code, regime.rules))
    if term.end_checked:
        reasons.append(Because("F-01", ("R-140", "R-141", "R-143")))
    return tuple(reasons)
