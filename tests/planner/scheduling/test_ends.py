"""The end of a new term that shares it with others (R-224, R-225)."""

import datetime as dt

import pytest

from planner.scheduling.ends import new_term, shared_end

DAY = dt.date.fromisoformat


@pytest.mark.parametrize(
    ("start", "term", "end_on", "ends"),
    [
        ("2022-07-01", "P3Y", "2022-10-01", "2024-10-01"),  # 27 months
        ("2022-07-15", "P1Y", "month-end", "2023-06-30"),
        ("2026-12-15", "P1M", "month-end", "2026-12-31"),
        ("2027-01-15", "P1M", "2026-11-05", "2027-02-05"),
        ("2027-01-15", "P1M", "2027-04-30", "2027-01-31"),  # The last day of its month: month ends.
        ("2027-01-15", "P1Y", "2030-06-30", "2027-06-30"),
        ("2024-02-10", "P1Y", "2024-02-29", "2024-02-29"),
    ],
)
def test_a_shared_end_is_the_latest_such_day_within_the_term(
    start: str, term: str, end_on: str, ends: str
) -> None:
    wish = end_on if end_on == "month-end" else DAY(end_on)

    assert shared_end(DAY(start), term, wish) == (DAY(ends), "")


@pytest.mark.parametrize("day", ["2027-01-28", "2027-01-29", "2027-01-30"])
def test_a_monthly_term_cannot_end_late_in_a_month_that_goes_on(day: str) -> None:
    assert shared_end(DAY("2027-01-05"), "P1M", DAY(day)) == (None, "monthly-late-day")


def test_a_term_that_holds_no_such_day_keeps_its_own_end() -> None:
    assert shared_end(DAY("2027-01-31"), "P1M", "month-end") == (None, "too-short")


def test_an_agreement_is_followed_by_a_year() -> None:
    assert [new_term(term) for term in ("P3Y", "P1M", "EA", "unknown")] == [
        "P3Y",
        "P1M",
        "P1Y",
        "P1Y",
    ]
