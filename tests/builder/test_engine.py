from pathlib import Path

import pytest

from builder import engine


def test_a_renamed_folder_of_the_theme_has_the_pages_built_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[Path] = []
    monkeypatch.setattr(engine, "DOCS", tmp_path)
    partials = tmp_path / "theme" / "partials"
    partials.mkdir(parents=True)
    (partials / "header.html").write_text("<header>")
    configuration = tmp_path / "mkdocs.en.yml"
    configuration.touch()

    def start(path: Path) -> engine.Run:
        runs.append(path)
        made = tmp_path / "build" / "engine" / "en"
        made.mkdir(parents=True, exist_ok=True)
        (made / "index.html").touch()
        return lambda: (True, "")

    def build() -> int:
        runs.clear()
        engine.build_all({"en": configuration}, tmp_path / "build", start)
        return len(runs)

    assert [build(), build()] == [1, 0]
    partials.rename(tmp_path / "theme" / "parts")
    assert build() == 1
