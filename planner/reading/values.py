"""What a cell is read with: the words that cells use, and what can't be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from planner.dates import FIRST_YEAR, LAST_YEAR, is_counted
from planner.products import Catalogue
from planner.reading.records import key_of

_LONGEST_NOTHING = 30  # Characters; ids are longer, and there is one on every line.


class Unreadable(ValueError):
    """A cell that can't be read: the id of the sentence that says why, and its values."""

    def __init__(self, problem: str, **values: str | int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.values = values


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that cells use: list → folded word → what it means; and words for nothing.

    ``catalogue`` knows the products that cells name; ``personal`` are the keys of columns
    that list people. ``warnings`` are the codes that a row may carry, in their order, and
    ``free_seats`` the counts that sources print for products without a limit.
    ``currencies``: code, sign or name in lower case → code.
    """

    lists: Mapping[str, Mapping[str, str]]
    nothing: frozenset[str]
    catalogue: Catalogue
    personal: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()
    free_seats: frozenset[int] = frozenset()
    currencies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manner:
    """How the cells of one column are read: what its format says of it and how it writes.

    Attributes:
        words: The list of words that it uses.
        present: What it means that something stands there, or the part of it that counts.
        order: What comes first in the days of its column: ``day-first``, ``month-first``,
            ``year-first`` or ``""``, unknown.
        field: The field that it is read for.
        point: The decimal point of its column: ``.``, ``,`` or ``""``, unknown.
    """

    words: str = ""
    present: str = ""
    order: str = ""
    point: str = ""
    field: str = ""


Value = str | int | bool | Decimal | dt.date | None


def check_range(day: dt.date) -> None:
    """Refuse a day outside the years that the planner counts with.

    Raises:
        Unreadable: It lies outside; says which years they are.
    """
    if not is_counted(day):
        years = {"first_year": str(FIRST_YEAR), "last_year": str(LAST_YEAR)}
        raise Unreadable("day-out-of-range", **years)


def is_nothing(text: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a cell says that there is nothing to say."""
    return len(text) <= _LONGEST_NOTHING and key_of(text) in vocabulary.nothing
