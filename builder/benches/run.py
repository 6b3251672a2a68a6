"""``make bench``: measure everything, write ``bench/results.json``, fail on a missed budget."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from builder import site
from builder.benches import browser, builds, others, stock
from builder.benches.lines import IN_BROWSER, here, mixed_lines
from builder.benches.network import HOME, served
from builder.benches.results import Results, Row
from builder.benches.stock import PAGE

_LINES = 2_000


def run() -> int:
    """Build, measure, print a line per row; return 1 where a budget is missed."""
    site.build()
    browser.browser_path()
    results = Results()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stock.lay_out(folder)
        with served(folder) as near, served(folder, HOME) as far:
            with sync_playwright() as playwright:
                _say("boots")
                browser.boots(playwright, near, far, results)
                browser.slow_processor(playwright, far, results)
                _say("guide")
                browser.guide(playwright, far, results)
                _say("stages")
                _stages(playwright, near, results)
                _say("pastes")
                browser.pastes(playwright, near, results)
            _say("firefox, webkit")
            others.firefox(near, results)
            others.webkit(near, results)
    _say("builds")
    builds.measure(results)
    results.save()
    sys.stdout.write(results.text())
    return 1 if results.missed else 0


def _stages(playwright: Playwright, near: str, results: Results) -> None:
    """Measure each stage in this Python and in the browser's."""
    text = mixed_lines(_LINES)
    for stage, seconds in here(text).items():
        results.rows.append(Row(f"{stage}-cpython", "lines/s", (_LINES / seconds,)))
    with (
        tempfile.TemporaryDirectory() as folder,
        browser.reader(playwright, folder) as context,
    ):
        page = context.new_page()
        page.goto(f"{near}stock/{PAGE}")
        said = page.evaluate("([code, text]) => runPython(code, { text })", [IN_BROWSER, text])
    for stage, seconds in json.loads(said).items():
        results.rows.append(Row(f"{stage}-pyodide", "lines/s", (_LINES / seconds,)))


def _say(what: str) -> None:
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    sys.stderr.write(f"Measuring: {what}{load}\n")
    sys.stderr.flush()
