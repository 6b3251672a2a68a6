"""Schedule: many recommendations → one plan, its agenda by day and its next deadlines."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from planner.knowledge import Knowledge
from planner.model import (
    AgendaEntry,
    Assumption,
    Deadline,
    Plan,
    Question,
    Reading,
    Recommendation,
    Step,
    customer_of,
)

_NEXT_DEADLINES = 3


def schedule(
    reading: Reading,
    recommendations: tuple[Recommendation, ...],
    merged: dict[int, int],
    as_of: dt.date,
    knowledge: Knowledge,
) -> Plan:
    """Return the plan that several recommendations add up to.

    What is transferred for one customer adds up to requests (F-11). Questions that
    several lines ask are one. The agenda has each dated step once a day,
    for all the lines it serves; deadlines are the last days of steps, from the as-of
    day on, the earliest first.
    """
    recommendations = _with_transfer_requests(recommendations, knowledge)
    return Plan(
        as_of=as_of,
        rules_version=knowledge.version,
        reading=reading,
        recommendations=recommendations,
        merged=merged,
        questions=_questions(recommendations),
        agenda=_agenda(recommendations),
        deadlines=_deadlines(recommendations, as_of),
    )


def _with_transfer_requests(
    recommendations: tuple[Recommendation, ...], knowledge: Knowledge
) -> tuple[Recommendation, ...]:
    """Say on each transferred line how many requests its customer's transfers take."""
    items: Counter[str] = Counter()
    for one in recommendations:
        if one.path == "PARTNER_TRANSFER":
            items[customer_of(one.subscription)] += one.subscription.covers
    return tuple(
        replace(one, figures=one.figures | {"transfer_requests": requests})
        if one.path == "PARTNER_TRANSFER"
        and (requests := knowledge.transfer_requests(items[customer_of(one.subscription)])) > 1
        else one
        for one in recommendations
    )


def _questions(recommendations: Iterable[Recommendation]) -> tuple[Question, ...]:
    """Return each unknown once, with all the lines it concerns; most lines first."""
    lines: defaultdict[str, list[int]] = defaultdict(list)
    made: dict[str, Assumption] = {}
    for recommendation in recommendations:
        for assumption in recommendation.assumptions:
            made.setdefault(assumption.id, assumption)
            lines[assumption.id].append(recommendation.subscription.line)
    return tuple(
        Question(one.id, one.fact, one.assumed, one.choices, tuple(lines[one.id]))
        for one in sorted(made.values(), key=lambda one: -len(lines[one.id]))
    )


def _steps(recommendations: Iterable[Recommendation]) -> Iterable[tuple[int, Step]]:
    for recommendation in recommendations:
        for step in recommendation.steps:
            yield recommendation.subscription.line, step


def _agenda(recommendations: Iterable[Recommendation]) -> tuple[AgendaEntry, ...]:
    lines: defaultdict[tuple[dt.date, str, str], list[int]] = defaultdict(list)
    last: dict[tuple[dt.date, str, str], dt.date] = {}
    for line, step in _steps(recommendations):
        if step.on is None:
            continue
        action = (step.on, step.id, step.actor)
        lines[action].append(line)
        if step.no_later_than is not None:
            last[action] = min(step.no_later_than, last.get(action, step.no_later_than))
    # Actions of one day stand in the order in which the lines' steps name them.
    order = {action: place for place, action in enumerate(lines)}
    return tuple(
        AgendaEntry(*action[:1], last.get(action), *action[1:], tuple(lines[action]))
        for action in sorted(lines, key=lambda action: (action[0], order[action]))
    )


def _deadlines(recommendations: Iterable[Recommendation], as_of: dt.date) -> tuple[Deadline, ...]:
    lines: defaultdict[tuple[dt.date, str, str], list[int]] = defaultdict(list)
    for line, step in _steps(recommendations):
        if step.no_later_than is not None and step.no_later_than >= as_of:
            lines[step.no_later_than, step.id, step.actor].append(line)
    earliest = sorted(lines, key=lambda action: action[0])[:_NEXT_DEADLINES]
    return tuple(Deadline(*action, tuple(lines[action])) for action in earliest)
