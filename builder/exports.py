"""Check ``data/formats`` beyond their schema: what they name elsewhere stands there."""

from __future__ import annotations

from collections.abc import Iterator

from builder.faults import Fault
from planner.checkout import Tree
from planner.reading.checking import format_faults

_WORDS = "planner/reading.yml"


def export_faults(tree: Tree) -> Iterator[Fault]:
    """Check that every export's lists and warnings exist and that each language names it."""
    if "formats" not in tree:
        return
    for fault in format_faults(tree["formats"]):
        yield Fault(fault.file, fault.keys, fault.says)
    for tag, words in tree["languages"].items():
        known = words["planner"]["reading"]
        for name, stated in tree["formats"].items():
            if name == "values":
                continue
            file, key = f"formats/{name}.yml", stated["format_id"].replace(".", "-")
            if key not in known["formats"]:
                yield Fault(file, ("format_id",), _missing(tag, f"formats.{key}", "its title"))
            if "hint" in stated and stated["hint"] not in known["hints"]:
                sentence = "where in that tool what is missing is found"
                yield Fault(file, ("hint",), _missing(tag, f"hints.{stated['hint']}", sentence))


def _missing(tag: str, key: str, what: str) -> str:
    return f"data/languages/{tag}/{_WORDS} has no {key}; write {what} there"
