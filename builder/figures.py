"""Figures of ``data/rules``, by the address under which conditions and pages name them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from builder.trouble import Trouble
from planner.checkout import Tree
from planner.words import Figure, Value


def figure(written: Mapping[str, Any], where: str) -> Figure:
    """Return a figure of ``data/rules`` as the value that words format; of dated ones the last.

    Raises:
        Trouble: It has no value or unit, or its date doesn't exist.
    """
    try:
        stated, unit = [written, *written.get("values", ())], written["unit"]
        value = [one["value"] for one in stated if "value" in one][-1]
        if unit == "date":
            return Figure(dt.date.fromisoformat(value), unit)
        return Figure(value if isinstance(value, int) else Decimal(str(value)), unit)
    except (LookupError, TypeError, ValueError, ArithmeticError) as error:
        raise Trouble(
            f"data/rules: {where} is no figure: it needs a value and a unit, dates as 2026-05-04"
        ) from error


def at(rules: Mapping[str, Tree], address: str) -> Figure:
    """Return the figure under an address such as ``R-170.grace_days``.

    Raises:
        Trouble: No rule or policy has it.
    """
    rule, _, name = address.partition(".")
    try:
        written = rules[rule]["figures"][name]
    except (KeyError, TypeError) as error:
        raise Trouble(f"data/rules: no rule or policy has the figure {address}") from error
    return figure(written, address)


def days(rules: Mapping[str, Tree], terms: Iterable[str | int]) -> int:
    """Return the sum of figures in days; plain numbers count as they stand."""
    total = 0
    for term in terms:
        value = term if isinstance(term, int) else at(rules, term).value
        if not isinstance(value, int):
            raise Trouble(f"data/rules: {term} isn't a number of days")
        total += value
    return total


def lent(rules: Mapping[str, Tree], ids: Iterable[str]) -> dict[str, Value]:
    """Return the figures that some rules lend a sentence, by name; of two, the later counts."""
    return {
        name: figure(written, f"{rule}: {name}")
        for rule in ids
        for name, written in (rules.get(rule, {}).get("figures") or {}).items()
    }
