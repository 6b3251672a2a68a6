"""The worked cases in ``tests/cases``: readable scenarios, one test each."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from planner.checkout import read_yaml
from planner.knowledge import Knowledge
from planner.model import Settings
from planner.planning import plan
from planner.writing.contract import plan_object

CASES = [
    case
    for path in sorted((Path(__file__).parent.parent / "cases").glob("*.yml"))
    for case in read_yaml(path)
]


def _ids(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["id"] for entry in entries]


def _cited(made: dict[str, Any]) -> set[str]:
    parts = ("steps", "blockers", "warnings", "assumptions", "because")
    cited = {rule for part in parts for entry in made[part] for rule in entry["rules"]}
    cited |= {reason["decision"] for reason in made["because"]}
    return cited | {rule for other in made["instead_of"] for rule in other["ruled_out_by"]}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_worked_case_gets_its_path_days_and_reasons(
    case: dict[str, Any], knowledge: Knowledge
) -> None:
    settings = Settings(dt.date.fromisoformat(case["as_of"]))

    made = plan_object(plan(json.dumps([case["input"]]), settings, knowledge))

    assert made["problems"] == []
    (one,) = made["recommendations"]
    assert one["path"] == case["path"]
    assert one["then"] == case.get("then")
    assert (one["regime"] or "none") == case["regime"]
    assert one["reassign"] is case["reassign"]
    assert {name: one["dates"].get(name) for name in case["dates"]} == case["dates"]
    for name, following in case.get("undated", {}).items():
        (step,) = (step for step in one["steps"] if step["id"] == following)
        assert name not in one["dates"]
        assert (step["on"], step["follows"]) == (None, True)
    assert _ids(one["blockers"]) == case["blockers"]
    assert _ids(one["warnings"]) == case["warnings"]
    assert set(case["rules"]) <= _cited(one)


def test_every_step_of_every_case_lies_between_the_as_of_day_and_its_last_day(
    knowledge: Knowledge,
) -> None:
    for case in CASES:
        settings = Settings(dt.date.fromisoformat(case["as_of"]))
        made = plan_object(plan(json.dumps([case["input"]]), settings, knowledge))
        for step in made["recommendations"][0]["steps"]:
            if step["on"]:
                assert case["as_of"] <= step["on"] <= (step["no_later_than"] or "9999-12-31"), (
                    case["id"],
                    step,
                )


def test_a_case_pasted_twice_with_its_lines_in_another_order_gets_the_same_days(
    knowledge: Knowledge,
) -> None:
    settings = Settings(dt.date(2026, 11, 23))
    lines = [{"customer": case["id"], **case["input"]} for case in CASES]

    there = plan_object(plan(json.dumps(lines), settings, knowledge))
    back = plan_object(plan(json.dumps(lines[::-1]), settings, knowledge))

    def by_customer(made: dict[str, Any]) -> dict[str, Any]:
        return {
            one["subscription"]["customer"]: (one["path"], one["dates"], one["warnings"])
            for one in made["recommendations"]
        }

    assert by_customer(there) == by_customer(back)
