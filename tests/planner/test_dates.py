"""Term arithmetic, against every row that Microsoft's own month-end tables give."""

import datetime as dt

import pytest

from planner.dates import add_months, is_counted, months_of, term_end


@pytest.mark.parametrize(
    ("start", "term", "end"),
    [
        #
        ("2021-01-31", "P1M", "2021-02-27"),
        ("2021-02-28", "P1M", "2021-03-27"),
        ("2021-05-31", "P1M", "2021-06-29"),
        ("2021-06-30", "P1M", "2021-07-29"),
        ("2021-07-31", "P1M", "2021-08-30"),
        ("2021-01-30", "P1M", "2021-02-27"),
        ("2021-02-27", "P1M", "2021-03-26"),
        ("2021-05-30", "P1M", "2021-06-29"),
        ("2021-06-29", "P1M", "2021-07-28"),
        ("2021-07-30", "P1M", "2021-08-29"),
        ("2024-01-31", "P1M", "2024-02-28"),
        #
        ("2021-01-31", "P1Y", "2022-01-30"),
        ("2021-04-15", "P1Y", "2022-04-14"),
        ("2021-05-25", "P3Y", "2024-05-24"),
    ],
)
def test_a_term_ends_on_the_day_that_microsofts_table_gives(
    start: str, term: str, end: str
) -> None:
    assert term_end(dt.date.fromisoformat(start), term) == dt.date.fromisoformat(end)


def test_a_year_from_the_leap_day_ends_the_day_before_the_clamped_one() -> None:
    assert term_end(dt.date(2024, 2, 29), "P1Y") == dt.date(2025, 2, 27)


def test_a_term_of_unknown_length_has_no_computed_end() -> None:
    assert term_end(dt.date(2026, 1, 1), "EA") is None


def test_a_term_beyond_the_last_year_has_no_computed_end() -> None:
    assert term_end(dt.date(9999, 6, 1), "P3Y") is None


def test_months_are_added_across_a_year() -> None:
    assert add_months(dt.date(2026, 11, 30), 3) == dt.date(2027, 2, 28)


@pytest.mark.parametrize(
    ("term", "months"), [("P1M", 1), ("P1Y", 12), ("P3Y", 36), ("EA", None), ("", None)]
)
def test_a_term_is_counted_in_months(term: str, months: int | None) -> None:
    assert months_of(term) == months


def test_the_last_month_that_a_date_can_hold_is_reached() -> None:
    assert add_months(dt.date(9998, 12, 15), 12) == dt.date(9999, 12, 15)


@pytest.mark.parametrize(
    ("year", "counted"), [(1989, False), (1990, True), (2200, True), (2201, False)]
)
def test_a_day_outside_the_years_that_plans_lie_in_is_a_slip(year: int, *, counted: bool) -> None:
    assert is_counted(dt.date(year, 6, 30)) is counted
