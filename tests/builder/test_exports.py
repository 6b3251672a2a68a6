"""A fault in the description of an export is named with its place and the way out."""

from copy import deepcopy
from typing import Any

import pytest

from builder.exports import export_faults
from planner.checkout import DATA, Tree, read_folder


@pytest.fixture(scope="module")
def tree() -> Tree:
    return read_folder(DATA)


ACME: dict[str, Any] = {
    "format_id": "acme.orders",
    "containers": ["table"],
    "signature": {"all_of": ["acmeorder"]},
    "fields": {"state": {"from": ["state"], "read": "word", "words": "status"}},
}


def said(tree: Tree, acme: dict[str, Any]) -> list[str]:
    changed = deepcopy(tree)
    changed["formats"]["acme"] = acme
    for words in changed["languages"].values():
        words["planner"]["reading"]["formats"]["acme-orders"] = "ACME, orders"
    return [f"{'.'.join(map(str, fault.keys))}: {fault.says}" for fault in export_faults(changed)]


def test_what_stands_here_has_no_fault(tree: Tree) -> None:
    assert list(export_faults(tree)) == []
    assert said(tree, ACME) == []


@pytest.mark.parametrize(
    ("field", "place", "way_out"),
    [
        ({"read": "day", "kind": "day after"}, "kind", "choose one of inclusive_last_day, "),
        ({"read": "date"}, "read", "choose one of text, "),
        ({"read": "word", "words": "stati"}, "words", "choose one of channel, "),
        ({"read": "word"}, "read", "needs words, one of the lists in values.yml"),
        ({"read": "text", "warn": "careful"}, "warn", "choose one of product-unknown, "),
        ({"read": "day", "kind_if": {"market": "late"}}, "kind_if.market", "choose one of incl"),
    ],
)
def test_a_name_that_stands_in_no_list_is_named_with_the_ones_that_do(
    field: dict[str, Any], place: str, way_out: str, tree: Tree
) -> None:
    acme = ACME | {"fields": {"state": {"from": ["state"], **field}}}

    (fault,) = said(tree, acme)

    assert fault.startswith(f"fields.state.{place}: fields.state: ")
    assert way_out in fault


def test_an_export_without_its_title_or_hint_is_named_for_each_language(tree: Tree) -> None:
    changed = deepcopy(tree)
    changed["formats"]["acme"] = ACME | {"hint": "acme"}

    faults = {(fault.file, *fault.keys, fault.says) for fault in export_faults(changed)}

    assert faults == {
        (
            "formats/acme.yml",
            key,
            f"data/languages/{tag}/planner/reading.yml has no {missing}; write {what} there",
        )
        for tag in ("en", "es")
        for key, missing, what in (
            ("format_id", "formats.acme-orders", "its title"),
            ("hint", "hints.acme", "where in that tool what is missing is found"),
        )
    }
