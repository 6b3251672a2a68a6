"""The formats that are known, as ``data/formats`` describes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from planner.knowledge import Knowledge
from planner.reading.records import Table, key_of
from planner.reading.values import TRANSFORMS, Transform, Vocabulary


@dataclass(frozen=True, slots=True)
class Source:
    """Where one field of a subscription comes from, and how its cell is read.

    Attributes:
        columns: Keys of the columns that it may stand in (see ``key_of``). Those of one
            group mean the same; a later group counts where the ones before hold nothing.
        kind: For a term end: what the printed day means (input-formats: ``term_end_kind``).
        only_if: Field → value it must have for this one to be read.
    """

    columns: tuple[tuple[str, ...], ...]
    transform: Transform
    words: str = ""
    present: str = ""
    kind: str = ""
    only_if: Mapping[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all its columns, the first to count first."""
        return tuple(key for group in self.columns for key in group)


@dataclass(frozen=True, slots=True)
class Format:
    """One known export.

    Attributes:
        telling: Fields of which a paste with several unknown columns has to give one.
    """

    format_id: str
    containers: tuple[str, ...]
    all_of: frozenset[str]
    any_of: frozenset[str]
    fields: Mapping[str, Source]
    constants: Mapping[str, str]
    ignored: frozenset[str]
    as_of: tuple[str, ...]
    more: frozenset[str]
    telling: frozenset[str]

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


def narrowed(found: Format, keys: frozenset[str]) -> Format:
    """Return a format with only the fields, and their columns, that a paste has keys for."""
    fields = {
        name: replace(
            source,
            columns=tuple(
                tuple(key for key in group if key in keys)
                for group in source.columns
                if not keys.isdisjoint(group)
            ),
        )
        for name, source in found.fields.items()
        if not keys.isdisjoint(source.keys)
    }
    return replace(found, fields=fields)


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
                key_of(word): meaning
                for meaning, words in listed.items()
                for word in (meaning, *words)
            }
            for name, listed in stated["words"].items()
        },
        nothing=frozenset(key_of(word) for word in stated["none"]),
        catalogue=knowledge.catalogue,
    )


def recognise(table: Table, formats: tuple[Format, ...]) -> Format | None:
    """Return the format that a table's keys show, or ``None``."""
    return next((one for one in formats if one.fits(table.container, table.keys)), None)


def _format(stated: Mapping[str, Any]) -> Format:
    signature = stated["signature"]
    return Format(
        format_id=stated["format_id"],
        containers=tuple(stated["containers"]),
        all_of=frozenset(signature.get("all_of", ())),
        any_of=frozenset(signature.get("any_of", ())),
        fields={
            name: Source(
                columns=_columns(source),
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
        telling=frozenset(stated.get("telling", ())),
    )


def _columns(source: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    further = [[one] if isinstance(one, str) else one for one in source.get("otherwise", ())]
    return tuple(tuple(group) for group in (source["from"], *further))
