"""The interpreter of the decision table: does a condition hold for these facts?

A condition is data: fact → a value, a list of values, or one comparison
(``more_than``, ``at_least``, ``at_most``, ``less_than``, ``on_or_after``, ``before``,
``not``). All must hold; a list of conditions holds where one of them does. An
unknown fact matches only a row that names ``unknown``; a comparison with it
never holds. A day that is known has the value ``known``.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Mapping
from typing import Any

from planner.knowledge import Knowledge, When
from planner.model import UNKNOWN

Fact = str | int | dt.date | None
Facts = Mapping[str, Fact]

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "more_than": operator.gt,
    "at_least": operator.ge,
    "at_most": operator.le,
    "less_than": operator.lt,
    "on_or_after": operator.ge,
    "before": operator.lt,
}


class UnknownFact(LookupError):
    """A condition names a fact that doesn't exist: the table is wrong, not the paste."""


def holds(when: When, facts: Facts, knowledge: Knowledge) -> bool:
    """Tell whether a condition holds.

    Raises:
        UnknownFact: The condition names a fact that doesn't exist.
        planner.knowledge.UnknownRule: It compares with a figure that doesn't exist.
    """
    if isinstance(when, list):
        return any(holds(alternative, facts, knowledge) for alternative in when)
    for name, expected in when.items():
        if name not in facts:
            raise UnknownFact(name)
        if not _fits(facts[name], expected, knowledge):
            return False
    return True


def _fits(fact: Fact, expected: Any, knowledge: Knowledge) -> bool:
    if isinstance(expected, Mapping):
        ((comparison, limit),) = expected.items()
        if comparison == "not":
            return fact not in limit
        if fact is None or fact == UNKNOWN:
            return False
        return _COMPARISONS[comparison](fact, knowledge.limit(limit))
    if fact is None:
        fact = UNKNOWN
    elif isinstance(fact, dt.date):
        fact = "known"
    return fact in expected if isinstance(expected, list) else bool(fact == expected)
