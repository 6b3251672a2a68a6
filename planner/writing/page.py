"""Write a plan for people: as HTML for the page, as text for a terminal.

Both are laid out by Jinja2 templates; HTML escapes every value, so nothing that was
pasted is ever markup.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from planner.comparing import Comparison
from planner.knowledge import Knowledge
from planner.model import Plan, Recommendation
from planner.planning import all_alternatives
from planner.writing.sentences import Sentences

Entries = list[tuple[str, tuple[str, ...]]]

_BREAK = re.compile("[\t\n\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_PRIVATE = 0xF0000  # Characters that no text uses stand for the links until the rest is escaped.


def plan_html(plan: Plan, language: str, knowledge: Knowledge, rules_url: str) -> str:
    """Return a plan as one HTML block in a language.

    ``rules_url`` is the address of the rules page; rule ids link to its anchors.
    """
    return render("plan.html.j2", plan, language, knowledge, rules_url=rules_url)


def plan_text(plan: Plan, language: str, knowledge: Knowledge) -> str:
    """Return a plan as plain text in a language."""
    return render("plan.txt.j2", plan, language, knowledge) + "\n"


def changes_text(comparison: Comparison, plan: Plan, language: str, knowledge: Knowledge) -> str:
    """Return as plain text what differs from an earlier plan; ``plan`` is the later one."""
    settings = {"comparison": comparison}
    return render("changes.txt.j2", plan, language, knowledge, **settings).strip() + "\n"


def ways_text(plan: Plan, language: str, knowledge: Knowledge) -> str:
    """Return as plain text the ways to handle each line of a plan, side by side."""
    lines = {one.subscription.line: one.subscription for one in plan.recommendations}
    ways = ((lines[line], found) for line, found in all_alternatives(plan, knowledge))
    return render("ways.txt.j2", plan, language, knowledge, ways=ways).strip() + "\n"


def announcement(plan: Plan, language: str, knowledge: Knowledge) -> str:
    """Return the sentence that a live region says when the plan is ready."""
    return Sentences(plan, knowledge.words(language), knowledge).announcement()


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("planner.writing"),
        autoescape=select_autoescape(["html.j2"], default=False),
        undefined=StrictUndefined,
        finalize=_one_line,
        keep_trailing_newline=False,
        # A template that was compiled stays as it is: looking for its file takes longer than it.
        auto_reload=False,
    )


def _one_line(value: object) -> object:
    """Return a value as one line without control characters, which a terminal would obey."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return _CONTROL.sub("\ufffd", _BREAK.sub(" ", value))


def render(template: str, plan: Plan, language: str, knowledge: Knowledge, **values: Any) -> str:
    """Return a template filled with a plan, its sentences and further values.

    The figures in the sentences are those that ``knowledge`` has on the plan's day: a
    knowledge of that day keeps the reader's own lead times.
    """
    knowledge = knowledge.on(plan.as_of)
    words = knowledge.words(language)
    say = Sentences(plan, words, knowledge)

    def lines(numbers: tuple[int, ...]) -> Markup:
        """Return line numbers as a list whose numbers lead to their lines."""
        marks = [chr(_PRIVATE + place) for place in range(len(numbers))]
        text = escape(say.places(numbers, marks))
        for mark, number in zip(marks, numbers, strict=True):
            shown = say.number(say.place_of(number).number)
            link = Markup('<a href="#plan-line-{}">{}</a>').format(number, shown)
            text = text.replace(mark, link)
        return text

    regimes = {regime.code for _, regime in knowledge.regime_rows if regime}
    rows = {row.id for row in knowledge.decisions} | {row.id for row in knowledge.modifiers}

    def decided_at(decision: str) -> str:
        """Return the address of what decided: a row of the table, a regime or a formula."""
        if decision in regimes:
            return f"{values['rules_url']}../lifecycles/#{decision.lower()}"
        page = "../decisions/" if decision in rows else ""
        return f"{values['rules_url']}{page}#{decision}"

    def blockers(one: Recommendation) -> Entries:
        return [(say.blocker(one, notice), notice.rules) for notice in one.blockers]

    def warnings(one: Recommendation) -> Entries:
        return [(say.warning(one, notice), notice.rules) for notice in one.warnings]

    def assumptions(one: Recommendation) -> Entries:
        return [(say.assumption(made), made.rules) for made in one.assumptions]

    def optional(one: Recommendation) -> list[str]:
        return [say.path(path) for path in one.optional]

    def assumption_of(question: str) -> str:
        key = f"planner.assumptions.{question}.assumed"
        return words.say(key) if words.has(key) else ""

    return (
        _environment()
        .get_template(template)
        .render(
            plan=plan,
            say=say,
            lines=lines,
            decided_at=decided_at,
            blockers=blockers,
            warnings=warnings,
            assumptions=assumptions,
            optional=optional,
            ui=lambda key, **filled: words.say(f"planner.ui.{key}", **filled),
            question_of=lambda name: words.say(f"planner.assumptions.{name}.question"),
            assumption_of=assumption_of,
            **values,
        )
    )
