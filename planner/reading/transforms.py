"""What a cell can be read as: a closed set of transforms, named in ``data/formats``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from planner.countries import is_country
from planner.products import How
from planner.reading.amounts import amount_of, beside, count_of, counted, shared
from planner.reading.console import ends_cut
from planner.reading.days import day_of, said_of
from planner.reading.records import fold, key_of
from planner.reading.values import Manner, Unreadable, Value, Vocabulary, is_nothing

_COUNTRY = re.compile(r"([A-Za-z]{2})(?:$|[-/ ].*)")
_MOST_DAYS = 36_500  # A hundred years: longer than any term, short enough to be added to a day.
_NCE = re.compile(
    r"(?:(P1[MY]|P3Y):)?((?:CFQ7TTC0|DZH318Z0|DG7GMGF0)[0-9A-Z]{4})(?:[:/]([0-9A-Z]{1,4}))?"
    r"(?::([0-9A-Z]{12}))?(?:[:_](P1M|P1Y|P3Y))?(?::([A-Za-z0-9]+))?",
    re.IGNORECASE,
)
_NCE_SKU = re.compile(r"[0-9A-Z]{1,4}", re.IGNORECASE)
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PART_NUMBER = re.compile(r"[A-Za-z0-9]+(?:_\(?[A-Za-z0-9]+\)?)*_?")
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_PERIOD = re.compile(r'"(type|duration)": ?"?([A-Za-z]+|\d+)"?')
_DATED = re.compile(r"(?P<words>[^\d(]{3,40}?)[ (]{1,2}\d[\d./-]{3,9}\)?")
_LONGEST_ID = 80
_AZURE = "MS-AZR-"
_NAMIBIA = "NA"

Transform = Callable[[str, Manner, Vocabulary], Value]


def _text(text: str, _manner: Manner, vocabulary: Vocabulary) -> Value:
    return None if is_nothing(text, vocabulary) else " ".join(text.split())


def _text_as_is(text: str, _manner: Manner, vocabulary: Vocabulary) -> Value:
    return None if is_nothing(text, vocabulary) else text


def _text_before_comma(text: str, manner: Manner, vocabulary: Vocabulary) -> Value:
    return _text(text.partition(",")[0], manner, vocabulary)


def _id(text: str, _manner: Manner, vocabulary: Vocabulary) -> Value:
    """Return an id; GUIDs in lower case, as they are compared.

    Raises:
        Unreadable: Its end was cut: several ids may begin so.
    """
    if is_nothing(text, vocabulary) or text == "0":
        return None
    if ends_cut(text):
        raise Unreadable("cut-off")
    return text.lower() if _GUID.fullmatch(text) else " ".join(text.split())


def _guid(text: str, _manner: Manner, _vocabulary: Vocabulary) -> Value:
    return text.lower() if _GUID.fullmatch(text) else None


def _legacy_offer(text: str, _manner: Manner, _vocabulary: Vocabulary) -> Value:
    if _GUID.fullmatch(text):
        return text.lower()
    return text if text.upper().startswith(_AZURE) else None


def _count(text: str, manner: Manner, vocabulary: Vocabulary) -> Value:
    if is_nothing(text, vocabulary):
        return None
    if " " in text or "/" in text:
        text = _share(text, manner, vocabulary)
    count, unit = counted(text)
    return count_of(count if _is_unit(unit, vocabulary) else text)


def _is_unit(unit: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a count may be of this: licenses, also with where they are from beside them."""
    units = vocabulary.lists["unit"]
    if fold(unit) in units:
        return True
    of, beside_it, where = unit.rstrip(")").partition("(")
    channel = vocabulary.lists["purchase-channel"].get(fold(where))
    return bool(beside_it) and fold(of) in units and channel not in {None, "Trial"}


def _share(text: str, manner: Manner, vocabulary: Vocabulary) -> str:
    """Return the count that a field wants of "25 of 30 assigned": all, or how many are assigned.

    Only a word says which is which; where it doesn't, or more are assigned than there are, the
    text stays as it is.
    """
    found = shared(text)
    if found is None:
        return text
    part, whole, words = found
    units, shares = vocabulary.lists["unit"], vocabulary.lists["assigned"]
    said = [fold(word) for word in words.split()]
    known = all(word in units or word in shares for word in said)
    if not known or shares.keys().isdisjoint(said) or count_of(part) > count_of(whole):
        return text
    return part if manner.field == "assigned" else whole


def _signed_count(text: str, _manner: Manner, vocabulary: Vocabulary) -> Value:
    """Return a count that an invoice adds or, with a minus, takes away."""
    if is_nothing(text, vocabulary):
        return None
    sign = -1 if text[0] in "-\u2212" else 1
    return sign * count_of(text.lstrip("-+\u2212"))


def _count_from_one(text: str, manner: Manner, vocabulary: Vocabulary) -> Value:
    count = _count(text, manner, vocabulary)
    if count == 0:
        raise Unreadable("count-of-nothing")
    return count


def _days(text: str, manner: Manner, vocabulary: Vocabulary) -> Value:
    days = _count(text, manner, vocabulary)
    if isinstance(days, int) and days > _MOST_DAYS:
        raise Unreadable("too-many-days", most=_MOST_DAYS)
    return days


def _amount(text: str, manner: Manner, vocabulary: Vocabulary) -> Value:
    return None if is_nothing(text, vocabulary) else amount_of(text, manner.point)


def _currency(text: str, _manner: Manner, vocabulary: Vocabulary) -> Value:
    """Return the code of a currency, of its sign, or of the one that a price names."""
    if is_nothing(text, vocabulary):
        return None
    if _CURRENCY.fullmatch(text):
        return text.upper()
    return currency_in(text, vocabulary)


def currency_in(text: str, vocabulary: Vocabulary) -> str | None:
    """Return the code of the currency that a text is or, as a price, names."""
    known = vocabulary.currencies
    return next(
        (known[one] for said in (text, *beside(text)) if (one := said.casefold()) in known), None
    )


def _word(text: str, manner: Manner, vocabulary: Vocabulary) -> Value:
    """Return what a word of a list means, or the words before a day: "cancels on 2027-02-28"."""
    dated = vocabulary.lists.get(f"{manner.words}-dated")
    found = _DATED.fullmatch(text) if dated else None
    if dated and found and (meaning := dated.get(fold(found["words"]))):
        return meaning
    return _meant(text, manner.words, vocabulary)


def _meant(text: str, words: str, vocabulary: Vocabulary) -> str | None:
    """Return what a word of a list means.

    Raises:
        Unreadable: It isn't in the list.
    """
    listed = vocabulary.lists[words]
    word = key_of(text)
    if word in listed:
        return listed[word] or None
    if is_nothing(text, vocabulary):
        return None
    raise Unreadable("unknown-word", choices=", ".join(dict.fromkeys(listed.values())))


def _word_if_known(text: str, manner: Manner, vocabulary: Vocabulary) -> Value:
    return vocabulary.lists[manner.words].get(fold(text))


def _flag(text: str, manner: Manner, vocabulary: Vocabulary) -> Value:
    """Return whether a cell says yes or no, in any of the languages that exports use."""
    said = _meant(text, manner.words or "flag", vocabulary)
    return None if said is None else said == "yes"


def _mention(text: str, manner: Manner, vocabulary: Vocabulary) -> Value:
    """Return whether any word of a list stands anywhere in the cell; ``None`` where empty."""
    if is_nothing(text, vocabulary):
        return None
    said = fold(text)
    return True if any(word in said for word in vocabulary.lists[manner.words]) else None


def _mentioned(text: str, manner: Manner, vocabulary: Vocabulary) -> Value:
    """Return what the first word of a list that stands anywhere in the cell means."""
    said = fold(text[:_LONGEST_ID])
    listed = vocabulary.lists[manner.words]
    return next((meaning for word, meaning in listed.items() if word in said), None)


def _word_before_colon(text: str, manner: Manner, vocabulary: Vocabulary) -> Value:
    before, _, _ = text.partition(":")
    return _meant(before.strip(), manner.words, vocabulary)


def _text_after_colon(text: str, manner: Manner, vocabulary: Vocabulary) -> Value:
    _, _, after = text.partition(":")
    return _text(after.strip(), manner, vocabulary)


def _presence(text: str, manner: Manner, vocabulary: Vocabulary) -> Value:
    return None if is_nothing(text, vocabulary) else manner.present


def _uri_part(text: str, manner: Manner, _vocabulary: Vocabulary) -> Value:
    """Return what follows a folder's name in an address: ``/customers/{…}/subscriptions``."""
    _, found, after = text.partition(f"/{manner.present}/")
    return after.partition("/")[0].partition("?")[0].lower() or None if found else None


def _uri_query(text: str, manner: Manner, _vocabulary: Vocabulary) -> Value:
    """Return the value of a name in an address's query: ``?country=US``."""
    _, found, after = text.partition(f"{manner.present}=")
    return after.partition("&")[0].upper() or None if found else None


def _period(text: str, manner: Manner, vocabulary: Vocabulary) -> Value:
    """Return the ISO duration or word that an object ``{"type", "duration"}`` stands for."""
    said = dict(_PERIOD.findall(text[:200]))
    word = f"{said.get('duration', '')} {said.get('type', '')}"
    return _meant(word, manner.words, vocabulary)


def _nce(text: str) -> re.Match[str] | None:
    return _NCE.match(text) if len(text) <= _LONGEST_ID else None


def _nce_product(text: str, _manner: Manner, _vocabulary: Vocabulary) -> Value:
    found = _nce(text)
    return found[2].upper() if found else None


def _nce_sku(text: str, _manner: Manner, _vocabulary: Vocabulary) -> Value:
    """Return the four characters of a SKU id, with the zeros that Excel takes away."""
    found = _nce(text)
    return found[3].upper().zfill(4) if found and found[3] else None


def _sku_code(text: str, _manner: Manner, vocabulary: Vocabulary) -> Value:
    """Return a SKU id that stands alone in its cell."""
    if is_nothing(text, vocabulary) or not _NCE_SKU.fullmatch(text):
        return None
    return text.upper().zfill(4)


def _nce_availability(text: str, _manner: Manner, _vocabulary: Vocabulary) -> Value:
    found = _nce(text)
    return found[4].upper() if found and found[4] else None


def _nce_term(text: str, _manner: Manner, _vocabulary: Vocabulary) -> Value:
    found = _nce(text)
    return (found[1] or found[5] or "").upper() or None if found else None


def _nce_billing(text: str, manner: Manner, vocabulary: Vocabulary) -> Value:
    found = _nce(text)
    return vocabulary.lists[manner.words].get(fold(found[6])) if found and found[6] else None


def _offer_channel(text: str, _manner: Manner, _vocabulary: Vocabulary) -> Value:
    """Return which commerce an offer's id belongs to: a GUID is legacy."""
    if _nce(text):
        return "CSP-NCE"
    legacy = _GUID.fullmatch(text) or text.upper().startswith(_AZURE)
    return "CSP-legacy" if legacy else None


def _sku_part_number(text: str, _manner: Manner, vocabulary: Vocabulary) -> Value:
    """Return Graph's name of a product, without the tenant before the colon.

    Raises:
        Unreadable: Its end was cut: several products may begin so.
    """
    name = text.rpartition(":")[2]
    if ends_cut(name):
        raise Unreadable("cut-off")
    if is_nothing(name, vocabulary) or _GUID.fullmatch(name) or _nce(text):
        return None
    return name if _PART_NUMBER.fullmatch(name) else None


def _product_name(text: str, manner: Manner, vocabulary: Vocabulary) -> Value:
    """Return the catalogue's title of what is found exactly; anything else as it stands."""
    found = vocabulary.catalogue.find(text)
    if found.how is How.EXACT:
        return found.products[0].title
    return _text_as_is(text, manner, vocabulary)


def _product_id(text: str, _manner: Manner, vocabulary: Vocabulary) -> Value:
    """Return what is an id of a product; a name is none."""
    return text if vocabulary.catalogue.by_id(text) else None


def _partner_market(text: str, _manner: Manner, vocabulary: Vocabulary) -> Value:
    partner, slash, customer = text.partition("/")
    return _market(partner, vocabulary) if not slash or customer else None


def _customer_market(text: str, _manner: Manner, vocabulary: Vocabulary) -> Value:
    _, slash, customer = text.partition("/")
    return _market(customer if slash else text, vocabulary)


def _country(text: str, _manner: Manner, vocabulary: Vocabulary) -> Value:
    """Return a country's code."""
    return _market(text, vocabulary)


def _market(text: str, vocabulary: Vocabulary) -> str | None:
    """Return a country's code; ``NA`` is Namibia, however else a cell says that it is empty."""
    if text.strip() != _NAMIBIA and is_nothing(text, vocabulary):
        return None
    match = _COUNTRY.fullmatch(text.strip())
    if match is None or not is_country(match[1].upper()):
        raise Unreadable("not-a-country")
    return match[1].upper()


def _day(text: str, manner: Manner, vocabulary: Vocabulary) -> Value:
    if is_nothing(text, vocabulary):
        return None
    return day_of(said_of(text, vocabulary.lists), manner.order, vocabulary.lists["month"])


TRANSFORMS: Mapping[str, Transform] = {
    "text": _text,
    "text-before-comma": _text_before_comma,
    "id": _id,
    "guid": _guid,
    "legacy-offer": _legacy_offer,
    "count": _count,
    "signed-count": _signed_count,
    "count-from-one": _count_from_one,
    "days": _days,
    "amount": _amount,
    "currency": _currency,
    "word": _word,
    "word-if-known": _word_if_known,
    "flag": _flag,
    "mention": _mention,
    "mentioned": _mentioned,
    "word-before-colon": _word_before_colon,
    "text-after-colon": _text_after_colon,
    "presence": _presence,
    "uri-part": _uri_part,
    "uri-query": _uri_query,
    "period": _period,
    "nce-product": _nce_product,
    "nce-sku": _nce_sku,
    "sku-code": _sku_code,
    "nce-availability": _nce_availability,
    "nce-term": _nce_term,
    "nce-billing": _nce_billing,
    "offer-channel": _offer_channel,
    "sku-part-number": _sku_part_number,
    "product-name": _product_name,
    "product-id": _product_id,
    "country": _country,
    "partner-market": _partner_market,
    "customer-market": _customer_market,
    "day": _day,
}
"""Every way to read a cell, by the name that ``data/formats`` uses."""

OF_WORDS = frozenset(
    {"word", "word-if-known", "mention", "mentioned", "word-before-colon", "period", "nce-billing"}
)
"""Transforms that need a list of words."""

DAYS = frozenset({"day"})
"""Transforms whose column has an order of day and month."""

COUNTS = frozenset({"count", "signed-count", "count-from-one"})
"""Transforms whose column may have thousands that could be decimals."""

AMOUNTS = frozenset({"amount"})
"""Transforms whose column has a decimal point."""
