"""Lay a file out with its template: Markdown, a page for paper, a script.

Each kind of file escapes in its own way, so that nothing pasted is ever markup or runs:
pages by autoescape, Markdown and scripts by filters that every value goes through.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from babel import Locale
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from planner.writing.escaping import markdown, one_line, powershell


def page(template: str, locale: Locale, **values: Any) -> str:
    """Return a stand-alone page; every value is escaped."""
    direction = "rtl" if locale.character_order == "right-to-left" else "ltr"
    tag = str(locale).replace("_", "-")
    return _pages().get_template(template).render(tag=tag, dir=direction, **values)


def plain(template: str, **values: Any) -> str:
    """Return a file that isn't HTML; the template escapes each value by a filter."""
    return _plain().get_template(template).render(**values)


@cache
def _pages() -> Environment:
    return _environment(_one_line)


@cache
def _plain() -> Environment:
    made = _environment(None)
    made.filters["md"] = markdown
    made.filters["ps"] = powershell
    return made


def _environment(finalize: Callable[[object], object] | None) -> Environment:
    return Environment(
        loader=PackageLoader("planner.writing"),
        autoescape=select_autoescape(["html.j2"], default=False),
        undefined=StrictUndefined,
        finalize=finalize,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        # A template that was compiled stays as it is: in a browser its file may be out of reach.
        auto_reload=False,
    )


def _one_line(value: object) -> object:
    return one_line(value) if isinstance(value, str) and not isinstance(value, Markup) else value
