"""The tables that a plan is judged by, each asked as a whole, and what they tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from functools import cached_property
from itertools import chain
from typing import NamedTuple, Protocol

from planner.conditions import Condition, Limit, Table
from planner.deciding.facts import CountedFacts
from planner.deciding.kinds import Kinds, Places
from planner.knowledge import (
    AssumptionRow,
    DayRule,
    Decision,
    Knowledge,
    Lever,
    Modifier,
    NoticeRow,
    Regime,
    StepRow,
)
from planner.model import Notice

#: Days that lie behind a term by the regime after it.
AFTER_THE_TERM = frozenset({"access_last", "grace_last", "data_last"})


class _Asked(Protocol):
    @property
    def when(self) -> Condition: ...


class PathTables(NamedTuple):
    """What of one path may apply.

    Attributes:
        after_the_term: Those of its days that are counted from the stages after the term.
    """

    days: Table[DayRule]
    steps: Table[StepRow]
    after_the_term: Table[DayRule]


class Tables:
    """The tables of one day, and the kinds of line that they tell apart.

    Args:
        knowledge: What is known on that day.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self.regimes: Table[Regime | None] = Table(knowledge.regime_rows)
        self.decisions: Table[Decision] = _table(knowledge.decisions)
        self.modifiers: Table[Modifier] = _table(knowledge.modifiers)
        # With their places: each is asked after what those before it have assumed.
        self.assumptions: Table[tuple[int, AssumptionRow]] = Table(
            (row.when, (place, row)) for place, row in enumerate(knowledge.assumptions)
        )
        self.levers: Table[Lever] = _table(knowledge.levers)
        self.blockers: Table[Notice] = _notices(knowledge.blockers)
        self.warnings: Table[Notice] = _notices(knowledge.warnings)
        self._knowledge = knowledge
        self._paths: dict[str, PathTables] = {}

    def deciding(self, decision: Decision) -> Tables:
        """Return the same tables with one row that decides every line."""
        tables = copy(self)
        tables.decisions = _table((decision,))
        return tables

    @cached_property
    def decisive(self) -> Kinds:
        """The kinds of line that anything but warnings tells apart."""
        return Kinds(_conditions(self._knowledge), _compared(self._knowledge))

    @cached_property
    def places(self) -> tuple[Places, ...]:
        """The places of each counted fact, in the order of ``CountedFacts``."""
        warnings = (row.when for row in self._knowledge.warnings)
        conditions = chain(_conditions(self._knowledge), warnings)
        kinds = Kinds(conditions, _compared(self._knowledge))
        return tuple(kinds[name] for name in CountedFacts._fields)

    @cached_property
    def decisive_places(self) -> tuple[tuple[str, Places], ...]:
        """Each counted fact that anything but warnings asks for, with its places."""
        kinds = self.decisive
        return tuple((name, kinds[name]) for name in CountedFacts._fields if name in kinds.asked)

    def of_path(self, path: str) -> PathTables:
        """Return the days and steps of a path."""
        found = self._paths.get(path)
        if found is None:
            plan = self._knowledge.path_plans[path]
            days = [(day.when, day.rule) for day in plan.days]
            found = self._paths[path] = PathTables(
                Table(days),
                _table(plan.steps),
                Table((when, rule) for when, rule in days if rule.anchor in AFTER_THE_TERM),
            )
        return found


def _notices(rows: Iterable[NoticeRow]) -> Table[Notice]:
    return Table((row.when, Notice(row.id, row.rules)) for row in rows)


def _table[Row: _Asked](rows: Iterable[Row]) -> Table[Row]:
    return Table((row.when, row) for row in rows)


def _conditions(knowledge: Knowledge) -> Iterator[Condition]:
    """Yield every condition that a plan can ask, but for those of warnings."""
    yield from (when for when, _ in knowledge.regime_rows)
    for rows in (
        knowledge.decisions,
        knowledge.modifiers,
        knowledge.assumptions,
        knowledge.levers,
        knowledge.blockers,
    ):
        yield from (row.when for row in rows)
    for plan in knowledge.path_plans.values():
        yield from (day.when for day in plan.days)
        yield from (step.when for step in plan.steps)


def _compared(knowledge: Knowledge) -> dict[str, set[Limit]]:
    """Return what is asked of facts outside of conditions: with what they are compared there."""
    asked: dict[str, set[Limit]] = {"channel": set(), "state": set(), "auto_renew": set()}
    asked |= {row.fact: set() for row in knowledge.assumptions}
    asked |= {row.fact: set() for row in knowledge.levers}
    # How long ago a term ended settles the state of a line called active.
    ended: set[Limit] = {0, -1}
    for _, regime in knowledge.regime_rows:
        if regime:
            ended |= {-regime.access, -regime.data}
    return asked | {"days_left": ended}
