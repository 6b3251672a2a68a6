"""Check the tables of ``data/rules`` against the vocabulary and against each other.

A schema sees one file; what a row names in another (a fact, a figure, a day, a path, a
sentence) is checked here, and whether a row can ever match.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from planner.checkout import Tree
from planner.conditions import (
    COMPARISONS,
    BadCondition,
    Compared,
    Condition,
    NoneOf,
    OneOf,
    Test,
    condition,
)
from planner.knowledge import Knowledge, UnknownRule, first_day

_ALWAYS_THERE = {"as_of"}
_UNKNOWN = "unknown"
_KNOWN = "known"
_CODES = {"path", "then"}


def table_problems(tree: Tree) -> list[str]:
    """Return what is wrong with the tables: file, row, what, and the way out."""
    rules = tree.get("rules", {})
    if "paths" not in rules:
        return []  # Facts alone are no tables.
    knowledge = Knowledge(tree)
    problems = [*_figure_problems(rules), *_reference_problems(tree)]
    for file, row, when in _conditions(rules):
        problems += [
            f"rules/{file}.yml: {row}: {problem}"
            for problem in _condition_problems(when, rules, knowledge)
        ]
    if not problems:
        problems += _unreachable(rules, knowledge)
    return problems


def _conditions(rules: Tree) -> Iterator[tuple[str, str, Any]]:
    """Yield every condition with its file and the row it stands in."""
    for part in ("paths", "modifiers"):
        for row in rules["paths"][part]:
            yield "paths", row["id"], row["when"]
    for place, row in enumerate(rules["lifecycles"]["selection"], 1):
        yield "lifecycles", f"selection, row {place}", row["when"]
    for row in rules["assumptions"]["assumptions"]:
        yield "assumptions", row["id"], row["when"]
    for row in rules["assumptions"]["levers"]:
        yield "assumptions", f"lever {row['fact']}", row["when"]
    for kind in ("blockers", "warnings"):
        for row in rules["notices"][kind]:
            yield "notices", row["id"], row["when"]
    for path, stated in rules["steps"]["paths"].items():
        for row in (*stated["days"], *stated["steps"]):
            yield "steps", f"{path}, {row.get('id') or row.get('day')}", row.get("when", {})


def _condition_problems(when: Any, rules: Tree, knowledge: Knowledge) -> Iterator[str]:
    facts = rules["vocabulary"]["facts"]
    for alternative in when if isinstance(when, list) else [when]:
        for fact, expected in alternative.items():
            if fact not in facts:
                yield f"{fact} is no fact{_meant(fact, facts)}; vocabulary.yml lists them"
                continue
            yield from _expected_problems(fact, expected, rules)
    try:
        knowledge.condition(when)
    except (BadCondition, UnknownRule) as error:
        yield f"{error} doesn't exist; a figure is named as R-102.online_cancel_seats"


def _expected_problems(fact: str, expected: Any, rules: Tree) -> Iterator[str]:
    kind = rules["vocabulary"]["facts"][fact]
    if isinstance(expected, Mapping):
        ((comparison, limit),) = expected.items()
        if comparison in COMPARISONS:
            if kind not in {"number", "day"}:
                yield f"{fact} is a word and can't be compared with {comparison}"
            return
        expected = limit
    values = expected if isinstance(expected, list) else [expected]
    if fact in _CODES:
        known = {*rules["steps"]["paths"], "NO_RULE_COVERS_THIS", "none"}
    elif isinstance(kind, list):
        known = set(kind)
    else:
        known = {_UNKNOWN, _KNOWN}
    for value in values:
        if value not in known:
            yield f"{fact} never is {value}{_meant(str(value), known)}"


def _meant(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f" ({close[0]}?)" if close else ""


def _reference_problems(tree: Tree) -> Iterator[str]:
    rules = tree["rules"]
    yield from _path_problems(rules)
    yield from _step_problems(rules)
    regimes = rules["lifecycles"]["regimes"]
    for place, row in enumerate(rules["lifecycles"]["selection"], 1):
        regime = row["regime"]
        if regime and regime not in regimes:
            where = f"rules/lifecycles.yml: selection, row {place}"
            yield f"{where}: {regime} is no regime{_meant(regime, regimes)}"
    yield from _word_problems(tree)


def _path_problems(rules: Tree) -> Iterator[str]:
    """Every path that the decision table names has its days and steps."""
    paths = rules["steps"]["paths"]
    for row in rules["paths"]["paths"]:
        named = [row["path"], *row.get("optional", [])]
        named += [row["then"]["path"]] if "then" in row else []
        named += [other["path"] for other in row.get("instead_of", [])]
        for path in named:
            if path not in paths:
                where = f"rules/paths.yml: {row['id']}"
                yield f"{where}: {path} is no path{_meant(path, paths)}; steps.yml has them"


def _step_problems(rules: Tree) -> Iterator[str]:
    """Every day that a path or step names exists there."""
    calendar = rules["calendar"]["days"]
    for path, stated in rules["steps"]["paths"].items():
        where = f"rules/steps.yml: {path}"
        days = [row["day"] for row in stated["days"]]
        for day in days:
            if day not in calendar:
                yield f"{where}: {day} is no day{_meant(day, calendar)}; calendar.yml has them"
        names = {calendar[day].get("as", day) for day in days if day in calendar} | _ALWAYS_THERE
        for step in stated["steps"]:
            for name in (step.get("on"), step.get("by")):
                if name and name not in names:
                    meant = _meant(name, names)
                    yield f"{where}, {step['id']}: {name} is no day of this path{meant}"


def _word_problems(tree: Tree) -> Iterator[str]:
    """Every code that a plan can carry needs its sentence, in English at least."""
    rules, words = tree["rules"], tree["languages"]["en"]["planner"]
    needed: list[tuple[str, str, Iterable[str], Mapping[str, Any]]] = [
        ("steps.yml", "paths.yml", rules["steps"]["paths"], words["paths"]),
        (
            "steps.yml",
            "steps.yml",
            (row["id"] for path in rules["steps"]["paths"].values() for row in path["steps"]),
            words["steps"],
        ),
        (
            "assumptions.yml",
            "assumptions.yml",
            (row["id"] for row in rules["assumptions"]["assumptions"]),
            words["assumptions"],
        ),
        *(
            (
                "notices.yml",
                "notices.yml",
                (row["id"] for row in rules["notices"][kind]),
                words["notices"][kind],
            )
            for kind in ("blockers", "warnings")
        ),
    ]
    for file, words_file, codes, known in needed:
        for code in dict.fromkeys(codes):
            if code not in known:
                place = f"languages/en/planner/{words_file}"
                yield f"rules/{file}: {code} has no words; write them in {place}"


def _figure_problems(rules: Tree) -> Iterator[str]:
    for topic, stated in rules["facts"].items():
        for rule, fact in stated["rules"].items():
            begins, ends = fact.get("valid_from"), fact.get("valid_to")
            if begins and ends and first_day(ends) <= first_day(begins):
                yield f"rules/facts/{topic}.yml: {rule}: valid_to doesn't lie after valid_from"
            for name, figure in fact.get("figures", {}).items():
                days = [first_day(value["valid_from"]) for value in figure.get("values", [])]
                if any(later <= earlier for earlier, later in pairwise(days)):
                    where = f"rules/facts/{topic}.yml: {rule}.{name}"
                    yield f"{where}: two values hold on one day; order them by valid_from"


def _unreachable(rules: Tree, knowledge: Knowledge) -> Iterator[str]:
    """Rows of the decision table that an earlier row always takes first."""
    earlier: list[tuple[str, Condition]] = []
    for row in rules["paths"]["paths"]:
        when = condition(row["when"], knowledge.limit)
        for name, other in earlier:
            if _covers(other, when):
                yield f"rules/paths.yml: {row['id']} can never match: {name} above it always does"
        if "needs" not in row:
            earlier.append((row["id"], when))


def _covers(wide: Condition, narrow: Condition) -> bool:
    """Tell whether whatever fits the one condition certainly fits the other too."""
    return all(
        any(
            all(any(_implies(held, asked) for held in tests) for asked in others)
            for others in wide.alternatives
        )
        for tests in narrow.alternatives
    )


def _implies(held: Test, asked: Test) -> bool:
    if held.fact != asked.fact:
        return False
    match held, asked:
        case OneOf(values=given), OneOf(values=wanted):
            return given <= wanted
        case OneOf(values=given), NoneOf(values=refused):
            return not given & refused
        case NoneOf(values=given), NoneOf(values=refused):
            return refused <= given
        case Compared(), Compared():
            return held == asked
        case _:
            return False
