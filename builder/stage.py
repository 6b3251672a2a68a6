"""Lay out what the engine reads: plain Markdown and one configuration per language."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from builder import files
from builder.languages import Language
from builder.pages import Library, Page
from planner.checkout import Tree

#: What the pages are made with, named in each page's foot.
_MADE_WITH = (
    ("Material for MkDocs", "https://squidfunk.github.io/mkdocs-material/"),
    ("Pyodide", "https://pyodide.org/"),
)


#: The theme's own words that the site says in its own way: its key, and the key in ``site.yml``.
_THEME_WORDS = {
    "search": "search",
    "search.placeholder": "search",
    "search.reset": "search_clear",
    "search.result.initializer": "search_starting",
    "search.result.placeholder": "search_begin",
}

#: The menu as ``mkdocs.yml`` has it: pages, and sections of pages by the section's name.
Menu = Sequence[str | Mapping[str, Sequence[str]]]


def page_names(pages: Path, menu: Menu) -> list[str]:
    """Return the pages of a folder of templates, in the menu's order.

    A template whose name starts with ``_`` is a part of others and no page.
    """
    found = {path.stem for path in pages.glob("*.md") if not path.name.startswith("_")}
    order = [name for entry in menu for name in _pages_of(entry)]
    return [*(name for name in order if name in found), *sorted(found.difference(order))]


def _pages_of(entry: str | Mapping[str, Sequence[str]]) -> list[str]:
    if isinstance(entry, str):
        return [entry]
    return [name for names in entry.values() for name in names]


def stage_pages(
    folder: Path, language: Language, library: Library, names: Sequence[str], assets: Path
) -> None:
    """Fill ``build/pages/<tag>`` with a language's Markdown and the shared assets.

    Raises:
        Trouble: A page can't be rendered; says which, in which language and why.
    """
    rendered = {
        f"{name}.md": Page(name, language.words, library).render().encode("utf-8") for name in names
    }
    shared = {f"assets/{name}": path for name, path in files.tree_of(assets).items()}
    files.fill(folder, {**shared, **rendered})


def stage_configuration(
    build: Path,
    language: Language,
    languages: Sequence[Language],
    names: Sequence[str],
    shared: Tree,
) -> Path:
    """Write ``build/mkdocs.<tag>.yml`` and return its path."""
    path = build / f"mkdocs.{language.tag}.yml"
    content = yaml.safe_dump(
        configuration(language, languages, names, shared), allow_unicode=True, sort_keys=False
    )
    files.write(path, content.encode("utf-8"))
    return path


def configuration(
    language: Language, languages: Sequence[Language], names: Sequence[str], shared: Tree
) -> dict[str, Any]:
    """Return what one language adds to ``mkdocs.yml``."""
    say, tag = language.words.say, language.tag
    address = shared.get("site_url") or ""
    return {
        "INHERIT": "../mkdocs.yml",
        "site_name": say("site.name"),
        "site_description": say("site.pages.index.description"),
        "site_url": f"{address.rstrip('/')}/{tag}/" if address else "",
        "docs_dir": f"pages/{tag}",
        "site_dir": f"engine/{tag}",
        "copyright": foot(language),
        "nav": navigation(language, names, shared["extra"]["pages"]),
        "theme": {
            # MkDocs looks for it beside the configuration that is being built.
            "custom_dir": "../docs/theme",
            "language": tag,
            "palette": [
                {
                    **scheme,
                    "toggle": {
                        **scheme["toggle"],
                        "name": say(f"site.theme.{scheme['toggle']['name']}"),
                    },
                }
                for scheme in shared["theme"]["palette"]
            ],
        },
        "extra": {
            "theme_words": {key: say(f"site.theme.{own}") for key, own in _THEME_WORDS.items()},
            "alternate": [
                {"lang": other.tag, "name": other.name, "link": f"../{other.tag}/"}
                for other in languages
            ],
        },
    }


def navigation(language: Language, names: Sequence[str], menu: Menu) -> list[dict[str, Any]]:
    """Return the menu of a language: its pages, those of a section under the section's name."""
    say = language.words.say

    def linked(pages: Sequence[str]) -> list[dict[str, Any]]:
        return [{say(f"site.pages.{name}.nav"): f"{name}.md"} for name in pages if name in names]

    entries: list[dict[str, Any]] = []
    for entry in menu:
        if isinstance(entry, str):
            entries += linked([entry])
        else:
            entries += [
                {say(f"site.sections.{section}"): linked(pages)} for section, pages in entry.items()
            ]
    placed = {name for entry in menu for name in _pages_of(entry)}
    return [*entries, *linked([name for name in names if name not in placed])]


def foot(language: Language) -> str:
    """Return the HTML at the foot of each page of a language."""
    say = language.words.say
    links = ", ".join(f'<a href="{address}">{name}</a>' for name, address in _MADE_WITH)
    return (
        f"{html.escape(say('site.footer.independent'))}<br>"
        f"{html.escape(say('site.footer.made_with'))} {links}."
    )
