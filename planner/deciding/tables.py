"""The tables that a plan is judged by, each asked as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from planner.conditions import Condition, Table
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
    """The tables of one day, made when first asked for.

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
