"""Check the tables of ``data/rules`` against the vocabulary and against each other.

A schema sees one file; what a row names in another (a fact, a figure, a day, a path, a
sentence) is checked here, and whether a row can ever match.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from builder.faults import Fault, Keys, meant
from planner.checkout import Tree
from planner.conditions import (
    COMPARISONS,
    BadCondition,
    Compared,
    Condition,
    NoneOf,
    OneOf,
    Test,
)
from planner.deciding.timetable import ANCHORS
from planner.knowledge import Knowledge, UnknownRule, first_day

_ALWAYS_THERE = {"as_of"}
_UNKNOWN = "unknown"
_KNOWN = "known"
_CODES = {"path", "then"}
_NAMED_ONCE = (("assumptions", "assumptions"), ("notices", "blockers"), ("notices", "warnings"))
_PARTS = (
    ("paths", "paths"),
    ("paths", "modifiers"),
    ("lifecycles", "selection"),
    ("assumptions", "assumptions"),
    ("assumptions", "levers"),
    *_NAMED_ONCE[1:],
)


def table_faults(tree: Tree) -> list[Fault]:
    """Return what is wrong with the tables: file, row, what, and the way out."""
    rules = tree.get("rules", {})
    if "paths" not in rules:
        return []  # Facts alone are no tables.
    knowledge = Knowledge(tree)
    faults = [*_figure_faults(rules), *_reference_faults(tree)]
    for file, keys, row, when in _conditions(rules):
        faults += [
            Fault(file, (*keys, *within), f"{row}: {says}")
            for within, says in _condition_faults(when, rules, knowledge)
        ]
    if not faults:
        faults += _unreachable(rules, knowledge)
    return faults


def _conditions(rules: Tree) -> Iterator[tuple[str, Keys, str, Any]]:
    """Yield every condition with its file, its keys and the row it stands in."""
    for file, part in _PARTS:
        for place, row in enumerate(rules[file][part]):
            name = row.get("id") or (f"lever {row['fact']}" if "fact" in row else "")
            named = name or f"{part}, row {place + 1}"
            yield f"rules/{file}.yml", (part, place, "when"), named, row["when"]
    for path, stated in rules["steps"]["paths"].items():
        for part in ("days", "steps"):
            for place, row in enumerate(stated[part]):
                keys = ("paths", path, part, place, "when")
                named = f"{path}, {row.get('id') or row.get('day')}"
                yield "rules/steps.yml", keys, named, row.get("when", {})


def _condition_faults(when: Any, rules: Tree, knowledge: Knowledge) -> Iterator[tuple[Keys, str]]:
    facts = rules["vocabulary"]["facts"]
    alternatives = when if isinstance(when, list) else [when]
    for place, alternative in enumerate(alternatives):
        above: Keys = (place,) if isinstance(when, list) else ()
        for fact, expected in alternative.items():
            keys = (*above, fact)
            if fact not in facts:
                yield keys, f"{fact} is no fact{meant(fact, facts)}; vocabulary.yml lists them"
                continue
            yield from ((keys, says) for says in _expected_faults(fact, expected, rules))
    try:
        knowledge.condition(when)
    except (BadCondition, UnknownRule) as error:
        yield (), f"{error} doesn't exist; a figure is named as R-102.online_cancel_seats"


def _expected_faults(fact: str, expected: Any, rules: Tree) -> Iterator[str]:
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
            yield f"{fact} never is {value}{meant(str(value), known)}"


def _reference_faults(tree: Tree) -> Iterator[Fault]:
    rules = tree["rules"]
    yield from _path_faults(rules)
    yield from _step_faults(rules)
    yield from _solution_faults(rules)
    yield from _calendar_faults(rules)
    yield from _repeated_ids(rules)
    regimes = rules["lifecycles"]["regimes"]
    for place, row in enumerate(rules["lifecycles"]["selection"]):
        regime = row["regime"]
        if regime and regime not in regimes:
            keys = ("selection", place, "regime")
            says = f"selection, row {place + 1}: {regime} is no regime{meant(regime, regimes)}"
            yield Fault("rules/lifecycles.yml", keys, says)
    yield from _word_faults(tree)


def _path_faults(rules: Tree) -> Iterator[Fault]:
    """Every path that the decision table names has its days and steps."""
    paths = rules["steps"]["paths"]
    for place, row in enumerate(rules["paths"]["paths"]):
        named: list[tuple[Keys, str]] = [(("path",), row["path"])]
        named += [(("optional", at), path) for at, path in enumerate(row.get("optional", []))]
        named += [(("then", "path"), row["then"]["path"])] if "then" in row else []
        named += [
            (("instead_of", at, "path"), other["path"])
            for at, other in enumerate(row.get("instead_of", []))
        ]
        for keys, path in named:
            if path not in paths:
                says = f"{row['id']}: {path} is no path{meant(path, paths)}; steps.yml has them"
                yield Fault("rules/paths.yml", ("paths", place, *keys), says)


def _step_faults(rules: Tree) -> Iterator[Fault]:
    """Every day that a path or step names exists there."""
    calendar = rules["calendar"]["days"]
    for path, stated in rules["steps"]["paths"].items():
        days = [row["day"] for row in stated["days"]]
        for place, day in enumerate(days):
            if day not in calendar:
                says = f"{path}: {day} is no day{meant(day, calendar)}; calendar.yml has them"
                yield Fault("rules/steps.yml", ("paths", path, "days", place, "day"), says)
        names = {calendar[day].get("as", day) for day in days if day in calendar} | _ALWAYS_THERE
        for place, step in enumerate(stated["steps"]):
            for key in ("on", "by"):
                name = step.get(key)
                if name and name not in names:
                    says = f"{path}, {step['id']}: {name} is no day of this path"
                    keys = ("paths", path, "steps", place, key)
                    yield Fault("rules/steps.yml", keys, says + meant(name, names))


def _solution_faults(rules: Tree) -> Iterator[Fault]:
    """Every step that is to settle a blocker exists on some path."""
    steps = {step["id"] for stated in rules["steps"]["paths"].values() for step in stated["steps"]}
    for place, row in enumerate(rules["notices"]["blockers"]):
        step = row.get("solved_by")
        if step and step not in steps:
            says = f"{row['id']}: {step} is no step{meant(step, steps)}; steps.yml has them"
            yield Fault("rules/notices.yml", ("blockers", place, "solved_by"), says)


def _calendar_faults(rules: Tree) -> Iterator[Fault]:
    """Every day that another counts from exists."""
    days = rules["calendar"]["days"]
    known = {stated.get("as", name) for name, stated in days.items()} | ANCHORS
    for name, stated in days.items():
        for key in ("from", "not_before", "not_after", "otherwise"):
            anchor = stated.get(key)
            if anchor and anchor not in known:
                says = f"{name}: {anchor} is no day to count from{meant(anchor, known)}"
                yield Fault("rules/calendar.yml", ("days", name, key), says)


def _repeated_ids(rules: Tree) -> Iterator[Fault]:
    """An id names one sentence and one question, so it stands once in its list."""
    for file, part in _NAMED_ONCE:
        seen: set[str] = set()
        for place, row in enumerate(rules[file][part]):
            if row["id"] in seen:
                says = f"{row['id']} stands twice in {part}: give one of them another id"
                yield Fault(f"rules/{file}.yml", (part, place, "id"), says)
            seen.add(row["id"])


def _word_faults(tree: Tree) -> Iterator[Fault]:
    """Every code that a plan can carry needs its sentence, in English at least."""
    rules, words = tree["rules"], tree["languages"]["en"]["planner"]
    paths: Tree = rules["steps"]["paths"]
    needed: list[tuple[str, Keys, str, str, Mapping[str, Any]]] = [
        *(("steps", ("paths", path), path, "paths", words["paths"]) for path in paths),
        *(
            ("steps", ("paths", path, "steps", place, "id"), row["id"], "steps", words["steps"])
            for path, stated in paths.items()
            for place, row in enumerate(stated["steps"])
        ),
        *(
            ("assumptions", ("assumptions", place, "id"), row["id"], "assumptions", known)
            for known in (words["assumptions"],)
            for place, row in enumerate(rules["assumptions"]["assumptions"])
        ),
        *(
            ("notices", (kind, place, "id"), row["id"], "notices", words["notices"][kind])
            for kind in ("blockers", "warnings")
            for place, row in enumerate(rules["notices"][kind])
        ),
    ]
    told: set[tuple[str, str]] = set()
    for file, keys, code, words_file, known in needed:
        if code not in known and (file, code) not in told:
            told.add((file, code))
            place = f"languages/en/planner/{words_file}.yml"
            says = f"{code} has no words; write them in {place}"
            yield Fault(f"rules/{file}.yml", keys, says)


def _figure_faults(rules: Tree) -> Iterator[Fault]:
    said_by: dict[str, list[tuple[str, Tree]]] = {}
    for topic, stated in rules["facts"].items():
        file = f"rules/facts/{topic}.yml"
        for rule, fact in stated["rules"].items():
            keys: Keys = ("rules", rule)
            begins, ends = fact.get("valid_from"), fact.get("valid_to")
            if begins and ends and first_day(ends) <= first_day(begins):
                says = f"{rule}: valid_to doesn't lie after valid_from"
                yield Fault(file, (*keys, "valid_to"), says)
            for name, figure in fact.get("figures", {}).items():
                values = figure.get("values", [])
                days = [first_day(value["valid_from"]) for value in values]
                for place, (earlier, later) in enumerate(pairwise(days), 1):
                    if later <= earlier:
                        says = (
                            f"{rule}.{name}: two values hold on one day; order them by valid_from"
                        )
                        within = ("figures", name, "values", place, "valid_from")
                        yield Fault(file, (*keys, *within), says)
            same = said_by.setdefault(fact["about"], [])
            for other, stated_there in same:
                if _overlap(fact, stated_there):
                    says = (
                        f"{rule} and {other} both say {fact['about']} on one day: "
                        "end one with valid_to, or call it something else"
                    )
                    yield Fault(file, (*keys, "about"), says)
            same.append((rule, fact))


def _overlap(one: Tree, other: Tree) -> bool:
    """Tell whether two facts cover a day in common."""
    begins = [first_day(fact.get("valid_from", "1")) for fact in (one, other)]
    ends = [first_day(fact.get("valid_to", "9999")) for fact in (one, other)]
    return max(begins) < min(ends)


def _unreachable(rules: Tree, knowledge: Knowledge) -> Iterator[Fault]:
    """Rows of the decision table that an earlier row always takes first."""
    earlier: list[tuple[str, Condition]] = []
    for place, row in enumerate(rules["paths"]["paths"]):
        when = knowledge.condition(row["when"])
        for name, other in earlier:
            if _covers(other, when):
                says = (
                    f"{row['id']} can never match: {name} above it always does; "
                    "move it up or narrow that one"
                )
                yield Fault("rules/paths.yml", ("paths", place), says)
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
