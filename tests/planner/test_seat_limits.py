"""Caps and minimums that several lines reach together, or a term sets."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest

from planner.model import Plan

LINE = {"customer": "Contoso", "channel": "WEB_MCA", "status": "active", "cspSku": "same"}
LINE |= {"sku": "Microsoft 365 Business Premium", "end": "2027-02-28", "autoRenew": "on"}


def blocked(made: Plan) -> list[list[str]]:
    return [
        [notice.id for notice in one.blockers if notice.id.startswith("seat-cap")]
        for one in made.recommendations
    ]


def test_a_customers_lines_of_one_business_product_share_the_cap_of_300(
    plan_of: Callable[..., Plan],
) -> None:
    two = [{**LINE, "seats": 200}, {**LINE, "seats": 101}]

    assert blocked(plan_of(json.dumps(two))) == [["seat-cap-together"], ["seat-cap-together"]]
    fits = [two[0], {**two[1], "seats": 100}]
    assert blocked(plan_of(json.dumps(fits))) == [[], []]
    other = [two[0], {**two[1], "customer": "Fabrikam"}]
    assert blocked(plan_of(json.dumps(other))) == [[], []]


def test_one_line_above_the_cap_is_told_once(plan_of: Callable[..., Plan]) -> None:
    assert blocked(plan_of(json.dumps([{**LINE, "seats": 301}]))) == [["seat-cap"]]


def test_what_will_be_bought_counts_not_what_it_was(plan_of: Callable[..., Plan]) -> None:
    moved = {**LINE, "sku": "Microsoft 365 E3", "cspSku": f"different: {LINE['sku']}", "seats": 250}

    assert blocked(plan_of(json.dumps([moved, {**LINE, "seats": 100}]))) == [
        ["seat-cap-together"],
        ["seat-cap-together"],
    ]


def test_a_three_year_term_with_fewer_than_100_seats_is_pointed_out(
    recommend: Callable[..., dict[str, Any]],
) -> None:
    def warned(**line: Any) -> bool:
        usual = {**LINE, "sku": "Microsoft 365 E3", "term": "P3Y", "start": "2024-03-01", **line}
        made = recommend(**usual)
        return "three-year-minimum" in [notice["id"] for notice in made["warnings"]]

    assert warned(seats=99)
    assert not warned(seats=100)
    assert not warned(seats=99, term="P1Y")
    assert warned(seats=99, sku="Microsoft Teams Enterprise")
    assert not warned(seats=99, sku="Microsoft 365 Business Premium")
    assert not warned(seats=99, sku="Office 365 E3")
    assert not warned(sku="Microsoft 365 E3")


@pytest.mark.parametrize(
    ("product", "day", "warned"),
    [
        ("Microsoft 365 E3", "2025-05-31", False),
        ("Microsoft 365 E3", "2025-06-01", True),
        ("Microsoft 365 E5 Security", "2025-06-30", False),
        ("Microsoft 365 E5 Security", "2025-07-01", True),
        ("Microsoft 365 E5 Compliance", "2025-07-01", True),
    ],
)
def test_the_minimum_of_a_three_year_term_holds_from_its_day(
    plan_of: Callable[..., Plan], product: str, day: str, *, warned: bool
) -> None:
    line = {**LINE, "sku": product, "seats": 20, "term": "P3Y", "end": "2026-01-31"}

    (made,) = plan_of(json.dumps([line]), dt.date.fromisoformat(day)).recommendations

    assert ("three-year-minimum" in [notice.id for notice in made.warnings]) is warned


def test_the_minimum_of_a_three_year_term_counts_all_of_a_customers_lines(
    plan_of: Callable[..., Plan],
) -> None:
    """Minimums include the licenses that the customer already has, from any seller (R-245)."""
    line = {**LINE, "sku": "Microsoft 365 E5", "term": "P3Y", "start": "2024-03-01"}
    made = plan_of(json.dumps([{**line, "seats": 60}, {**line, "seats": 40}]))

    assert not [
        notice
        for one in made.recommendations
        for notice in one.warnings
        if notice.id == "three-year-minimum"
    ]
