"""Tell which rules were verified too long ago."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from functools import cached_property

from builder import figures
from planner.checkout import Tree
from planner.words import Figure


def build_day() -> dt.date:
    """Return the day of the build in UTC; ``SOURCE_DATE_EPOCH`` (seconds) sets another."""
    stated = os.environ.get("SOURCE_DATE_EPOCH")
    moment = dt.datetime.fromtimestamp(int(stated), dt.UTC) if stated else dt.datetime.now(dt.UTC)
    return moment.date()


class Upkeep:
    """Which rules are due for another look.

    Args:
        knowledge: The tree of ``data/``.
        rules: Everything with an id (``builder.citations.citable``).
        on: The day to judge from.
    """

    def __init__(self, knowledge: Tree, rules: Mapping[str, Tree], on: dt.date) -> None:
        self._stated: Tree = knowledge["rules"]["upkeep"]["figures"]["review_after"]
        self._rules = rules
        self._on = on

    @cached_property
    def review_after(self) -> Figure:
        """For how many days a rule counts as verified."""
        return figures.figure(self._stated, "upkeep: review_after")

    @cached_property
    def due(self) -> frozenset[str]:
        """The ids of the rules that were verified longer ago than that."""
        allowed = dt.timedelta(days=int(str(self.review_after.value)))
        return frozenset(
            name
            for name, rule in self._rules.items()
            if "verified" in rule and self._on - dt.date.fromisoformat(rule["verified"]) > allowed
        )
