import json
from pathlib import Path

import pytest

from builder import knowledge
from builder.trouble import Trouble
from planner.checkout import DATA
from planner.conditions import COMPARISONS


def trouble_of(data: Path) -> str:
    with pytest.raises(Trouble) as caught:
        knowledge.load(data)
    return str(caught.value)


def test_sound_data_loads(data: Path) -> None:
    assert set(knowledge.load(data)["languages"]) == {"en", "es"}


@pytest.mark.parametrize("file", ["alternatives", "assumptions", "lifecycles", "notices", "paths"])
def test_an_editor_offers_the_comparisons_that_a_condition_may_make(file: str) -> None:
    schema = json.loads((DATA / "schema" / f"{file}.schema.json").read_text("utf-8"))
    offered = {
        name
        for shape in schema["$defs"].values()
        for name in shape.get("properties", {})
        if "more_than" in shape.get("properties", {})
    }
    assert offered == {*COMPARISONS, "not"}


def test_a_file_that_is_no_yaml_is_named_with_its_line(data: Path) -> None:
    (data / "rules" / "sources.yml").write_text("sources:\n  a: }\n", encoding="utf-8")
    assert trouble_of(data).startswith("data/rules/sources.yml:2: ")


def test_a_missing_message_is_named_with_the_file_it_belongs_in(data: Path) -> None:
    path = data / "languages/en/guide/move.yml"
    path.write_text(path.read_text("utf-8") + "\nsteps: [Ask]", encoding="utf-8")
    assert trouble_of(data) == (
        "es/guide/move.yml: steps.0 is missing: write it after en/guide/move.yml: steps.0"
    )


def test_a_missing_file_is_named_once(data: Path) -> None:
    (data / "languages/es/guide/move.yml").unlink()
    assert trouble_of(data) == "es/guide/move.yml is missing: write it after en/guide/move.yml"


def test_a_message_that_english_lacks_is_named(data: Path) -> None:
    path = data / "languages/es/guide/move.yml"
    path.write_text(path.read_text("utf-8") + "\nmore: Más", encoding="utf-8")
    assert "es/guide/move.yml: more is not in English" in trouble_of(data)


def test_a_different_placeholder_is_named_beside_the_english_one(data: Path) -> None:
    (data / "languages/es/guide/move.yml").write_text('wait: "{days}"', encoding="utf-8")
    assert trouble_of(data) == (
        "es/guide/move.yml: wait uses {days}, the English text has {grace_days}"
    )


def test_a_lacking_plural_form_is_named(data: Path) -> None:
    path = data / "languages/es/planner/ui.yml"
    path.write_text("left: {other: '{count} líneas'}", encoding="utf-8")
    assert "es/planner/ui.yml: left has the plural forms other" in trouble_of(data)


def test_a_plural_form_for_millions_may_be_written_or_left_out(data: Path) -> None:
    path = data / "languages/es/planner/ui.yml"
    path.write_text(
        "left: {one: '{count} línea', many: '{count} de líneas', other: '{count} líneas'}",
        encoding="utf-8",
    )
    knowledge.load(data)


def test_an_unknown_source_is_named_with_its_rule(data: Path) -> None:
    (data / "rules/sources.yml").write_text("sources: {}", encoding="utf-8")
    assert "data/rules/facts/grace.yml:5: R-1 names the source S-1, which" in trouble_of(data)


def test_a_rule_that_names_an_unknown_rule_is_named(data: Path) -> None:
    path = data / "rules/facts/grace.yml"
    path.write_text(path.read_text("utf-8").replace("[R-1]", "[R-9]"), encoding="utf-8")
    assert trouble_of(data) == (
        "data/rules/facts/grace.yml:10: R-9 is cited, but no file of rules/ has it"
    )


def test_a_value_against_its_schema_is_named_with_its_place(data: Path) -> None:
    (data / "schema").mkdir()
    (data / "schema/s.schema.json").write_text(
        json.dumps({"properties": {"sources": {"additionalProperties": {"type": "string"}}}}),
        encoding="utf-8",
    )
    (data / "rules/sources.yml").write_text(
        "# yaml-language-server: $schema=../schema/s.schema.json\nsources: {S-1: 1}",
        encoding="utf-8",
    )
    assert trouble_of(data).startswith(
        "data/rules/sources.yml:2: sources.S-1 is 1, which has to be a text"
    )


def test_every_fault_is_told_at_once(data: Path) -> None:
    (data / "rules/sources.yml").write_text("sources: {}", encoding="utf-8")
    (data / "languages/es/guide/move.yml").write_text("{}", encoding="utf-8")
    assert len(trouble_of(data).splitlines()) == 3


def test_compiled_knowledge_holds_the_words_of_the_planner_only(data: Path) -> None:
    compiled = json.loads(knowledge.compile_knowledge(knowledge.load(data)))
    assert set(compiled["languages"]["es"]) == {"planner"}
    assert compiled["rules"]["facts"]["grace"]["rules"]["R-1"]["about"] == "grace"


def test_the_order_of_keys_never_changes_compiled_knowledge(data: Path) -> None:
    tree = knowledge.load(data)
    turned = {key: tree[key] for key in reversed(tree)}
    assert knowledge.compile_knowledge(turned) == knowledge.compile_knowledge(tree)
