"""The page on lifecycles: who loses what on which day after the term, in words.

Days count from the last paid day, which is day 0; all come from ``data/rules``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from builder import figures
from builder.conditions import (
    Alternative,
    Clause,
    Conditions,
    alternatives,
    left_open,
    settled_by,
)
from planner.checkout import Tree
from planner.words import Words


@dataclass(frozen=True, slots=True)
class Regime:
    """What happens after the last paid day.

    Attributes:
        anchor: Its place on the page: the code in lower case, such as ``est``; a second regime
            of the same code and other days takes its own name.
        name: What it is called.
        users: The last day on which users work, in days after the last paid day.
        data: The last day on which the data is there.
        deleted: The day from which it is deleted.
        choice: What to choose for the end of the term; empty where nothing is to be chosen.
        rules: What it rests on.
        open: Conflicts and unverified items that touch it.
        rows: Numbers of the rows that select it.
    """

    anchor: str
    code: str
    name: str
    users: int
    data: int
    deleted: int
    choice: str
    rules: tuple[str, ...]
    open: tuple[str, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """A row that selects a regime, the first match counting; no regime: no license."""

    number: int
    conditions: tuple[tuple[Clause, ...], ...]
    regime: Regime | None


@dataclass(frozen=True, slots=True)
class Channel:
    """Where a subscription was bought, and what can follow its term there, in order."""

    names: tuple[str, ...]
    follows: tuple[Selection, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """A task and the roles that may do it, any one of which is enough."""

    name: str
    partner: str
    customer: str
    rules: tuple[str, ...]


class Lifecycles:
    """What the page on lifecycles shows, in one language.

    Args:
        knowledge: The tree of ``data/``.
        rules: Everything with an id (``builder.citations.citable``).
        words: The words of the language.
    """

    def __init__(self, knowledge: Tree, rules: Mapping[str, Tree], words: Words) -> None:
        self._tables: Tree = knowledge["rules"]
        self._rules = rules
        self._words = words
        self._conditions = Conditions(words, rules)

    @cached_property
    def _named(self) -> dict[str, Regime]:
        """Regime name of the data → the regime; those of one code with equal days are one."""
        alike: dict[tuple[str, int, int], list[str]] = {}
        stated: Mapping[str, Tree] = self._tables["lifecycles"]["regimes"]
        for name, row in stated.items():
            users = figures.days(self._rules, row["access"])
            data = figures.days(self._rules, row["data"])
            alike.setdefault((row.get("code", name), users, data), []).append(name)
        taken: set[str] = set()
        found: dict[str, Regime] = {}
        for (code, users, data), names in alike.items():
            anchor = (names[0] if code in taken else code).lower().replace("_", "-")
            taken.add(code)
            rules = tuple(dict.fromkeys(rule for name in names for rule in stated[name]["rules"]))
            choices = dict.fromkeys(stated[name].get("end_of_term_choice", "") for name in names)
            touching = self._open(rules)
            regime = Regime(
                anchor=anchor,
                code=code,
                name=self._words.say(f"lifecycles.regimes.{code}.name"),
                users=users,
                data=data,
                deleted=data + 1,
                choice=self._words.format(
                    [self._words.say(f"planner.labels.figures.{choice}") for choice in choices]
                )
                if all(choices)
                else "",
                rules=tuple(rule for rule in rules if rule not in touching),
                open=touching,
                rows=tuple(
                    number
                    for number, row in enumerate(self._tables["lifecycles"]["selection"], start=1)
                    if row["regime"] in names
                ),
            )
            found.update(dict.fromkeys(names, regime))
        return found

    def _open(self, rules: tuple[str, ...]) -> tuple[str, ...]:
        """Return the conflicts and unverified items that touch any of some rules."""
        return tuple(
            item
            for kind in ("conflicts", "unverified")
            for item, stated in self._tables[kind][kind].items()
            if item in rules or not set(stated["rules"]).isdisjoint(rules)
        )

    @cached_property
    def regimes(self) -> tuple[Regime, ...]:
        """Every regime once."""
        return tuple(dict.fromkeys(self._named.values()))

    @cached_property
    def longest(self) -> int:
        """The last day, counted from the last paid day, on which any regime keeps data."""
        return max(regime.data for regime in self.regimes)

    @cached_property
    def selection(self) -> tuple[Selection, ...]:
        """The rows that select a regime, in the order of evaluation."""
        return tuple(
            self._selected(number, row, row["when"])
            for number, row in enumerate(self._tables["lifecycles"]["selection"], start=1)
        )

    def _selected(self, number: int, row: Mapping[str, Any], when: Any) -> Selection:
        regime = self._named[row["regime"]] if row["regime"] else None
        return Selection(number, self._conditions.say(when), regime)

    @cached_property
    def channels(self) -> tuple[Channel, ...]:
        """What can follow the term in each channel; channels with the same answer are one."""
        channels: Mapping[str, Tree] = self._tables["channels"]["channels"]
        alike: dict[tuple[Selection, ...], list[str]] = {}
        for channel in channels:
            follows = self._follows(settled_by(channels, channel))
            alike.setdefault(follows, []).append(
                self._words.say(f"planner.labels.channels.{channel}")
            )
        return tuple(Channel(tuple(names), follows) for follows, names in alike.items())

    def _follows(self, settled: Mapping[str, str]) -> tuple[Selection, ...]:
        found: list[Selection] = []
        before: list[Alternative] = []
        for number, row in enumerate(self._tables["lifecycles"]["selection"], start=1):
            left = [left_open(one, settled) for one in alternatives(row["when"])]
            # What an earlier row asks for too never gets as far as this one.
            met = [
                rest
                for rest in left
                if rest is not None
                and not any(earlier.items() <= rest.items() for earlier in before)
            ]
            if met:
                found.append(self._selected(number, row, {} if {} in met else met))
                before += met
        return tuple(found)

    @cached_property
    def open_items(self) -> tuple[str, ...]:
        """Every conflict and unverified item that touches a regime."""
        touched = {item for regime in self.regimes for item in regime.open}
        return tuple(
            item
            for kind in ("conflicts", "unverified")
            for item in self._tables[kind][kind]
            if item in touched
        )

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """Who can do what."""
        return tuple(
            Task(
                name=self._words.say(f"roles.tasks.{task}"),
                partner=self._partner(stated),
                customer=self._roles(stated.get("customer", ())),
                rules=tuple(stated["rules"]),
            )
            for task, stated in self._tables["roles"]["tasks"].items()
        )

    def _partner(self, stated: Mapping[str, Any]) -> str:
        if "partner" not in stated:
            return ""
        roles = self._roles(stated["partner"])
        return self._words.say(f"roles.at.{stated['at']}", roles=roles)

    def _roles(self, roles: tuple[str, ...] | list[str]) -> str:
        return self._conditions.listed([self._words.say(f"roles.roles.{role}") for role in roles])
