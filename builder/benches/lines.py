"""Pastes of any length that mean something different on every line."""

from __future__ import annotations

import json
from pathlib import Path

from planner.checkout import read_yaml

_CASES = Path(__file__).resolve().parents[2] / "tests" / "cases"


def mixed_lines(count: int) -> str:
    """Return a paste of so many lines: the worked cases in turn, twenty lines a customer."""
    cases = [case["input"] for path in sorted(_CASES.glob("*.yml")) for case in read_yaml(path)]
    rows = [
        {**cases[place % len(cases)], "customer": f"c{place // 20}", "subscriptionId": str(place)}
        for place in range(count)
    ]
    return json.dumps(rows)
