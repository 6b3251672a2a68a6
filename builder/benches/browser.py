"""What the planner's page and a guide page cost in Chromium."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playwright.sync_api import BrowserContext, CDPSession, Page, Playwright
from playwright.sync_api import Error as Failed

from builder import chromium
from builder.benches.lines import mixed_lines
from builder.benches.results import Results, Row
from builder.benches.stock import PAGE
from builder.paths import ROOT, SITE

#: How often each start is measured.
RUNS = 5

#: How much slower the slow processor is.
SLOWER = 4

_GUIDE = "en/move/"
_DAY = "2026-11-23"
_PATIENCE = 180_000

#: How many lines are pasted, the seconds they may take, and how often each is measured.
_PASTES = ((1_000, 0.5, 5), (10_000, 3.0, 3), (100_000, 30.0, 1))

#: The length whose plan is compared with the command line's.
_SAME = 1_000

#: Gives the milliseconds from the start of the navigation until the planner is ready.
_READY = """() => new Promise((resolve) => {
    const found = () => document.querySelector('csp-planner[data-runtime-state="ready"]');
    const look = (_, observer) => {
        if (!found()) return false;
        observer?.disconnect();
        resolve(performance.now());
        return true;
    };
    if (look()) return;
    new MutationObserver(look).observe(document, {
        subtree: true, childList: true, attributes: true, attributeFilter: ["data-runtime-state"],
    });
})"""

#: Gives the milliseconds from a press on Cancel until the planner is ready again.
_CANCEL = """async () => {
    const element = document.querySelector("csp-planner");
    const part = (name) => element.querySelector(`[data-part="${name}"]`);
    part("go").click();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const began = performance.now();
    part("cancel").click();
    await new Promise((resolve) => {
        const look = () => element.dataset.runtimeState === "ready" && resolve();
        new MutationObserver(look).observe(element, { attributes: true });
        if (element.dataset.runtimeState === "ready") setTimeout(look, 0);
    });
    return performance.now() - began;
}"""

#: Gives the milliseconds from pressing the button until the plan is on the screen, and the
#: longest that the page did not answer meanwhile.
_PLAN = """async ([text, day, patience]) => {
    const element = document.querySelector("csp-planner");
    const part = (name) => element.querySelector(`[data-part="${name}"]`);
    part("as-of").value = day;
    part("as-of").dispatchEvent(new Event("input", { bubbles: true }));
    part("text").value = text;
    part("text").dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const before = element.plan;
    let longest = 0;
    const watch = new PerformanceObserver((list) => {
        for (const task of list.getEntries()) longest = Math.max(longest, task.duration);
    });
    watch.observe({ type: "longtask" });
    const began = performance.now();
    part("go").click();
    while (element.plan === before) {
        if (performance.now() - began > patience) return null;
        await new Promise((resolve) => setTimeout(resolve, 4));
    }
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
    const taken = performance.now() - began;
    await new Promise((resolve) => setTimeout(resolve, 300));
    watch.disconnect();
    return [taken, longest];
}"""

_ASKED = "() => performance.getEntriesByType('resource').map(({ name }) => name)"

_PAINT = """() => new Promise((resolve) => {
    const found = { lcp: 0, cls: 0 };
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) found.lcp = entry.startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) found.cls += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve(found), 2000);
})"""


@cache
def browser_path() -> Path:
    """Return Chromium's path; to be asked for before Playwright runs."""
    return chromium.find_or_get()


@contextmanager
def reader(playwright: Playwright, folder: str) -> Iterator[BrowserContext]:
    """Open a browser with a profile of its own, as a reader's is: it keeps what it may."""
    context = playwright.chromium.launch_persistent_context(
        folder, executable_path=browser_path(), args=chromium.launch_arguments()
    )
    context.set_default_timeout(_PATIENCE)
    try:
        yield context
    finally:
        context.close()


def boots(playwright: Playwright, near: str, far: str, results: Results) -> None:
    """Measure how long until the planner is ready, ours and stock in turn."""
    stock: list[float] = []
    first: list[float] = []
    later: list[float] = []
    cancel: list[float] = []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as folder, reader(playwright, folder) as context:
            stock.append(_ready(context, f"{near}stock/{PAGE}"))
        with tempfile.TemporaryDirectory() as folder, reader(playwright, folder) as context:
            first.append(_ready(context, near + PAGE, rest=6_000))
            later.append(_ready(context, near + PAGE, rest=2_000))
            later.append(_ready(context, near + PAGE))
            cancel.append(_cancelled(context, near + PAGE))
    results.rows += [
        Row("stock", "ms", tuple(stock)),
        Row("first-visit", "ms", tuple(first), 0.35, "stock"),
        Row("later-visit", "ms", tuple(later), 0.20, "stock"),
        Row("after-cancel", "ms", tuple(cancel), 0.20, "stock"),
    ]
    slow_stock: list[float] = []
    slow: list[float] = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder, reader(playwright, folder) as context:
            slow_stock.append(_ready(context, f"{far}stock/{PAGE}"))
        with tempfile.TemporaryDirectory() as folder, reader(playwright, folder) as context:
            slow.append(_ready(context, far + PAGE))
    results.rows += [
        Row("stock-20mbit", "ms", tuple(slow_stock)),
        Row("first-visit-20mbit", "ms", tuple(slow), 1.0, "stock-20mbit"),
    ]


def slow_processor(playwright: Playwright, far: str, results: Results) -> None:
    """Measure the first visit where the page's processes run at a quarter of their speed."""
    if sys.platform == "win32":
        results.left_out.append("first-visit-20mbit-slow-processor")
        return
    weak_stock: list[float] = []
    weak: list[float] = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder, reader(playwright, folder) as context:
            weak_stock.append(_ready_slowly(context, f"{far}stock/{PAGE}"))
        with tempfile.TemporaryDirectory() as folder, reader(playwright, folder) as context:
            weak.append(_ready_slowly(context, far + PAGE))
    results.rows += [
        Row("stock-20mbit-slow-processor", "ms", tuple(weak_stock)),
        Row("first-visit-20mbit-slow-processor", "ms", tuple(weak)),
    ]


def _ready(context: BrowserContext, address: str, rest: int = 0) -> float:
    page = context.new_page()
    page.goto(address, wait_until="commit")
    taken: float = page.evaluate(_READY)
    page.wait_for_timeout(rest)
    page.close()
    return taken


def _ready_slowly(context: BrowserContext, address: str) -> float:
    page = context.new_page()
    with slowed(_renderers(context)):
        page.goto(address, wait_until="commit")
        taken: float = page.evaluate(_READY)
    page.close()
    return taken


def _cancelled(context: BrowserContext, address: str) -> float:
    page = context.new_page()
    page.goto(address)
    page.evaluate(_READY)
    # More than is planned within the moment before the press on Cancel.
    page.locator('csp-planner [data-part="text"]').evaluate(
        "(box, text) => { box.value = text; }", mixed_lines(5_000)
    )
    taken: float = page.evaluate(_CANCEL)
    page.close()
    return taken


def _renderers(context: BrowserContext) -> list[int]:
    """Return the processes that run pages and their workers, none where that isn't told."""
    if context.browser is None:
        return []
    session: CDPSession = context.browser.new_browser_cdp_session()
    known = session.send("SystemInfo.getProcessInfo")["processInfo"]
    return [one["id"] for one in known if one["type"] == "renderer"]


@contextmanager
def slowed(processes: list[int]) -> Iterator[None]:
    """Let some processes run only a part of the time, workers included.

    The browser's own throttling knows a page's main thread alone, and Python isn't there.
    """
    ended = threading.Event()

    def pace() -> None:
        while not ended.is_set():
            _signal(processes, signal.SIGSTOP)
            ended.wait(0.004 * (SLOWER - 1))
            _signal(processes, signal.SIGCONT)
            ended.wait(0.004)

    thread = threading.Thread(target=pace)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        _signal(processes, signal.SIGCONT)


def _signal(processes: list[int], number: int) -> None:
    for process in processes:
        try:
            os.kill(process, number)
        except ProcessLookupError:
            continue


def pastes(playwright: Playwright, near: str, results: Results) -> None:
    """Measure pastes of growing length, from the press on the button to the plan on screen."""
    for count, budget, runs in _PASTES:
        text = mixed_lines(count)
        pasted = [_pasted(playwright, near, text, same=count == _SAME) for _ in range(runs)]
        taken = [_PATIENCE / 1000 if one is None else one.seconds for one in pasted]
        results.rows.append(Row(f"lines-{count}", "s", tuple(taken), budget))
        found = [one for one in pasted if one is not None]
        if found:
            blocked = tuple(one.blocked for one in found)
            results.rows.append(Row(f"longest-task-{count}", "ms", blocked, 100.0))
        else:
            results.left_out.append(f"lines-{count}: no plan within {_PATIENCE // 1000} s")
        if memory := tuple(one.memory for one in found if one.memory):
            results.rows.append(Row(f"memory-{count}", "MB", memory))


@dataclass(frozen=True, slots=True)
class _Pasted:
    """One paste: seconds to the plan, the page's longest task in ms, MB held afterwards."""

    seconds: float
    blocked: float
    memory: float


def _pasted(playwright: Playwright, near: str, text: str, *, same: bool) -> _Pasted | None:
    """Measure one paste; ``same`` compares its plan with the command line's."""
    with tempfile.TemporaryDirectory() as folder, reader(playwright, folder) as context:
        page = context.new_page()
        page.goto(near + PAGE)
        page.evaluate(_READY)
        try:
            found = page.evaluate(_PLAN, [text, _DAY, _PATIENCE])
        except Failed:
            # The page's process ran out of memory.
            return None
        if found is None:
            return None
        if same:
            _check_same(page, text)
        return _Pasted(found[0] / 1000, found[1], _memory(_renderers(context)) / 1e6)


def _memory(processes: list[int]) -> int:
    """Return the bytes that some processes hold, 0 where the system doesn't say."""
    total = 0
    for process in processes:
        try:
            stated = Path(f"/proc/{process}/smaps_rollup").read_text("utf-8")
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in stated.splitlines() if line[:4] == "Pss:")
    return total * 1024


def _check_same(page: Page, text: str) -> None:
    """See that the page's plan is the command line's, byte for byte."""
    command = [sys.executable, "-m", "planner", "plan", "-", "--as-of", _DAY, "--to", "json"]
    done = subprocess.run(command, cwd=ROOT, input=text.encode(), capture_output=True, check=False)
    plan: str = page.locator("csp-planner").evaluate("element => element.plan")
    if plan.encode() != done.stdout:
        raise AssertionError("the page and the command line plan differently")


def guide(playwright: Playwright, far: str, results: Results) -> None:
    """Measure a guide page whose planner nobody opens."""
    weights: list[float] = []
    paints: list[float] = []
    shifts: list[float] = []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as folder, reader(playwright, folder) as context:
            page = context.new_page()
            page.goto(far + _GUIDE)
            found = page.evaluate(_PAINT)
            asked = [far + _GUIDE, *page.evaluate(_ASKED)]
            paints.append(found["lcp"] / 1000)
            shifts.append(found["cls"])
            paths = {url.removeprefix(far).partition("?")[0] for url in asked}
            if any(path.startswith("runtime/") for path in paths):
                raise AssertionError("a guide page fetches Python")
            weights.append(sum(_gzipped(path) for path in paths if "://" not in path) / 1000)
    results.rows += [
        Row("guide-weight", "kB", tuple(weights), 120.0),
        Row("guide-lcp", "s", tuple(paints), 1.5),
        Row("guide-cls", "", tuple(shifts), 0.02),
    ]


def _gzipped(path: str) -> int:
    file = SITE / path
    if file.is_dir():
        file /= "index.html"
    if not file.is_file():
        return 0
    return min(len(gzip.compress(file.read_bytes(), 9)), file.stat().st_size)
