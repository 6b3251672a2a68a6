"""Rows of a hand-made table that are no subscriptions: totals, titles, credits, nameless lines."""

from __future__ import annotations

from decimal import Decimal
from itertools import repeat

from planner.model import Problem
from planner.reading.columns import Values
from planner.reading.delimited import TOTALS
from planner.reading.formats import Format
from planner.reading.records import Block, Shape, fold, short
from planner.reading.values import Value, Vocabulary

_NAMING = (
    *("product", "product_name", "subscription_id", "channel", "access_request_sent"),
    *("nce_product_id", "legacy_offer_id", "sku_guid", "sku_part_number", "part_number"),
)
_COUNTING = ("seats", "start", "end", "term", "start_date", "term_end", "term_duration")


def rows_apart(
    block: Block, found: Format, values: Values, vocabulary: Vocabulary
) -> list[tuple[int, Problem]]:
    """Return the rows that name nothing to plan, and what to say of each; lines as in the block.

    A row of which nothing is known but a name that the catalogue doesn't know is a title,
    where the table has columns for more: a subscription has seats or a day.
    """
    if not (found.is_own or found.is_generic):
        return []
    count = len(block.lines)
    naming = [values.fields[name] for name in _NAMING if name in values.fields]
    counting = [values.fields[name] for name in _COUNTING if name in values.fields]
    products = values.fields.get("product") or values.fields.get("product_name") or [None] * count
    prices = values.fields.get("unit_price") or [None] * count
    named = zip(*naming, strict=True) if naming else repeat((), count)
    counted = zip(*counting, strict=True) if counting else repeat((True,), count)
    # Of two cells one is often empty; what JSON says of a subscription it calls one.
    wide = len(block.columns) > 2 and block.shape is not Shape.JSON  # noqa: PLR2004 - see above
    totals = {one for one in {*products} if _adds_up(one)} if wide else set()
    apart: list[tuple[int, Problem]] = []
    each = zip(named, counted, products, prices, strict=False)
    for place, (names, counts, product, price) in enumerate(each):
        problem = ""
        if not any(names):
            problem = "no-product"
        elif product in totals:
            problem = "total"
        elif wide and product and not any(counts) and _is_title(block, place, product, vocabulary):
            problem = "title"
        elif isinstance(price, Decimal) and price < 0:
            problem = "credit"
        if problem and place not in values.bad:
            shown = short(" · ".join(_texts(block, place)))
            apart.append((place, Problem(problem, block.lines[place], value=shown)))
    return apart


def _adds_up(product: Value) -> bool:
    return isinstance(product, str) and fold(product.strip("*_")) in TOTALS


def _is_title(block: Block, place: int, product: Value, vocabulary: Vocabulary) -> bool:
    """Tell whether a name that is no product stands alone on a row."""
    alone = len(_texts(block, place)) == 1
    return alone and not vocabulary.catalogue.find(str(product)).products


def _texts(block: Block, place: int) -> list[str]:
    return [column.cells[place] for column in block.columns if column.cells[place]]
