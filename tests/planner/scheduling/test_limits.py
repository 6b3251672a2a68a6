"""Limits of the schedule as key=value text: what is taken, and what is refused and why."""

import datetime as dt

import pytest

from planner.knowledge import Knowledge
from planner.model import Scheduling
from planner.planning import chosen
from planner.scheduling.limits import limits_text

STATED = [
    "schedule.per_day=5",
    "schedule.per_week=20",
    "schedule.days_off=sun,sat",
    "schedule.blackout=2026-12-20..2027-01-03,2027-02-01",
    "schedule.wave_by=customer",
    "schedule.wished=2027-01-15",
    "schedule.end_on=month-end",
]


def test_every_limit_can_be_stated(knowledge: Knowledge) -> None:
    made = chosen([*STATED, "choose.abc-1=partner-transfer", "choose.x=y/z=wait"], knowledge)

    day = dt.date
    assert made.scheduling == Scheduling(
        per_day=5,
        per_week=20,
        days_off=(5, 6),
        blackout=((day(2026, 12, 20), day(2027, 1, 3)), (day(2027, 2, 1), day(2027, 2, 1))),
        wave_by="customer",
        wished=day(2027, 1, 15),
        end_on="month-end",
    )
    assert made.choices == {"abc-1": "partner-transfer", "x=y/z": "wait"}


def test_limits_read_back_as_what_they_were_written_from(knowledge: Knowledge) -> None:
    limits = chosen(STATED, knowledge).scheduling

    assert chosen(limits_text(limits), knowledge).scheduling == limits
    assert limits_text(Scheduling()) == ()


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("schedule.per_day=0", "from 1 to"),
        ("schedule.per_day=many", "from 1 to"),
        ("schedule.per_day=²", "from 1 to"),
        ("schedule.days_off=sat,holiday", "weekdays"),
        ("schedule.days_off=mon,tue,wed,thu,fri,sat,sun", "at least one weekday"),
        ("schedule.blackout=2027-01-03..2026-12-20", "before"),
        ("schedule.blackout=Christmas", "2026-12-20..2027-01-03"),
        ("schedule.wave_by=color", "customer, product, date"),
        ("schedule.wished=soon", "2027-01-31"),
        ("schedule.end_on=year-end", "month-end"),
        ("schedule.wished=1789-07-14", "no day"),
        ("schedule.tempo=5", "schedule.per_day"),
        ("choose.abc=teleport", "partner-transfer"),
    ],
)
def test_a_limit_that_cannot_be_is_refused_with_the_way_out(
    setting: str, says: str, knowledge: Knowledge
) -> None:
    with pytest.raises(ValueError, match=setting.split("=", maxsplit=1)[0]) as refused:
        chosen([setting], knowledge)

    assert says in str(refused.value)
