"""Lists that come in pages: whether the last page of one was pasted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from planner.reading.records import Page

_MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class More:
    """Keys beside a format's list that say whether it goes on, dots between their levels.

    Attributes:
        next: Of what leads to the next page; they hold nothing on the last.
        total: Of how many entries the list has on all its pages.
        page: Of a page's number, from 0.
        pages: Of how many pages there are.
    """

    next: tuple[str, ...] = ()
    total: str = ""
    page: str = ""
    pages: str = ""


def goes_on(pages: Sequence[Page], more: More) -> bool:
    """Tell whether a list that came in these pages goes on in one that is missing."""
    leads_on = bool(pages) and any(pages[-1].beside.get(key) for key in more.next)
    return leads_on or _ends_early(pages, more) or _lacks(pages, more.total)


def _ends_early(pages: Sequence[Page], more: More) -> bool:
    """Tell whether pages have numbers and none has the last one."""
    numbers = [(_number(one, more.page), _number(one, more.pages)) for one in pages]
    numbered = [(page, count) for page, count in numbers if page is not None and count is not None]
    return bool(numbered) and all(page + 1 < count for page, count in numbered)


def _lacks(pages: Sequence[Page], total: str) -> bool:
    """Tell whether pages have fewer entries than the lists that they are of.

    Pages that state the same total may be of one list, or of several customers' lists.
    """
    counts: Counter[int] = Counter()
    for one in pages:
        stated = _number(one, total)
        if stated is not None and one.count < stated:
            counts[stated] += one.count
    return any(count == 0 or count % stated for stated, count in counts.items())


def _number(page: Page, key: str) -> int | None:
    text = page.beside.get(key, "")
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else None
