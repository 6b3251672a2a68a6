"""Pastes of any length, and how fast each stage of the planner is with them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from planner.checkout import DATA, read_folder, read_yaml
from planner.knowledge import Knowledge

_CASES = Path(__file__).resolve().parents[2] / "tests" / "cases"

#: Times each stage where the planner is importable; run as it stands in the browser too.
#: Takes ``text``; gives JSON: seconds by stage, the median of three runs.
STAGES = """
import json, statistics, time
from planner.model import Settings
from planner.planning import decide, plan_reading, today
from planner.reading import read
from planner.writing.contract import plan_json

def median(work):
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)

def stages(text, knowledge):
    settings = Settings(today())
    known = knowledge.on(settings.as_of)
    reading = read(text, knowledge)
    plan = plan_reading(reading, settings, knowledge)
    return {
        "read": median(lambda: read(text, knowledge)),
        "decide": median(lambda: decide(reading.subscriptions, {}, settings, known)),
        "plan": median(lambda: plan_reading(reading, settings, knowledge)),
        "write": median(lambda: plan_json(plan)),
    }
"""

IN_BROWSER = f"""{STAGES}
from planner.knowledge import compiled
json.dumps(stages(text, compiled()))
"""


def mixed_lines(count: int) -> str:
    """Return a paste of so many lines: the worked cases in turn, twenty lines a customer."""
    cases = [case["input"] for path in sorted(_CASES.glob("*.yml")) for case in read_yaml(path)]
    rows = [
        {**cases[place % len(cases)], "customer": f"c{place // 20}", "subscriptionId": str(place)}
        for place in range(count)
    ]
    return json.dumps(rows)


def here(text: str) -> Mapping[str, float]:
    """Return the seconds that each stage takes in this Python."""
    names: dict[str, Callable[[str, Knowledge], Mapping[str, float]]] = {}
    exec(STAGES, names)  # noqa: S102 - the text above, so that both run the same
    return names["stages"](text, Knowledge(read_folder(DATA)))
