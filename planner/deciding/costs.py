"""What a way to handle a line costs: a range, with what both ends rest on.

A whole month of a billing period costs its share of it; days beyond whole months cost a
share that depends on how long the period is that they fall into (R-146), so they make a
range.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from planner.dates import add_months
from planner.model import Amount, Subscription, UnitPrice

_CENT = Decimal("0.01")
_MONTHS_BILLED = {"monthly": 1, "annual": 12, "triennial": 36}
_PERIOD_DAYS = {1: (28, 31), 12: (365, 366), 36: (1095, 1096)}
_RULES = ("R-146", "R-134")
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Price:
    """What all seats of a subscription cost for one billing period.

    Attributes:
        months: Length of the billing period.
        currency: ISO 4217 code, or ``""``.
        assumptions: Codes of what the amount rests on.
    """

    amount: Decimal
    months: int
    currency: str
    assumptions: tuple[str, ...] = ()

    def days(self, count: int) -> tuple[Decimal, Decimal]:
        """Return the least and the greatest amount that some days cost."""
        shortest, longest = _PERIOD_DAYS[self.months]
        return self.amount * count / longest, self.amount * count / shortest

    def between(self, first: dt.date, last: dt.date) -> tuple[Decimal, Decimal]:
        """Return the least and the greatest amount from one day to another, both counted."""
        months = 0
        while add_months(first, months + 1) - _DAY <= last:
            months += 1
        rest = (last - add_months(first, months)).days + 1
        whole = self.amount * months / self.months
        low, high = self.days(rest)
        return whole + low, whole + high


@dataclass(frozen=True, slots=True)
class Paid:
    """The days that a way pays for.

    Attributes:
        first: As-of day.
        last: Last day that every way of the line is added up to.
        fewest_twice: Days paid twice in the best case.
        most_twice: Days paid twice in the worst.
        uncovered: Days on which neither subscription runs.
        assumptions: Codes of what the two cases rest on.
        rules: Rules by which they differ.
    """

    first: dt.date
    last: dt.date
    fewest_twice: int
    most_twice: int
    uncovered: int
    assumptions: tuple[str, ...]
    rules: tuple[str, ...]


def price_of(line: Subscription, entered: UnitPrice | None = None) -> Price | None:
    """Return what a line costs a billing period; ``None`` where that isn't known.

    Its own price counts, else the one ``entered`` for a license and month.
    """
    months = _MONTHS_BILLED.get(line.billing)
    if line.seats is None:
        return None
    if line.unit_price is not None and months is not None:
        return Price(line.unit_price * line.seats, months, line.currency)
    if entered is None:
        return None
    months = months or 1
    amount = entered.amount * line.seats * months
    return Price(amount, months, entered.currency, ("price-entered",))


def extra_cost(price: Price, paid: Paid) -> Amount:
    """Return what is paid twice."""
    low, _ = price.days(paid.fewest_twice)
    _, high = price.days(paid.most_twice)
    return _amount(price, low, high, (), paid)


def total_cost(price: Price, paid: Paid) -> Amount:
    """Return what the old and the new subscription cost, in all, to the last day."""
    least, most = price.between(paid.first, paid.last)
    least_less, most_less = price.days(paid.uncovered)
    low = least + price.days(paid.fewest_twice)[0] - most_less
    high = most + price.days(paid.most_twice)[1] - least_less
    return _amount(price, low, high, ("same-last-day",), paid)


def _amount(
    price: Price, low: Decimal, high: Decimal, assumptions: tuple[str, ...], paid: Paid
) -> Amount:
    nought = Decimal(0)
    low, high = (max(nought, amount).quantize(_CENT) for amount in (low, high))
    if high:
        by_day = ("days-of-cycle",) if low != high else ()
        assumptions = (*assumptions, *by_day, *price.assumptions, *paid.assumptions)
    return Amount(
        low,
        high,
        price.currency,
        assumptions,
        (*_RULES, *paid.rules),
    )
