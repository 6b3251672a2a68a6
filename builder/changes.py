"""The page on changes: the changelog of the rules, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from builder import figures
from builder.trouble import Trouble
from planner.checkout import Tree
from planner.words import Words


@dataclass(frozen=True, slots=True)
class Change:
    """What changed, and the rules it is about."""

    id: str
    sentence: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day in words, and what changed on it; ``day`` is ISO text."""

    day: str
    written: str
    changes: tuple[Change, ...]


class Changes:
    """What the page on changes shows, in one language.

    Args:
        knowledge: The tree of ``data/``.
        rules: Everything with an id (``builder.citations.citable``).
        words: The words of the language.
    """

    def __init__(self, knowledge: Tree, rules: Mapping[str, Tree], words: Words) -> None:
        self._log: Tree = knowledge["rules"]["changelog"]
        self._version: str = knowledge["rules"]["version"]["version"]
        self._rules = rules
        self._words = words

    @cached_property
    def versions(self) -> tuple[Day, ...]:
        """The versions of the rules, newest first.

        Raises:
            Trouble: The newest isn't the version that plans carry, or the order is another.
        """
        days = [stated["version"] for stated in self._log["versions"]]
        if days != sorted(days, reverse=True) or days[0] != self._version:
            raise Trouble(
                "data/rules/changelog.yml: versions stand newest first, "
                f"and the first is that of version.yml, {self._version}"
            )
        return tuple(
            self._day(stated["version"], stated["entries"]) for stated in self._log["versions"]
        )

    @cached_property
    def history(self) -> tuple[Day, ...]:
        """What Microsoft changed before the first version, newest first."""
        by_day: dict[str, list[Tree]] = {}
        for stated in self._log["history"]:
            day = figures.at(self._rules, stated["on"]).value
            if not isinstance(day, dt.date):
                raise Trouble(f"data/rules/changelog.yml: {stated['on']} is no day")
            by_day.setdefault(day.isoformat(), []).append(stated)
        return tuple(self._day(day, by_day[day]) for day in sorted(by_day, reverse=True))

    def _day(self, day: str, entries: list[Tree]) -> Day:
        return Day(
            day=day,
            written=self._words.format(dt.date.fromisoformat(day)),
            changes=tuple(self._change(stated) for stated in entries),
        )

    def _change(self, stated: Tree) -> Change:
        rules = tuple(stated["rules"])
        lent = figures.lent(self._rules, rules)
        return Change(
            id=stated["id"],
            sentence=self._words.say(f"changes.entries.{stated['id']}", **lent),
            rules=rules,
        )
