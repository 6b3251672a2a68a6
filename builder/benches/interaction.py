"""How long the page takes to answer a reader who works with a plan."""

from __future__ import annotations

from playwright.sync_api import Page


def worst_interaction(page: Page) -> float:
    """Return the longest that the page took to show the answer to an input, in milliseconds."""
    raise NotImplementedError
