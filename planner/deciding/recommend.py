"""Decide about one subscription: path, dated steps, reasons and what was ruled out."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from planner.deciding.facts import Neighbours
from planner.deciding.terms import current_term
from planner.deciding.timetable import Timetable, counted_in
from planner.deciding.verdict import Verdict
from planner.deciding.verdicts import Verdicts
from planner.knowledge import Knowledge
from planner.model import Recommendation, Settings, Subscription


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
    Lines of one kind and the same days share all but the line itself.
    Never raises for what was pasted.
    """
    wished = subscription.new_start and (cutover or subscription.new_start)
    if cutover:
        subscription = replace(subscription, new_start=cutover)
    term = current_term(subscription, settings.as_of, knowledge)
    line = term.subscription
    verdict = verdicts.of_line(term, settings, neighbours)
    timetable = verdicts.timetable(verdict, counted_in(line, wished, cutover), settings.as_of)
    return Recommendation(
        subscription=line,
        path=verdict.path,
        tone=verdict.tone,
        then=verdict.then,
        regime=verdict.regime.code if verdict.regime else None,
        reassign=verdict.facts["reassign"] == "yes",
        dates=timetable.dates,
        figures=_figures(line, verdict, timetable),
        steps=timetable.steps,
        overlap_days=timetable.overlap_days,
        gap_days=timetable.gap_days,
        blockers=timetable.blockers,
        warnings=verdict.warnings,
        assumptions=verdict.assumptions,
        turning_point=verdict.turning_point,
        because=verdicts.because(verdict, term),
        instead_of=verdict.instead_of,
        optional=verdict.optional,
    )


def _figures(line: Subscription, verdict: Verdict, timetable: Timetable) -> dict[str, int | str]:
    if verdict.in_place and line.seats is not None:
        return {**timetable.figures, "seats_after": line.seats}
    return timetable.figures
