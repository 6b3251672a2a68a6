"""axe-core finds nothing on any page in any state; nothing is lost when the page is narrow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from builder.paths import NODE_MODULES
from tests.browser import states
from tests.browser.conftest import PATIENCE
from tests.browser.journey import AS_OF, Planner
from tests.browser.states import PASSING, STATES, State

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


@pytest.fixture(scope="module", params=[("en", "light"), ("es", "dark")], ids="-".join)
def visited(
    browser: Browser, address: str, request: pytest.FixtureRequest
) -> Iterator[tuple[Planner, str]]:
    """A page to be brought into every state, and its language."""
    language, scheme = request.param
    context = browser.new_context(
        base_url=address, color_scheme=scheme, reduced_motion="reduce", service_workers="block"
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    states.prepare(page)
    page.goto(f"/{language}/planner/?as_of={AS_OF}")
    yield Planner(page), language
    context.close()


@pytest.mark.parametrize(
    "state", [*STATES, *PASSING], ids=[state.name for state in [*STATES, *PASSING]]
)
def test_no_state_has_a_violation(visited: tuple[Planner, str], state: State) -> None:
    """What is open, what has failed and what goes on, on the planner's page and in the guide."""
    planner, language = visited
    state.reach(planner, language)
    assert violations(planner.page) == []
    assert too_small(planner) == []


@pytest.fixture(scope="module")
def planned(browser: Browser, address: str) -> Iterator[Planner]:
    """A page with a plan of forty customers."""
    context = browser.new_context(base_url=address, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"/en/planner/?as_of={AS_OF}")
    planner = Planner(page)
    planner.plan(states.LIST)
    yield planner
    context.close()


def too_small(planner: Planner) -> list[str]:
    """Return the controls under 24 pixels either way; a label's area counts as its control's."""
    small: list[str] = planner.element.evaluate(
        """planner => [...planner.querySelectorAll(
            "button, select, textarea, summary, input:not([type=file])")]
            .map(one => one.closest("label") ?? one)
            .filter(one => one.checkVisibility())
            .map(one => [one.outerHTML.slice(0, 120), one.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < 24 || box.height < 23.9))
            .map(([html, box]) => `${box.width} x ${box.height}: ${html}`)"""
    )
    return small


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
