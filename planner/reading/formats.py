"""The formats that are known, as ``data/formats`` describes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from planner.knowledge import Knowledge
from planner.reading.records import Table, fold
from planner.reading.values import TRANSFORMS, Transform, Vocabulary


@dataclass(frozen=True, slots=True)
class Source:
    """Where one field of a subscription comes from, and how its cell is read.

    Attributes:
        keys: Folded headers or keys, the first that holds something counting.
        kind: For a term end: what the printed day means (input-formats: ``term_end_kind``).
        only_if: Field → value it must have for this one to be read.
    """

    keys: tuple[str, ...]
    transform: Transform
    words: str = ""
    present: str = ""
    kind: str = ""
    only_if: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Format:
    """One known export."""

    format_id: str
    containers: tuple[str, ...]
    all_of: frozenset[str]
    any_of: frozenset[str]
    fields: Mapping[str, Source]
    constants: Mapping[str, str]
    ignored: frozenset[str]
    as_of: tuple[str, ...]
    more: frozenset[str]

    @property
    def keys(self) -> frozenset[str]:
        """Every key that means something in this format."""
        return frozenset(key for source in self.fields.values() for key in source.keys)

    def fits(self, container: str, keys: frozenset[str]) -> bool:
        """Tell whether a paste with these keys is in this format."""
        return (
            container in self.containers
            and self.all_of <= keys
            and (not self.any_of or bool(self.any_of & keys))
        )


def formats_of(knowledge: Knowledge) -> tuple[Format, ...]:
    """Return the known formats, those that ask for most first."""
    known = [
        _format(stated) for name, stated in knowledge.tree["formats"].items() if name != "values"
    ]
    return tuple(sorted(known, key=lambda one: (-len(one.all_of), one.format_id)))


def vocabulary_of(knowledge: Knowledge) -> Vocabulary:
    """Return the words that cells use."""
    stated = knowledge.tree["formats"]["values"]
    return Vocabulary(
        lists={
            name: {
                fold(word): meaning
                for meaning, words in listed.items()
                for word in (meaning, *words)
            }
            for name, listed in stated["words"].items()
        },
        nothing=frozenset(fold(word) for word in stated["none"]),
        catalogue=knowledge.catalogue,
    )


def recognise(table: Table, formats: tuple[Format, ...]) -> Format | None:
    """Return the format that a table's keys show, or ``None``."""
    keys = frozenset(table.headers)
    return next((one for one in formats if one.fits(table.container, keys)), None)


def _format(stated: Mapping[str, Any]) -> Format:
    signature = stated["signature"]
    return Format(
        format_id=stated["format_id"],
        containers=tuple(stated["containers"]),
        all_of=frozenset(signature.get("all_of", ())),
        any_of=frozenset(signature.get("any_of", ())),
        fields={
            name: Source(
                keys=tuple(source["from"]),
                transform=TRANSFORMS[source["read"]],
                words=source.get("words", ""),
                present=source.get("present", ""),
                kind=source.get("kind", ""),
                only_if=source.get("only_if", {}),
            )
            for name, source in stated["fields"].items()
        },
        constants=stated.get("constants", {}),
        ignored=frozenset(stated.get("ignored", ())),
        as_of=tuple(stated.get("as_of", ())),
        more=frozenset(stated.get("more", ())),
    )
