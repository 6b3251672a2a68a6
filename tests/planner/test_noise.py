"""Anything can be pasted: a plan always comes of it, and no line gets lost."""

import datetime as dt
import itertools
import json
import random
from typing import Any

import pytest

from planner.knowledge import Knowledge
from planner.writing.contract import plan_json, plan_object
from planner.writing.page import plan_html, plan_text

PARTS = [
    *("sku", "seats", "end", "id", "channel", "status", "market", "as of", "product", "lines"),
    *("Visio", "Office 365 E3", "WEB_MCA", "CSP_OTHER_NCE", "3", "25.000", "0", "n/a", "-", "?"),
    *("2027-02-28", "31/02/2027", "9999-12-31", "0001-01-01", "1899-12-31", "2027-02-28T23:30-05"),
    *("1e400", "NaN", "null", "true", "9" * 40, "cancelled", "P12M", "декабрь", "無", "US/FR"),
    *('"', '""', "'", "\\", "|", "---", ":--", "{", "}", "[", "]", ":", '{"sku": "Visio"}'),
    *("\ud800", "\udfff", "\x00", "\x1b[2J", "\x9b", "\ufeff", "\u202e", "\u2028", "\xa0", "ﬁ"),
    *("<b>", "{{ x }}", "{line}", "%s", "\x0b", "\x85"),
]
MARKS = ["\t", ";", ",", "|", "\n", "\r\n", "\r", " "]
HEADER = "sku,seats,end,id,channel,,status"


def noise(seed: int) -> str:
    choose = random.Random(seed)  # noqa: S311 - nothing secret
    mark = choose.choice(MARKS[:4])
    cells = [
        choose.choice(PARTS) + choose.choice(("", "", choose.choice(PARTS), '"'))
        for _ in range(choose.randrange(80))
    ]
    ends = [choose.choice((mark, mark, mark, "\n", choose.choice(MARKS))) for _ in cells]
    body = "".join(cell + end for cell, end in zip(cells, ends, strict=True))
    match choose.randrange(4):
        case 0:
            return body
        case 1:
            return json.dumps([dict(itertools.pairwise(cells)), *cells[:5]])
        case 2:
            return "[" + ",".join(cells)
        case _:
            return HEADER.replace(",", mark) + "\n" + body


def lines_without_a_place(text: str, made: dict[str, Any]) -> list[int]:
    """Return the lines that hold something and are neither planned, merged nor set aside.

    A line may be the second half of a quoted cell, where a quote stands before it.
    """
    place = {one["line"] for one in made["recommendations"] + made["merged"] + made["problems"]}
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").split("\n")
    lost, quoted = [], False
    for number, line in enumerate(lines, 1):
        if number in place:
            quoted = '"' in line
        elif line.strip('\t;,|"- :\xa0\u2028\x0b\x85\ufeff\x1c\x1d\x1e\x1f') and not quoted:
            lost.append(number)
    return lost


@pytest.mark.parametrize("tens", range(30))
def test_anything_that_is_pasted_is_planned_or_set_aside(
    tens: int, plan_of: Any, knowledge: Knowledge
) -> None:
    for seed in range(tens * 10, tens * 10 + 10):
        text = noise(seed)
        plan = plan_of(text)
        made = plan_object(plan)
        counted = made["reading"]
        assert plan_json(plan).encode()
        assert plan_html(plan, "es", knowledge, "").encode()
        written = plan_text(plan, "en", knowledge)
        assert not {"\x1b", "\x9b", "\x00", "\x85"} & set(written)
        assert counted["lines"] == counted["planned"] + counted["merged"] + counted["set_aside"]
        if counted["format"] and counted["counts"] == "lines":
            headers = len(plan.reading.parts)
            assert len(lines_without_a_place(text, made)) <= headers, seed


def test_the_days_of_a_plan_never_leave_what_a_date_can_hold(plan_of: Any) -> None:
    days = ["1990-01-01", "2026-11-23", "2200-12-31", ""]
    lines = [
        {"sku": "Visio", "channel": channel, "start": start, "end": end, "term": term, "status": s}
        for channel in ("CSP_OTHER_NCE", "WEB_MCA", "EA", "CSP_OWN_LEGACY")
        for start in days
        for end in days
        for term in ("P1M", "P3Y", "")
        for s in ("active", "expired", "disabled")
    ]
    sent = [{"sku": "x", "sent": day, "duration days": "36500"} for day in days]

    for as_of in (dt.date(1990, 1, 1), dt.date(2200, 12, 31)):
        assert not plan_of(json.dumps(lines + sent), as_of).reading.set_aside


@pytest.mark.parametrize("begun", ["{", '{"a', "[{"])
def test_values_that_never_end_hide_none_that_does(begun: str, plan_of: Any) -> None:
    whole = json.dumps({"sku": "Visio", "seats": 3, "end": "2027-02-28", "channel": "WEB_MCA"})
    plan = plan_of(f"{begun}\n" * 2_000 + f"{whole}\n")

    assert [one.subscription.product for one in plan.recommendations] == ["Visio"]
