"""The formats that are known, as ``data/formats`` describes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from planner.knowledge import Knowledge
from planner.reading.pages import More
from planner.reading.parts import Known
from planner.reading.records import Block, Shape, key_of
from planner.reading.values import Vocabulary

GENERIC = "generic.headers"
"""The format of tables that no other describes: its columns are found by their headers."""

OWN = "planner.table"
"""The planner's own table."""

IDENTIFYING = ("product_name", "sku_part_number", "sku_guid", "part_number", "nce_product_id")
"""Fields of which a row has one where it names its product."""

COUNTING = ("seats", "term_end", "next_lifecycle_date", "start_date")
"""Fields of which a table of products has one where it lists subscriptions."""

#: What the planner's own table calls a field.
PLAN_NAMES = {
    "customer_name": "customer",
    "product_name": "product",
    "start_date": "start",
    "term_end": "end",
    "term_duration": "term",
    "billing_cycle": "billing",
    "market": "customer_market",
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where one field comes from, and how its cell is read.

    Attributes:
        columns: Keys of the columns that it may stand in (see ``header_key``). Those of one
            group mean the same; a later group counts where the ones before hold nothing.
        read: Name of its transform.
        kind: For a term end: what the printed day means (``term_end_kind``).
        kind_if: Field → the kind where that field holds something.
        only_if: Field → value it must have for this one to be read.
        plus: Keys of columns whose counts are added.
        order: For a day: ``day-first`` or ``month-first``, unless the values say otherwise.
        between: What stands between day, month and year where that order holds; ``""``: anything.
        warn: Code of the warning that a row gets where the field says something.
        not_beside: Field → keys that don't count where that field has a column of its own.
        alone: It is read only where a record's list has no more than one entry.
        lenient: A cell that can't be read is left out, whatever the format; its line is kept.
    """

    columns: tuple[tuple[str, ...], ...]
    read: str
    words: str = ""
    present: str = ""
    kind: str = ""
    kind_if: Mapping[str, str] = field(default_factory=dict)
    only_if: Mapping[str, str] = field(default_factory=dict)
    plus: tuple[str, ...] = ()
    order: str = ""
    between: str = ""
    warn: str = ""
    not_beside: Mapping[str, frozenset[str]] = field(default_factory=dict)
    alone: bool = False
    lenient: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all its columns, the first to count first."""
        return (*(key for group in self.columns for key in group), *self.plus)


@dataclass(frozen=True, slots=True)
class Format:
    """One known export.

    Attributes:
        role: What it is for; see ``planner.model.Part``.
        fields: Of ``planner.model.Row``; in the planner's own table, of ``Subscription``.
        constants: Field → value of every line where no column says otherwise.
        personal: Columns that list people; dropped on reading.
        telling: Fields of which a paste with several unknown columns has to give one.
        common: Keys that tables made for something else have, too.
        each: Key of a list in each record whose entries are the subscriptions.
        more: What beside its list says that it goes on elsewhere.
        nested: Key of a list in each record whose entries are records like it.
        inherited: Keys that hold of those records, too, where they don't have them.
        gather: How lines of one subscription become one: ``charges`` or ``latest``.
        stages: State of a row → state that the plan goes by, where they differ.
        hint: Key of the sentence that says where what is missing is found.
        warns: Code of a warning → keys of columns in which something stands where it holds.
    """

    format_id: str
    containers: tuple[str, ...]
    signatures: tuple[tuple[frozenset[str], frozenset[str]], ...]
    fields: Mapping[str, Source]
    role: str = "subscriptions"
    constants: Mapping[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    personal: frozenset[str] = frozenset()
    as_of: tuple[str, ...] = ()
    more: More = field(default_factory=More)
    telling: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    each: str = ""
    nested: str = ""
    inherited: frozenset[str] = frozenset()
    gather: str = ""
    stages: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""
    warns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def keys(self) -> frozenset[str]:
        """Every key that means something in this format."""
        return frozenset(key for source in self.fields.values() for key in source.keys)

    @property
    def read(self) -> frozenset[str]:
        """Every key whose cells say something: of a field, a warning, a day or a list."""
        warning = frozenset(key for keys in self.warns.values() for key in keys)
        return self.keys | warning | {*self.as_of, self.each}

    @property
    def is_generic(self) -> bool:
        """Tell whether its columns are found by their headers alone."""
        return self.format_id == GENERIC

    @property
    def is_own(self) -> bool:
        """Tell whether its fields are those of the planner itself."""
        return self.format_id == OWN

    def signature_in(self, shape: Shape, keys: frozenset[str]) -> frozenset[str]:
        """Return the keys that show a block to be in this format; none where it isn't."""
        if shape.value not in self.containers:
            return frozenset()
        for all_of, any_of in self.signatures:
            if all_of <= keys and (not any_of or any_of & keys):
                return all_of | (any_of & keys)
        return frozenset()


@dataclass(frozen=True, slots=True)
class Formats:
    """All that is known of formats.

    Attributes:
        named: Known exports, those that ask for most first.
        own: The planner's own table.
        generic: What headers mean in any other.
        known: The keys that make a line a header.
    """

    named: tuple[Format, ...]
    own: Format
    generic: Format
    known: Known
    vocabulary: Vocabulary

    @property
    def shown(self) -> str:
        """The headers of which one does alone, as a problem names them."""
        return ", ".join(sorted(self.known.telling))


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
            plus=tuple(key for key in source.plus if key in keys),
        )
        for name, source in found.fields.items()
        if not keys.isdisjoint(source.keys)
    }
    return replace(found, fields=fields)


@lru_cache(maxsize=4)
def formats_of(knowledge: Knowledge) -> Formats:
    """Return the known formats and the words that their cells use."""
    known = [
        _format(stated) for name, stated in knowledge.tree["formats"].items() if name != "values"
    ]
    own = next(one for one in known if one.format_id == OWN)
    generic = next(one for one in known if one.format_id == GENERIC)
    named = sorted(
        (one for one in known if one not in (own, generic)),
        key=lambda one: (-max(len(all_of) for all_of, _ in one.signatures), one.format_id),
    )
    keys = frozenset(key for one in known for key in (*one.keys, *one.ignored, *one.as_of))
    keys |= frozenset(
        key for one in known for all_of, any_of in one.signatures for key in (*all_of, *any_of)
    )
    telling = frozenset(key for _, any_of in own.signatures for key in any_of)
    nesting = frozenset(one.nested for one in known if one.nested)
    read = frozenset(key for one in known for key in one.read)
    needed = tuple(
        frozenset(
            key for name in names if name in generic.fields for key in generic.fields[name].keys
        )
        for names in (IDENTIFYING, COUNTING)
    )
    headers = Known(keys, telling, needed, nesting, read)
    return Formats(tuple(named), own, generic, headers, _vocabulary(knowledge))


def _vocabulary(knowledge: Knowledge) -> Vocabulary:
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
        personal=frozenset(key_of(word) for word in stated["personal"]),
        warnings=tuple(stated["warnings"]),
        free_seats=frozenset(stated["free_seats"]),
        currencies={
            sign.casefold(): code
            for code, signs in stated["currencies"].items()
            for sign in (code, *signs)
        },
    )


def _format(stated: Mapping[str, Any]) -> Format:
    signature = stated["signature"]
    signatures = signature if isinstance(signature, list) else [signature]
    dates = stated.get("dates", ""), stated.get("dates_between", "")
    generic = stated["format_id"] == GENERIC
    return Format(
        format_id=stated["format_id"],
        containers=tuple(stated["containers"]),
        signatures=tuple(
            (frozenset(one.get("all_of", ())), frozenset(one.get("any_of", ())))
            for one in signatures
        ),
        fields={name: _source(source, dates, generic) for name, source in stated["fields"].items()},
        role=stated.get("role", "subscriptions"),
        constants=stated.get("constants", {}),
        ignored=frozenset(stated.get("ignored", ())),
        personal=frozenset(stated.get("personal", ())),
        as_of=tuple(stated.get("as_of", ())),
        more=_more(stated.get("more", {})),
        telling=frozenset(stated.get("telling", ())),
        common=frozenset(stated.get("common", ())),
        each=stated.get("each", ""),
        nested=stated.get("nested", ""),
        inherited=frozenset(stated.get("inherited", ())),
        gather=stated.get("gather", ""),
        stages=stated.get("stages", {}),
        hint=stated.get("hint", ""),
        warns={code: tuple(keys) for code, keys in stated.get("warnings", {}).items()},
    )


def _more(stated: Mapping[str, Any]) -> More:
    return More(
        next=tuple(stated.get("next", ())),
        total=stated.get("total", ""),
        page=stated.get("page", ""),
        pages=stated.get("pages", ""),
    )


def _source(stated: Mapping[str, Any], dates: tuple[str, str], generic: bool) -> Source:  # noqa: FBT001 - a fact of the format
    first = [[one] for one in stated["from"]] if generic else [stated["from"]]
    further = [[one] if isinstance(one, str) else one for one in stated.get("otherwise", ())]
    return Source(
        columns=tuple(tuple(group) for group in (*first, *further)),
        read=stated["read"],
        words=stated.get("words", ""),
        present=stated.get("present", ""),
        kind=stated.get("kind", ""),
        kind_if=stated.get("kind_if", {}),
        only_if=stated.get("only_if", {}),
        plus=tuple(stated.get("plus", ())),
        order=stated.get("order", dates[0]),
        between=dates[1],
        warn=stated.get("warn", ""),
        not_beside={name: frozenset(keys) for name, keys in stated.get("not_beside", {}).items()},
        alone=stated.get("alone", False),
    )


def fits(block: Block, found: Format) -> frozenset[str]:
    """Return the keys that show a block to be in a format; none where it isn't."""
    return found.signature_in(block.shape, block.keys)
