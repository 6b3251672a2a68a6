"""Write a plan for people: as HTML for the page, as text for a terminal.

Both are laid out by Jinja2 templates; HTML escapes every value, so nothing that was
pasted is ever markup.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from planner.knowledge import Knowledge
from planner.model import Plan, Recommendation
from planner.writing.sentences import Sentences

Entries = list[tuple[str, tuple[str, ...]]]


def plan_html(plan: Plan, language: str, knowledge: Knowledge, rules_url: str) -> str:
    """Return a plan as one HTML block in a language.

    ``rules_url`` is the address of the rules page; rule ids link to its anchors.
    """
    return _render("plan.html.j2", plan, language, knowledge, rules_url=rules_url)


def plan_text(plan: Plan, language: str, knowledge: Knowledge) -> str:
    """Return a plan as plain text in a language."""
    return _render("plan.txt.j2", plan, language, knowledge) + "\n"


def announcement(plan: Plan, language: str, knowledge: Knowledge) -> str:
    """Return the sentence that a live region says when the plan is ready."""
    return Sentences(plan, knowledge.words(language), knowledge).announcement()


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("planner.writing"),
        autoescape=select_autoescape(["html.j2"], default=False),
        undefined=StrictUndefined,
        keep_trailing_newline=False,
    )


def _render(template: str, plan: Plan, language: str, knowledge: Knowledge, **values: Any) -> str:
    say = Sentences(plan, knowledge.words(language), knowledge)

    def blockers(one: Recommendation) -> Entries:
        return [(say.blocker(one, notice), notice.rules) for notice in one.blockers]

    def warnings(one: Recommendation) -> Entries:
        return [(say.warning(one, notice), notice.rules) for notice in one.warnings]

    def assumptions(one: Recommendation) -> Entries:
        return [(say.assumption(made), made.rules) for made in one.assumptions]

    def optional(one: Recommendation) -> list[str]:
        return [say.path(path) for path in one.optional]

    return (
        _environment()
        .get_template(template)
        .render(
            plan=plan,
            say=say,
            blockers=blockers,
            warnings=warnings,
            assumptions=assumptions,
            optional=optional,
            **values,
        )
    )
