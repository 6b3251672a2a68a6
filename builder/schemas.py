"""Check the files of ``data/`` against the JSON Schemas that their first lines name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
from jsonschema.exceptions import ValidationError, best_match

from builder import files
from builder.faults import Fault, Keys, meant
from planner.checkout import Tree

#: Fingerprints of files that their schemas allow: a preview checks only what was edited.
_VALID: set[str] = set()

_MODELINE = re.compile(r"^#\s*yaml-language-server:\s*\$schema=(\S+)")
_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "object": "keys with values",
    "string": "a text",
    "null": "nothing",
}


def schema_faults(data: Path, tree: Tree) -> Iterator[Fault]:  # noqa: C901 - one file after the other, each step may end it
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
                says = f"the first line names a schema that can't be read ({why})"
                yield Fault(name.as_posix(), (), says)
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
            # Of several shapes that a value may have, the one that it comes closest to counts.
            for keys, says in _said(best_match([error]) or error):
                where = ".".join(str(key) for key in keys) or "the file"
                way_out = f"({schema.name} says what may stand there)"
                yield Fault(name.as_posix(), keys, f"{where} {says} {way_out}")
        if valid:
            _VALID.add(stamp)


def _said(error: ValidationError) -> Iterator[tuple[Keys, str]]:
    """Yield where an error stands and what is wrong there, in plain words where they are known."""
    keys: Keys = tuple(error.absolute_path)
    written: Any = error.instance
    asked: Any = error.validator_value
    shape: Any = error.schema
    match error.validator:
        case "required":
            # One error names one of the keys that are required.
            missing = next(key for key in asked if error.message.startswith(repr(key)))
            yield (*keys, missing), "is missing: write it"
        case "additionalProperties" if not asked:
            known = shape.get("properties", {})
            for key in written:
                if key not in known:
                    yield (*keys, key), f"has no meaning here{meant(key, known)}"
        case "enum":
            choices = [str(value) for value in asked]
            hint = meant(str(written), choices)
            yield keys, f"can't be {written}{hint}; it is one of {', '.join(choices)}"
        case "type":
            kinds = [asked] if isinstance(asked, str) else asked
            wanted = " or ".join(_TYPES[kind] for kind in kinds)
            yield keys, f"is {json.dumps(written, ensure_ascii=False)}, which has to be {wanted}"
        case _:
            why = shape.get("description") or error.message
            yield keys, f"isn't right as {json.dumps(written, ensure_ascii=False)}: {why}"
