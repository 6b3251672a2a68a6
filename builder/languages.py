"""The languages of the site: those that have a folder with a ``site.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from builder.trouble import Trouble
from planner.checkout import Tree
from planner.words import Words


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its tag, what it calls itself, its words."""

    tag: str
    name: str
    words: Words


def of(knowledge: Tree, default: str) -> list[Language]:
    """Return the site's languages, the default one first, then by tag.

    Raises:
        Trouble: The default language has no words.
    """
    found = {
        tag: Language(tag, words["site"]["language"], Words(tag, words))
        for tag, words in knowledge.get("languages", {}).items()
        if isinstance(words, Mapping) and "site" in words
    }
    if default not in found:
        raise Trouble(
            f"mkdocs.yml: extra.default_language is {default}, "
            f"but data/languages/{default}/site.yml isn't there"
        )
    return sorted(found.values(), key=lambda language: (language.tag != default, language.tag))
