"""A fault in the tables is named before anything is built: file, row and the way out."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from builder.tables import table_faults
from planner.checkout import DATA, Tree, read_folder

Change = Callable[[Tree], None]


@pytest.fixture(scope="module")
def tree() -> Tree:
    return read_folder(DATA)


def row(tree: Tree, decision: str) -> dict[str, Any]:
    """Return the first row of the decision table with an id."""
    rows = tree["rules"]["paths"]["paths"]
    return next(one for one in rows if one["id"] == decision)


def unknown_fact(tree: Tree) -> None:
    row(tree, "D-02")["when"] = {"tennant": "other"}


def unknown_value(tree: Tree) -> None:
    row(tree, "D-02")["when"] = {"tenant": "othr"}


def unknown_figure(tree: Tree) -> None:
    row(tree, "D-22")["when"] = {"days_left": {"more_than": "P-11.moons"}}


def unknown_path(tree: Tree) -> None:
    row(tree, "D-29")["path"] = "TOO_LATTE"


def unknown_solution(tree: Tree) -> None:
    tree["rules"]["notices"]["blockers"][0]["solved_by"] = "accept-relationshp"


def unknown_day(tree: Tree) -> None:
    tree["rules"]["steps"]["paths"]["NO_MOVE"]["days"][0]["day"] = "renew_onn"


def unreachable_row(tree: Tree) -> None:
    tree["rules"]["paths"]["paths"].insert(
        0, {"id": "D-99", "when": {}, "path": "NO_MOVE", "rules": []}
    )


def overlapping_values(tree: Tree) -> None:
    figure = tree["rules"]["facts"]["after-term"]["rules"]["R-170"]["figures"]["grace_days"]
    figure["values"] = [
        {"valid_from": "2027-02", "value": 40},
        {"valid_from": "2027-01", "value": 50},
    ]


def missing_words(tree: Tree) -> None:
    del tree["languages"]["en"]["planner"]["steps"]["provision"]


def test_the_tables_as_they_stand_have_no_fault(tree: Tree) -> None:
    assert table_faults(tree) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (unknown_fact, "rules/paths.yml: D-02: tennant is no fact (tenant?)"),
        (unknown_value, "rules/paths.yml: D-02: tenant never is othr (other?)"),
        (unknown_figure, "rules/paths.yml: D-22: P-11.moons doesn't exist"),
        (unknown_path, "rules/paths.yml: D-29: TOO_LATTE is no path (TOO_LATE?)"),
        (
            unknown_solution,
            "rules/notices.yml: no-rule: accept-relationshp is no step (accept-relationship?)",
        ),
        (unknown_day, "rules/steps.yml: NO_MOVE: renew_onn is no day (renew_on?)"),
        (unreachable_row, "rules/paths.yml: D-01 can never match: D-99 above it always does"),
        (
            overlapping_values,
            "rules/facts/after-term.yml: R-170.grace_days: two values hold on one",
        ),
        (missing_words, "rules/steps.yml: provision has no words"),
    ],
)
def test_a_fault_names_its_file_its_row_and_what_was_meant(
    change: Change, said: str, tree: Tree
) -> None:
    broken = json.loads(json.dumps(tree))
    change(broken)

    assert any(str(fault).startswith(said) for fault in table_faults(broken))
