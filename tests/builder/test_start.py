import ast
import sys
from collections import namedtuple

import pytest

from builder import __main__ as start
from builder.paths import ROOT

Version = namedtuple("Version", "major minor micro releaselevel serial")  # noqa: PYI024


def test_an_old_python_gets_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", Version(3, 8, 20, "final", 0))
    assert start.main(["build"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "this is Python 3.8" in said.err


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py"])
def test_old_pythons_can_parse_what_they_run(name: str) -> None:
    source = (ROOT / "builder" / name).read_text("utf-8")
    assert "from __future__ import annotations" not in source
    ast.parse(source, feature_version=(3, 6))


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        start.main(["bake"])
    assert caught.value.code == 2
    assert "bake" in capsys.readouterr().err
