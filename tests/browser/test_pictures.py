"""Each state looks as it did when somebody last looked at it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from tests.browser import pictures, states
from tests.browser.conftest import PATIENCE
from tests.browser.journey import AS_OF, Planner
from tests.browser.states import STATES, State


@dataclass(frozen=True, slots=True)
class Easel:
    """A page to be pictured, in one language and one color scheme."""

    planner: Planner
    language: str
    scheme: str
    here: Mapping[str, object]


PAIRS = [("en", "light"), ("es", "dark"), ("en", "dark"), ("es", "light")]

#: Comparing takes minutes, and a picture differs sooner than what it shows is wrong.
ASKED = bool({pictures.MAKE, pictures.ALL} & set(os.environ))


@pytest.fixture(scope="module", params=PAIRS, ids="-".join)
def easel(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Easel]:
    """One page for all pictures of a language and a scheme; it is only made wider or narrower."""
    if not ASKED:
        pytest.skip(f"{pictures.ALL}=1 compares the pictures, `make pictures` makes new ones")
    language, scheme = request.param
    context = browser.new_context(
        base_url=address,
        color_scheme=scheme,
        reduced_motion="reduce",
        locale="en-US",
        timezone_id="UTC",
        service_workers="block",
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    states.prepare(page)
    page.goto(f"/{language}/planner/?as_of={AS_OF}")
    here = pictures.made_with(browser, page)
    why_not = pictures.differs_from_kept(here)
    if why_not and pictures.MAKE not in os.environ:
        context.close()
        pytest.skip(why_not)
    yield Easel(Planner(page), language, scheme, here)
    context.close()


@pytest.mark.parametrize("state", STATES, ids=[state.name for state in STATES])
def test_a_state_looks_as_it_did(easel: Easel, state: State) -> None:
    """At three widths; `make pictures` keeps what is there now instead."""
    planner = easel.planner
    page = planner.page
    page.set_viewport_size({"width": 1440, "height": 900})
    state.reach(planner, easel.language)
    differing = []
    for width, height in pictures.SIZES:
        page.set_viewport_size({"width": width, "height": height})
        state.show(planner)
        taken = page.screenshot(animations="disabled", caret="hide")
        name = f"{easel.language}-{easel.scheme}/{state.name}-{width}.webp"
        if pictures.MAKE in os.environ:
            pictures.keep(name, taken, easel.here)
        else:
            differing.append(pictures.difference(name, taken))
    assert [one for one in differing if one] == []
