from pathlib import Path

import pytest


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A small ``data/`` in two languages, without fault."""
    folder = tmp_path / "data"
    files = {
        "rules/sources.yml": "sources: {S-1: {title: A page}}",
        "rules/facts/grace.yml": """
            rules:
              R-1:
                about: grace
                sources: [S-1]
                figures: {grace_days: {value: 30, unit: days}}
              R-2:
                about: other-grace
                sources: [S-1]
                superseded_by: [R-1]
                figures: {grace_days: {value: 90, unit: days}}
        """,
        "languages/en/guide/move.yml": 'wait: "Wait {grace_days} days."',
        "languages/es/guide/move.yml": 'wait: "Espera {grace_days} días."',
        "languages/en/planner/ui.yml": "left: {one: '{count} line', other: '{count} lines'}",
        "languages/es/planner/ui.yml": "left: {one: '{count} línea', other: '{count} líneas'}",
    }
    for language in ("en", "es"):
        files[f"languages/{language}/site.yml"] = f"""
            language: {language}
            name: A site
            pages: {{move: {{nav: Move, description: "Say: what"}}}}
        """
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder
