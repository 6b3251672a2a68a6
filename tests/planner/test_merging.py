"""Lines that name the same subscription: planned once, and said so."""

from typing import Any

import pytest

from planner.knowledge import Knowledge
from planner.writing.contract import plan_object
from planner.writing.page import plan_html, plan_text


@pytest.mark.parametrize("word", ["n/a", "-", "unknown", ""])
def test_a_word_for_nothing_merges_no_lines(word: str, plan_of: Any) -> None:
    assert not plan_of(f"sku,id\nVisio,{word}\nProject,{word}\n").merged


def test_ids_that_every_customer_has_merge_only_within_a_customer(plan_of: Any) -> None:
    text = "customer,sku,id\nContoso,Visio,1\nFabrikam,Visio,1\ncontoso,Visio,1\n"

    assert plan_of(text).merged == {4: 2}


def test_the_tenant_tells_customers_apart_before_the_name_does(plan_of: Any) -> None:
    text = "tenant id,customer,sku,id\nt1,Contoso,Visio,1\nt2,Contoso,Visio,1\nT1,,Visio,1\n"

    assert plan_of(text).merged == {4: 2}


@pytest.mark.parametrize("write", ["html", "text"])
@pytest.mark.parametrize(
    ("language", "same", "differs"),
    [
        (
            "en",
            "Line 3 is the same subscription as line 2.",
            "says something else in seats and end",
        ),
        (
            "es",
            "Línea 3: es la misma suscripción que la línea 2.",
            "indica otra cosa en seats y end",
        ),
    ],
)
def test_merged_lines_are_listed_with_what_differs(
    write: str, language: str, same: str, differs: str, plan_of: Any, knowledge: Knowledge
) -> None:
    plan = plan_of(
        "sku,id,seats,end\nVisio,a,3,2027-01-31\nVisio,A,3,2027-01-31\nVisio,a,5,2027-02-28\n"
    )

    written = {
        "html": lambda: plan_html(plan, language, knowledge, ""),
        "text": lambda: plan_text(plan, language, knowledge),
    }[write]()

    assert same in written
    assert differs in written
    assert plan_object(plan)["merged"] == [
        {"line": 3, "into": 2, "differs": []},
        {"line": 4, "into": 2, "differs": ["seats", "end"]},
    ]
