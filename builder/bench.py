"""Time the planner's stages over many mixed lines, in this Python, on one core.

Each stage runs several times; the median counts. A budget that is missed fails the
command, never the tests.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from planner.checkout import DATA, read_folder, read_yaml
from planner.knowledge import Knowledge
from planner.model import Reading, Settings
from planner.planning import decide, plan_reading, today
from planner.reading import read

_LINES = 10_000
_RUNS = 5
_CASES = Path(__file__).resolve().parent.parent / "tests" / "cases"


@dataclass(frozen=True, slots=True)
class Measured:
    """One stage: its median and its budget, in seconds."""

    stage: str
    seconds: float
    budget: float | None

    @property
    def met(self) -> bool:
        """Tell whether the stage stays within its budget."""
        return self.budget is None or self.seconds <= self.budget


def run() -> int:
    """Measure, print a line per stage, return 1 where a budget is missed."""
    knowledge = Knowledge(read_folder(DATA))
    text = mixed_lines(_LINES)
    reading = read(text, knowledge)
    measured = [
        Measured("read", _median(lambda: read(text, knowledge)), None),
        Measured("decide", _median(_deciding(reading, knowledge)), 1.0),
        Measured("decide, schedule", _median(_planning(reading, knowledge)), None),
    ]
    for one in measured:
        verdict = "" if one.budget is None else f"  budget {one.budget:.1f} s: "
        verdict += "" if one.budget is None else ("met" if one.met else "missed")
        sys.stdout.write(f"{one.stage:20} {_LINES:,} lines  {one.seconds:.2f} s{verdict}\n")
    return 0 if all(one.met for one in measured) else 1


def mixed_lines(count: int) -> str:
    """Return a paste of so many lines: the worked cases in turn, twenty lines a customer."""
    cases = [case["input"] for path in sorted(_CASES.glob("*.yml")) for case in read_yaml(path)]
    rows = [
        {**cases[place % len(cases)], "customer": f"c{place // 20}", "subscriptionId": str(place)}
        for place in range(count)
    ]
    return json.dumps(rows)


def _deciding(reading: Reading, knowledge: Knowledge) -> Callable[[], object]:
    settings = Settings(today())
    known = knowledge.on(settings.as_of)
    return lambda: decide(reading.subscriptions, {}, settings, known)


def _planning(reading: Reading, knowledge: Knowledge) -> Callable[[], object]:
    settings = Settings(today())
    return lambda: plan_reading(reading, settings, knowledge)


def _median(work: Callable[[], object]) -> float:
    taken: list[float] = []
    for _ in range(_RUNS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)
