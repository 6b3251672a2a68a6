"""A fault of ``data/`` is named with its file, its exact line and the way out."""

import shutil
from pathlib import Path

import pytest
import yaml

from builder import knowledge
from builder.faults import line_of
from builder.trouble import Trouble
from planner.checkout import DATA

ROWS = """\
rows:
  - id: first
    when: {state: active}
    rules: [R-1]
  - id: second
    when: {state: active,
           channel: EA,
           days: {more_than: 3}}
    rules:
      - R-1
      - R-2
"""


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("rows", 0, "when"), 3),
        (("rows", 1, "when"), 6),
        (("rows", 1, "when", "channel"), 7),
        (("rows", 1, "when", "days", "more_than"), 8),
        (("rows", 1, "rules", 1), 11),
        (("rows", 0, "rules", 0), 4),
        ((), 1),
    ],
)
def test_a_fault_stands_on_the_line_of_its_own_key(keys: tuple[str | int, ...], line: int) -> None:
    assert line_of(yaml.compose(ROWS), keys) == line


def test_what_is_missing_stands_where_it_belongs() -> None:
    assert line_of(yaml.compose(ROWS), ("rows", 1, "path")) == 5
    assert line_of(yaml.compose(ROWS), ("rows", 2)) == 1
    assert line_of(yaml.compose(ROWS), ("rows", 0, "id", "deeper")) == 2


R_309 = """\
    sources: [S-44]
    confidence: L
    verified: "2026-11-23"
    figures:
      items_per_transfer: {value: 25, unit: items}
"""


@pytest.mark.parametrize(
    ("file", "written", "instead", "faulty", "said"),
    [
        (
            "paths.yml",
            "when: {tenant: other}",
            "when: {tennant: other}",
            "tennant: other",
            "D-02: tennant is no fact (tenant?); vocabulary.yml lists them",
        ),
        (
            "paths.yml",
            "when: {tenant: other}",
            "when: {tenant: othr}",
            "tenant: othr",
            "D-02: tenant never is othr (other?)",
        ),
        (
            "paths.yml",
            "  - id: D-02\n",
            (
                "  - {id: D-90, when: {region: blocked, channel: EA, product_type: license},\n"
                "     path: NO_MOVE, rules: [R-015]}\n"
                "  - id: D-02\n"
            ),
            "id: D-90",
            "D-90 can never match: D-01 above it always does; move it up or narrow that one",
        ),
        (
            "paths.yml",
            "ruled_out_by: [R-022, R-527]",
            "ruled_out_by: [R-022, R-597]",
            "R-597",
            "R-597 is cited, but no file of rules/ has it",
        ),
        (
            "facts/partner-transfer.yml",
            R_309,
            R_309.replace("[S-44]", "[]"),
            'sources: []\n    confidence: L\n    verified: "2026-11-23"\n    figures',
            (
                "R-309 has no source: name one; only what holds no figure and has confidence L "
                "goes without"
            ),
        ),
        (
            "facts/partner-transfer.yml",
            "{value: 25, unit: items}",
            "{value: 25}",
            "{value: 25}",
            (
                "rules.R-309.figures.items_per_transfer.unit is missing: write it "
                "(facts.schema.json says what may stand there)"
            ),
        ),
        (
            "facts/partner-transfer.yml",
            "{value: 25, unit: items}",
            "{value: many, unit: items}",
            "{value: many",
            (
                'rules.R-309.figures.items_per_transfer.value is "many", which has to be '
                "a whole number (facts.schema.json says what may stand there)"
            ),
        ),
        (
            "facts/partner-transfer.yml",
            "{value: 25, unit: items}",
            "{valeu: 25, value: 25, unit: itms}",
            "{valeu: 25",
            (
                "rules.R-309.figures.items_per_transfer.valeu has no meaning here (value?) "
                "(facts.schema.json says what may stand there)"
            ),
        ),
        (
            "facts/after-term.yml",
            "disabled_days: {value: 60, unit: days}",
            (
                "disabled_days: {value: 60, unit: days, values: [\n"
                '        {valid_from: "2027-02", value: 50},\n'
                '        {valid_from: "2027-01", value: 40}]}'
            ),
            '{valid_from: "2027-01"',
            "R-125.disabled_days: two values hold on one day; order them by valid_from",
        ),
        (
            "facts/after-term.yml",
            "about: ea-after-term",
            "about: open-after-term",
            (
                'about: open-after-term\n    valid_from: "2025-02"\n    valid_from_is: '
                "latest-possible\n    sources: [S-48, S-68]"
            ),
            (
                "R-125 and R-124 both say open-after-term on one day: end one with valid_to, "
                "or call it something else"
            ),
        ),
        (
            "facts/after-term.yml",
            "  R-125:\n",
            "  R-124:\n",
            "R-124:\n    about: ea-after-term",
            "the key R-124 stands twice",
        ),
        (
            "assumptions.yml",
            "- id: which-partner",
            "- id: where-bought",
            "id: where-bought\n    fact: channel\n    when: {channel: CSP}",
            "where-bought stands twice in assumptions: give one of them another id",
        ),
        (
            "conflicts.yml",
            "    # Charge cycles aren't planned.\n    pages_only: true\n",
            "",
            "K-14:",
            "K-14 appears on no line: cite it in a row, or say pages_only: true",
        ),
        (
            "conflicts.yml",
            "about: transferable-products\n",
            "about: transferable-products\n    pages_only: true\n",
            "pages_only: true\n    rules: [R-122",
            "K-12 is cited by a row of the tables: take pages_only away",
        ),
        (
            "calendar.yml",
            "renew_on: {from: term_end,",
            "renew_on: {from: term_ennd,",
            "term_ennd",
            "renew_on: term_ennd is no day to count from (term_end?)",
        ),
        (
            "calendar.yml",
            "minus: [P-01.inventory_lead]",
            "minus: [P-01.inventory_laed]",
            "P-01.inventory_laed",
            (
                "P-01.inventory_laed doesn't exist (inventory_lead?); "
                "a figure is named as R-102.online_cancel_seats"
            ),
        ),
    ],
)
def test_a_slip_of_the_rule_keeper_is_named_with_its_line_and_the_way_out(
    file: str, written: str, instead: str, faulty: str, said: str, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    path = data / "rules" / file
    text = path.read_text(encoding="utf-8")
    assert written in text
    text = text.replace(written, instead, 1)
    path.write_text(text, encoding="utf-8")

    with pytest.raises(Trouble) as caught:
        knowledge.load(data)

    line = text[: text.index(faulty)].count("\n") + 1
    assert f"data/rules/{file}:{line}: {said}" in str(caught.value).splitlines()


def test_an_id_that_stands_in_two_files_is_named_with_both(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    path = data / "rules/facts/after-term.yml"
    text = path.read_text(encoding="utf-8").replace("  R-124:\n", "  R-309:\n", 1)
    path.write_text(text, encoding="utf-8")

    with pytest.raises(Trouble) as caught:
        knowledge.load(data)

    first = str(caught.value).splitlines()[0]
    assert first.startswith("data/rules/facts/partner-transfer.yml:")
    assert first.endswith(
        "R-309 stands in rules/facts/after-term.yml too: an id is never used twice"
    )
