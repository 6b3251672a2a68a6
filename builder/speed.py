"""The page on speed: what ``make bench`` measured last, in words."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from builder import plots
from builder.benches.results import least_of
from builder.plots import Plot, Point
from planner.words import Words

#: Rows by the section that shows them, each by the start of its id.
_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "boot": ("stock", "first-visit", "later-visit", "after-cancel"),
    "others": ("firefox", "webkit"),
    "lines": (
        *("lines", "at-once", "longest-task", "memory", "linear"),
        *("interaction", "filter", "differing-plans"),
    ),
    "stages": (
        *("read-", "decide-", "schedule-", "plan-", "index-", "agenda-", "csv-", "json-"),
        *("deciding", "schedule-and-table", "export", "megabyte", "short-lines", "reading-memory"),
    ),
    "guide": ("guide",),
    "work": ("preview", "build"),
}

#: What the plots show of growing lists: the start of a row's id, as its words are called.
_PLOTTED = ("lines", "memory")

_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Measured:
    """One row in words: what, its median, its spread, its budget and whether that is met.

    ``mark`` is that of the earlier run that measured it; empty where the last one did.
    """

    what: str
    median: str
    spread: str
    budget: str
    verdict: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """When and where rows were measured, and the mark by which they name it.

    ``machine`` is as ``builder.benches.results.machine`` describes it.
    """

    mark: str
    day: dt.date
    machine: Mapping[str, Any]


class Speed:
    """What the page on speed shows, in one language.

    Args:
        results: ``bench/results.json``; may be missing.
        words: The words of the language.
    """

    def __init__(self, results: Path, words: Words) -> None:
        self._words = words
        self._results: dict[str, Any] = (
            json.loads(results.read_text("utf-8")) if results.is_file() else {"rows": []}
        )

    @cached_property
    def measured(self) -> bool:
        """Whether anything was measured."""
        return bool(self._results["rows"])

    @cached_property
    def last(self) -> Run:
        """The last run; it measured every row without a mark."""
        return self._run("", self._results)

    @cached_property
    def earlier(self) -> tuple[Run, ...]:
        """The runs before, of which rows were kept."""
        marked = enumerate(self._runs, 1)
        return tuple(self._run(self._words.format(number), run) for number, run in marked)

    @cached_property
    def _runs(self) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        for row in self._results["rows"]:
            if row.get("run") and row["run"] not in found:
                found.append(row["run"])
        return found

    def _run(self, mark: str, run: Mapping[str, Any]) -> Run:
        machine = {name: self._number(value) for name, value in run["machine"].items()}
        return Run(mark, dt.date.fromisoformat(run["measured"]), machine)

    @cached_property
    def left_out(self) -> tuple[str, ...]:
        """What could not be measured there."""
        return tuple(self._results["left_out"])

    @cached_property
    def sections(self) -> Mapping[str, tuple[Measured, ...]]:
        """The rows by section; sections without rows are missing."""
        found = {
            section: tuple(
                self._row(row) for row in self._results["rows"] if row["id"].startswith(starts)
            )
            for section, starts in _SECTIONS.items()
        }
        return {section: rows for section, rows in found.items() if rows}

    @cached_property
    def growth(self) -> str:
        """The plots of what lists cost by their length; empty where too few were measured."""
        panels = [panel for name in _PLOTTED if len((panel := self._plot(name)).points) > 1]
        if not panels:
            return ""
        say = self._words.say
        return plots.side_by_side(
            panels, say("speed.plots.title"), say("speed.plots.budget"), self._words.format
        )

    def _plot(self, name: str) -> Plot:
        """Return the panel of the rows ``NAME-COUNT``, shortest list first."""
        rows = {
            int(count): row
            for row in self._results["rows"]
            for start, _, count in (row["id"].rpartition("-"),)
            if start == name and count.isdigit()
        }
        medians: list[Point] = []
        budgets: list[Point] = []
        for count, row in sorted(rows.items()):
            for points, cost in ((medians, row["median"]), (budgets, row["limit"])):
                if cost:
                    said = self._amount(cost, row["unit"])
                    points.append(Point(count, self._words.format(count), cost, said))
        say = self._words.say
        return Plot(say(f"speed.plots.{name}"), say("speed.plots.along"), medians, budgets)

    def _row(self, row: Mapping[str, Any]) -> Measured:
        name, _, count = row["id"].rpartition("-")
        what = (
            self._words.say(f"speed.rows.{name}", count=int(count))
            if count.isdigit()
            else self._words.say(f"speed.rows.{row['id']}")
        )
        unit = row["unit"]
        values = row["values"]
        least = least_of(row["id"])
        spread = "-".join(dict.fromkeys(self._at_least(end(values), least) for end in (min, max)))
        run = row.get("run")
        mark = self._words.format(self._runs.index(run) + 1) if run else ""
        median = self._in_unit(self._at_least(row["median"], least), unit)
        limit = row["limit"]
        if limit is None:
            return Measured(what, median, spread, "", "", mark)
        missed = row["median"] / limit - 1 if limit else float(row["median"] > 0)
        verdict = (
            self._words.say("speed.missed", share=self._number(Decimal(str(missed * 100)), 2))
            if missed > 0
            else self._words.say("speed.met")
        )
        budget = self._amount(limit, unit)
        if row["of"]:
            share = self._number(row["budget"])
            budget = self._words.say("speed.of_stock", budget=budget, share=share)
        return Measured(what, median, spread, budget, verdict, mark)

    def _amount(self, value: float, unit: str) -> str:
        return self._in_unit(self._number(value), unit)

    def _in_unit(self, number: str, unit: str) -> str:
        return self._words.say(f"speed.units.{unit}", number=number) if unit else number

    def _at_least(self, value: float, least: float) -> str:
        """Return a number, or that it is less than what can be told from nothing."""
        if value >= least:
            return self._number(value)
        return self._words.say("speed.less_than", number=self._number(least))

    def _number(self, value: Any, digits: int = _DIGITS) -> str:
        """Return a number with as many digits as it was measured with; anything else as it is."""
        if not isinstance(value, (int, float, Decimal)):
            return str(value)
        return self._words.format(Decimal(f"{Decimal(str(value)):.{digits}g}"))
