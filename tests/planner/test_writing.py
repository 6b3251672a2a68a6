"""What is written of a plan: the same facts in every language, and nothing pasted runs."""

import datetime as dt
import itertools
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from planner.checkout import DATA, read_yaml
from planner.knowledge import Knowledge
from planner.model import Settings
from planner.planning import plan_reading
from planner.reading import File, read
from planner.writing.contract import plan_json, plan_object
from planner.writing.page import announcement, plan_html, plan_text
from planner.writing.sentences import Sentences

CASES = [
    case["input"]
    for path in sorted((Path(__file__).parent.parent / "cases").glob("*.yml"))
    for case in read_yaml(path)
]
SCHEMA = Draft202012Validator(
    json.loads((DATA / "schema" / "plan.schema.json").read_text(encoding="utf-8")),
    format_checker=FormatChecker(),
)
AS_OF_2016 = dt.date(2016, 9, 1)
MANY_FAULTS = """sku,channel,seats,end,market,colour
Visio,moon,many,31/02/2027,Mars,red
Visio,EA,3,03/04/2027,ES,blue,surplus
,,4,soon,,
"""


class Tags(HTMLParser):
    """Collects the elements, attributes and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_plan_fits_its_schema(plan_of: Any) -> None:
    for text in (json.dumps(CASES), MANY_FAULTS, "", "no table", "{"):
        SCHEMA.validate(plan_object(plan_of(text)))


def test_the_same_paste_gives_the_same_bytes(plan_of: Any) -> None:
    text = json.dumps(CASES)

    assert plan_json(plan_of(text)) == plan_json(plan_of(text))


def test_planned_merged_and_set_aside_add_up_to_the_pasted_lines(plan_of: Any) -> None:
    made = plan_object(plan_of("sku,id,seats\nVisio,1,3\nVisio,1,3\nProject,2,x\n"))

    counted = {name: made["reading"][name] for name in ("lines", "planned", "merged", "set_aside")}
    assert counted == {"lines": 3, "planned": 1, "merged": 1, "set_aside": 1}


def test_the_plan_says_what_to_know_about_single_lines(plan_of: Any) -> None:
    text = "Licence,Seats,Expires\nVisio Plan 2,3,2027-01-31\nUnheard Of,3,2027-01-31\n"

    made = plan_object(plan_of(text))

    warned = {one["id"]: one["lines"] for one in made["warned"]}
    assert warned == {
        "product-ambiguous": [2],
        "end-kind-unknown": [2, 3],
        "product-unknown": [3],
    }
    SCHEMA.validate(made)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_sentence_of_every_case_can_be_said(
    language: str, plan_of: Any, knowledge: Knowledge
) -> None:
    for text in (json.dumps(CASES), MANY_FAULTS, "", "no table", "{", "[1]", '{"a": 1}'):
        plan = plan_of(text)
        for written in (
            plan_html(plan, language, knowledge, "../rules/"),
            plan_text(plan, language, knowledge),
        ):
            assert not re.search(r"\{[a-z_]+\}", Tags(written).text)


def test_every_notice_can_be_said_on_every_line_it_can_touch(
    plan_of: Any, knowledge: Knowledge
) -> None:
    lines = [
        {"sku": "Visio", "channel": channel, "status": state, "cspSku": offer, "end": end}
        for channel, state, offer, end in itertools.product(
            [*knowledge.channels, "CSP", ""],
            ["active", "expired", "disabled", "suspended", "deleted", "est", ""],
            ["same", "different", "eos", "not available", ""],
            ["2026-11-20", "2026-11-24", "2027-02-28", ""],
        )
    ]

    plan = plan_of(json.dumps(lines))
    # One line of all that say the same things is enough, whatever its days.
    said = {
        (
            one.path,
            one.regime,
            tuple((notice.id, tuple(notice.values)) for notice in (*one.blockers, *one.warnings)),
            tuple((assumed.id, assumed.assumed) for assumed in one.assumptions),
            tuple(reason.decision for reason in one.because),
            tuple(step.id for step in one.steps),
        ): one
        for one in plan.recommendations
    }
    plan = replace(plan, recommendations=tuple(said.values()))

    for language in knowledge.languages:
        assert plan_html(plan, language, knowledge, "")


def test_languages_say_the_same_days(plan_of: Any, knowledge: Knowledge) -> None:
    plan = plan_of(json.dumps(CASES))

    def days(language: str) -> list[str]:
        return re.findall(r'datetime="([^"]+)"', plan_html(plan, language, knowledge, ""))

    assert days("en") == days("es")
    assert len(days("en")) > len(CASES)


def test_markup_in_a_cell_is_shown_as_text(plan_of: Any, knowledge: Knowledge) -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    text = json.dumps([{"sku": evil, "customer": evil}, {"sku": "Visio", "seats": evil}, evil])

    page = Tags(plan_html(plan_of(text), "en", knowledge, "../rules/"))

    assert {"script", "img"}.isdisjoint(page.names)
    assert not [name for name in page.attributes if name.startswith("on")]
    assert page.text.count(evil) >= 2


def test_rule_ids_link_to_the_rules_page(plan_of: Any, knowledge: Knowledge) -> None:
    html = plan_html(plan_of(json.dumps(CASES[:1])), "es", knowledge, "../rules/")

    assert 'href="../rules/#R-101"' in html


def test_what_decided_links_to_the_page_that_explains_it(
    plan_of: Any, knowledge: Knowledge
) -> None:
    text = "sku,channel,start,term,end\nVisio Plan 2,WEB_MCA,2026-03-01,P1Y,2027-02-28\n"
    html = plan_html(plan_of(text), "en", knowledge, "../rules/")

    for address in ("../rules/../decisions/#D-23", "../rules/../lifecycles/#est", "../rules/#F-01"):
        assert f'<a href="{address}">' in html


def test_a_line_that_no_rule_covers_links_to_what_is_done_then(
    plan_of: Any, knowledge: Knowledge
) -> None:
    plan = plan_of("sku,channel,end,csp sku\nVisio,EA,2016-12-31,same\n", AS_OF_2016)

    assert '<a href="../rules/#P-14">P-14</a>' in plan_html(plan, "en", knowledge, "../rules/")


def test_a_spanish_plan_reads_its_days_in_spanish(plan_of: Any, knowledge: Knowledge) -> None:
    (case,) = [case for case in CASES if str(case.get("sku")).endswith("Premium")][:1]

    html = plan_html(plan_of(json.dumps([case])), "es", knowledge, "")

    assert "25 de febrero de 2027" in html


def test_the_announcement_counts_what_was_planned_and_what_was_not(
    plan_of: Any, knowledge: Knowledge
) -> None:
    plan = plan_of("sku,seats\nVisio,3\nProject,x\n")

    assert announcement(plan, "en", knowledge) == (
        "Plan ready for 1 subscription. 1 line could not be read."
    )
    assert announcement(plan_of(""), "es", knowledge).startswith("No se ha podido")


def test_a_line_of_several_files_is_named_as_its_reader_counts_it(knowledge: Knowledge) -> None:
    one = File("orders.csv", b"sku,seats\nVisio,3\nProject,x\n")
    two = File("list.json", b'[{"sku": "Project", "seats": 4}, {"sku": "Planner", "seats": "x"}]')
    made = plan_reading(read([one, two], knowledge), Settings(dt.date(2026, 11, 23)), knowledge)

    english = Sentences(made, knowledge.words("en"), knowledge)
    spanish = Sentences(made, knowledge.words("es"), knowledge)

    aside = [problem.line for problem in made.reading.set_aside]
    assert [english.place(line) for line in aside] == [
        "Line 3 of orders.csv",
        "Entry 2 of list.json",
    ]
    assert spanish.place(aside[0]) == "Línea 3 de orders.csv"
    planned = tuple(line.line for line in made.reading.subscriptions)
    assert english.lines(planned) == "line 2 of orders.csv and entry 1 of list.json"
