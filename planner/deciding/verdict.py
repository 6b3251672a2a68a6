"""What the tables say about one kind of line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planner.conditions import Fact
from planner.knowledge import DayRule, Regime, StepRow
from planner.model import Assumption, Because, Notice, RuledOut, TurningPoint


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What the tables say about one kind of line; every line of the kind shares it.

    Attributes:
        facts: The facts as judged: assumptions made, state settled, path found. Its numbers and
            days are those of some line of the kind.
        then: Code of the path that follows, for a path that holds for now.
        because: The rows that decided, in order.
        assumptions: What was taken for granted and would change the answer.
        turning_point: The one fact that would change the path, and to which.
        days: Rules of the days that the path has, in order.
        steps: Its steps, in order.
        counts_like: An earlier verdict whose days and steps are counted alike, if there is one.
    """

    facts: Mapping[str, Fact]
    regime: Regime | None
    path: str
    then: str | None
    because: tuple[Because, ...]
    instead_of: tuple[RuledOut, ...]
    optional: tuple[str, ...]
    assumptions: tuple[Assumption, ...]
    turning_point: TurningPoint | None
    blockers: tuple[Notice, ...]
    warnings: tuple[Notice, ...]
    tone: str
    ends_source: bool
    in_place: bool
    days: tuple[DayRule, ...]
    steps: tuple[StepRow, ...]
    counts_like: Verdict | None = None
