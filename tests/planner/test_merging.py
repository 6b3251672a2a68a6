"""Lines that name the same subscription: planned once, and said so."""

import datetime as dt
import json
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


GUID = "5b46aaaa-1111-2222-3333-444444444444"
HEADER = "Customer,Tenant ID,Product,Seats,Subscription ID,End date\n"


@pytest.mark.parametrize("other", ["Northwind Traders", "", "northwind"])
def test_a_guid_names_one_subscription_whatever_its_customer_is_called(
    other: str, plan_of: Any, knowledge: Knowledge
) -> None:
    plan = plan_of(
        f"{HEADER}Northwind,42ad749c-1111-2222-3333-444444444444,Visio Plan 2,3,{GUID.upper()},"
        f"2027-03-01\n{other},,Visio Plan 2,3,{GUID},2027-03-01\n"
    )

    assert plan.merged == {3: 2}
    said = "says something else in Customer." in plan_text(plan, "en", knowledge)
    assert said == (other == "Northwind Traders")


def test_a_guid_under_many_customers_is_none_of_a_subscription(plan_of: Any) -> None:
    """Some call the column of the product's id so: every customer's line then has the same."""
    customers = ["Contoso", "Fabrikam", "Northwind", "Contoso"]
    lines = [f"{one},,Visio Plan 2,3,{GUID},2027-03-01\n" for one in customers]

    assert plan_of(HEADER + "".join(lines)).merged == {5: 2}


def test_zeros_are_no_subscriptions_id(plan_of: Any) -> None:
    nobody = "00000000-0000-0000-0000-000000000000"
    lines = [f"{one},,Visio Plan 2,3,{nobody},2027-03-01\n" for one in ("Contoso", "Fabrikam")]

    assert not plan_of(HEADER + "".join(lines)).merged


def test_the_line_kept_has_from_the_other_what_it_does_not_state(plan_of: Any) -> None:
    """Graph's list comes first and knows neither who sold it nor its term; Partner Center does."""
    graph = {
        "id": "aaaa1111-1111-2222-3333-444444444444",
        "commerceSubscriptionId": GUID.upper(),
        "createdDateTime": "2025-03-01T00:00:00Z",
        "nextLifecycleDateTime": "2027-03-01T00:00:00Z",
        "skuId": "f245ecc8-75af-4f8e-b61f-27d8114de5f3",
        "skuPartNumber": "O365_BUSINESS_PREMIUM",
        "status": "Enabled",
        "totalLicenses": 40,
    }
    partner_center = {
        "id": GUID,
        "offerId": "CFQ7TTC0LDPB:0001:CFQ7TTC0K971",
        "offerName": "Microsoft 365 Business Standard",
        "quantity": 35,
        "effectiveStartDate": "2026-03-01T00:00:00Z",
        "commitmentEndDate": "2027-02-28T00:00:00Z",
        "status": "active",
        "autoRenewEnabled": True,
        "billingCycle": "monthly",
        "termDuration": "P1Y",
    }
    plan = plan_of(f"{json.dumps([graph])}\n\n{json.dumps([partner_center])}")

    (one,) = plan.recommendations
    kept = one.subscription
    assert one.path == "PARTNER_TRANSFER"
    assert (kept.seats, kept.term, kept.auto_renew, kept.end) == (
        40,
        "P1Y",
        "on",
        dt.date(2027, 2, 28),
    )
    assert [*plan.differing.values()] == [("seats", "start")]


def test_days_and_prices_are_taken_whole_or_not_at_all(plan_of: Any) -> None:
    plan = plan_of(
        "Product,Subscription ID,Start date,End date,Price,Currency\n"
        "Visio Plan 2,a1,,2027-01-31,9,\nVisio Plan 2,a1,2026-06-01,2027-05-31,8,EUR\n"
    )

    (one,) = plan.recommendations
    assert (one.subscription.start, one.subscription.currency) == (None, "")
    assert plan.differing == {3: ("unit_price", "end")}
