"""The agenda: every step of every line, as the actions that somebody takes.

Which steps are one action for many lines, and which need nobody's decision, is data:
``agenda`` in ``data/rules/steps.yml``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, overload, override

from planner.knowledge import Knowledge
from planner.model import AgendaEntry, Recommendation, Step, customer_of
from planner.scheduling.transfers import Requests

_NO_PARTS = (0,)


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


class Agenda(Sequence[AgendaEntry]):
    """The actions of a plan, gathered when somebody first looks at them.

    A plan is on the screen before its agenda is asked for. ``gather`` makes the actions.
    """

    __slots__ = ("_gather", "_made")

    def __init__(self, gather: Callable[[], tuple[AgendaEntry, ...]]) -> None:
        self._gather: Callable[[], tuple[AgendaEntry, ...]] | None = gather
        self._made: tuple[AgendaEntry, ...] = ()

    @property
    def entries(self) -> tuple[AgendaEntry, ...]:
        """The actions."""
        if self._gather is not None:
            self._made, self._gather = self._gather(), None
        return self._made

    @overload
    def __getitem__(self, place: int) -> AgendaEntry: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[AgendaEntry, ...]: ...

    @override
    def __getitem__(self, place: int | slice) -> AgendaEntry | tuple[AgendaEntry, ...]:
        return self.entries[place]

    @override
    def __len__(self) -> int:
        return len(self.entries)

    @override
    def __iter__(self) -> Iterator[AgendaEntry]:
        return iter(self.entries)

    @override
    def __eq__(self, other: object) -> bool:
        if isinstance(other, Agenda):
            return self.entries == other.entries
        return self.entries == other

    @override
    def __hash__(self) -> int:
        return hash(self.entries)

    @override
    def __repr__(self) -> str:
        return repr(self.entries)


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
    kinds = _Kinds(grouping)
    actions: dict[_Key, _Action] = {}
    placed: dict[int, list[_Placed]] = {}
    recommendations = tuple(recommendations)  # Keeps what `placed` names by id alive.
    for one in recommendations:
        found = placed.get(id(one.steps))
        if found is None:
            found = placed[id(one.steps)] = kinds.in_order(one.steps)
        _gather(one, found, requests.get(one.subscription.line), actions)
    made = sorted(actions.values(), key=lambda action: (action.reached, action.order))
    return tuple(_entry(action, requests, grouping) for action in made)


class _Placed(NamedTuple):
    """A step among the others of its line; lines with the same steps share it.

    Attributes:
        kind: Number of its kind; steps of different kinds are never one action.
        reached: Its day, else that of the step before it.
    """

    kind: int
    step: Step
    unit: str
    reached: dt.date
    after: str


class _Kinds:
    """Numbers what tells actions apart, whomever they are for."""

    def __init__(self, grouping: Together) -> None:
        self._one_per = grouping.one_per
        self._numbers: dict[tuple[object, ...], int] = {}

    def in_order(self, steps: tuple[Step, ...]) -> list[_Placed]:
        """Return a line's steps, each with the day that it is reached on."""
        placed: list[_Placed] = []
        before, last = "", dt.date.min
        for step in steps:
            last = step.on or last
            reached = dt.date.max if step.on is None and not step.follows else last
            after = before if step.on is None and step.follows else ""
            unit = self._one_per.get(step.id, "line")
            day = None if unit == "customer" else reached
            kind = (step.id, step.actor, after, step.on is None, day)
            number = self._numbers.setdefault(kind, len(self._numbers))
            placed.append(_Placed(number, step, unit, reached, after))
            before = step.id
        return placed


def _gather(
    one: Recommendation,
    placed: list[_Placed],
    requests: Requests | None,
    actions: dict[_Key, _Action],
) -> None:
    """Add each step of a line to the action that it belongs to."""
    line = one.subscription
    number, owner, name = line.line, customer_of(line), line.customer or line.tenant_id
    for place in placed:
        unit = place.unit
        parts = requests.parts if requests and unit == "transfer-request" else _NO_PARTS
        for part in parts:
            key = (
                place.kind,
                None if unit == "day" else owner,
                part,
                number if unit == "line" else 0,
            )
            action = actions.get(key)
            if action is None:
                customer = "" if unit == "day" else name
                actions[key] = _Action(len(actions), place, customer, part, number)
            else:
                action.add(number, place)


_Key = tuple[int, str | None, int, int]
"""What makes two lines' steps one action: kind, customer, transfer request and line."""


class _Action:
    """What is gathered of one action."""

    __slots__ = ("by", "customer", "lines", "on", "order", "part", "placed", "reached")

    def __init__(self, order: int, placed: _Placed, customer: str, part: int, line: int) -> None:
        self.order = order
        self.placed = placed
        self.customer = customer
        self.part = part
        self.on = placed.step.on
        self.by = placed.step.no_later_than
        self.reached = placed.reached
        self.lines = [line]

    def add(self, line: int, placed: _Placed) -> None:
        step = placed.step
        if step.on and (self.on is None or step.on < self.on):
            self.on = step.on
        if step.no_later_than and (self.by is None or step.no_later_than < self.by):
            self.by = step.no_later_than
        self.reached = min(self.reached, placed.reached)
        self.lines.append(line)


def _entry(action: _Action, requests: Mapping[int, Requests], grouping: Together) -> AgendaEntry:
    step, part, found = action.placed.step, action.part, action.lines
    lines = tuple(found) if len(found) == 1 else tuple(sorted(set(found)))
    return AgendaEntry(
        on=action.on,
        no_later_than=action.by,
        step=step.id,
        actor=step.actor,
        lines=lines,
        customer=action.customer,
        after=action.placed.after,
        part=part,
        parts=requests[lines[0]].of if part else 0,
        quiet=step.id in grouping.quiet,
    )
