"""Read ``data/`` as it stands in a checkout: YAML files into one tree.

The site's build compiles this tree to a single JSON file; the command line
reads it directly, so an edited figure counts at once. The browser never
imports this module: it carries the compiled file and no YAML parser.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parent.parent / "data"

Tree = dict[str, Any]
Keys = tuple[str | int, ...]
"""Keys and places in lists, from the top of a file to something in it."""


class YamlError(ValueError):
    """A file of ``data/`` can't be read; says where (path, line) and why."""

    def __init__(self, path: str, line: int, why: str) -> None:
        super().__init__(f"{path}:{line}: {why}")
        self.path = path
        self.line = line


_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """Plain YAML: every key once; dates, ``no`` and ``on`` stay the text written."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, shape) for tag, shape in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in _Base.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), "tf")


def _mapping(loader: Any, node: yaml.MappingNode) -> Tree:
    mapping: Tree = {}
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node))
        if key in mapping:
            place = key_node.start_mark
            raise YamlError(place.name, place.line + 1, f"the key {key} stands twice")
        mapping[key] = loader.construct_object(value_node, deep=True)
    return mapping


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path) -> Any:
    """Return what one YAML file holds.

    Raises:
        YamlError: The file is no YAML, or a key stands twice in a mapping.
    """
    with path.open(encoding="utf-8") as file:
        try:
            return yaml.load(file, _Loader)  # noqa: S506 - derives from SafeLoader
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            raise YamlError(str(path), line, error.problem or "not YAML") from error


def read_folder(folder: Path) -> Tree:
    """Return every YAML file under a folder, nested by folder and file name.

    ``languages/es/guide/move.yml`` becomes ``tree["languages"]["es"]["guide"]["move"]``.

    Raises:
        YamlError: A file can't be read.
    """
    tree: Tree = {}
    for path in sorted(folder.rglob("*.yml")):
        place = tree
        *folders, name = path.relative_to(folder).with_suffix("").parts
        for part in folders:
            place = place.setdefault(part, {})
        place[name] = read_yaml(path)
    return tree


def composed(path: Path) -> yaml.Node | None:
    """Return what stands where in a YAML file that can be read."""
    found: yaml.Node | None = yaml.compose(path.read_text("utf-8"), yaml.SafeLoader)
    return found


def line_of(node: yaml.Node | None, keys: Keys) -> int:
    """Return the line (from 1) of what the keys lead to, or of the last of them written."""
    line = 1
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            entry = next((pair for pair in node.value if pair[0].value == key), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            entry = (node.value[key], node.value[key]) if key < len(node.value) else None
        else:
            entry = None
        if entry is None:
            break
        named, node = entry
        line = named.start_mark.line + 1
    return line
