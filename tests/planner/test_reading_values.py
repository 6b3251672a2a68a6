"""Cells as people and tools fill them in: dates, counts and words, and what each is read as."""

import datetime as dt

import pytest

from planner.knowledge import Knowledge
from planner.model import Choices, Reading
from planner.reading import read
from planner.writing.reading import reading_text


def ends(dates: tuple[str, ...], knowledge: Knowledge, choices: Choices | None = None) -> Reading:
    """Return what is read of a column of ends."""
    rows = "".join(f"Visio Plan 2;3;{cell}\n" for cell in dates)
    return read(f"Product;Seats;Renewal date\n{rows}", knowledge, choices)


def test_a_year_of_two_digits_may_come_first(knowledge: Knowledge) -> None:
    reading = ends(("27/03/01", "27/12/31"), knowledge)

    assert [row.term_end for row in reading.rows] == [dt.date(2027, 3, 1), dt.date(2027, 12, 31)]
    (column,) = [one for one in reading.parts[0].columns if one.order]
    assert (column.order, column.order_by) == ("year-first", "values")
    assert "año antes que mes y día" in reading_text(reading, "es", knowledge)


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        (("28/02/27", "31/12/26"), [dt.date(2027, 2, 28), dt.date(2026, 12, 31)]),
        (("01/03/27", "31/12/26"), [dt.date(2027, 3, 1), dt.date(2026, 12, 31)]),
        (("12/31/26", "2/28/27"), [dt.date(2026, 12, 31), dt.date(2027, 2, 28)]),
        (("28.02.15", "31.12.14"), [dt.date(2015, 2, 28), dt.date(2014, 12, 31)]),
    ],
)
def test_a_year_of_two_digits_comes_last_as_people_write_it(
    dates: tuple[str, ...], days: list[dt.date], knowledge: Knowledge
) -> None:
    assert [row.term_end for row in ends(dates, knowledge).rows] == days


def test_a_year_that_may_come_first_or_last_is_asked_for(knowledge: Knowledge) -> None:
    dates = ("27/12/31", "27/03/15")

    reading = ends(dates, knowledge)

    assert [problem.id for problem in reading.set_aside] == ["ambiguous-year"] * 2
    assert [note.id for note in reading.notes] == ["date-year-asked"]
    for order, first in (
        ("year-first", dt.date(2027, 12, 31)),
        ("day-first", dt.date(2031, 12, 27)),
    ):
        chosen = ends(dates, knowledge, Choices(orders={(1, "Renewal date"): order}))
        assert chosen.rows[0].term_end == first


@pytest.mark.parametrize(
    ("counts", "seats", "count"),
    [
        (("25,000", "-", "5,000"), [25_000, None, 5000], "25000"),
        (("1.000 licencias", "2.000 licencias"), [1000, 2000], "1000"),
    ],
)
def test_counts_that_all_end_in_three_zeros_are_said_to_be_thousands(
    counts: tuple[str, ...], seats: list[int | None], count: str, knowledge: Knowledge
) -> None:
    rows = "".join(f"Visio Plan 2;{cell};31.12.2026\n" for cell in counts)

    reading = read(f"Product;Seats;Renewal date\n{rows}", knowledge)

    assert [row.seats for row in reading.rows] == seats
    (note,) = reading.notes
    assert (note.id, note.line, note.column, note.value) == (
        "read-thousands",
        2,
        "Seats",
        counts[0],
    )
    for language in ("en", "es"):
        assert count in reading_text(reading, language, knowledge)


@pytest.mark.parametrize("other", ["5", "1,250", "10.00", "1,000,000"])
def test_thousands_among_other_counts_are_thousands(other: str, knowledge: Knowledge) -> None:
    text = f"Product;Seats\nVisio Plan 2;25,000\nVisio Plan 1;{other}\n"

    assert not read(text, knowledge).notes


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("Renews on March 1, 2027", dt.date(2027, 3, 1)),
        ("Expires on 12/31/2026", dt.date(2026, 12, 31)),
        ("Vence el 31/12/2026", dt.date(2026, 12, 31)),
        ("Läuft bis 31.12.2026 um 23:59 Uhr", dt.date(2026, 12, 31)),
        ("exp. 28-Feb-2027", dt.date(2027, 2, 28)),
        ("Sunday, 28 February 2027", dt.date(2027, 2, 28)),
        ("domingo, 28 de febrero de 2027", dt.date(2027, 2, 28)),
        ("1er mars 2027", dt.date(2027, 3, 1)),
        ("1 maart 2027", dt.date(2027, 3, 1)),
        ("1 marca 2027", dt.date(2027, 3, 1)),
        ("1.3.2027 klo 0.00", dt.date(2027, 3, 1)),
        ("2027. 03. 01.", dt.date(2027, 3, 1)),
        ("end of March 2027", dt.date(2027, 3, 31)),
        ("Expires end of February 2028", dt.date(2028, 2, 29)),
        ("Ende Februar 2027", dt.date(2027, 2, 28)),
        ("fin de abril de 2027", dt.date(2027, 4, 30)),
    ],
)
def test_a_day_may_stand_among_words(cell: str, day: dt.date, knowledge: Knowledge) -> None:
    (row,) = ends((cell,), knowledge).rows

    assert row.term_end == day


@pytest.mark.parametrize(
    "cell", ["exp 3/2027", "Q1 2027", "03-2027", "early March 2027", "1 listopada 2027", "Renews"]
)
def test_a_day_that_isnt_said_is_not_made_up(cell: str, knowledge: Knowledge) -> None:
    (problem,) = ends((cell,), knowledge).set_aside

    assert (problem.id, problem.value) == ("not-a-date", cell)


def test_words_before_a_day_hide_no_order(knowledge: Knowledge) -> None:
    settled = ends(("Renews on 3/4/2027", "Expires on 12/31/2026"), knowledge)
    open_still = ends(("Renews on 3/4/2027",), knowledge)

    assert [row.term_end for row in settled.rows] == [dt.date(2027, 3, 4), dt.date(2026, 12, 31)]
    assert [note.id for note in open_still.notes] == ["date-order-asked"]


@pytest.mark.parametrize(
    ("cell", "seats"),
    [
        ("25 of 30 assigned", 30),
        ("25/30 assigned", 30),
        ("25 de 30 licencias asignadas", 30),
        ("25x", 25),
        ("25 seats (NCE)", 25),
        ("10 paid", 10),
    ],
)
def test_a_count_may_say_what_is_in_use_or_where_it_is_from(
    cell: str, seats: int, knowledge: Knowledge
) -> None:
    (row,) = read(f"Product;Seats\nVisio Plan 2;{cell}\n", knowledge).rows

    assert row.seats == seats


def test_of_a_share_the_column_of_assigned_licenses_takes_its_part(knowledge: Knowledge) -> None:
    (row,) = read("Product;Seats;Assigned\nVisio Plan 2;30;25 of 30 used\n", knowledge).rows

    assert (row.seats, row.assigned) == (30, 25)


@pytest.mark.parametrize(
    "cell", ["25 / 30", "30/25 assigned", "25 of 30 expired", "5 unassigned", "10 seats (trial)"]
)
def test_a_count_that_no_word_explains_is_not_guessed_at(cell: str, knowledge: Knowledge) -> None:
    (problem,) = read(f"Product;Seats\nVisio Plan 2;{cell}\n", knowledge).set_aside

    assert (problem.id, problem.value) == ("not-a-count", cell)


def test_what_markdown_marks_is_read_as_it_is_shown(knowledge: Knowledge) -> None:
    text = """\
| Product | Licenses | Renewal | Auto-renew |
|:--|--:|:--|:--:|
| Microsoft 365 Business Premium | **25** | 2027-03-01 | ✅ |
| [Visio Plan 2](https://x.y) | ~~10~~ 5 | 2026-12-31 | ❌ |
"""
    assert [
        (row.product_name, row.seats, row.auto_renew) for row in read(text, knowledge).rows
    ] == [
        ("Microsoft 365 Business Premium", 25, True),
        ("Visio Plan 2", 5, False),
    ]


@pytest.mark.parametrize(
    ("cell", "term"),
    [
        ("Annual (monthly billing)", "P1Y"),
        ("NCE 1Y/M", "P1Y"),
        ("12", "P1Y"),
        ("36", "P3Y"),
        ("Anual, pago mensual", "P1Y"),
    ],
)
def test_a_term_may_say_how_it_is_billed(cell: str, term: str, knowledge: Knowledge) -> None:
    (row,) = read(f"Product;Seats;Term\nVisio Plan 2;3;{cell}\n", knowledge).rows

    assert row.term_duration == term


@pytest.mark.parametrize(
    ("cell", "renews"), [("y", True), ("N", False), ("Ein", True), ("Aus", False), ("✔️", True)]
)
def test_renewal_may_be_a_letter_or_a_mark(
    cell: str, *, renews: bool, knowledge: Knowledge
) -> None:
    (row,) = read(f"Product;Seats;Auto-renew\nVisio Plan 2;3;{cell}\n", knowledge).rows

    assert row.auto_renew is renews
