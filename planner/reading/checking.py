"""What in ``data/formats`` can't be read by: each fault with its file and keys.

The site's build checks every file against its schema, too; here stands what the command line,
which has no schemas, would stumble over, and what one file names in another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.reading.records import Shape
from planner.reading.subscriptions import END_KINDS
from planner.reading.transforms import OF_WORDS, TRANSFORMS

if TYPE_CHECKING:
    from planner.checkout import Keys

_NEEDED = ("format_id", "containers", "signature", "fields")
_WAY_OUT = "(format.schema.json says what may stand there)"


@dataclass(frozen=True, slots=True)
class FormatFault:
    """Something wrong in one file of ``data/formats``.

    Attributes:
        file: Its file, as ``formats/acme-orders.yml``.
        keys: Keys from the top of the file to the fault.
        says: What is wrong and the way out.
    """

    file: str
    keys: Keys
    says: str


def format_faults(formats: Mapping[str, Any]) -> Iterator[FormatFault]:
    """Yield what is wrong in the formats: names that stand in no list, and what is missing.

    ``formats`` is the tree of ``data/formats``; its ``values`` have the lists.
    """
    lists, warnings = formats["values"]["words"], formats["values"]["warnings"]
    for name, stated in formats.items():
        if name == "values":
            continue
        for keys, says in _of_format(stated, lists, warnings):
            yield FormatFault(f"formats/{name}.yml", keys, says)


def _of_format(
    stated: object, lists: Collection[str], warnings: Collection[str]
) -> Iterator[tuple[Keys, str]]:
    if not isinstance(stated, Mapping):
        yield (), f"the file isn't keys with values {_WAY_OUT}"
        return
    for key in _NEEDED:
        if not stated.get(key):
            yield (), f"it needs {key} {_WAY_OUT}"
    for shape in stated.get("containers") or ():
        yield from _listed(("containers",), "the container", shape, [*Shape])
    for code in stated.get("warnings") or ():
        yield from _listed(("warnings", code), "the warning", code, warnings)
    fields = stated.get("fields") or {}
    if not isinstance(fields, Mapping):
        yield ("fields",), f"fields isn't keys with values {_WAY_OUT}"
        return
    for name, source in fields.items():
        for keys, says in _of_field(source, lists, warnings):
            yield ("fields", name, *keys), f"fields.{name}: {says}"


def _of_field(
    source: object, lists: Collection[str], warnings: Collection[str]
) -> Iterator[tuple[Keys, str]]:
    if not isinstance(source, Mapping) or not isinstance(source.get("from"), list):
        yield (), f"it needs a list of columns, from {_WAY_OUT}"
        return
    read = source.get("read", "")
    yield from _listed(("read",), "the way to read", read, TRANSFORMS)
    if "words" in source:
        yield from _listed(("words",), "the list of words", source["words"], lists)
    elif read in OF_WORDS:
        yield ("read",), f"read: {read} needs words, one of the lists in values.yml"
    if "kind" in source:
        yield from _listed(("kind",), "the kind", source["kind"], END_KINDS)
    kinds = source.get("kind_if") or {}
    for other, kind in kinds.items() if isinstance(kinds, Mapping) else ():
        yield from _listed(("kind_if", other), "the kind", kind, END_KINDS)
    if "warn" in source:
        yield from _listed(("warn",), "the warning", source["warn"], warnings)


def _listed(
    keys: Keys, what: str, stated: object, known: Collection[str]
) -> Iterator[tuple[Keys, str]]:
    if stated not in known:
        yield keys, f"{what} {stated!r} isn't known; choose one of {', '.join(known)}"
