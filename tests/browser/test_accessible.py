"""axe-core finds nothing on any page in any state; nothing is lost when the page is narrow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from builder.paths import NODE_MODULES
from tests.browser.conftest import PATIENCE
from tests.browser.journey import AS_OF, Planner, portfolio

AXE = NODE_MODULES / "axe-core" / "axe.min.js"
PAGES = [
    "",
    "planner/",
    "move/",
    "multichannel/",
    "decisions/",
    "lifecycles/",
    "rules/",
    "changes/",
]

#: WCAG 2.2 A and AA, and what the makers of axe hold for good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """Return what axe-core objects to, each with where it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(
        """async (tags) => {
            const { violations } = await axe.run(document, { runOnly: tags });
            return violations.flatMap(({ id, nodes }) =>
                nodes.slice(0, 5).map(({ target, failureSummary, html }) =>
                    `${id}: ${target.join(" ")}: ${html.slice(0, 150)} ${failureSummary}`));
        }""",
        RULES,
    )
    return found


@pytest.fixture(scope="module", params=["light", "dark"])
def planned(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Planner]:
    """A page with a plan of forty customers, in light and in dark."""
    context = browser.new_context(
        base_url=address, color_scheme=request.param, reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"/en/planner/?as_of={AS_OF}")
    planner = Planner(page)
    planner.until_ready()
    assert violations(page) == []
    planner.plan(portfolio(40) + "Customer 41,EA,Visio,x,P1Y,,31/02/2027,\n")
    yield planner
    context.close()


@pytest.mark.parametrize("view", ["summary", "table", "timeline", "agenda"])
def test_no_view_has_a_violation(planned: Planner, view: str) -> None:
    """Each view of the plan, folded input and all."""
    planned.view(view)
    assert violations(planned.page) == []


@pytest.mark.parametrize("button", ["settings", "export", "forget"])
def test_no_sheet_has_a_violation(planned: Planner, button: str) -> None:
    """Settings, exports, and the question before everything is forgotten."""
    planned.part(button).click()
    expect(planned.page.locator("dialog[open]")).to_be_visible()
    planned.page.wait_for_timeout(300)
    assert violations(planned.page) == []
    planned.close_sheet()


def test_a_line_in_full_has_no_violation(planned: Planner) -> None:
    """Steps, ticks, reasons and the note."""
    planned.open_line(2).wait_for()
    assert violations(planned.page) == []
    planned.close_sheet()


def test_what_was_brought_and_understood_has_no_violation(planned: Planner) -> None:
    """The input beside a plan, with lines that could not be read."""
    planned.part("edit").click()
    assert violations(planned.page) == []
    planned.part("edit").click()


def test_every_control_is_large_enough(planned: Planner) -> None:
    """24 pixels either way (WCAG 2.5.8); a label's area counts as its control's."""
    for view in ("summary", "table", "timeline", "agenda"):
        planned.view(view)
        small = planned.element.evaluate(
            """planner => [...planner.querySelectorAll(
                "button, select, textarea, summary, input:not([type=file])")]
                .map(one => one.closest("label") ?? one)
                .filter(one => one.checkVisibility())
                .map(one => [one.outerHTML.slice(0, 120), one.getBoundingClientRect()])
                .filter(([, box]) => box.width && (box.width < 24 || box.height < 23.9))
                .map(([html, box]) => `${box.width} x ${box.height}: ${html}`)"""
        )
        assert small == []


@pytest.mark.parametrize("width", [320, 390, 640])
def test_nothing_is_cut_off_when_narrow(planned: Planner, width: int) -> None:
    """At 320 pixels, as at 400 % zoom, only what is two-dimensional scrolls sideways."""
    page = planned.page
    size = page.viewport_size
    page.set_viewport_size({"width": width, "height": 800})
    for view in ("summary", "table", "timeline", "agenda"):
        planned.view(view)
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, view
    assert size
    page.set_viewport_size(size)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_no_page_has_a_violation(
    browser: Browser, address: str, language: str, scheme: str
) -> None:
    """The guide, the rules and the planner before anything is brought."""
    context = browser.new_context(
        base_url=address,
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    found = {}
    for name in PAGES:
        page.goto(f"/{language}/{name}")
        if faults := violations(page):
            found[name] = faults
    context.close()
    assert found == {}
