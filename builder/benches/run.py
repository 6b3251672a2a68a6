"""``make bench``: measure everything, write ``bench/results.json``, fail on a missed budget."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from builder import site
from builder.benches import browser, builds, others, reading, stock
from builder.benches.network import HOME, served
from builder.benches.results import Results, Row
from builder.benches.stock import PAGE
from builder.stages import elsewhere, here, portfolio
from planner.planning import today

_LINES = 10_000
_RUNS = 3

#: What a stage may take for so many lines in Python on this machine: stages, seconds.
_BUDGETS: Mapping[str, tuple[tuple[str, ...], float]] = {
    f"deciding-{_LINES}": (("decide",), 1.0),
    f"schedule-and-table-{_LINES}": (("schedule", "csv"), 4.0),
}


@dataclass(frozen=True, slots=True)
class Bench:
    """What the parts measure with: a browser's driver, the site near and far."""

    playwright: Playwright
    near: str
    far: str


Part = Callable[[Bench, Results], None]


def run(names: Sequence[str] = ()) -> int:
    """Build, measure, print a line per row; return 1 where a budget is missed.

    ``names`` are those of ``PARTS``; none stands for all. What other parts measured
    earlier stays in ``bench/results.json``. A part that breaks is named among what was
    left out, and the others go on.
    """
    site.build()
    browser.browser_path()
    measured, broken = Results(), False
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        stock.lay_out(folder)
        with (
            served(folder) as near,
            served(folder, HOME) as far,
            sync_playwright() as playwright,
        ):
            bench = Bench(playwright, near, far)
            for name in names or PARTS:
                _say(name)
                made = Results()
                try:
                    PARTS[name](bench, made)
                except Exception as error:  # noqa: BLE001 - the other parts are worth their hour
                    traceback.print_exc()
                    made.left_out.append(f"{name}: {type(error).__name__}")
                    broken = True
                sys.stdout.write(made.text())
                sys.stdout.flush()
                measured.add(made)
                measured.save(keeping=bool(names))
    missed = [one.row.id for one in measured.missed]
    sys.stdout.write(f"Missed: {', '.join(missed) or 'none'}\n")
    return 1 if missed or broken else 0


def _stages(bench: Bench, results: Results) -> None:
    """Measure each stage in this Python and in the browser's."""
    text, day = portfolio(_LINES, today()), today().isoformat()
    taken = here(_LINES, today(), _RUNS)
    with (
        tempfile.TemporaryDirectory() as folder,
        browser.reader(bench.playwright, folder) as context,
    ):
        page = context.new_page()
        page.goto(f"{bench.near}stock/{PAGE}")
        code = "([code, text, day]) => runPython(code, { text, day })"
        said = page.evaluate(code, [elsewhere(1), text, day])
    for name, seconds in taken.items():
        speeds = tuple(_LINES / one for one in seconds)
        results.rows.append(Row(f"{name}-cpython", "lines/s", speeds))
        slower = tuple(_LINES / one for one in json.loads(said)[name])
        results.rows.append(Row(f"{name}-pyodide", "lines/s", slower))
    for name, (parts, budget) in _BUDGETS.items():
        sums = tuple(map(sum, zip(*(taken[part] for part in parts), strict=True)))
        results.rows.append(Row(name, "s", sums, budget))


def _say(what: str) -> None:
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    sys.stderr.write(f"Measuring: {what}{load}\n")
    sys.stderr.flush()


#: Every part of the bench by its name, in the order in which all are measured.
PARTS: Mapping[str, Part] = {
    "stages": _stages,
    "reading": lambda _, results: reading.measure(results),
    "boot": lambda bench, results: browser.boots(bench.playwright, bench.near, bench.far, results),
    "guide": lambda bench, results: browser.guide(bench.playwright, bench.far, results),
    "same": lambda bench, results: browser.same(bench.playwright, bench.near, results),
    "lines": lambda bench, results: browser.pastes(bench.playwright, bench.near, results),
    "answers": lambda bench, results: browser.answers(bench.playwright, bench.near, results),
    "firefox": lambda bench, results: others.firefox(bench.near, results),
    "webkit": lambda bench, results: others.webkit(bench.near, results),
    "builds": lambda _, results: builds.measure(results),
}
