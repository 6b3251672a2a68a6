"""Render one page in one language: Markdown with words, figures and citations filled in."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import jinja2
from babel.dates import format_skeleton

from builder.knowledge import citable
from builder.trouble import Trouble
from planner.checkout import Tree
from planner.words import Figure, MissingValue, MissingWords, Value, Words


@dataclass(frozen=True, slots=True)
class Library:
    """What every page draws on: the templates, the knowledge, what can be cited."""

    templates: jinja2.Environment
    knowledge: Tree
    rules: Mapping[str, Tree]
    runtime_key: str

    @classmethod
    def of(cls, pages: Path, knowledge: Tree, runtime_key: str) -> Library:
        """Return the library of a folder of templates and a checked tree of ``data/``."""
        templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(pages),
            undefined=jinja2.StrictUndefined,
            autoescape=False,  # noqa: S701 - the result is Markdown; every input is the project's own
            keep_trailing_newline=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        return cls(templates, knowledge, citable(knowledge), runtime_key)


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
        links = " ".join(f"[{rule}](rules.md#{rule.lower()}){{ .cite }}" for rule in rules)
        # A no-break space: a citation never begins a line.
        return f"{sentence}\N{NO-BREAK SPACE}{links}" if links else sentence

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

    def _with_description(self, body: str) -> str:
        description = self.words.say(f"site.pages.{self.name}.description")
        # JSON is YAML: quotes and colons in a description stay what they are.
        line = f"description: {json.dumps(description, ensure_ascii=False)}\n"
        if body.startswith("---\n"):
            return f"---\n{line}{body.removeprefix('---\n')}"
        return f"---\n{line}---\n{body}"


def figure(written: Mapping[str, Any], where: str) -> Figure:
    """Return a figure of ``data/rules`` as the value that words format.

    Raises:
        Trouble: It has no value or unit, or its date doesn't exist.
    """
    try:
        value, unit = written["value"], written["unit"]
        if unit == "date":
            return Figure(dt.date.fromisoformat(value), unit)
        return Figure(value if isinstance(value, int) else Decimal(str(value)), unit)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise Trouble(
            f"data/rules: {where} is no figure: it needs a value and a unit, dates as 2026-05-04"
        ) from error
