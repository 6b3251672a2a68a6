from pathlib import Path

from builder import stage
from builder.languages import Language
from planner.words import Words

WORDS = {
    "site": {
        "sections": {"rules": "Rules"},
        "pages": {name: {"nav": name.title()} for name in ("index", "move", "rules", "changes")},
    }
}
MENU: stage.Menu = ["index", {"rules": ["rules", "changes"]}]


def test_the_pages_of_a_section_stand_where_it_does(tmp_path: Path) -> None:
    for name in ("index", "move", "rules", "changes", "_part"):
        (tmp_path / f"{name}.md").touch()
    assert stage.page_names(tmp_path, MENU) == ["index", "rules", "changes", "move"]


def test_a_section_is_one_entry_of_the_menu() -> None:
    language = Language("en", "English", Words("en", WORDS))
    assert stage.navigation(language, ["index", "rules", "changes", "move"], MENU) == [
        {"Index": "index.md"},
        {"Rules": [{"Rules": "rules.md"}, {"Changes": "changes.md"}]},
        {"Move": "move.md"},
    ]
