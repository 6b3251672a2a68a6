"""Check that what one rule names in another exists: sources, rules, rows and figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from builder.faults import Fault, Keys, meant
from planner.checkout import Tree

#: The ids of what can be cited: rules, policies, formulas, conflicts, unverified items, decisions.
CITABLE = re.compile(r"^[RPFKUD]-\d+[a-z]?$")

_FIGURE = re.compile(r"^([RP]-\d+[a-z]?)\.(\w+)$")
_CITES = frozenset({"rules", "ruled_out_by", "needs", "superseded_by", "narrowed_by"})
_CITES |= {"derived_from", "because", "decision"}
_UNSOURCED = "L"
# What these cite appears on the lines that their rows touch.
_ON_LINES = ("paths", "notices", "steps", "calendar", "lifecycles", "assumptions")


def citable(tree: Tree) -> dict[str, Tree]:
    """Return everything in ``data/rules`` that has an id, by id."""
    return {str(keys[-1]): value for keys, value in _with_ids((), tree.get("rules", {}))}


def citation_faults(tree: Tree) -> Iterator[Fault]:
    """Check every source, id and figure that anything in ``data/rules`` names."""
    rules = tree.get("rules", {})
    yield from _repeated(rules)
    yield from _sources(rules)
    yield from _open_questions(rules)
    known = citable(tree)
    rows = rules.get("paths", {})
    ids = {*known, *(row.get("id") for part in rows.values() for row in part)}
    for keys, value in _texts((), rules):
        named = next((key for key in reversed(keys) if isinstance(key, str)), "")
        if named in _CITES and value not in ids:
            yield _at(keys, f"{value} is cited, but no file of rules/ has it")
        elif figure := _FIGURE.match(value):
            rule, name = figure.groups()
            figures = known.get(rule, {}).get("figures", {})
            if name not in figures:
                yield _at(
                    keys,
                    f"{value} doesn't exist{meant(name, figures)}; "
                    "a figure is named as R-102.online_cancel_seats",
                )


def _repeated(rules: Tree) -> Iterator[Fault]:
    """Name each id that stands in two files."""
    first: dict[str, Keys] = {}
    for keys, _ in _with_ids((), rules):
        name = str(keys[-1])
        if name in first:
            other = _at(first[name], "").file
            yield _at(keys, f"{name} stands in {other} too: an id is never used twice")
        first.setdefault(name, keys)


def _sources(rules: Tree) -> Iterator[Fault]:
    known = rules.get("sources", {}).get("sources", {})
    for keys, fact in _with_ids((), rules):
        name = keys[-1]
        sources = fact.get("sources")
        for place, source in enumerate(sources if isinstance(sources, list) else ()):
            if source not in known:
                yield _at(
                    (*keys, "sources", place),
                    f"{name} names the source {source}, "
                    "which rules/sources.yml doesn't have: add it there",
                )
        if sources == [] and (fact.get("confidence") != _UNSOURCED or "figures" in fact):
            yield _at(
                (*keys, "sources"),
                f"{name} has no source: name one; only what holds no figure and has "
                f"confidence {_UNSOURCED} goes without",
            )


def _open_questions(rules: Tree) -> Iterator[Fault]:
    """Check that what isn't settled appears on lines, or says that it touches none."""
    cited = {value for table in _ON_LINES for _, value in _texts((table,), rules.get(table, {}))}
    for kind in ("conflicts", "unverified") if "notices" in rules else ():
        for name, entry in rules.get(kind, {}).get(kind, {}).items():
            if name in cited and "pages_only" in entry:
                says = f"{name} is cited by a row of the tables: take pages_only away"
                yield _at((kind, kind, name, "pages_only"), says)
            elif name not in cited and "pages_only" not in entry:
                says = f"{name} appears on no line: cite it in a row, or say pages_only: true"
                yield _at((kind, kind, name), says)


def _with_ids(keys: Keys, branch: Any) -> Iterator[tuple[Keys, Tree]]:
    if not isinstance(branch, Mapping):
        return
    for key, value in branch.items():
        if CITABLE.match(key) and isinstance(value, dict):
            yield (*keys, key), value
        else:
            yield from _with_ids((*keys, key), value)


def _texts(keys: Keys, branch: Any) -> Iterator[tuple[Keys, str]]:
    if isinstance(branch, str):
        yield keys, branch
    elif isinstance(branch, Mapping):
        for key, value in branch.items():
            yield from _texts((*keys, key), value)
    elif isinstance(branch, list):
        for place, value in enumerate(branch):
            yield from _texts((*keys, place), value)


def _at(keys: Keys, says: str) -> Fault:
    """Return a fault of the file of ``rules/`` that the first keys name."""
    depth = 2 if keys[0] == "facts" else 1
    return Fault(f"rules/{'/'.join(map(str, keys[:depth]))}.yml", keys[depth:], says)
