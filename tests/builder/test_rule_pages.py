"""The pages made of ``data/rules`` show what the data says, in every language."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest

from builder import drawings, ruleset
from builder.changes import Changes
from builder.citations import citable
from builder.conditions import Conditions, alternatives
from builder.decisions import Decisions
from builder.lifecycles import Lifecycles
from builder.pages import Library, Page
from builder.paths import DOCS
from builder.trouble import Trouble
from planner.checkout import DATA, Tree, read_folder
from planner.knowledge import Knowledge
from planner.words import Words

TREE = read_folder(DATA)
RULES = citable(TREE)
TABLES: Tree = TREE["rules"]
LANGUAGES = sorted(TREE["languages"])
LIBRARY = Library.of(DOCS / "pages", TREE, "runtime")

#: What a code of the data looks like: CAPITALS_WITH, snake_case, or a term such as P1M.
CODE = re.compile(r"\b(?:[A-Z]+_[A-Z_]+|[a-z]+_[a-z_]+|P1M|P1Y|P3Y)\b")


def words(tag: str) -> Words:
    return Words(tag, TREE["languages"][tag])


def decisions(tag: str) -> Decisions:
    return Decisions(TREE, RULES, words(tag))


def lifecycles(tag: str) -> Lifecycles:
    return Lifecycles(TREE, RULES, words(tag))


def rendered(name: str, tag: str) -> str:
    return Page(name, words(tag), LIBRARY).render()


def stated_rows() -> list[Tree]:
    return [*TABLES["paths"]["paths"], *TABLES["paths"]["modifiers"]]


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_decision_has_its_anchor_once(tag: str) -> None:
    heading = r"^#{3,4} [A-Z]+-\d+\w* · .*\{ #(\S+) \}$"
    anchors = re.findall(heading, rendered("decisions", tag), re.MULTILINE)
    assert len(anchors) == len(set(anchors)) == len(stated_rows())
    assert {row["id"] for row in stated_rows()} <= set(anchors)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_rows_keep_the_order_of_evaluation(tag: str) -> None:
    shown = [row for section in decisions(tag).sections for row in section.rows]
    assert [(row.id, row.path) for row in shown] == [
        (row["id"], row["path"]) for row in TABLES["paths"]["paths"]
    ]


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_condition_is_said_in_full_and_without_a_code(tag: str) -> None:
    table = decisions(tag)
    shown = [row for section in table.sections for row in section.rows] + [*table.modifiers]
    for row, stated in zip(shown, stated_rows(), strict=True):
        sets = alternatives(stated["when"])
        assert [len(clauses) for clauses in row.conditions] == [len(one) for one in sets], row.id
    entries = [entry for group in (*table.blockers, *table.warnings) for entry in group.entries]
    conditions = [
        *(row.conditions for row in shown),
        *(entry.conditions for entry in (*entries, *table.assumptions)),
        *(row.conditions for row in lifecycles(tag).selection),
    ]
    said = [clause.sentence for sets in conditions for clauses in sets for clause in clauses]
    assert [sentence for sentence in said if CODE.search(sentence)] == []


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_fact_and_value_of_the_vocabulary_has_words(tag: str) -> None:
    conditions = Conditions(words(tag), RULES)
    for fact, values in TABLES["vocabulary"]["facts"].items():
        codes = values if isinstance(values, list) else ["known", "unknown"]
        if values == "day":
            assert not CODE.search(conditions.values(fact, codes)), fact
        elif isinstance(values, list):
            assert all(conditions.clause(fact, code).test for code in codes), fact
        else:
            assert words(tag).say(f"decisions.facts.{fact}")


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_figure_a_condition_compares_with_is_shown(tag: str) -> None:
    table, known = decisions(tag), Knowledge(TREE)
    shown = [row for section in table.sections for row in section.rows] + [*table.modifiers]
    for row, stated in zip(shown, stated_rows(), strict=True):
        for clauses, one in zip(row.conditions, alternatives(stated["when"]), strict=True):
            for clause, expected in zip(clauses, one.values(), strict=True):
                if (
                    isinstance(expected, dict)
                    and "not" not in expected
                    and 0 not in expected.values()
                ):
                    (limit,) = expected.values()
                    assert words(tag).format(known.limit(limit)) in clause.test, row.id


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_notice_and_question_of_the_data_is_shown_once(tag: str) -> None:
    table = decisions(tag)
    for kind, groups in (("blockers", table.blockers), ("warnings", table.warnings)):
        shown = [entry.id for group in groups for entry in group.entries]
        assert sorted(shown) == sorted(row["id"] for row in TABLES["notices"][kind])
    assert [entry.id for entry in table.assumptions] == [
        row["id"] for row in TABLES["assumptions"]["assumptions"]
    ]


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_drawing_leads_to_every_row_and_runs_no_script(tag: str) -> None:
    drawing = drawings.flow(decisions(tag), words(tag))
    for section in decisions(tag).sections:
        assert f'href="#{section.anchor}"' in drawing
        for row in section.rows:
            assert f'href="#{row.anchor}"' in drawing
    assert "<script" not in drawing
    assert not re.search(r"\son[a-z]+=", drawing)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_days_shown_are_those_the_planner_counts(tag: str) -> None:
    shown = [row.regime for row in lifecycles(tag).selection]
    counted = [regime for _, regime in Knowledge(TREE).regime_rows]
    assert [regime and (regime.code, regime.users, regime.data) for regime in shown] == [
        regime and (regime.code, regime.access, regime.data) for regime in counted
    ]
    assert all(regime.deleted == regime.data + 1 for regime in shown if regime)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_table_and_the_drawing_show_each_lifecycles_days(tag: str) -> None:
    page, drawing = rendered("lifecycles", tag), drawings.bars(lifecycles(tag), words(tag))
    for regime in lifecycles(tag).regimes:
        part = page.split(f"{{ #{regime.anchor} }}")[1].split("</dl>")[0]
        assert re.findall(r"<dd>(.*?)</dd>", part) == [
            words(tag).say("lifecycles.day", count=day)
            for day in (regime.users, regime.data, regime.deleted)
        ]
        for day in {regime.users, regime.data} - {0}:
            assert f">{words(tag).say('lifecycles.day', count=day)}</text>" in drawing


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_channel_says_what_follows_its_term(tag: str) -> None:
    named = [name for channel in lifecycles(tag).channels for name in channel.names]
    assert sorted(named) == sorted(
        words(tag).say(f"planner.labels.channels.{channel}")
        for channel in TABLES["channels"]["channels"]
    )
    # The last line of each channel holds whatever the facts are.
    assert all(channel.follows[-1].conditions == ((),) for channel in lifecycles(tag).channels)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_task_has_a_role_and_a_rule(tag: str) -> None:
    tasks = lifecycles(tag).tasks
    assert len(tasks) == len(TABLES["roles"]["tasks"])
    assert all((task.partner or task.customer) and task.rules for task in tasks)


@pytest.mark.parametrize("name", ["decisions", "lifecycles", "changes", "rules"])
def test_pages_cite_only_what_exists(name: str) -> None:
    cited = set(re.findall(r"\]\(rules\.md#([a-z]-\d+)\)", rendered(name, "en")))
    assert {item for item in cited if item.upper() not in RULES} == set()


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_history_takes_its_days_from_the_rules(tag: str) -> None:
    history = Changes(TREE, RULES, words(tag)).history
    told = {change.id: day.day for day in history for change in day.changes}
    for entry in TABLES["changelog"]["history"]:
        rule, _, name = entry["on"].partition(".")
        assert told[entry["id"]] == RULES[rule]["figures"][name]["value"]
    assert [day.day for day in history] == sorted((day.day for day in history), reverse=True)


def test_the_newest_version_of_the_changelog_is_the_one_plans_carry() -> None:
    assert Changes(TREE, RULES, words("en")).versions[0].day == TABLES["version"]["version"]
    other: Any = {"rules": {**TABLES, "version": {"version": "2030-01-01"}}}
    with pytest.raises(Trouble, match=r"version\.yml, 2030-01-01"):
        _ = Changes(other, RULES, words("en")).versions


def test_only_rules_verified_too_long_ago_are_marked() -> None:
    mark = words("en").say("rules.page.due")
    verified = max(
        dt.date.fromisoformat(rule["verified"]) for rule in RULES.values() if "verified" in rule
    )
    for days, marked in ((180, 0), (181, sum("verified" in rule for rule in RULES.values()))):
        on = verified + dt.timedelta(days=days)
        library = Library(LIBRARY.templates, TREE, RULES, "runtime", on)
        page = Page("rules", words("en"), library).render()
        assert page.count(f"<mark>{mark}</mark>") >= marked
        if not marked:
            assert f"<mark>{mark}</mark>" not in page


def test_published_rules_are_the_data() -> None:
    published = json.loads(ruleset.rules_json(TREE))
    assert next(iter(published)) == "version"
    assert published.pop("version") == TABLES["version"]["version"]
    for name in ("facts", "policies", "paths", "lifecycles", "sources", "notices", "channels"):
        assert published[name] == TABLES[name], name
    assert published.keys() == TABLES.keys() - {"version", "flow"}


def test_published_rules_are_the_same_every_time() -> None:
    turned = {"rules": {name: TABLES[name] for name in reversed(TABLES)}}
    assert ruleset.rules_json(turned) == ruleset.rules_json(TREE)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_conflict_that_touches_no_line_says_so_on_the_page_of_the_rules(tag: str) -> None:
    page, said = rendered("rules", tag), words(tag).say("rules.page.pages_only")

    entries = re.split(r"\n(?=\*\*[A-Z]-\d+\*\*)", page)
    told = {entry[2:].partition("**")[0] for entry in entries if said in entry}
    conflicts = TABLES["conflicts"]["conflicts"]
    assert told == {name for name, one in conflicts.items() if "pages_only" in one}
