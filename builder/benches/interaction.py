"""How long the page takes to react, with a plan of very many lines on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import Page

#: What is searched for, letter by letter: a product, a customer, nothing that is there.
_WORDS = ("visio", "customer 4", "zebra")

#: Watches every interaction and every long task until it is asked.
_WATCH = """() => {
    window.interactions = [];
    window.tasks = [];
    new PerformanceObserver((list) => {
        for (const { interactionId, duration, name } of list.getEntries()) {
            if (interactionId) window.interactions.push([name, duration]);
        }
    }).observe({ type: "event", durationThreshold: 16 });
    new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) window.tasks.push(duration);
    }).observe({ type: "longtask" });
}"""

#: Waits for a change below an element, then for the frame that shows it; gives ms.
_ANSWERED = """([selector]) => {
    const place = document.querySelector(selector);
    window.answered = new Promise((resolve) => {
        let began = 0;
        const start = () => { began ||= performance.now(); };
        for (const kind of ["keydown", "pointerdown"]) {
            addEventListener(kind, start, { capture: true, once: true });
        }
        const watch = new MutationObserver(() => {
            watch.disconnect();
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
        });
        // What doesn't answer within this is no answer.
        setTimeout(() => resolve(5000), 5000);
        watch.observe(place, {
            subtree: true, childList: true, characterData: true, attributes: true,
            attributeFilter: ["open", "data-line", "aria-sort", "hidden", "tabindex"],
        });
    });
}"""


@dataclass(frozen=True, slots=True)
class Interactions:
    """What was measured, in ms.

    Attributes:
        worst: The longest from an input to the frame after it (what INP counts).
        longest_task: The longest time that the page's main thread was busy.
        answers: Interaction → until what was asked for is on the screen, each time.
    """

    worst: float
    longest_task: float
    answers: Mapping[str, tuple[float, ...]]


def interactions(page: Page) -> Interactions:
    """Use a page on which a plan stands as a reader does, and measure each reaction."""
    page.evaluate(_WATCH)
    answers: defaultdict[str, list[float]] = defaultdict(list)

    def measure(name: str, place: str, act: Callable[[], None]) -> None:
        page.evaluate(_ANSWERED, [place])
        act()
        answers[name].append(page.evaluate("window.answered"))
        # Longer than it takes until the rows around those in sight are drawn, too.
        page.wait_for_timeout(400)

    def press(key: str) -> Callable[[], None]:
        return lambda: page.keyboard.press(key)

    def click(selector: str) -> Callable[[], None]:
        return page.locator(selector).first.click

    rows = ".grid tbody"
    measure("tab", "#planner-view-table", click("#planner-tab-table"))
    page.locator(f"{rows} tr[data-line]").first.wait_for()
    for word in _WORDS:
        page.locator("planner-table [name=text]").fill("")
        page.wait_for_timeout(400)
        for letter in word:
            measure("filter", "planner-table", press(letter))
    page.locator("planner-table [name=text]").fill("")
    page.wait_for_timeout(400)
    for column in ("deadline", "customer", "seats"):
        measure("sort", rows, click(f'[data-sort="{column}"]'))
    measure("group", rows, click("[name=group]"))
    measure("ungroup", rows, click("[name=group]"))
    page.locator(f"{rows} .open").first.focus()
    for key in ("Control+End", "PageUp", "PageUp", "Control+Home", "PageDown", "PageDown"):
        measure("scroll", rows, press(key))
    sheet = "planner-details dialog"
    measure("open", sheet, press("Enter"))
    for _ in range(5):
        measure("next line", sheet, click(f"{sheet} [data-part=after]"))
    measure("tick", ".planner-tools", click(f"{sheet} [data-mark]"))
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    for view in ("timeline", "agenda", "summary", "table"):
        measure("tab", f"#planner-view-{view}", click(f"#planner-tab-{view}"))
    worst = page.evaluate("Math.max(0, ...window.interactions.map(([, duration]) => duration))")
    longest = page.evaluate("Math.max(0, ...window.tasks)")
    return Interactions(worst, longest, {name: tuple(each) for name, each in answers.items()})
