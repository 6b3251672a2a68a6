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
        "sku,id,seats,end\nVisio,a1,3,2027-01-31\nVisio,A1,3,2027-01-31\nVisio,a1,5,2027-02-28\n"
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


@pytest.mark.parametrize("word", ["pending", "TBD", "por confirmar", "3a7f2eef-4b2c…"])
def test_a_word_that_is_no_id_makes_two_products_no_one_line(word: str, plan_of: Any) -> None:
    lines = f"Contoso,{word},Visio Plan 2,2\nContoso,{word},Power BI Pro,7\n"

    for header in ("customer,id,sku,seats\n", "Cliente,Subscription ID,Producto,Licencias\n"):
        plan = plan_of(header + lines)

        assert not plan.merged
        assert [one.subscription.seats for one in plan.recommendations] == [2, 7]


def test_a_word_that_is_no_tenant_does_not_make_two_customers_one(plan_of: Any) -> None:
    text = "tenant id,customer,sku,id\npending,Contoso,Visio,1\npending,Fabrikam,Visio,1\n"

    assert not plan_of(text).merged
