"""Lists that come in pages: which are whole, and lists of pages as a loop collects them."""

import json
from typing import Any

import pytest

from planner.knowledge import Knowledge
from planner.reading import read


def pax8(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "companyId": "c",
        "productId": "p",
        "productName": "Visio Plan 2",
        "quantity": 2,
        "billingTerm": "Monthly",
        "billingStart": "2026-02-03",
    }


def partner_center(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "offerId": "CFQ7TTC0LFLX:0001",
        "offerName": "Microsoft 365 E3",
        "quantity": 5,
        "effectiveStartDate": "2026-03-01",
        "commitmentEndDate": "2027-02-28",
    }


def streamone(name: str) -> dict[str, Any]:
    return {
        "subscriptionId": name,
        "ccpProductId": "CFQ7TTC0LFLX",
        "subscriptionOfferId": "CFQ7TTC0LFLX:0001",
        "subscriptionTotalLicenses": "12",
        "subscriptionBillingTerm": "P1Y",
    }


def crayon(name: str) -> dict[str, Any]:
    return {
        "PublisherSubscriptionId": name,
        "CustomerTenant": {"Name": "Contoso", "PublisherCustomerId": "t1"},
        "Product": {"PartNumber": "CFQ7TTC0LFLX:0001", "ItemName": "Microsoft 365 E3"},
        "Quantity": 4,
    }


def graph(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "skuPartNumber": "SPB",
        "totalLicenses": 5,
        "status": "Enabled",
        "nextLifecycleDateTime": None,
    }


def of_pax8(number: int, pages: int) -> dict[str, Any]:
    return {"content": [pax8(f"s{number}")], "page": {"number": number, "totalPages": pages}}


def of_partner_center(*names: str, total: int, **links: Any) -> dict[str, Any]:
    items = [partner_center(name) for name in names]
    return {"totalCount": total, "items": items, "links": {"self": {"uri": "/x"}, **links}}


NEXT = {"uri": "/customers/x/subscriptions?size=1"}
ON_FURTHER_PAGES: dict[str, list[dict[str, Any]]] = {
    "pax8": [of_pax8(0, 4)],
    "pax8, two pages of four": [of_pax8(0, 4), of_pax8(1, 4)],
    "partner center, total": [of_partner_center("a", total=40)],
    "partner center, next": [of_partner_center("a", total=1, next=NEXT)],
    "partner center, one customer's list is cut": [
        of_partner_center("a", total=1),
        of_partner_center("b", "c", total=3),
    ],
    "streamone": [{"items": [streamone("a")], "nextPageToken": "abc"}],
    "crayon": [{"Items": [crayon("a")], "TotalHits": 9}],
    "graph": [{"@odata.nextLink": "https://graph.example/2", "value": [graph("a")]}],
}
WHOLE: dict[str, list[dict[str, Any]]] = {
    "pax8": [of_pax8(0, 1)],
    "pax8, all pages": [of_pax8(0, 2), of_pax8(1, 2)],
    "partner center": [of_partner_center("a", "b", total=2)],
    "partner center, all pages": [
        of_partner_center("a", "b", total=3, next=NEXT),
        of_partner_center("c", total=3),
    ],
    "partner center, several customers": [
        of_partner_center("a", "b", total=2),
        of_partner_center("c", total=1),
    ],
    "partner center, more entries than it counts": [of_partner_center("a", "b", "c", total=2)],
    "streamone, null": [{"items": [streamone("a")], "nextPageToken": None}],
    "streamone, empty": [{"items": [streamone("a")], "nextPageToken": ""}],
    "crayon": [{"Items": [crayon("a")], "TotalHits": 1}],
    "crayon, add-ons don't count": [
        {"Items": [crayon("a") | {"Subscriptions": [crayon("b")]}], "TotalHits": 1}
    ],
    "graph, all pages": [
        {"@odata.nextLink": "https://graph.example/2", "value": [graph("a")]},
        {"value": [graph("b")]},
    ],
}


def said(pages: list[dict[str, Any]], knowledge: Knowledge) -> list[bool]:
    """Tell whether the reader is told of further pages: page after page, and as one list."""
    texts = ["\n".join(map(json.dumps, pages)), json.dumps(pages)]
    readings = [read(text, knowledge) for text in texts]
    assert all(len(reading.subscriptions) >= len(pages) for reading in readings)
    return ["more-pages" in [note.id for note in reading.notes] for reading in readings]


@pytest.mark.parametrize("name", ON_FURTHER_PAGES)
def test_a_list_that_goes_on_elsewhere_says_so(name: str, knowledge: Knowledge) -> None:
    assert said(ON_FURTHER_PAGES[name], knowledge) == [True, True]


@pytest.mark.parametrize("name", WHOLE)
def test_of_a_whole_list_no_further_page_is_asked_for(name: str, knowledge: Knowledge) -> None:
    assert said(WHOLE[name], knowledge) == [False, False]


def test_pages_that_a_loop_collected_are_read_as_their_entries(knowledge: Knowledge) -> None:
    pages: list[Any] = [{"@odata.context": "x", "value": [graph("a"), graph("b")]}, [graph("c")]]

    reading = read(json.dumps(pages), knowledge)

    assert [one.subscription_id for one in reading.subscriptions] == ["a", "b", "c"]
    assert reading.set_aside == ()


def test_a_list_beside_a_customer_is_no_page(knowledge: Knowledge) -> None:
    records = [{"company": "Contoso", "items": [graph("a")]}, {"company": "A", "items": []}]

    reading = read(json.dumps(records), knowledge)

    assert reading.subscriptions == ()
    assert [one.id for one in reading.set_aside] == ["unknown-keys"]


def test_an_add_on_inside_a_subscription_is_of_the_same_customer(knowledge: Knowledge) -> None:
    own = {"Name": "Fabrikam", "PublisherCustomerId": "t2"}
    inner = crayon("b") | {"CustomerTenant": None, "Subscriptions": [crayon("c")]}
    del inner["Subscriptions"][0]["CustomerTenant"]
    record = crayon("a") | {"Subscriptions": [inner, crayon("d") | {"CustomerTenant": own}]}

    reading = read(json.dumps({"Items": [record], "TotalHits": 1}), knowledge)

    assert [
        (one.subscription_id, one.customer, one.tenant_id) for one in reading.subscriptions
    ] == [
        ("a", "Contoso", "t1"),
        ("b", "Contoso", "t1"),
        ("c", "Contoso", "t1"),
        ("d", "Fabrikam", "t2"),
    ]
