"""Compile ``data/`` to the one file of knowledge that the browser carries.

Everything is checked here, before a page is built: each file against its JSON
Schema, each language against English, each source and rule that is cited.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, KeysView, Mapping
from pathlib import Path
from typing import Any

import jsonschema
from babel import Locale

from builder import files
from builder.tables import table_problems
from builder.trouble import Trouble
from planner.checkout import Tree, YamlError, read_folder
from planner.words import is_plural, placeholders

#: The language that every other one is a translation of.
ORIGINAL = "en"

#: What the planner needs in the browser beside its words.
BRANCHES = ("rules", "products", "formats", "examples")

#: The folders in which a language keeps one file per page or part.
FOLDERS = ("guide", "planner")

#: The ids of what can be cited: rules, policies, formulas, conflicts, unverified items, decisions.
CITABLE = re.compile(r"^[RPFKUD]-\d+[a-z]?$")

#: Fingerprints of files that their schemas allow: a preview checks only what was edited.
_VALID: set[str] = set()

_MODELINE = re.compile(r"^#\s*yaml-language-server:\s*\$schema=(\S+)")


def load(data: Path) -> Tree:
    """Return the checked tree of ``data/``.

    Raises:
        Trouble: Something in it is wrong; names every place and the way out.
    """
    try:
        tree = read_folder(data)
    except YamlError as error:
        raise Trouble(f"{data.name}/{_relative(error.path, data)}{_rest(error)}") from error
    problems = [
        *schema_problems(data, tree),
        *language_problems(tree.get("languages", {})),
        *source_problems(tree.get("rules", {})),
        *citation_problems(tree),
    ]
    # What one table names in another makes sense only where each stands by itself.
    problems = problems or table_problems(tree)
    if problems:
        raise Trouble("\n".join(_with_line(problem, data) for problem in problems))
    return tree


def _with_line(problem: str, data: Path) -> str:
    """Add where a problem stands: the path from the checkout's root, and the line if one is found.

    Problems begin with their file and the key or row they are about; the line is the
    first that names the last part of it.
    """
    file, colon, rest = problem.partition(": ")
    path = data / file
    if not colon or not path.is_file():
        return problem
    place = rest.partition(": ")[0].split(",")[0].split(".")[-1].split(" ")[0]
    named = re.compile(rf"^\s*(?:- )?(?:\{{?id: )?[\"']?{re.escape(place)}[\"']?(?:\s*[:,]|\s*$)")
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next((number for number, text in enumerate(lines, 1) if named.match(text)), None)
    where = f"{data.name}/{file}"
    return f"{where}:{line}: {rest}" if line else f"{where}: {rest}"


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


def citable(tree: Tree) -> dict[str, Tree]:
    """Return everything in ``data/rules`` that has an id, by id."""
    return dict(_with_ids(tree.get("rules", {})))


def _with_ids(branch: Any) -> Iterator[tuple[str, Tree]]:
    if not isinstance(branch, Mapping):
        return
    for key, value in branch.items():
        if CITABLE.match(key) and isinstance(value, dict):
            yield key, value
        else:
            yield from _with_ids(value)


def schema_problems(data: Path, tree: Tree) -> Iterator[str]:
    """Check each file that names a JSON Schema in its first line."""
    validators: dict[Path, jsonschema.Draft202012Validator | None] = {}
    for path in sorted(data.rglob("*.yml")):
        with path.open(encoding="utf-8") as file:
            modeline = _MODELINE.match(file.readline())
        if not modeline:
            continue
        name = path.relative_to(data)
        schema = (path.parent / modeline.group(1)).resolve()
        if schema not in validators:
            try:
                content = json.loads(schema.read_text(encoding="utf-8"))
            except (OSError, ValueError) as why:
                yield f"{name}: its first line names a schema that can't be read ({why})"
                validators[schema] = None
                continue
            validators[schema] = jsonschema.Draft202012Validator(content)
        validator = validators[schema]
        if validator is None:
            continue
        stamp = files.fingerprint([schema, path])
        if stamp in _VALID:
            continue
        content = tree
        for part in name.with_suffix("").parts:
            content = content[part]
        valid = True
        for error in validator.iter_errors(content):
            valid = False
            where = ".".join(str(part) for part in error.absolute_path) or "the file"
            yield f"{name}: {where}: {error.message} ({schema.name} says what may stand there)"
        if valid:
            _VALID.add(stamp)


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


def source_problems(rules: Tree) -> Iterator[str]:
    """Check that each source a fact names is in the list of sources."""
    known = rules.get("sources", {}).get("sources", {})
    for name, fact in sorted(_with_ids(rules)):
        for source in fact.get("sources") or []:
            if source not in known:
                yield (
                    f"rules: {name} names the source {source}, "
                    "which rules/sources.yml doesn't have: add it there"
                )


def citation_problems(tree: Tree) -> Iterator[str]:
    """Check that each id that one rule names in another exists."""
    known = citable(tree).keys()
    for name, fact in sorted(citable(tree).items()):
        for field in ("superseded_by", "rules"):
            cited = fact.get(field) or []
            for other in [cited] if isinstance(cited, str) else cited:
                if isinstance(other, str) and CITABLE.match(other) and other not in known:
                    yield f"rules: {name}: {field} names {other}, which no file of rules/ has"


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
