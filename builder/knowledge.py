"""Compile ``data/`` to the one file of knowledge that the browser carries.

Everything is checked here, before a page is built: each file against its JSON
Schema, each language against English, each source and rule that is cited.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, KeysView, Mapping
from pathlib import Path
from typing import Any

from babel import Locale

from builder.citations import citation_faults
from builder.exports import export_faults
from builder.faults import located
from builder.schemas import schema_faults
from builder.tables import table_faults
from builder.trouble import Trouble
from planner.checkout import Tree, YamlError, read_folder
from planner.words import is_plural, placeholders

#: The language that every other one is a translation of.
ORIGINAL = "en"

#: What the planner needs in the browser beside its words.
BRANCHES = ("rules", "products", "formats", "examples")

#: The folders in which a language keeps one file per page or part.
FOLDERS = ("guide", "planner")


def load(data: Path) -> Tree:
    """Return the checked tree of ``data/``.

    Raises:
        Trouble: Something in it is wrong; names every place and the way out.
    """
    try:
        tree = read_folder(data)
    except YamlError as error:
        raise Trouble(f"{data.name}/{_relative(error.path, data)}{_rest(error)}") from error
    faults = [*schema_faults(data, tree), *citation_faults(tree)]
    problems = [*located(faults, data), *language_problems(tree.get("languages", {}))]
    # What one table names in another makes sense only where each stands by itself.
    problems = problems or located([*table_faults(tree), *export_faults(tree)], data)
    if problems:
        raise Trouble("\n".join(problems))
    return tree


def compile_knowledge(tree: Tree) -> bytes:
    """Return the knowledge as the browser carries it: compact JSON.

    Keys keep the order of the files, in which the planner evaluates and writes them.
    """
    knowledge = {branch: tree.get(branch, {}) for branch in BRANCHES}
    knowledge["languages"] = {
        tag: {"planner": words.get("planner", {})}
        for tag, words in tree.get("languages", {}).items()
        if isinstance(words, Mapping)
    }
    text = json.dumps(knowledge, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8")


def language_problems(languages: Mapping[str, Tree]) -> Iterator[str]:
    """Check that every language says what English says, with the same placeholders."""
    original = dict(messages(languages.get(ORIGINAL, {})))
    for tag, words in sorted(languages.items()):
        translated = dict(messages(words))
        needed, allowed = _plural_forms(tag)
        for key, message in translated.items():
            if is_plural(message) and not needed <= set(message) <= allowed:
                yield (
                    f"{place(tag, key)} has the plural forms {_listed(message)}, "
                    f"this language needs {_listed(needed)}"
                )
        yield from _missing(tag, original.keys() - translated.keys(), translated.keys())
        for key in sorted(translated.keys() - original.keys()):
            yield f"{place(tag, key)} is not in English: remove it or correct the key"
        for key in sorted(translated.keys() & original.keys()):
            here, there = placeholders(translated[key]), placeholders(original[key])
            if here != there:
                yield (
                    f"{place(tag, key)} uses {_braced(here)}, the English text has {_braced(there)}"
                )


def _missing(tag: str, missing: set[str], there: KeysView[str]) -> Iterator[str]:
    """Name each message that a language lacks, or the file where it lacks all of them."""
    files = {_file(tag, key) for key in there}
    for name in sorted({_file(tag, key) for key in missing} - files):
        original = _file(ORIGINAL, next(key for key in missing if _file(tag, key) == name))
        yield f"{name} is missing: write it after {original}"
    for key in sorted(missing):
        if _file(tag, key) in files:
            yield f"{place(tag, key)} is missing: write it after {place(ORIGINAL, key)}"


def messages(words: object, key: str = "") -> Iterator[tuple[str, Any]]:
    """Return every message of a language with its dotted key."""
    if isinstance(words, str) or is_plural(words):
        yield key, words
    elif isinstance(words, Mapping):
        for part, branch in words.items():
            yield from messages(branch, f"{key}.{part}" if key else part)
    elif isinstance(words, list):
        for number, branch in enumerate(words):
            yield from messages(branch, f"{key}.{number}")


def place(tag: str, key: str) -> str:
    """Return where a message stands, as ``es/guide/move.yml: steps.2``."""
    file = _file(tag, key)
    return f"{file}: {'.'.join(key.split('.')[file.count('/') :])}"


def _file(tag: str, key: str) -> str:
    parts = key.split(".")
    return f"{tag}/{'/'.join(parts[: 2 if parts[0] in FOLDERS else 1])}.yml"


def _plural_forms(tag: str) -> tuple[set[str], set[str]]:
    """Return the plural categories a language needs here, and those it may have.

    Needed are those of the numbers up to a thousand: no message counts more, and
    Spanish, say, has a form of its own for a million.
    """
    rule = Locale.parse(tag, sep="-").plural_form
    return {"other", *(rule(number) for number in range(1001))}, {"other", *rule.tags}


def _braced(names: frozenset[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "no placeholder"


def _listed(names: Any) -> str:
    return ", ".join(sorted(names))


def _relative(path: str, data: Path) -> str:
    return Path(path).resolve().relative_to(data.resolve()).as_posix()


def _rest(error: YamlError) -> str:
    return str(error).removeprefix(error.path)
