"""Two letters are a country only where a country has them."""

import pytest

from planner.countries import is_country
from planner.knowledge import Knowledge
from planner.planning import market_of


@pytest.mark.parametrize("code", ["ES", "us", "NA", "UK", "EL", "XK"])
def test_a_country_is_taken_in_any_case(code: str) -> None:
    assert market_of(code) == code.upper()


@pytest.mark.parametrize("code", ["ZZ", "QQ", "EU", "UN", "XA", "E", "ESP", "1A", "É1"])
def test_what_is_no_country_is_refused_by_name(code: str) -> None:
    with pytest.raises(ValueError, match=f"{code}: write the country's two-letter code"):
        market_of(code)


def test_every_country_that_the_rules_name_is_one(knowledge: Knowledge) -> None:
    named = {*knowledge.markets, *knowledge.tree["rules"]["markets"]["aliases"]}

    assert [code for code in named if not is_country(code)] == []
