import datetime as dt

import pytest

from builder.upkeep import Upkeep, build_day

KNOWLEDGE = {"rules": {"upkeep": {"figures": {"review_after": {"value": 180, "unit": "days"}}}}}
RULES = {"R-1": {"verified": "2026-01-01"}, "K-1": {"about": "a conflict has no such day"}}


@pytest.mark.parametrize(("days", "due"), [(180, set()), (181, {"R-1"})])
def test_a_rule_is_due_when_its_days_are_over(days: int, due: set[str]) -> None:
    on = dt.date(2026, 1, 1) + dt.timedelta(days=days)
    assert Upkeep(KNOWLEDGE, RULES, on).due == due


def test_the_day_of_the_build_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795392000")
    assert build_day() == dt.date(2026, 11, 23)
