"""The agenda: every step of every line, as the actions that somebody takes.

Which steps are one action for many lines, and which need nobody's decision, is data:
``agenda`` in ``data/rules/steps.yml``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from planner.knowledge import Knowledge
from planner.model import AgendaEntry, Recommendation, Step, customer_of
from planner.scheduling.transfers import Requests


@dataclass(frozen=True, slots=True)
class Together:
    """Which steps are one action for many lines.

    Attributes:
        one_per: Step → ``day``, ``customer``, ``customer-day``, ``transfer-request`` or ``line``.
        quiet: Steps that need nobody's decision.
    """

    one_per: Mapping[str, str]
    quiet: frozenset[str]


def together(knowledge: Knowledge) -> Together:
    """Return what ``data/rules/steps.yml`` says of the agenda."""
    stated = knowledge.tree["rules"]["steps"]["agenda"]
    one_per = {step: unit for unit, steps in stated["one_per"].items() for step in steps}
    return Together(one_per, frozenset(stated["quiet"]))


def agenda(
    recommendations: Iterable[Recommendation],
    requests: Mapping[int, Requests],
    knowledge: Knowledge,
) -> tuple[AgendaEntry, ...]:
    """Return the actions in the order of their days.

    An action without a day stands behind the step that it follows; one whose day isn't
    known stands last. ``requests`` says which transfer request a line belongs to.
    """
    grouping = together(knowledge)
    actions: dict[_Key, _Action] = {}
    for one in recommendations:
        for place in _places(one):
            for key in _keys(one, place, requests, grouping):
                action = actions.get(key)
                if action is None:
                    action = actions[key] = _Action(len(actions))
                action.add(one, place)
    made = sorted(actions.items(), key=lambda entry: (entry[1].reached, entry[1].order))
    return tuple(_entry(key, action, requests, grouping) for key, action in made)


class _Place(NamedTuple):
    """A step where it stands: its day, or that of the last dated step before it."""

    step: Step
    after: str
    reached: dt.date


class _Key(NamedTuple):
    """What makes two lines' steps one action."""

    step: str
    actor: str
    after: str
    dated: bool
    day: dt.date | None
    customer: str | None
    part: int
    line: int


@dataclass(slots=True)
class _Action:
    """What is gathered of one action."""

    order: int
    on: dt.date | None = None
    by: dt.date | None = None
    reached: dt.date = dt.date.max
    customer: str = ""
    lines: list[int] = field(default_factory=list)

    def add(self, one: Recommendation, place: _Place) -> None:
        step = place.step
        if step.on and (self.on is None or step.on < self.on):
            self.on = step.on
        if step.no_later_than and (self.by is None or step.no_later_than < self.by):
            self.by = step.no_later_than
        self.reached = min(self.reached, place.reached)
        self.customer = self.customer or one.subscription.customer or one.subscription.tenant_id
        self.lines.append(one.subscription.line)


def _places(one: Recommendation) -> Iterator[_Place]:
    before, reached = "", dt.date.min
    for step in one.steps:
        if step.on:
            reached = step.on
        unknown = step.on is None and not step.follows
        after = before if step.follows and step.on is None else ""
        yield _Place(step, after, dt.date.max if unknown else reached)
        before = step.id


def _keys(
    one: Recommendation, place: _Place, requests: Mapping[int, Requests], grouping: Together
) -> Iterator[_Key]:
    step, line = place.step, one.subscription
    unit = grouping.one_per.get(step.id, "line")
    customer = None if unit == "day" else customer_of(line)
    day = None if unit == "customer" else place.reached
    known = requests.get(line.line)
    parts = known.parts if known and unit == "transfer-request" else (0,)
    number = line.line if unit == "line" else 0
    for part in parts:
        dated = step.on is not None
        yield _Key(step.id, step.actor, place.after, dated, day, customer, part, number)


def _entry(
    key: _Key, action: _Action, requests: Mapping[int, Requests], grouping: Together
) -> AgendaEntry:
    lines = tuple(sorted(set(action.lines)))
    return AgendaEntry(
        on=action.on,
        no_later_than=action.by,
        step=key.step,
        actor=key.actor,
        lines=lines,
        customer="" if key.customer is None else action.customer,
        after=key.after,
        part=key.part,
        parts=requests[lines[0]].of if key.part else 0,
        quiet=key.step in grouping.quiet,
    )
