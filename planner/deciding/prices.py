"""Prices that the reader enters: per license and month, for one product or for all others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from babel.numbers import is_currency

from planner.model import Subscription, UnitPrice
from planner.products import Catalogue, Product

PRICE = "price"
OF_PRODUCT = f"{PRICE}."
_EXAMPLE = "22.50 EUR"
_DECIMALS = 2
_STATED = re.compile(r"(\d{1,7})(?:[.,](\d{1,2}))?\s*([A-Za-z]{3})")


def price_stated(key: str, value: str, catalogue: Catalogue) -> tuple[str, UnitPrice]:
    """Return whose price a setting states, and the price per license and month.

    ``price=22.50 EUR`` is that of every product without its own, named ``""``;
    ``price.<name or id>=…`` that of one product, named by its key in the catalogue.

    Raises:
        ValueError: No price, no currency, or no product; says which and what would do.
    """
    setting = f"{key}={value}"
    found = _STATED.fullmatch(value.strip())
    if found is None or not is_currency(found[3].upper()):
        raise ValueError(
            f"{setting}: write the price of a license for a month with at most two decimals "
            f"and its currency, such as {_EXAMPLE}"
        )
    price = UnitPrice(
        Decimal(f"{int(found[1])}.{(found[2] or '').ljust(_DECIMALS, '0')}"), found[3].upper()
    )
    if key == PRICE:
        return "", price
    name = key.removeprefix(OF_PRODUCT)
    known = next((one.title for one in catalogue.products if one.key == name), name)
    product = _called(known, catalogue)
    if product is None:
        raise ValueError(f"{setting}: name a product as Microsoft does, or by an id of it")
    return product.key, price


def price_text(price: UnitPrice) -> str:
    """Return a price as a setting states it."""
    return f"{price.amount} {price.currency}"


def price_key(product: str) -> str:
    """Return the key of the setting for a product's key in the catalogue, or for ``""``."""
    return f"{OF_PRODUCT}{product}" if product else PRICE


def priced_product(line: Subscription, catalogue: Catalogue) -> Product | None:
    """Return the product that a line's price is entered for, by its id, else by its name.

    Microsoft gives several products one name, such as those for departments; they cost the
    same, so the first of them stands for all.
    """
    named = catalogue.find(line.product_id).product if line.product_id else None
    return _called(named.title if named else line.product, catalogue)


def entered_for(
    line: Subscription, prices: Mapping[str, UnitPrice], catalogue: Catalogue
) -> UnitPrice | None:
    """Return what the reader entered for a line: its product's price, else that of all others."""
    if not prices:
        return None
    product = priced_product(line, catalogue)
    return prices.get(product.key if product else "") or prices.get("")


def _called(name: str, catalogue: Catalogue) -> Product | None:
    """Return the first of the products with a name or id, if they all have one name."""
    match = catalogue.find(name)
    one = match.product or (match.products[0] if match.products else None)
    if one is None or match.agreed(lambda product: catalogue.find(product.title)) is None:
        return None
    return one
