"""Render one page in one language: Markdown with words, figures and citations filled in."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from babel.dates import format_skeleton

from builder import drawings
from builder.changes import Changes
from builder.citations import citable
from builder.decisions import Decisions
from builder.figures import figure
from builder.lifecycles import Lifecycles
from builder.paths import BENCH
from builder.speed import Speed
from builder.templates import COMPILED
from builder.trouble import Trouble
from builder.upkeep import Upkeep, build_day
from planner.checkout import Tree
from planner.words import MissingValue, MissingWords, Value, Words


@dataclass(frozen=True, slots=True)
class Library:
    """What every page draws on: the templates, the knowledge, what can be cited."""

    templates: jinja2.Environment
    knowledge: Tree
    rules: Mapping[str, Tree]
    runtime_key: str
    today: dt.date

    @classmethod
    def of(cls, pages: Path, knowledge: Tree, runtime_key: str) -> Library:
        """Return the library of a folder of templates and a checked tree of ``data/``."""
        templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(pages),
            bytecode_cache=COMPILED,
            undefined=jinja2.StrictUndefined,
            autoescape=False,  # noqa: S701 - the result is Markdown; every input is the project's own
            keep_trailing_newline=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        return cls(templates, knowledge, citable(knowledge), runtime_key, build_day())


@dataclass(frozen=True, slots=True)
class Page:
    """One page in one language, with the functions its template may call."""

    name: str
    words: Words
    library: Library

    def text(self, key: str, /, *rules: str, **values: Value) -> str:
        """Return a sentence of the page alone; rules lend it their figures.

        A key belongs to the page's own branch (``guide.<page>``) unless it starts
        with a dot.
        """
        full = key[1:] if key.startswith(".") else f"guide.{self.name}.{key}"
        return self.words.say(full, **{**self._figures(full, rules), **values})

    def say(self, key: str, /, *rules: str, **values: Value) -> str:
        """Return a sentence followed by links to the rules it rests on."""
        sentence = self.text(key, *rules, **values)
        # A no-break space: a citation never begins a line.
        return f"{sentence}\N{NO-BREAK SPACE}{self.cite(*rules)}" if rules else sentence

    def cite(self, *ids: str) -> str:
        """Return links to rules, and to rows of the decision table."""
        return " ".join(f"[{name}]({_page_of(name)}.md#{name}){{ .cite }}" for name in ids)

    def rule(self, name: str) -> str:
        """Return the sentence of one rule with the figures it may use."""
        stated = self.library.rules[name]
        lenders = (name,) if "figures" in stated else tuple(stated.get("rules") or ())
        return self.text(f".rules.{name}", *lenders)

    def date(self, written: str) -> str:
        """Return a day, month or year (``2026-05-04``, ``2026-05``, ``2026``) in words."""
        year, month, day = (*written.split("-"), "", "")[:3]
        try:
            first = dt.date(int(year), int(month or 1), int(day or 1))
        except ValueError as error:
            raise Trouble(f"{written} is no date: write 2026-05-04, 2026-05 or 2026") from error
        if day:
            return self.words.format(first)
        return format_skeleton("yMMMM" if month else "y", first, locale=self.words.locale)

    def _figures(self, key: str, rules: tuple[str, ...]) -> dict[str, Value]:
        found: dict[str, Value] = {}
        origin: dict[str, str] = {}
        for rule in rules:
            if rule not in self.library.rules:
                raise Trouble(f"{key} cites {rule}, which no file of data/rules has")
            for name, written in (self.library.rules[rule].get("figures") or {}).items():
                value = figure(written, f"{rule}: {name}")
                if found.setdefault(name, value) != value:
                    raise Trouble(
                        f"{key} cites {origin[name]} and {rule}, whose figures {name} differ: "
                        "cite one of them or give the figure another name"
                    )
                origin.setdefault(name, rule)
        return found

    def render(self) -> str:
        """Return the page's Markdown.

        Raises:
            Trouble: A word, figure or rule is missing; names page, language and key.
        """
        up = "../" if self.name == "index" else "../../"
        language = self.words.language
        try:
            body = self.library.templates.get_template(f"{self.name}.md").render(
                say=self.say,
                text=self.text,
                date=self.date,
                cite=self.cite,
                rule=self.rule,
                view=self._view(),
                root=up,
                runtime=f"{up}runtime/{self.library.runtime_key}/",
                language=language,
                page=self.name,
                knowledge=self.library.knowledge,
            )
        except MissingWords as error:
            raise Trouble(
                f"docs/pages/{self.name}.md in {language}: there are no words under {error}"
            ) from error
        except MissingValue as error:
            raise Trouble(
                f"docs/pages/{self.name}.md in {language}: {error}, "
                "but no rule cited there has that figure"
            ) from error
        except Trouble as error:
            raise Trouble(f"docs/pages/{self.name}.md in {language}: {error}") from error
        except jinja2.TemplateSyntaxError as error:
            raise Trouble(
                f"docs/pages/{error.name}, line {error.lineno}: {error.message}"
            ) from error
        except jinja2.TemplateError as error:
            raise Trouble(f"docs/pages/{self.name}.md in {language}: {error.message}") from error
        return self._with_description(body)

    def _view(self) -> Mapping[str, Any]:
        """Return what the builder prepares for this page alone."""
        prepare = _VIEWS.get(self.name)
        return prepare(self.library, self.words) if prepare else {}

    def _with_description(self, body: str) -> str:
        description = self.words.say(f"site.pages.{self.name}.description")
        # JSON is YAML: quotes and colons in a description stay what they are.
        line = f"description: {json.dumps(description, ensure_ascii=False)}\n"
        if body.startswith("---\n"):
            return f"---\n{line}{body.removeprefix('---\n')}"
        return f"---\n{line}---\n{body}"


def _page_of(name: str) -> str:
    return "decisions" if name.startswith("D-") else "rules"


def _decisions(library: Library, words: Words) -> Mapping[str, Any]:
    decisions = Decisions(library.knowledge, library.rules, words)
    return {"decisions": decisions, "drawing": drawings.flow(decisions, words)}


def _lifecycles(library: Library, words: Words) -> Mapping[str, Any]:
    lifecycles = Lifecycles(library.knowledge, library.rules, words)
    return {"lifecycles": lifecycles, "drawing": drawings.bars(lifecycles, words)}


def _changes(library: Library, words: Words) -> Mapping[str, Any]:
    return {"changes": Changes(library.knowledge, library.rules, words)}


def _rules(library: Library, _words: Words) -> Mapping[str, Any]:
    return {"upkeep": Upkeep(library.knowledge, library.rules, library.today)}


def _speed(_library: Library, words: Words) -> Mapping[str, Any]:
    return {"speed": Speed(BENCH, words)}


#: What pages need beyond words and figures: each made by the builder, laid out by its template.
_VIEWS: Mapping[str, Callable[[Library, Words], Mapping[str, Any]]] = {
    "changes": _changes,
    "decisions": _decisions,
    "lifecycles": _lifecycles,
    "rules": _rules,
    "speed": _speed,
}
