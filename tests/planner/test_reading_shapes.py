"""Tables in the shapes that tickets, consoles and mails give them: which cell belongs where."""

import datetime as dt
import time

import pytest

from planner.knowledge import Knowledge
from planner.reading import read

JIRA = """\
||Customer||Product||Seats||Renewal date||
|Northwind|Microsoft 365 Business Standard|35|2027-03-01|
|Northwind| |5|2026-12-15|
|Fabrikam|Visio Plan 2||2026-12-31|
||Litware|Exchange Online (Plan 1)|5|2027-01-31|
"""


def test_a_table_from_jira_keeps_its_cells_under_their_headers(knowledge: Knowledge) -> None:
    reading = read(JIRA, knowledge)

    rows = [(row.line, row.customer_name, row.product_name, row.seats) for row in reading.rows]
    assert rows == [
        (2, "Northwind", "Microsoft 365 Business Standard", 35),
        (4, "Fabrikam", "Visio Plan 2", None),
        (5, "Litware", "Exchange Online (Plan 1)", 5),
    ]
    assert reading.rows[0].term_end == dt.date(2027, 3, 1)
    assert [column.header for column in reading.parts[0].columns] == [
        *("Customer", "Product", "Seats", "Renewal date")
    ]


def test_a_second_table_from_jira_below_a_blank_line_is_one_of_its_own(
    knowledge: Knowledge,
) -> None:
    other = "||Product||Seats||Status||\n|Visio Plan 2|3|Active|\n"

    reading = read(f"{JIRA}\n{other}", knowledge)

    assert [part.rows for part in reading.parts] == [3, 1]
    assert reading.rows[-1].state == "active"


def test_a_markdown_table_whose_first_header_is_empty_is_not_taken_for_jira(
    knowledge: Knowledge,
) -> None:
    (row,) = read("|| Product | Seats |\n|--|--|--|\n|1| Visio Plan 2 | 3 |\n", knowledge).rows

    assert (row.product_name, row.seats) == ("Visio Plan 2", 3)


SPACED = """\
Product                         Seats  Assigned  Renewal
Microsoft 365 Business Premium     25        23  2027-03-01
Visio Plan 2                        5            2027-01-31
Exchange Online (Plan 1)                     12  2027-02-15
"""


def test_numbers_at_the_right_edge_of_a_column_belong_to_it(knowledge: Knowledge) -> None:
    reading = read(SPACED, knowledge)

    assert [(row.seats, row.assigned) for row in reading.rows] == [(25, 23), (5, None), (None, 12)]
    assert [row.term_end for row in reading.rows] == [
        *(dt.date(2027, 3, 1), dt.date(2027, 1, 31), dt.date(2027, 2, 15))
    ]


def test_two_numbers_under_one_header_are_not_read_as_thousands(knowledge: Knowledge) -> None:
    reading = read(
        "Product        Seats     Assigned  Renewal\nVisio Plan 2   5   120\n", knowledge
    )

    assert not reading.rows
    assert [problem.id for problem in reading.set_aside] == ["not-a-count"]


@pytest.mark.parametrize("mark", ["|", " ", "-", "[", "\u2500", "\x1b", "\u2502", "x"])
@pytest.mark.parametrize("begin", ["", "||Product||Seats||\n", "Product  Seats  Renewal\n"])
def test_a_megabyte_of_one_character_is_done_with_at_once(
    begin: str, mark: str, knowledge: Knowledge
) -> None:
    read(begin, knowledge)
    begun = time.process_time()

    read(begin + mark * 1_000_000, knowledge)

    assert time.process_time() - begun < 1


DRAWN = """\
┌────────────────────────────────┬───────┬────────────┐
│ Product                        │ Seats │ Renewal    │
├────────────────────────────────┼───────┼────────────┤
│ Microsoft 365 Business Premium │ 25    │ 2027-03-01 │
├────────────────────────────────┼───────┼────────────┤
│ Exchange Online (Plan 1)       │ 5     │ 2027-01-31 │
└────────────────────────────────┴───────┴────────────┘
"""
_TYPED = str.maketrans("│─┌┬┐├┼┤└┴┘", "|-+++++++++")
_HEAVY = str.maketrans("│─┌┬┐├┼┤└┴┘", "║═╔╦╗╠╬╣╚╩╝")


@pytest.mark.parametrize("marks", [{}, _TYPED, _HEAVY])
def test_the_lines_of_a_drawn_table_are_no_titles(
    marks: dict[int, str], knowledge: Knowledge
) -> None:
    reading = read(DRAWN.translate(marks), knowledge)

    assert [(row.line, row.product_name, row.seats) for row in reading.rows] == [
        (4, "Microsoft 365 Business Premium", 25),
        (6, "Exchange Online (Plan 1)", 5),
    ]
    assert reading.set_aside == ()


def test_a_drawn_bar_in_a_name_stays_where_no_table_is_drawn(knowledge: Knowledge) -> None:
    text = "Customer,Product,Seats\nContoso │ West,Visio Plan 2,3\n"

    assert [row.customer_name for row in read(text, knowledge).rows] == ["Contoso │ West"]


def test_what_a_console_printed_in_colour_is_read_without_it(knowledge: Knowledge) -> None:
    on, off = "\x1b[32;1m", "\x1b[0m"
    text = (
        f"{on}SkuPartNumber        {off}{on} Status{off}{on}  TotalLicenses{off}\n"
        f"{on}-------------        {off} {on}------{off}  {on}-------------{off}\n"
        "O365_BUSINESS_PREMIUM Enabled             35\n"
    )

    (row,) = read(text, knowledge).rows

    assert (row.sku_part_number, row.state, row.seats) == ("O365_BUSINESS_PREMIUM", "active", 35)
