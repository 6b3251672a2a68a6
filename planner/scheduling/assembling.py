"""Put the parts of a plan together: questions, agenda, deadlines, the schedule."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from planner.knowledge import Knowledge
from planner.model import (
    Assumption,
    Deadline,
    Plan,
    Question,
    Reading,
    Recommendation,
    Schedule,
    Settings,
    Step,
)
from planner.scheduling.agenda import Agenda, agenda, together
from planner.scheduling.transfers import transfer_requests, with_transfer_requests

_NEXT_DEADLINES = 3


def assemble(
    reading: Reading,
    recommendations: tuple[Recommendation, ...],
    merged: dict[int, int],
    schedule: Schedule,
    settings: Settings,
    knowledge: Knowledge,
) -> Plan:
    """Return the plan that several recommendations add up to.

    What is transferred for one customer adds up to requests (F-11). Questions that
    several lines ask are one. The agenda has each action once, for all the lines it
    serves; deadlines are the last days of steps, from the as-of day on, the earliest
    first.
    """
    requests = transfer_requests(recommendations, knowledge)
    several = with_transfer_requests(recommendations, requests)
    counted = tuple(
        replace(one, figures=one.figures | {"transfer_requests": several[one.subscription.line]})
        if one.subscription.line in several
        else one
        for one in recommendations
    )
    return Plan(
        as_of=settings.as_of,
        rules_version=knowledge.version,
        reading=reading,
        recommendations=counted,
        merged=merged,
        questions=_questions(counted),
        agenda=Agenda(lambda: agenda(counted, requests, knowledge)),
        deadlines=_deadlines(counted, settings.as_of, together(knowledge).quiet),
        schedule=schedule,
        settings=settings,
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


def _deadlines(
    recommendations: Iterable[Recommendation], as_of: dt.date, quiet: frozenset[str]
) -> tuple[Deadline, ...]:
    lines: defaultdict[tuple[dt.date, str, str], list[int]] = defaultdict(list)
    for line, step in _steps(recommendations):
        last = step.no_later_than
        if last is not None and last >= as_of and step.id not in quiet:
            lines[last, step.id, step.actor].append(line)
    earliest = sorted(lines, key=lambda action: action[0])[:_NEXT_DEADLINES]
    return tuple(Deadline(*action, tuple(lines[action])) for action in earliest)
