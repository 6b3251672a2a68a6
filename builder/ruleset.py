"""Publish the rules as data: one JSON file beside the site's pages."""

from __future__ import annotations

import json

from planner.checkout import Tree

#: The name of the file at the site's root.
NAME = "rules.json"

#: Files of ``data/rules`` that lay out pages and hold no rule.
_LAYOUT = frozenset({"flow"})


def rules_json(knowledge: Tree) -> bytes:
    """Return everything in ``data/rules`` as JSON, keys and rows in the order of the files.

    The version comes first; then each file by its name: ``facts`` by topic, ``policies``,
    ``paths`` (the decision table), ``lifecycles``, ``sources`` and the rest.
    """
    tables: Tree = knowledge["rules"]
    names = sorted(tables.keys() - _LAYOUT - {"version"})
    published = {**tables["version"], **{name: tables[name] for name in names}}
    text = json.dumps(published, ensure_ascii=False, indent=1)
    return f"{text}\n".encode()
