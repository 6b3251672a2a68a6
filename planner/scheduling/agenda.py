"""The agenda: every step of every line, as the actions that somebody takes.

Which steps are one action for many lines, and which need nobody's decision, is data:
``agenda`` in ``data/rules/steps.yml``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
    actions: dict[_Key, _Action] = {}
    placed: dict[int, list[_Placed]] = {}
    recommendations = tuple(recommendations)  # Keeps what `placed` names by id alive.
    for one in recommendations:
        found = placed.get(id(one.steps))
        if found is None:
            found = placed[id(one.steps)] = _in_order(one.steps, grouping)
        _gather(one, found, requests.get(one.subscription.line), actions)
    made = sorted(actions.items(), key=lambda entry: (entry[1].reached, entry[1].order))
    return tuple(_entry(key, action, requests, grouping) for key, action in made)


class _Placed(NamedTuple):
    """A step among the others of its line; lines with the same steps share it."""

    step: Step
    unit: str
    reached: dt.date
    after: str


def _in_order(steps: tuple[Step, ...], grouping: Together) -> list[_Placed]:
    placed: list[_Placed] = []
    before, last = "", dt.date.min
    for step in steps:
        last = step.on or last
        reached = dt.date.max if step.on is None and not step.follows else last
        after = before if step.on is None and step.follows else ""
        placed.append(_Placed(step, grouping.one_per.get(step.id, "line"), reached, after))
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
    owner, name = customer_of(line), line.customer or line.tenant_id
    for step, unit, reached, after in placed:
        parts = requests.parts if requests and unit == "transfer-request" else _NO_PARTS
        for part in parts:
            key = _Key(
                step.id,
                step.actor,
                after,
                step.on is not None,
                None if unit == "customer" else reached,
                None if unit == "day" else owner,
                part,
                line.line if unit == "line" else 0,
            )
            action = actions.get(key)
            if action is None:
                action = actions[key] = _Action(len(actions), name)
            action.add(line.line, step, reached)


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
    customer: str
    on: dt.date | None = None
    by: dt.date | None = None
    reached: dt.date = dt.date.max
    lines: list[int] = field(default_factory=list)

    def add(self, line: int, step: Step, reached: dt.date) -> None:
        if step.on and (self.on is None or step.on < self.on):
            self.on = step.on
        if step.no_later_than and (self.by is None or step.no_later_than < self.by):
            self.by = step.no_later_than
        self.reached = min(self.reached, reached)
        self.lines.append(line)


def _entry(
    key: _Key, action: _Action, requests: Mapping[int, Requests], grouping: Together
) -> AgendaEntry:
    found = action.lines
    lines = tuple(found) if len(found) == 1 else tuple(sorted(set(found)))
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
