import datetime as dt
import functools
import json
from collections.abc import Callable
from typing import Any

import pytest

from planner.checkout import DATA, Tree, read_folder
from planner.knowledge import Knowledge
from planner.model import Plan, Settings
from planner.planning import plan
from planner.writing.contract import plan_object

AS_OF = dt.date(2026, 11, 23)

Recommend = Callable[..., dict[str, Any]]


# A mutation run starts the tests thousands of times, each time in a copy of one process.
_read = functools.cache(read_folder)


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    tree: Tree = _read(DATA)
    return Knowledge(tree)


@pytest.fixture
def plan_of(knowledge: Knowledge) -> Callable[..., Plan]:
    """Plan pasted text as of a day."""

    def make(
        text: str,
        as_of: dt.date = AS_OF,
        market: str = "",
        policies: dict[str, int] | None = None,
        answers: dict[str, str] | None = None,
    ) -> Plan:
        return plan(text, Settings(as_of, market, policies or {}, answers or {}), knowledge)

    return make


@pytest.fixture
def recommend(plan_of: Callable[..., Plan]) -> Recommend:
    """Plan one line given as field → value, and return its recommendation as JSON has it."""

    def make(as_of: dt.date = AS_OF, market: str = "", **line: Any) -> dict[str, Any]:
        made = plan_object(plan_of(json.dumps([line]), as_of, market))
        assert not made["problems"]
        (recommendation,) = made["recommendations"]
        return dict(recommendation)

    return make
