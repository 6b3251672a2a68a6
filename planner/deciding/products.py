"""What a line's product is by the catalogue."""

from __future__ import annotations

from dataclasses import replace

from planner.knowledge import Knowledge
from planner.model import UNKNOWN
from planner.products import Match


def sold_as(product: str, product_id: str, knowledge: Knowledge) -> Match:
    """Return what a line's product is: by its id where that names products, else by its name."""
    named = knowledge.catalogue.find(product)
    if not product_id:
        return named
    found = knowledge.catalogue.find(product_id)
    if not found.products:
        return named
    # Editions that share an id differ in their names alone.
    return replace(found, segment=named.segment, trial=named.trial)


def product_type(stated: str, sold: Match) -> str:
    """Return the type that the paste states, else the catalogue's.

    What is free or paid by its usage is that, though a paste may call it a license.
    """
    kind = sold.agreed(lambda product: product.kind)
    if kind in {"free", "usage"} and stated in {UNKNOWN, "license"}:
        return str(kind)
    if stated != UNKNOWN:
        return stated
    return "trial" if kind == "trial" or sold.trial else "license"
