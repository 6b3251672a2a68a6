import datetime as dt
from typing import Any

import pytest

from builder.conditions import Conditions, left_open, settled_by
from builder.trouble import Trouble
from planner.words import Words

WORDS = {
    "decisions": {
        "clause": "{fact}: {test}",
        "quoted": "“{name}”",
        "compare": {
            "more_than": "more than {limit}",
            "before": "before {limit}",
            "none": "none",
            "none_of": "any but {values}",
        },
        "negated": {"relationship": "not {values}", "equivalent": {"no": "sold or not known"}},
        "units": {"days": {"one": "{count} day", "other": "{count} days"}},
        "facts": {
            "channel": "Bought",
            "days_left": "Time left",
            "end": "End",
            "equivalent": "Equivalent",
            "path": "Path",
            "relationship": "Relationship",
            "seats": "Licenses",
            "state": "State",
        },
        "values": {
            "equivalent": {"no": "not sold"},
            "relationship": {"accepted": "accepted"},
            "state": {"active": "active", "expired": "expired", "unknown": "not known"},
        },
    },
    "planner": {
        "labels": {"channels": {"EA": "Enterprise Agreement"}},
        "paths": {"STAY": {"name": "Stay"}, "GO": {"name": "Go, then rest"}},
    },
}
RULES: dict[str, Any] = {
    "R-1": {"figures": {"from": {"value": "2026-05-04", "unit": "date"}}},
    "P-1": {
        "figures": {"long": {"value": 180, "unit": "days"}, "short": {"value": 1, "unit": "days"}}
    },
}
CONDITIONS = Conditions(Words("en", WORDS), RULES)


@pytest.mark.parametrize(
    ("fact", "expected", "sentence"),
    [
        ("state", "active", "State: active"),
        ("state", ["active", "expired", "unknown"], "State: active, expired, or not known"),
        ("state", {"not": ["active", "expired"]}, "State: any but active and expired"),
        ("relationship", {"not": ["accepted"]}, "Relationship: not accepted"),
        ("equivalent", {"not": ["no"]}, "Equivalent: sold or not known"),
        ("days_left", {"more_than": "P-1.long"}, "Time left: more than 180 days"),
        ("days_left", {"more_than": "P-1.short"}, "Time left: more than 1 day"),
        ("seats", {"more_than": 300}, "Licenses: more than 300"),
        ("seats", {"at_most": 0}, "Licenses: none"),
        ("end", {"before": "R-1.from"}, "End: before May 4, 2026"),
        ("channel", "EA", "Bought: Enterprise Agreement"),
        ("path", ["STAY", "GO"], "Path: “Stay” or “Go, then rest”"),
    ],
)
def test_a_test_reads_as_words_with_figures_from_the_rules(
    fact: str, expected: Any, sentence: str
) -> None:
    assert CONDITIONS.clause(fact, expected).sentence == sentence


def test_alternatives_stay_apart() -> None:
    said = CONDITIONS.say([{"state": "active", "channel": "EA"}, {"state": "expired"}])
    assert [[clause.test for clause in clauses] for clauses in said] == [
        ["active", "Enterprise Agreement"],
        ["expired"],
    ]


def test_no_condition_says_nothing() -> None:
    assert CONDITIONS.say({}) == ((),)


@pytest.mark.parametrize(
    ("fact", "expected", "place"),
    [
        ("colour", "red", "en: decisions.facts.colour"),
        ("state", "odd", "en: decisions.values.state.odd"),
        ("seats", {"like": 1}, "en: decisions.compare.like"),
        ("days_left", {"more_than": "P-1.none"}, "P-1.none"),
    ],
)
def test_what_has_no_words_is_named(fact: str, expected: Any, place: str) -> None:
    with pytest.raises(Trouble, match=place):
        CONDITIONS.clause(fact, expected)


def test_a_figure_with_dated_values_shows_the_last() -> None:
    dated = {"value": 30, "values": [{"valid_from": "2027", "value": 60}], "unit": "days"}
    conditions = Conditions(Words("en", WORDS), {"R-2": {"figures": {"grace": dated}}})
    assert conditions.limit("R-2.grace") == "60 days"
    assert conditions.words.format(dt.date(2026, 1, 2)) == "January 2, 2026"


def test_a_channel_settles_what_it_implies() -> None:
    channels = {"AZURE": {"implies": {"product_type": "usage"}}, "EA": {}}
    assert settled_by(channels, "AZURE") == {"channel": "AZURE", "product_type": "usage"}
    settled = settled_by(channels, "EA")
    assert left_open({"channel": ["EA", "OPEN"], "state": "active"}, settled) == {"state": "active"}
    assert left_open({"product_type": "usage"}, settled) is None
    assert left_open({"channel": {"not": ["EA"]}}, settled) is None
    assert left_open({"channel": {"not": ["OPEN"]}}, settled) == {}
