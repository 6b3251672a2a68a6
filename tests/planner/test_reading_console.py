"""What a console prints, and lists that people write by hand: what is read of each entry."""

import datetime as dt
import re

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


CUT = """\
CommerceSubscriptionId SkuPartNumber  Status    TotalLicenses NextLifecycleD…
---------------------- -------------  ------    ------------- ---------------
3a7f2eef-4b2c-4d1e-9f… O365_BUSINESS… Enabled              25 2/15/2027 12:0…
3a7f4dde-4b2c-4d1e-9f… SPB            Suspended            12 12/31/2026 12:…
"""


@pytest.mark.parametrize("mark", ["…", "..."])
def test_of_a_cut_table_each_column_that_was_cut_is_said(mark: str, knowledge: Knowledge) -> None:
    reading = read(re.sub("." * (len(mark) - 1) + "…", mark, CUT), knowledge)

    assert [(note.id, note.line, note.column) for note in reading.notes] == [
        ("cut-header", 1, "NextLifecycleD…"[: -len(mark)] + mark),
        ("cut-off", 3, "CommerceSubscriptionId"),
        ("cut-off", 3, "SkuPartNumber"),
    ]
    assert [(row.sku_part_number, row.subscription_id) for row in reading.rows] == [("SPB", None)]
    assert [(one.id, one.line) for one in reading.set_aside] == [("no-product", 3)]


def test_a_cut_name_of_a_product_is_kept_and_said(knowledge: Knowledge) -> None:
    text = """\
ProductName        Seats RenewalDate
-----------        ----- -----------
Microsoft 365 Bus…    25 2027-02-15
"""
    reading = read(text, knowledge)

    assert said(reading) == [("Microsoft 365 Bus…", 25, None, dt.date(2027, 2, 15))]
    assert [(note.id, note.column) for note in reading.notes] == [("cut-off", "ProductName")]


def test_a_value_that_sets_its_line_aside_is_said_once(knowledge: Knowledge) -> None:
    text = CUT.replace("NextLifecycleD…", "NextLifecycleDateTime")

    reading = read(text, knowledge)

    assert [(one.id, one.column) for one in reading.set_aside] == [
        ("cut-off", "NextLifecycleDateTime")
    ] * 2
    assert "NextLifecycleDateTime" not in [note.column for note in reading.notes]


WRAPPED = """\
SkuPartNumber          Status  TotalLicenses RenewalDate
-------------          ------  ------------- -----------
O365_BUSINESS_PREMIUM  Enabled            35 3/14/2027 12:00:00
                                             AM
Microsoft_365_Copilot_ Enabled             5 2/13/2027 12:00:00
for_the_whole_company_                       AM
EEA_(no_Teams)
SPB                    Warning             2 1/10/2027 12:00:00
                                             AM
"""


def test_what_a_console_wrapped_is_no_subscription_of_its_own(knowledge: Knowledge) -> None:
    reading = read(WRAPPED, knowledge)

    assert [(row.line, row.sku_part_number, row.seats) for row in reading.rows] == [
        (3, "O365_BUSINESS_PREMIUM", 35),
        (5, "Microsoft_365_Copilot_for_the_whole_company_EEA_(no_Teams)", 5),
        (8, "SPB", 2),
    ]
    assert [row.term_end for row in reading.rows] == [
        *(dt.date(2027, 3, 14), dt.date(2027, 2, 13), dt.date(2027, 1, 10))
    ]
    assert reading.set_aside == ()


def test_a_name_that_was_wrapped_between_two_words_keeps_its_blank(knowledge: Knowledge) -> None:
    text = """\
Product            Seats RenewalDate
-------            ----- -----------
Microsoft 365         25 2027-02-15
Business Premium
Visio Plan 2           3 2027-02-15
"""
    assert said(read(text, knowledge)) == [
        ("Microsoft 365 Business Premium", 25, None, dt.date(2027, 2, 15)),
        ("Visio Plan 2", 3, None, dt.date(2027, 2, 15)),
    ]


def test_text_alone_below_a_row_that_had_room_for_it_is_named_and_not_planned(
    knowledge: Knowledge,
) -> None:
    text = """\
Product                 Seats RenewalDate
-------                 ----- -----------
Visio Plan 2                3 2027-02-15
Done.
"""
    reading = read(text, knowledge)

    assert said(reading) == [("Visio Plan 2", 3, None, dt.date(2027, 2, 15))]
    assert [(one.id, one.line) for one in reading.set_aside] == [("stray-line", 4)]


def test_rows_that_say_one_thing_each_are_rows(knowledge: Knowledge) -> None:
    text = """\
SkuPartNumber Seats RenewalDate
------------- ----- -----------
SPE_E3
SPB
"""
    assert [row.sku_part_number for row in read(text, knowledge).rows] == ["SPE_E3", "SPB"]


def test_a_row_that_seems_wrapped_without_end_takes_no_whole_paste_with_it(
    knowledge: Knowledge,
) -> None:
    head = WRAPPED[: WRAPPED.index("O365")]
    head += "Microsoft_365_Copilot_ Enabled             5 2027-02-13\n"

    reading = read(head + "Microsoft_365_Copilot_\n" * 100, knowledge)

    assert [len(row.sku_part_number or "") for row in reading.rows] == [51 * 22]
    assert [one.id for one in reading.set_aside] == ["stray-line"] * 50
