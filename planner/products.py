"""The product catalogue: a product is found by any of its ids, or by what it is called.

Never by a loose guess. What could be two products stays ambiguous, what is in no
list stays unknown; words that change a product (a plan's number, "no Teams", an
add-on) always count.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

Tree = Mapping[str, Any]

_REMEMBERED = 4096  # Names and ids whose answer is kept: a paste repeats few of them often.
_LONGEST = 300  # Characters; no title or id is half as long.

_GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_GUIDS = re.compile(rf"\{{?(?:{_GUID}_)?({_GUID})\}}?")  # Graph prints tenant_sku too.
_NCE_PRODUCT = r"(?:CFQ7TTC0|DZH318Z0|DG7GMGF0)[0-9A-Z]{4}"
_NCE = re.compile(
    rf"(?:P1M:|P1Y:|P3Y:)?({_NCE_PRODUCT})[:/]([0-9A-Z]{{1,4}})"  # term, product, SKU
    r"(?::[0-9A-Z]{12})?"  # availability: changes with the price list
    r"(?:[:_](?:P1M|P1Y|P3Y))?(?::[0-9A-Z]*)*"  # term and billing
)
_NCE_JOINED = re.compile(rf"(?:[A-Z]{{2}})?({_NCE_PRODUCT})([0-9A-Z]{{4}})?")
_SKU_LENGTH = 4
_ACCOUNT_SKU = re.compile(r"[\w.-]+:(\S+)")  # Retired PowerShell modules: tenant:PART_NUMBER.

_DROPPED = str.maketrans("", "", "™®©\u200b\ufeff")
_WORD = re.compile(r"[^\W_]+")
_AND = re.compile(r"[+&]")


class How(StrEnum):
    """How surely a product was found."""

    EXACT = "exact"
    ALIAS = "by-alias"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class NceId:
    """An id in new commerce.

    Attributes:
        product: Twelve characters, such as ``CFQ7TTC0LCHC``.
        sku: Four characters, zeros included; ``""`` where no source gives it.
        confidence: How the id came to this product (``data/schema/products.schema.json``).
    """

    product: str
    sku: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Sale:
    """What became of a product's sale.

    Attributes:
        status: ``ended``, ``resumed`` or ``part-retired`` (a service inside it ended).
        since: First day of that.
        rule: The rule that says so.
        evidence: Ids of the catalogue's sources.
    """

    status: str
    since: dt.date
    rule: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """One product of the catalogue.

    Attributes:
        part_number: Microsoft Graph's ``skuPartNumber``.
        graph_sku: Microsoft Graph's ``skuId``.
        legacy_offers: Offer ids in legacy commerce.
        segment: ``commercial``, ``education``, ``nonprofit`` or ``government``.
        cloud: The national cloud that it is made for; ``""`` where no id says so.
        kind: ``paid``, ``usage``, ``trial`` or ``free``.
        add_on: Its title says that it goes on top of another product (R-130).
        seat_cap: The cap on its seats in one tenant: ``business`` or ``none`` (R-131).
        three_year_minimum_since: Since when a three-year term of it has a minimum of seats
            (R-247); ``None``: it has none.
        successors: Keys of the products that follow it.
        successor_evidence: Ids of the sources that say so; none: not evidenced.
    """

    key: str
    title: str
    family: str
    part_number: str = ""
    graph_sku: str = ""
    nce: tuple[NceId, ...] = ()
    legacy_offers: tuple[str, ...] = ()
    segment: str = "commercial"
    cloud: str = ""
    kind: str = "paid"
    add_on: bool = False
    seat_cap: str = "none"
    three_year_minimum_since: dt.date | None = None
    aliases: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    successor_evidence: tuple[str, ...] = ()
    sale: Sale | None = None
    sources: tuple[str, ...] = ()

    def has_three_year_minimum_on(self, day: dt.date) -> bool:
        """Tell whether a three-year term bought on a day needs a minimum of seats (R-247)."""
        since = self.three_year_minimum_since
        return since is not None and since <= day

    def off_sale_on(self, day: dt.date) -> str:
        """Return the rule by which it is no longer sold on a day, or ``""``."""
        sale = self.sale
        return sale.rule if sale and sale.status == "ended" and sale.since <= day else ""


@dataclass(frozen=True, slots=True)
class Match:
    """What a name or an id stands for.

    Attributes:
        how: How surely; only ``exact`` and ``by-alias`` name one product.
        products: That product, or every one that it could be.
        segment: The segment that the name itself states, such as by "(Nonprofit Staff
            Pricing)": ``education``, ``nonprofit``, ``gcc`` or ``""``.
        trial: The name says that it is a trial.
    """

    how: How
    products: tuple[Product, ...] = ()
    segment: str = ""
    trial: bool = False

    @property
    def product(self) -> Product | None:
        """The one product found, if it is one."""
        return self.products[0] if self.how in {How.EXACT, How.ALIAS} else None

    def agreed[Value](self, of: Callable[[Product], Value]) -> Value | None:
        """Return what holds for every product that it could be; ``None`` where they differ."""
        found = {of(product) for product in self.products}
        return found.pop() if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class _Edition:
    """Words that say who an edition is for."""

    name: str
    segment: str
    shared: bool


@dataclass(frozen=True, slots=True)
class _Spellings:
    """How names are brought to one spelling."""

    same: Mapping[str, str]
    same_words: re.Pattern[str]
    brand: re.Pattern[str]
    noise: re.Pattern[str]
    trial: re.Pattern[str]
    editions: Mapping[str, _Edition]
    edition_words: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in one spelling, and the edition that it states."""

    words: str
    edition: _Edition | None = None

    @property
    def key(self) -> str:
        return f"{self.words}|{self.edition.name}" if self.edition else self.words


@dataclass(frozen=True, slots=True)
class _Index:
    """Id or name → the products that it stands for."""

    found: dict[str, tuple[Product, ...]] = field(default_factory=dict)

    def add(self, key: str, product: Product) -> None:
        known = self.found.get(key, ())
        if product not in known:
            self.found[key] = (*known, product)

    def get(self, key: str) -> tuple[Product, ...]:
        return self.found.get(key, ())


class Catalogue:
    """Every product that is known, indexed once.

    Args:
        tree: The tree of ``data/products``.
        day_of: Gives the day that a reference such as ``R-407.off_sale_from`` stands for.
    """

    def __init__(self, tree: Tree, day_of: Callable[[str], dt.date]) -> None:
        self.products = tuple(
            _product(key, stated, part["family"], day_of)
            for part in tree.values()
            if "family" in part
            for key, stated in part["products"].items()
        )
        self._spellings = _spellings(tree["spellings"])
        self._ids: dict[str, _Index] = defaultdict(_Index)
        self._names: dict[str, _Index] = defaultdict(_Index)
        for product in self.products:
            self._add(product)
        self._remembered = lru_cache(_REMEMBERED)(self._find)

    def find(self, text: str) -> Match:
        """Return what a name or an id stands for.

        An id in any printed form (Graph SKU, part number, new-commerce product and SKU,
        legacy offer), a title in any case, or a known way to write one.
        """
        return self._remembered(text) if len(text) <= _LONGEST else Match(How.UNKNOWN)

    def by_id(self, text: str) -> Match | None:
        """Return what an id stands for; ``None`` for what has no shape of an id."""
        text = text.strip()
        if len(text) > _LONGEST:
            return None
        if guid := _GUIDS.fullmatch(text.lower()):
            return _match(self._ids["guid"].get(guid[1]))
        if nce := _NCE.fullmatch(text.upper()) or _NCE_JOINED.fullmatch(text.upper()):
            return self._by_nce(nce[1], nce[2])
        account = _ACCOUNT_SKU.fullmatch(text)
        found = self._ids["part number"].get(_squeezed(account[1] if account else text))
        return _match(found) if found else None

    def _add(self, product: Product) -> None:
        if product.graph_sku:
            self._ids["guid"].add(product.graph_sku, product)
            self._ids["part number"].add(_squeezed(product.part_number), product)
        for offer in product.legacy_offers:
            # Azure's offer is no GUID: it is looked up as names of ids are.
            self._ids["guid"].add(offer, product)
            self._ids["part number"].add(_squeezed(offer), product)
        for nce in product.nce:
            self._ids["nce product"].add(nce.product, product)
            self._ids["nce"].add(f"{nce.product}:{nce.sku}", product)
        for kind, names in (("title", (product.title,)), ("alias", product.aliases)):
            for name in names:
                written = _written(name)
                self._names[f"{kind} as written"].add(written, product)
                self._names[f"{kind} as spelled"].add(self._spelled(written).key, product)

    def _find(self, text: str) -> Match:
        return self.by_id(text) or self._by_name(_written(text))

    def _by_nce(self, product: str, sku: str | None) -> Match:
        """Return the match of an id in new commerce.

        Without its SKU, or with a SKU that no source gives, it could be any product whose
        own SKU isn't known; sources that disagree leave it ambiguous.
        """
        if sku is None:
            return _unsure(self._ids["nce product"].get(product))
        sku = sku.zfill(_SKU_LENGTH)
        found = self._ids["nce"].get(f"{product}:{sku}")
        unclear = self._ids["nce"].get(f"{product}:")
        disputed = any(
            nce.confidence == "name-join-ambiguous"
            for one in found
            for nce in one.nce
            if (nce.product, nce.sku) == (product, sku)
        )
        if found and not disputed:
            return _match(found)
        return _unsure((*found, *unclear))

    def _by_name(self, written: str) -> Match:
        titled = self._names["title as written"].get(written)
        called = self._names["alias as written"].get(written)
        if found := tuple(dict.fromkeys((*titled, *called))):
            how = How.EXACT if titled else How.ALIAS
            return _match(found, how, self._spelled(written).edition)
        plain, trial = self._plain(written)
        for name, is_trial in ((self._spelled(written), False), (self._spelled(plain), trial)):
            keys = [name.key]
            if name.edition and name.edition.shared:
                keys.append(name.words)
            for key in keys:
                for kind in ("title", "alias"):
                    if found := self._names[f"{kind} as spelled"].get(key):
                        return _match(found, How.ALIAS, name.edition, trial=is_trial)
        edition = self._spelled(plain).edition
        return Match(How.UNKNOWN, (), edition.segment if edition else "", trial)

    def _spelled(self, written: str) -> _Name:
        """Return a name as the index spells it, its edition apart."""
        spellings = self._spellings
        words = spellings.same_words.sub(lambda found: spellings.same[found[0]], written)
        words = spellings.brand.sub("", words)
        stated = spellings.edition_words.findall(words)
        if len(stated) != 1:
            return _Name(words)
        rest = " ".join(spellings.edition_words.sub(" ", words).split())
        return _Name(rest, spellings.editions[stated[0]])

    def _plain(self, written: str) -> tuple[str, bool]:
        """Return a name without what says how it is sold, and whether it says "trial"."""
        spellings = self._spellings
        trial = False
        while True:
            shorter = spellings.noise.sub("", written).strip()
            if spellings.trial.search(shorter):
                trial = True
                shorter = spellings.trial.sub("", shorter).strip()
            if shorter == written:
                return written, trial
            written = shorter


def _match(
    found: tuple[Product, ...],
    how: How = How.EXACT,
    edition: _Edition | None = None,
    *,
    trial: bool = False,
) -> Match:
    stated = edition.segment if edition else ""
    if len(found) > 1:
        return Match(How.AMBIGUOUS, found, stated, trial)
    return Match(how, found, stated, trial) if found else Match(How.UNKNOWN)


def _unsure(found: tuple[Product, ...]) -> Match:
    return Match(How.AMBIGUOUS, tuple(dict.fromkeys(found))) if found else Match(How.UNKNOWN)


def _squeezed(part_number: str) -> str:
    """Return a part number without case and spaces, which copies add and lose."""
    return "".join(part_number.split()).casefold()


def _written(name: str) -> str:
    """Return the words of a name: without case, punctuation, odd spaces and marks."""
    plain = unicodedata.normalize("NFKC", name.translate(_DROPPED)).casefold()
    return " ".join(_WORD.findall(_AND.sub(" and ", plain)))


def _product(key: str, stated: Tree, family: str, day_of: Callable[[str], dt.date]) -> Product:
    successor = stated.get("successor", {})
    return Product(
        key=key,
        title=stated["title"],
        family=family,
        part_number=stated.get("part_number", ""),
        graph_sku=stated.get("graph_sku", ""),
        nce=tuple(
            NceId(nce["product"], nce.get("sku", ""), nce["confidence"])
            for nce in stated.get("nce", ())
        ),
        legacy_offers=tuple(stated.get("legacy_offers", ())),
        segment=stated.get("segment", "commercial"),
        cloud=stated.get("cloud", ""),
        kind=stated.get("kind", "paid"),
        add_on=stated.get("add_on", False),
        seat_cap=stated.get("seat_cap", "none"),
        three_year_minimum_since=(
            day_of(stated["three_year_minimum"]) if "three_year_minimum" in stated else None
        ),
        aliases=tuple(stated.get("aliases", ())),
        successors=tuple(successor.get("products", ())),
        successor_evidence=tuple(successor.get("evidence", ())),
        sale=_sale(stated["sale"], day_of) if "sale" in stated else None,
        sources=tuple(stated["sources"]),
    )


def _sale(stated: Tree, day_of: Callable[[str], dt.date]) -> Sale:
    return Sale(
        status=stated["status"],
        since=day_of(stated["since"]),
        rule=stated["since"].partition(".")[0],
        evidence=tuple(stated["evidence"]),
    )


def _spellings(stated: Tree) -> _Spellings:
    editions = {
        words: _Edition(name, edition["segment"], edition.get("shared", False))
        for name, edition in stated["editions"].items()
        for words in edition["words"]
    }
    noise = _any_of(stated["noise"])
    return _Spellings(
        same=stated["same"],
        same_words=re.compile(rf"\b{_any_of(stated['same'])}\b"),
        brand=re.compile(rf"^{re.escape(stated['brand'])} (?!365\b)"),
        noise=re.compile(rf"^(?:{noise}\b ?)+|(?: ?\b{noise})+$"),
        trial=re.compile(rf"(?: |^){_any_of(stated['trial'])}$"),
        editions=editions,
        edition_words=re.compile(rf"\b{_any_of(editions)}\b"),
    )


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern of any of these words, the longest first."""
    longest_first = sorted(words, key=lambda one: (-len(one), one))
    return f"(?:{'|'.join(map(re.escape, longest_first))})"
