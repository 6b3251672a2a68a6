"""What the cells of a column show of it, whatever its header says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from planner.model import is_guid
from planner.products import Catalogue, How
from planner.reading.records import Column
from planner.reading.transforms import currency_in
from planner.reading.values import Vocabulary

_SAMPLE = 200  # Cells that tell what a column holds.
_FEW = 50  # Cells that tell whether a column lists people.
_MOST = 0.8  # Share of those cells that has to agree.
_HALF = 0.5  # Share of products from which on a column of unknown name is one of products.
_NCE = re.compile(r"(?:P1[MY]:|P3Y:)?(?:CFQ7TTC0|DZH318Z0|DG7GMGF0)[0-9A-Z]{4}[:/].{1,40}")
_COUNT = re.compile(r"\d[\d.,'\u2019\u00a0\u202f ]{0,14}")
_NUMBER = re.compile(r"\D{0,5}\d[\d.,'\u2019\u00a0\u202f ]{0,14}\D{0,5}")
_MONEY = re.compile(r".*\d[.,]\d{1,2}\D{0,5}")


def counts(column: Column) -> bool:
    """Tell whether a column holds whole numbers and nothing else."""
    return all(_COUNT.fullmatch(cell) for cell in {*column.cells} if cell)


def holds_numbers(column: Column) -> bool:
    """Tell whether a column holds numbers, with or without a unit, and nothing else."""
    stated = {cell for cell in column.cells if cell}
    return bool(stated) and all(map(_NUMBER.fullmatch, stated))


def is_money(column: Column, vocabulary: Vocabulary) -> bool:
    """Tell whether any cell of a column has decimals or names a currency."""
    return any(_MONEY.fullmatch(cell) or currency_in(cell, vocabulary) for cell in {*column.cells})


def names_people(column: Column) -> bool:
    """Tell whether the cells of a column are e-mail addresses."""
    cells = [cell for cell in column.cells[:_FEW] if cell]
    return bool(cells) and 2 * sum("@" in cell for cell in cells) > len(cells)


def ids_in(column: Column) -> str:
    """Return what kind of id a column holds: ``nce``, ``guid``, ``unique-guid`` or ``""``."""
    cells = _sampled(column)
    if _agree(_NCE.fullmatch, cells):
        return "nce"
    if _agree(is_guid, cells):
        return "unique-guid" if len({*cells}) == len(cells) else "guid"
    return ""


def products_in(column: Column, catalogue: Catalogue) -> float:
    """Return the share of a column's cells that name a product of the catalogue."""
    cells = _sampled(column)
    known = {cell for cell in {*cells} if catalogue.find(cell).how is not How.UNKNOWN}
    return sum(cell in known for cell in cells) / len(cells) if cells else 0.0


def names_none(column: Column, catalogue: Catalogue) -> bool:
    """Tell whether a column holds numbers or GUIDs that are no products."""
    cells = _sampled(column)
    ids = _agree(_COUNT.fullmatch, cells) or _agree(is_guid, cells)
    return ids and not products_in(column, catalogue)


def best_named(
    candidates: Sequence[Column], others: Sequence[Column], catalogue: Catalogue
) -> list[Column]:
    """Return the columns that a product's name may stand in, the best one first.

    ``candidates`` are those whose headers say so. The one of which the catalogue knows most
    counts first; where it knows none, one of the ``others`` does if it holds products.
    """
    shares = {column.key: products_in(column, catalogue) for column in candidates}
    ordered = sorted(candidates, key=lambda column: -shares[column.key])
    if any(shares.values()):
        return ordered
    found = [(products_in(column, catalogue), column) for column in others]
    share, best = max(found, key=lambda one: one[0], default=(0.0, None))
    return [best, *ordered] if best and share > _HALF else ordered


def _sampled(column: Column) -> list[str]:
    return [cell for cell in column.cells[: _SAMPLE * 5] if cell][:_SAMPLE]


def _agree(fits: Callable[[str], object], cells: Sequence[str]) -> bool:
    return bool(cells) and sum(map(bool, map(fits, cells))) >= _MOST * len(cells)
