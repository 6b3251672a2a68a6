"""What a console prints, and lists that people write by hand: what is read of each entry."""

import datetime as dt

import pytest

from planner.knowledge import Knowledge
from planner.model import Reading
from planner.reading import read


def said(reading: Reading) -> list[tuple[str | None, int | None, str | None, dt.date | None]]:
    return [
        (row.sku_part_number or row.product_name, row.seats, row.state, row.term_end)
        for row in reading.rows
    ]


UNPADDED = """\
Product: Microsoft 365 E3
Seats : 25
Status : Suspended
Renewal date : 2027-02-15

Product: Visio Plan 2
Seats: 2
Status: Active
Renewal date: 2027-03-01
"""


def test_a_list_without_padding_is_read_whole(knowledge: Knowledge) -> None:
    reading = read(UNPADDED, knowledge)

    assert said(reading) == [
        ("Microsoft 365 E3", 25, "suspended", dt.date(2027, 2, 15)),
        ("Visio Plan 2", 2, "active", dt.date(2027, 3, 1)),
    ]
    assert reading.set_aside == ()


def test_colons_that_stand_below_one_another_by_chance_cut_no_list(knowledge: Knowledge) -> None:
    text = "SkuPartNumber : SPE_E3\nTotalLicenses : 25\nStatus : Suspended\n"

    reading = read(text, knowledge)

    assert said(reading) == [("SPE_E3", 25, "suspended", None)]
    assert reading.set_aside == ()


@pytest.mark.parametrize(
    "between", ["that goes on here", "that goes on here\nand here", "Remark: that goes on here"]
)
def test_a_value_that_goes_on_without_indent_does_not_cost_the_state_below_it(
    between: str, knowledge: Knowledge
) -> None:
    text = f"""\
SkuPartNumber : SPE_E3
TotalLicenses : 25
Description   : a note
{between}
Status        : Suspended

Kind regards
Remark: none
"""
    reading = read(text, knowledge)

    assert said(reading) == [("SPE_E3", 25, "suspended", None)]
    assert [one.value for one in reading.set_aside] == ["Kind regards", "Remark: none"]


def test_the_head_of_a_mail_is_no_list(knowledge: Knowledge) -> None:
    text = """\
From: Ana <ana@contoso.com>
Customer: Contoso
Subject: Licenses
Product: see below

Product\tSeats\tRenewal date
Visio Plan 2\t3\t2027-03-01
"""
    reading = read(text, knowledge)

    assert said(reading) == [("Visio Plan 2", 3, None, dt.date(2027, 3, 1))]
    assert [one.id for one in reading.set_aside] == ["stray-line"] * 4
    assert len(reading.parts) == 1
