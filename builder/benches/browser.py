"""What the planner's page and a guide page cost in Chromium."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playwright.sync_api import BrowserContext, CDPSession, Page, Playwright
from playwright.sync_api import Error as Failed

from builder import chromium
from builder.benches.interaction import interactions
from builder.benches.lines import mixed_lines
from builder.benches.results import Results, Row
from builder.benches.stock import PAGE
from builder.paths import ROOT, SITE
from builder.stages import portfolio
from planner.planning import today

#: How often each start is measured.
RUNS = 5

#: How often each is measured where it takes long.
FAR_RUNS = 3

#: How often where everything takes four times as long.
SLOW_RUNS = 1

#: How long (ms) a page is left open to keep what the next visit starts from.
_KEEPING = 4_000

#: How much slower the slow processor is.
SLOWER = 4

_GUIDE = "en/move/"
_PATIENCE = 180_000

#: How long (ms) a planner is ready before a list is pasted: a reader fetches one meanwhile.
_BEFORE_THE_PASTE = 5_000

#: How many lines are pasted, the seconds they may take, and how often each is measured.
_PASTES = ((1_000, 0.5, 5), (10_000, 3.0, 3), (100_000, 30.0, 1))

#: The length of the lists whose plans are compared with the command line's.
_SAME = 1_000

#: The length with which the page's own answers are timed.
_WORKED_WITH = 10_000

#: Gives the milliseconds from the start of the navigation until the planner is ready.
_READY = """() => new Promise((resolve, reject) => {
    setTimeout(reject, 180000, new Error("the planner is not ready"));
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

#: Brings a paste as a reader does: the page hears of it before it is in the box.
_BRING = """(text) => {
    const box = document.querySelector('csp-planner [data-part="text"]');
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    if (!box.dispatchEvent(paste)) return;
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
}"""

#: Gives the milliseconds from a press on Cancel until the planner is ready again.
_CANCEL = f"""async (text) => {{
    const element = document.querySelector("csp-planner");
    const part = (name) => element.querySelector(`[data-part="${{name}}"]`);
    ({_BRING})(text);
    part("go").click();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const began = performance.now();
    part("cancel").click();
    await new Promise((resolve, reject) => {{
        setTimeout(reject, 180000, new Error("the planner is not ready again"));
        const look = () => element.dataset.runtimeState === "ready" && resolve();
        new MutationObserver(look).observe(element, {{ attributes: true }});
        if (element.dataset.runtimeState === "ready") setTimeout(look, 0);
    }});
    return performance.now() - began;
}}"""

#: Gives the milliseconds from the paste until the plan is on the screen, nothing waited for in
#: between, and the longest that the page did not answer meanwhile; null where none came.
_PLAN = f"""async ([text, patience]) => {{
    const element = document.querySelector("csp-planner");
    let longest = 0;
    const watch = new PerformanceObserver((list) => {{
        for (const task of list.getEntries()) longest = Math.max(longest, task.duration);
    }});
    watch.observe({{ type: "longtask" }});
    const planned = new Promise((resolve) => {{
        element.addEventListener("planned", () => resolve(true), {{ once: true }});
        setTimeout(resolve, patience, false);
    }});
    // The figure begins where a reader's own paste begins: in a task of the page's own.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const began = performance.now();
    ({_BRING})(text);
    element.querySelector('[data-part="go"]').click();
    if (!(await planned)) return null;
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
    const taken = performance.now() - began;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    watch.disconnect();
    return [taken, longest];
}}"""

#: Presses the button; done when the plan stands.
_GO = """() => new Promise((resolve) => {
    const element = document.querySelector("csp-planner");
    element.addEventListener("planned", () => resolve(), { once: true });
    element.querySelector('[data-part="go"]').click();
})"""

#: Gives the plan that stands, as JSON.
_JSON = """async () => {
    const { session } = document.querySelector("csp-planner");
    return (await session.ask("export", { export: "json" })).files[0].text;
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
    _boots(playwright, near, "", RUNS, results)
    _boots(playwright, far, "-20mbit", FAR_RUNS, results)
    if sys.platform == "win32":
        results.left_out.append("slow-processor: processes can't be held up here")
    else:
        _boots(playwright, far, "-20mbit-slow-processor", SLOW_RUNS, results, _paced)


#: How a page is opened and waited for: address → milliseconds.
Timed = Callable[[BrowserContext, str, str], float]

#: What each visit may take, as a share of stock Pyodide under the same conditions (design §6);
#: under those that have no budget of their own the figures stand alone.
_SHARES: Mapping[str, Mapping[str, float]] = {
    "": {"first-visit": 0.35, "later-visit": 0.20, "after-cancel": 0.20},
    "-20mbit": {"first-visit": 1.0},
}


def _boots(
    playwright: Playwright,
    address: str,
    conditions: str,
    runs: int,
    results: Results,
    paced: Callable[[BrowserContext], AbstractContextManager[None]] | None = None,
) -> None:
    """Measure stock, first visit, later visit and cancel under some conditions, in turn."""
    taken: dict[str, list[float]] = {
        name: [] for name in ("stock", "first-visit", "later-visit", "after-cancel")
    }
    pace = paced or (lambda _: nullcontext())
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder, reader(playwright, folder) as context:
            taken["stock"].append(_ready(context, f"{address}stock/{PAGE}", pace))
        with tempfile.TemporaryDirectory() as folder, reader(playwright, folder) as context:
            taken["first-visit"].append(_ready(context, address + PAGE, pace, rest=_KEEPING))
            taken["later-visit"].append(_ready(context, address + PAGE, pace))
            taken["after-cancel"].append(_cancelled(context, address + PAGE, pace))
    shares = _SHARES.get(conditions, {})
    for name, values in taken.items():
        share = shares.get(name)
        of = f"stock{conditions}" if share else ""
        results.rows.append(Row(f"{name}{conditions}", "ms", tuple(values), share, of))


def _paced(context: BrowserContext) -> AbstractContextManager[None]:
    return slowed(_renderers(context))


Pace = Callable[[BrowserContext], AbstractContextManager[None]]


def _ready(context: BrowserContext, address: str, pace: Pace, rest: int = 0) -> float:
    page = context.new_page()
    with pace(context):
        page.goto(address, wait_until="commit")
        taken: float = page.evaluate(_READY)
    page.wait_for_timeout(rest)
    page.close()
    return taken


def _cancelled(context: BrowserContext, address: str, pace: Pace) -> float:
    page = context.new_page()
    page.goto(address)
    page.evaluate(_READY)
    # More than is planned within the moment before the press on Cancel.
    text = mixed_lines(5_000)
    with pace(context):
        taken: float = page.evaluate(_CANCEL, text)
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
    """Measure pastes of growing length, from the paste to the plan on screen."""
    few = _PASTES[0][0]
    at_once = [_pasted(playwright, near, portfolio(few, today()), 0) for _ in range(FAR_RUNS)]
    seconds = tuple(one.seconds for one in at_once if one is not None)
    if seconds:
        results.rows.append(Row(f"at-once-{few}", "s", seconds))
    for count, budget, runs in _PASTES:
        text = portfolio(count, today())
        pasted = [_pasted(playwright, near, text) for _ in range(runs)]
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
    results.rows += linear(results.rows)


def linear(rows: Iterable[Row]) -> list[Row]:
    """Return how much more than ten times as long, or as much, ten times the lines take.

    Time from the longest two pastes. Memory by what the lines add: between the longest two,
    as a share of what ten times the lines between the shortest two would add.
    """
    medians = {row.id: row.median for row in rows}
    found = []
    few, some, many = (count for count, _, _ in _PASTES)
    times = [medians.get(f"lines-{count}") for count in (some, many)]
    if all(times):
        ratio = float(times[1] or 0) / float(times[0] or 1) / (many / some)
        found.append(Row("linear-time", "ratio", (ratio,), 1.3))
    held = [medians.get(f"memory-{count}") for count in (few, some, many)]
    if all(held):
        first, second, third = (float(one or 0) for one in held)
        ratio = (third - second) / (many - some) / max((second - first) / (some - few), 1e-9)
        found.append(Row("linear-memory", "ratio", (ratio,), 1.3))
    return found


def answers(playwright: Playwright, near: str, results: Results) -> None:
    """Measure how soon the page answers a reader who works with a long plan."""
    text = portfolio(_WORKED_WITH, today())
    with tempfile.TemporaryDirectory() as folder, reader(playwright, folder) as context:
        page = context.new_page()
        page.goto(near + PAGE)
        page.evaluate(_READY)
        page.evaluate(_PLAN, [text, _PATIENCE])
        found = interactions(page)
    results.rows.append(Row(f"interaction-{_WORKED_WITH}", "ms", (found.worst,), 200.0))
    results.rows.append(Row(f"filter-{_WORKED_WITH}", "ms", found.answers["filter"], 100.0))


@dataclass(frozen=True, slots=True)
class _Pasted:
    """One paste: seconds to the plan, the page's longest task in ms, MB held afterwards."""

    seconds: float
    blocked: float
    memory: float


def _pasted(
    playwright: Playwright, near: str, text: str, waited: int = _BEFORE_THE_PASTE
) -> _Pasted | None:
    """Measure one paste, ``waited`` ms after the planner is ready; ``None``: no plan came of it."""
    with tempfile.TemporaryDirectory() as folder, reader(playwright, folder) as context:
        page = context.new_page()
        page.goto(near + PAGE)
        page.evaluate(_READY)
        page.wait_for_timeout(waited)
        try:
            found = page.evaluate(_PLAN, [text, _PATIENCE])
        except Failed:
            # The page's process ran out of memory.
            return None
        if found is None:
            return None
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


def same(playwright: Playwright, near: str, results: Results) -> None:
    """Count the files whose plan on the page isn't the command line's, byte for byte."""
    texts = {
        "cases.json": mixed_lines(_SAME),
        "portfolio.csv": portfolio(_SAME, today()),
    }
    differing = 0
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as brought:
        for name, text in texts.items():
            path = Path(brought) / name
            path.write_text(text, encoding="utf-8")
            with reader(playwright, str(Path(folder) / name)) as context:
                differing += _page_plan(context.new_page(), near, path) != _command_plan(path)
    results.rows.append(Row("differing-plans", "", (float(differing),), 0.0))


def _page_plan(page: Page, near: str, path: Path) -> bytes:
    """Return the plan that the page makes of a chosen file."""
    page.goto(near + PAGE)
    page.evaluate(_READY)
    page.locator('csp-planner [data-part="files"]').set_input_files(path)
    page.locator('csp-planner [data-part="sources"] [data-remove]').wait_for()
    page.evaluate(_GO)
    plan: str = page.evaluate(_JSON)
    return plan.encode()


def _command_plan(path: Path) -> bytes:
    """Return the plan that the command line makes of it."""
    command = [sys.executable, "-m", "planner", "plan", str(path), "--to", "json"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).stdout


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
