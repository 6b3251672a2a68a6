"""The page on decisions: the decision table and all that is added to it, in words.

Everything comes from ``data/rules`` in the order of evaluation; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from builder import figures
from builder.conditions import Clause, Conditions, alternatives, left_open, settled_by
from builder.trouble import Trouble
from planner.checkout import Tree
from planner.words import Value, Words, placeholders

#: The path of a line that no row of the table covers.
NO_RULE = "NO_RULE_COVERS_THIS"

#: Facts that stop a move wherever the subscription was bought.
_STOPPING = frozenset({"region", "tenant"})


@dataclass(frozen=True, slots=True)
class Reference:
    """A path by name, with the rules or the decision that belong to it there."""

    name: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the decision table, in words.

    Attributes:
        id: ``D-23``, or the one rule that decides (``R-113``).
        anchor: Its place on the page: the id; a second row of one id adds ``-2``.
        path: Code of the path; empty for a modifier.
        name: Name of the path.
        conditions: Sets of clauses of which one has to hold in full.
        then: The path that follows later, with its decision.
        optional: Names of paths that may be taken instead.
        rules: What the row rests on.
        needs: Rules without which the row doesn't count.
        ruled_out: Paths that a reader might expect, each with what rules it out.
        reassign: The row adds that licenses have to be assigned anew.
    """

    id: str
    anchor: str
    path: str
    name: str
    conditions: tuple[tuple[Clause, ...], ...]
    then: Reference | None
    optional: tuple[str, ...]
    rules: tuple[str, ...]
    needs: tuple[str, ...]
    ruled_out: tuple[Reference, ...]
    reassign: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that stand together in the order of evaluation, under one heading."""

    anchor: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """A path, what it means, and the rows that lead to it."""

    code: str
    name: str
    meaning: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a subscription was bought, and the rows that can decide about it, in order."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A notice, or what is assumed and asked: its sentence, when it stands, its rules."""

    id: str
    sentence: str
    question: str
    answers: str
    conditions: tuple[tuple[Clause, ...], ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Notices that belong to one path, or to several."""

    title: str
    entries: tuple[Entry, ...]


class Decisions:
    """What the page on decisions shows, in one language.

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
    def _rows(self) -> tuple[tuple[Mapping[str, Any], Row], ...]:
        """Every row as written, paired with the row in words; modifiers last."""
        stated = [*self._tables["paths"]["paths"], *self._tables["paths"]["modifiers"]]
        anchors = _distinct(row["id"] for row in stated)
        return tuple((row, self._row(row, next(anchors))) for row in stated)

    def _row(self, stated: Mapping[str, Any], anchor: str) -> Row:
        path = stated.get("path", "")
        then = stated.get("then")
        return Row(
            id=stated["id"],
            anchor=anchor,
            path=path,
            name=self.path(path) if path else "",
            conditions=self._conditions.say(stated["when"]),
            then=Reference(self.path(then["path"]), (then["decision"],)) if then else None,
            optional=tuple(self.path(code) for code in stated.get("optional", ())),
            rules=tuple(stated["rules"]),
            needs=tuple(stated.get("needs", ())),
            ruled_out=tuple(
                Reference(self.path(other["path"]), tuple(other["ruled_out_by"]))
                for other in stated.get("instead_of", ())
            ),
            reassign=stated.get("reassign", False),
        )

    def path(self, code: str) -> str:
        """Return the name of a path."""
        return self._words.say(f"planner.paths.{code}.name")

    @property
    def no_rule(self) -> str:
        """The name of what a line gets that no row covers."""
        return self.path(NO_RULE)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The rows that give a path, in the order of evaluation, by what they turn on."""
        table = self._rows[: len(self._tables["paths"]["paths"])]
        runs = [
            (kind, tuple(row for _, row in run))
            for kind, run in groupby(table, lambda pair: self._kind(pair[0]))
        ]
        anchors = _distinct(kind for kind, _ in runs)
        return tuple(
            Section(f"from-{next(anchors)}", self._words.say(f"decisions.groups.{kind}"), rows)
            for kind, rows in runs
        )

    @cached_property
    def modifiers(self) -> tuple[Row, ...]:
        """The rows that are added on top of the path found."""
        return tuple(row for _, row in self._rows[len(self._tables["paths"]["paths"]) :])

    def _kind(self, stated: Mapping[str, Any]) -> str:
        """Return what a row turns on: what stops everything, the state, or a group of channels."""
        sets = alternatives(stated["when"])
        if any(_STOPPING & one.keys() for one in sets):
            return "blockers"
        channels = {channel for one in sets for channel in self._channels_of(one)}
        states = {state for one in sets for state in _listed(one.get("state", ()))}
        if states and ("active" not in states or not channels):
            return "state"
        if not channels:
            return "apart" if any("product_type" in one for one in sets) else "any"
        kinds = {self._groups[channel] for channel in channels}
        return kinds.pop() if len(kinds) == 1 else "several"

    def _channels_of(self, alternative: Mapping[str, Any]) -> set[str]:
        """Return the channels that a set of tests names, or that its kind of product implies."""
        named = set(_listed(alternative.get("channel", ())))
        kinds = set(_listed(alternative.get("product_type", ())))
        if "license" in kinds:
            return named  # licenses come from many channels, so they imply none
        implied = {
            name
            for name, stated in self._tables["channels"]["channels"].items()
            if (stated.get("implies") or {}).get("product_type") in kinds
        }
        return named | implied

    @cached_property
    def _groups(self) -> dict[str, str]:
        groups = {
            channel: group
            for group, channels in self._tables["flow"]["groups"].items()
            for channel in channels
        }
        for channel in self._tables["channels"]["channels"].keys() ^ groups.keys():
            raise Trouble(
                f"data/rules: {channel} has to stand in channels.yml and in one group of flow.yml"
            )
        return groups

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """For each channel the rows that can decide, up to the first that always does."""
        channels: Mapping[str, Tree] = self._tables["channels"]["channels"]
        return tuple(
            Route(
                self._words.say(f"planner.labels.channels.{channel}"),
                tuple(self._reachable(settled_by(channels, channel))),
            )
            for channel in self._groups
        )

    def _reachable(self, settled: Mapping[str, str]) -> Iterator[Row]:
        for stated, row in self._rows[: len(self._tables["paths"]["paths"])]:
            if self._kind(stated) in {"blockers", "state", "apart"}:
                continue
            left = [left_open(one, settled) for one in alternatives(stated["when"])]
            if any(rest is not None for rest in left):
                yield row
            if {} in left:
                return

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """Every path, in the order in which the rows name it first."""
        rows = [row for section in self.sections for row in section.rows]
        return tuple(
            Path(
                code=code,
                name=self.path(code),
                meaning=self._words.say(f"planner.paths.{code}.meaning"),
                rows=tuple(row for row in rows if row.path == code),
            )
            for code in dict.fromkeys([*(row.path for row in rows), NO_RULE])
        )

    @cached_property
    def blockers(self) -> tuple[Group, ...]:
        """What can stand in the way, by path."""
        return self._notices("blockers")

    @cached_property
    def warnings(self) -> tuple[Group, ...]:
        """What can go wrong, by path."""
        return self._notices("warnings")

    def _notices(self, kind: str) -> tuple[Group, ...]:
        """Return notices of one path under its name, before them those of any or several paths."""
        of_path: dict[str, list[Entry]] = {"": []}
        for path in self.paths:
            of_path[path.code] = []
        for stated in self._tables["notices"][kind]:
            paths = {
                path
                for alternative in alternatives(stated["when"])
                for path in _listed(alternative.get("path", ()))
            }
            alone = paths.pop() if len(paths) == 1 else ""
            of_path.setdefault(alone, []).append(self._notice(kind, stated))
        return tuple(
            Group(
                self.path(code) if code else self._words.say("decisions.notices.any"),
                tuple(entries),
            )
            for code, entries in of_path.items()
            if entries
        )

    def _notice(self, kind: str, stated: Mapping[str, Any]) -> Entry:
        key = f"planner.notices.{kind}.{stated['id']}"
        rules = tuple(stated["rules"])
        return Entry(
            id=stated["id"],
            sentence=self._words.say(key, **self._values(key, rules)),
            question="",
            answers="",
            conditions=self._conditions.say(stated["when"]),
            rules=rules,
        )

    def _values(self, key: str, rules: tuple[str, ...]) -> dict[str, Value]:
        """Return what fills a notice: figures of its rules, and names for what a line brings."""
        lent = figures.lent(self._rules, rules)
        return {
            name: lent[name] if name in lent else self._words.say(f"decisions.slots.{name}")
            for name in placeholders(self._words.message(key))
        }

    @cached_property
    def assumptions(self) -> tuple[Entry, ...]:
        """What is taken for granted while a fact is unknown, and what is asked."""
        return tuple(
            self._assumption(stated) for stated in self._tables["assumptions"]["assumptions"]
        )

    def _assumption(self, stated: Mapping[str, Any]) -> Entry:
        words, key = self._words, f"planner.assumptions.{stated['id']}"
        choices = [self._conditions.value(stated["fact"], choice) for choice in stated["choices"]]
        return Entry(
            id=stated["id"],
            sentence=words.say(f"{key}.assumed"),
            question=words.say(f"{key}.question"),
            answers=self._conditions.listed(choices)
            if choices
            else words.say("decisions.assumptions.a_day"),
            conditions=self._conditions.say(stated["when"]),
            rules=tuple(stated["rules"]),
        )

    @cached_property
    def policies(self) -> tuple[str, ...]:
        """The ids of our own lead times and defaults."""
        return tuple(self._tables["policies"]["rules"])


def _listed(expected: Any) -> tuple[str, ...]:
    """Return the values that a test names as wanted; a comparison names none."""
    if isinstance(expected, Mapping):
        return ()
    return (expected,) if isinstance(expected, str) else tuple(expected)


def _distinct(names: Iterable[str]) -> Iterator[str]:
    """Yield names as anchors: the first of its name as it stands, the next with a number."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name}-{seen[name]}"
