import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.knowledge import Knowledge
from planner.model import Plan, Settings
from planner.planning import plan
from planner.writing.exports import Export, File, write
from planner.writing.outgoing import Outgoing

HERE = Path(__file__).parent
AS_OF = dt.date(2026, 11, 24)

Expect = Callable[[str, str], None]


@pytest.fixture(scope="session")
def portfolio(knowledge: Knowledge) -> Plan:
    """The plan behind the expected files: four customers, a merged line, one set aside."""
    text = (HERE / "portfolio.csv").read_text(encoding="utf-8")
    return plan(text, Settings(AS_OF), knowledge)


@pytest.fixture
def written(portfolio: Plan, knowledge: Knowledge) -> Callable[..., tuple[File, ...]]:
    """Write the portfolio, in English and under its own names unless told otherwise."""

    def make(export: Export, outgoing: Outgoing | None = None) -> tuple[File, ...]:
        return write(portfolio, export, outgoing or Outgoing("en"), knowledge)

    return make


@pytest.fixture
def expect(knowledge: Knowledge) -> Expect:
    """Compare a text with the expected file of that name, the rules' version aside.

    With ``REWRITE_EXPECTED=1`` in the environment it writes the file instead; read it
    before it is kept.
    """

    def compare(name: str, text: str) -> None:
        for language in knowledge.languages:
            words = knowledge.words(language)
            text = text.replace(words.format(dt.date.fromisoformat(knowledge.version)), "(version)")
        text = text.replace(f'"rules_version": "{knowledge.version}"', '"rules_version": ""')
        path = HERE / "expected" / name
        if os.environ.get("REWRITE_EXPECTED"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert text == path.read_text(encoding="utf-8")

    return compare
