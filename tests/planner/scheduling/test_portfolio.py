"""The schedule of a whole plan: within windows and limits, whatever the order of lines."""

import datetime as dt
import json
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.checkout import DATA, read_folder
from planner.knowledge import Knowledge
from planner.model import NO_LIMITS, Cutover, Plan, Scheduling, Settings
from planner.planning import chosen, plan
from planner.writing.contract import plan_object

KNOWLEDGE = Knowledge(read_folder(DATA))
AS_OF = dt.date(2026, 11, 23)
OFFERS = ["same", "same", "same", "different: Visio Plan 1", "different: Visio Plan 1"]

DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2027, 3, 31)).map(dt.date.isoformat)
LINES = st.fixed_dictionaries(
    {
        "sku": st.sampled_from(["Visio Plan 2", "Microsoft 365 E3"]),
        "customer": st.sampled_from(["Contoso", "Fabrikam"]),
        "channel": st.sampled_from(
            ["WEB_MCA", "WEB_MOSA", "EA", "OPEN_VALUE", "CSP_OTHER_NCE", "CSP_DETACHED", "TRIAL"]
        ),
        "status": st.sampled_from(["active", "active", "active", "expired", "disabled", "est"]),
        "end": st.dates(dt.date(2026, 11, 10), dt.date(2027, 1, 31)).map(dt.date.isoformat),
        "term": st.sampled_from(["P1M", "P1Y"]),
        "seats": st.integers(1, 40),
    },
    optional={
        "cspSku": st.sampled_from(["same", "different: Visio Plan 1"]),
        "sourceAgrees": st.sampled_from(["yes", "no"]),
        "relationship": st.just("accepted"),
        "newStart": DAYS,
        "base": st.sampled_from(["Visio Plan 2", "Microsoft 365 E3"]),
    },
)
LIMITS = st.builds(
    Scheduling,
    per_day=st.none() | st.integers(1, 2),
    per_week=st.none() | st.integers(1, 3),
    days_off=st.sampled_from([(), (5, 6)]),
    blackout=st.sampled_from([(), ((dt.date(2026, 12, 20), dt.date(2027, 1, 3)),)]),
    wave_by=st.sampled_from(["", "customer", "product", "date"]),
    wished=st.none() | st.dates(dt.date(2026, 11, 23), dt.date(2027, 2, 28)),
    end_on=st.sampled_from([None, "month-end", dt.date(2027, 6, 30)]),
)


def planned(lines: list[dict[str, Any]], limits: Scheduling = NO_LIMITS) -> Plan:
    return plan(json.dumps(lines), Settings(AS_OF, scheduling=limits), KNOWLEDGE)


def line(end: str, **more: Any) -> dict[str, Any]:
    usual = {"customer": "Contoso", "sku": "Visio Plan 2", "channel": "WEB_MCA", "seats": 5}
    return {**usual, "status": "active", "cspSku": "same", "autoRenew": "on", "end": end, **more}


def cutovers(lines: list[dict[str, Any]], *stated: str) -> list[Cutover]:
    limits = chosen([f"schedule.{one}" for one in stated], KNOWLEDGE).scheduling
    return list(planned(lines, limits).schedule.cutovers)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=8), LIMITS)
def test_no_window_capacity_or_blackout_is_ever_broken(
    lines: list[dict[str, Any]], limits: Scheduling
) -> None:
    made = planned(lines, limits)

    given_days = [one.on for one in made.schedule.cutovers if one.on]
    limited = any([limits.per_day, limits.per_week, limits.days_off, limits.blackout])
    for one in made.schedule.cutovers:
        if one.on and (limited or one.on != one.recommended):
            assert one.earliest <= one.on <= (one.latest or dt.date.max)
            assert one.on >= AS_OF
    for day in given_days:
        assert day.weekday() not in limits.days_off
        assert not any(first <= day <= last for first, last in limits.blackout)
    weeks = Counter(day.isocalendar()[:2] for day in given_days)
    assert max(Counter(given_days).values(), default=0) <= (limits.per_day or len(lines))
    assert max(weeks.values(), default=0) <= (limits.per_week or len(lines))


@settings(max_examples=100, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=8), LIMITS)
def test_a_line_that_moves_gets_the_dates_of_its_new_day(
    lines: list[dict[str, Any]], limits: Scheduling
) -> None:
    made = planned(lines, limits)

    recommended = {one.subscription.line: one for one in made.recommendations}
    for one in made.schedule.cutovers:
        dates = recommended[one.line].dates
        assert dates["provision_on"] == (one.on or one.recommended)
        if one.on and one.on != one.recommended:
            assert dates.get("relationship_request_by", AS_OF) <= one.on
            assert dates.get("price_check_on", AS_OF) <= one.on
            assert dates.get("reassign_target", one.on) >= one.on
            assert dates.get("go_no_go_on", one.on) >= one.on


@settings(max_examples=100, deadline=None)
@given(st.lists(LINES, min_size=2, max_size=8), LIMITS, st.randoms(use_true_random=False))
def test_the_order_of_lines_never_changes_the_schedule(
    lines: list[dict[str, Any]], limits: Scheduling, random: Any
) -> None:
    named = [{**one, "subscriptionId": str(place)} for place, one in enumerate(lines)]
    shuffled = list(named)
    random.shuffle(shuffled)

    def days(made: Plan) -> dict[str, tuple[Any, ...]]:
        return {
            made.keys[one.line]: (one.on, one.held_by, one.relief, one.wave, one.term_ends)
            for one in made.schedule.cutovers
        }

    assert days(planned(named, limits)) == days(planned(shuffled, limits))


def test_without_limits_every_line_keeps_its_recommended_day() -> None:
    lines = [line("2027-01-15"), line("2027-01-15"), line("2027-02-28", channel="EA")]

    made = planned(lines)

    assert [one.on for one in made.schedule.cutovers] == [
        one.dates["provision_on"] for one in made.recommendations
    ]
    assert plan_object(made)["schedule"]["moved"] == 0


def test_what_does_not_fit_says_what_stops_it_and_what_would_help() -> None:
    lines = [line("2026-11-26", autoRenew="off") for _ in range(4)]

    given_days = cutovers(lines, "per_day=1", "blackout=2026-11-24")

    assert sorted(str(one.on) for one in given_days) == ["2026-11-23", "2026-11-25", "None", "None"]
    first, second = (one for one in given_days if one.on is None)
    assert first.held_by == second.held_by == ("blackout", "per-day")
    said = [(change.limit, str(change.day), change.now, change.then) for change in first.relief]
    assert said == [("per-day", "2026-11-23", 1, 2)]
    again = [(change.limit, change.now, change.then) for change in second.relief]
    assert again in ([("per-day", 2, 3)], [("blackout", 0, 1)])


def test_the_changes_named_together_make_room_for_every_line() -> None:
    lines = [line("2027-01-15", subscriptionId=str(n)) for n in range(70)]

    left = [one for one in cutovers(lines, "per_day=1") if one.on is None]

    assert left
    most = max(change.then for one in left for change in one.relief)
    assert all(one.on for one in cutovers(lines, f"per_day={most}"))


def test_a_full_week_is_what_stops_a_line() -> None:
    lines = [line("2026-11-28", autoRenew="off") for _ in range(3)]

    left = [one for one in cutovers(lines, "per_week=2") if one.on is None]

    assert [one.held_by for one in left] == [("per-week",)]
    (change,) = left[0].relief
    assert (change.limit, str(change.day), change.now, change.then) == (
        "per-week",
        "2026-11-23",
        2,
        3,
    )


def test_a_wished_day_is_kept_where_the_window_allows_it() -> None:
    inside, outside = cutovers([line("2027-01-20"), line("2027-06-30")], "wished=2027-01-12")

    assert str(inside.on) == "2027-01-12"
    assert inside.held_by == ()
    assert outside.on == outside.earliest
    assert outside.held_by == ("window",)


def test_waves_bring_a_customers_lines_to_one_day_where_their_windows_meet() -> None:
    lines = [
        line("2027-01-15"),
        line("2027-01-25"),
        line("2027-01-20", customer="Fabrikam"),
        line("2027-06-30"),
    ]

    first, second, other, late = cutovers(lines, "wave_by=customer")

    assert first.on == second.on
    assert first.wave == second.wave
    assert len({first.wave, other.wave, late.wave}) == 3
    assert late.on == late.recommended


def test_an_add_on_moves_with_its_base() -> None:
    lines = [
        line("2027-01-15", sku="Microsoft 365 E3"),
        line("2027-01-25", sku="Visio Plan 2", base="Microsoft 365 E3"),
    ]

    base, add_on = cutovers(lines, "per_day=5")

    assert add_on.on == base.on == base.recommended


def test_an_add_on_exchanges_its_day_with_a_base_that_would_come_later() -> None:
    add_on = line("2027-03-31", subscriptionId="a", base="Microsoft 365 E3")
    base = line("2027-03-31", subscriptionId="b", sku="Microsoft 365 E3")

    first, second = cutovers([add_on, base], "per_day=1", "blackout=2027-03-20..2027-03-27")

    assert (str(second.on), str(first.on)) == ("2027-03-28", "2027-03-29")


def test_an_add_on_whose_term_ends_long_before_its_bases_is_not_left_without_a_day() -> None:
    add_on = line("2027-01-10", base="Microsoft 365 E3")
    base = line("2027-09-30", sku="Microsoft 365 E3")

    first, second = cutovers([add_on, base], "per_day=1")

    assert (first.on, second.on) == (first.latest, second.recommended)


def test_a_line_moved_by_the_schedule_keeps_the_day_of_its_relationship_request() -> None:
    lines = [line("2027-04-30", subscriptionId=str(n), cspSku=of) for n, of in enumerate(OFFERS)]
    limits = chosen(["schedule.per_day=1"], KNOWLEDGE).scheduling

    made, moved = planned(lines), planned(lines, limits)

    assert len({one.dates["provision_on"] for one in moved.recommendations}) == len(lines)
    for one, other in zip(made.recommendations, moved.recommendations, strict=True):
        for name in ("relationship_request_by", "relationship_accepted_by"):
            assert other.dates[name] == one.dates[name]


def test_a_relationship_request_never_lies_before_today_or_after_the_cutover() -> None:
    lines = [line("2026-12-05", subscriptionId=str(n), autoRenew="off") for n in range(9)]
    limits = chosen(["schedule.per_day=1"], KNOWLEDGE).scheduling

    for one in planned(lines, limits).recommendations:
        assert AS_OF <= one.dates["relationship_request_by"] <= one.dates["provision_on"]


def test_no_line_is_pulled_ahead_by_more_than_the_policy_says() -> None:
    lines = [line("2027-03-31", subscriptionId=str(n)) for n in range(50)]

    given_days = cutovers(lines, "per_day=1")

    early = [(one.recommended - one.on).days for one in given_days if one.on]
    assert max(early) == 30


def test_a_line_that_must_be_there_for_the_check_is_not_put_after_it() -> None:
    (without_grace,) = cutovers([line("2027-01-15")], "per_day=1")
    (with_grace,) = cutovers([line("2027-01-15", channel="OPEN_VALUE")], "per_day=1")

    assert str(without_grace.latest) == "2027-01-14"
    assert str(with_grace.latest) == "2027-02-14"
