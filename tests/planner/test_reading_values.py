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
