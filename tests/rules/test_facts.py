"""The facts, their sources and their sentences hold together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.checkout import DATA, Tree, read_folder
from planner.words import is_plural, placeholders

TREE = read_folder(DATA)
RULES: Tree = TREE["rules"]
TOPICS: dict[str, Tree] = {name: topic["rules"] for name, topic in RULES["facts"].items()}
FACTS: dict[str, Tree] = {name: fact for topic in TOPICS.values() for name, fact in topic.items()}
SOURCES: dict[str, Tree] = RULES["sources"]["sources"]
CONFLICTS: dict[str, Tree] = RULES["conflicts"]["conflicts"]
UNVERIFIED: dict[str, Tree] = RULES["unverified"]["unverified"]
FORMULAS: dict[str, Tree] = RULES["formulas"]["formulas"]
POLICIES: dict[str, Tree] = RULES["policies"]["rules"]
CITED = FACTS | FORMULAS | POLICIES | CONFLICTS | UNVERIFIED
LANGUAGES: dict[str, Tree] = TREE["languages"]

#: Ids are for ever: a fact that ends keeps its entry, so a gap is a loss.
FACT_NUMBERS = [
    *(*range(1, 29), *range(40, 58), *range(101, 135), *range(140, 148), *range(150, 167)),
    *(*range(170, 185), *range(201, 213), *range(220, 229), *range(240, 248)),
    *(*range(301, 323), *range(401, 409), *range(410, 417), *range(501, 515)),
    *(*range(520, 528), *range(601, 611)),
]

#: Digits that are names, not figures: products, plans, clouds, offers and error codes.
NAMES = re.compile(
    r"Microsoft 365|Office 365|Dynamics 365|21Vianet|\bE[135]\b|\(0145P\)"
    r"|\b2030\b|\b20002\b|\b8000(?:66|67|70)\b|\b9001(?:01|04|17|38)\b|\b900213\b"
)


def sentences(tag: str) -> Iterator[tuple[str, str]]:
    """Each sentence of the rules in a language with the id it belongs to."""
    for name, message in LANGUAGES[tag]["rules"].items():
        if name != "page":
            for sentence in message.values() if is_plural(message) else [message]:
                yield name, sentence


def figures_of(name: str) -> set[str]:
    """The names of the figures a sentence may use: its own, or those of the facts it touches."""
    entry = CITED[name]
    lenders = [FACTS[rule] for rule in entry["rules"]] if "rules" in entry else [entry]
    return {figure for lender in lenders for figure in lender.get("figures") or {}}


def earliest(day: str) -> str:
    """A partial date as the first day it can mean, so that dates compare as text."""
    return day + "-01-01"[len(day) - 4 :]


def test_every_id_is_there() -> None:
    assert sorted(FACTS) == [f"R-{number:03}" for number in FACT_NUMBERS]
    assert sorted(CONFLICTS) == [f"K-{number:02}" for number in range(1, 21)]
    assert sorted(UNVERIFIED) == [f"U-{number:02}" for number in range(1, 14)]
    assert sorted(FORMULAS) == [f"F-{number:02}" for number in range(1, 12)]
    assert list(SOURCES) == [f"S-{number:02}" for number in range(1, 103)]


def test_an_id_stands_in_one_topic_only() -> None:
    assert len(FACTS) == sum(len(topic) for topic in TOPICS.values())


def test_no_two_facts_are_about_the_same() -> None:
    abouts = Counter(fact["about"] for fact in FACTS.values())
    assert [about for about, times in abouts.items() if times > 1] == []


@pytest.mark.parametrize("tag", sorted(LANGUAGES))
def test_every_rule_has_a_sentence(tag: str) -> None:
    assert {name for name, _ in sentences(tag)} == CITED.keys()


@pytest.mark.parametrize("tag", sorted(LANGUAGES))
def test_a_sentence_uses_only_figures_of_its_rule(tag: str) -> None:
    foreign = {
        name: placeholders(sentence) - figures_of(name)
        for name, sentence in sentences(tag)
        if placeholders(sentence) - figures_of(name)
    }
    assert foreign == {}


@pytest.mark.parametrize("tag", sorted(LANGUAGES))
def test_every_figure_of_a_fact_is_told(tag: str) -> None:
    told: dict[str, set[str]] = {}
    for name, sentence in sentences(tag):
        told.setdefault(name, set()).update(placeholders(sentence))
    silent = {
        name: set(fact.get("figures") or {}) - told[name]
        for name, fact in FACTS.items()
        if set(fact.get("figures") or {}) - told[name]
    }
    assert silent == {}


@pytest.mark.parametrize("tag", sorted(LANGUAGES))
def test_no_figure_is_typed_into_a_sentence(tag: str) -> None:
    typed = {
        name: sentence
        for name, sentence in sentences(tag)
        if re.search(r"\d", NAMES.sub("", re.sub(r"\{\w+\}", "", sentence)))
    }
    assert typed == {}


@pytest.mark.parametrize("name", sorted(CONFLICTS | UNVERIFIED | FORMULAS))
def test_facts_told_together_agree_on_the_figures_told(name: str) -> None:
    used = set().union(*(placeholders(text) for id_, text in sentences("en") if id_ == name))
    for figure in used:
        values = {
            str(FACTS[rule]["figures"][figure])
            for rule in CITED[name]["rules"]
            if figure in FACTS[rule].get("figures", {})
        }
        assert len(values) == 1, f"{figure}: {values}"


def test_every_source_named_is_listed() -> None:
    unlisted = {
        name: set(entry.get("sources", [])) - SOURCES.keys()
        for name, entry in CITED.items()
        if set(entry.get("sources", [])) - SOURCES.keys()
    }
    assert unlisted == {}


def test_a_fact_without_source_is_derived_or_open() -> None:
    questions = {rule for question in UNVERIFIED.values() for rule in question["rules"]}
    bare = {name for name, fact in FACTS.items() if not fact["sources"]}
    assert bare <= questions | {name for name, fact in FACTS.items() if "derived_from" in fact}
    assert {FACTS[name]["confidence"] for name in bare} == {"L"}


def test_addresses_are_https_and_official_where_they_say_so() -> None:
    for name, source in SOURCES.items():
        for field in ("url", "copy_of"):
            assert source.get(field, "https://").startswith("https://"), name
        official = r"https://(learn|www|msdn)\.microsoft\.com/"
        assert re.match(official, source.get("copy_of", "https://learn.microsoft.com/")), name


def test_a_copy_names_what_was_read() -> None:
    assert [name for name, it in SOURCES.items() if "copy_of" in it and "read_from" not in it] == []


def test_every_rule_that_another_one_names_exists() -> None:
    fields = ("superseded_by", "narrowed_by", "derived_from", "rules")
    for name, entry in CITED.items():
        for field in fields:
            assert set(entry.get(field, [])) <= FACTS.keys(), f"{name}: {field}"


def test_a_fact_ends_after_it_began_and_before_it_was_verified() -> None:
    for name, fact in FACTS.items():
        began = earliest(str(fact.get("valid_from", "2000")))
        ended = earliest(str(fact.get("valid_to", fact["verified"])))
        assert began <= ended <= fact["verified"], name


def test_a_country_is_in_one_market() -> None:
    markets = RULES["markets"]["markets"].values()
    countries = Counter(country for market in markets for country in market["countries"])
    assert [country for country, times in countries.items() if times > 1] == []


def test_the_page_shows_every_topic_by_its_name() -> None:
    page = (Path(DATA).parent / "docs" / "pages" / "rules.md").read_text(encoding="utf-8")
    shown = re.findall(r'"([a-z-]+)"', page.split("{% for topic in [")[1].split("] %}")[0])
    assert sorted(shown) == sorted(TOPICS)
    for tag, words in LANGUAGES.items():
        assert words["rules"]["page"]["topics"].keys() == TOPICS.keys(), tag
