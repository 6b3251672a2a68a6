"""Which Chromium the browser tests take, and what is said when there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder import chromium
from builder.chromium import NoBrowser, find_or_get, installed, launch_arguments


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without any browser and without a way to get one; returns its PATH folder."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(chromium, "installed", lambda *_: iter(()))
    monkeypatch.setattr(chromium, "_downloaded", lambda: iter(()))
    monkeypatch.setattr(chromium, "_get_package", lambda: iter(()))
    monkeypatch.setattr(chromium, "_get_download", lambda: iter(()))
    monkeypatch.setattr(chromium, "_starts", lambda _: True)
    return folder


def command(folder: Path, name: str) -> Path:
    """Put an executable file into a folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_named_browser_comes_first(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CHROMIUM wins over an installed browser."""
    named = command(machine, "my-browser")
    monkeypatch.setattr(chromium, "installed", lambda *_: iter([Path("/other")]))
    monkeypatch.setenv("CHROMIUM", str(named))
    assert find_or_get() == named


def test_a_named_browser_that_is_not_there_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing else is taken in its place."""
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(NoBrowser, match="CHROMIUM names /nowhere/chromium"):
        find_or_get()


def test_commands_on_the_path_come_before_usual_places(tmp_path: Path) -> None:
    """Chromium itself comes before its relatives."""
    edge = command(tmp_path / "bin", "msedge")
    plain = command(tmp_path / "bin", "chromium")
    assert list(installed("linux", {"PATH": str(tmp_path / "bin")}))[:2] == [plain, edge]


def test_usual_places_on_windows(tmp_path: Path) -> None:
    """Edge is part of Windows and stands in no PATH."""
    edge = command(tmp_path, "Microsoft/Edge/Application/msedge.exe")
    places = installed("win32", {"PATH": "", "PROGRAMFILES(X86)": str(tmp_path)})
    assert list(places) == [edge]


def test_usual_places_on_a_mac(tmp_path: Path) -> None:
    """An application in the user's own folder counts too."""
    chrome = command(tmp_path, "Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    assert chrome in list(installed("darwin", {"PATH": "", "HOME": str(tmp_path)}))


def test_a_browser_that_does_not_start_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Some systems keep a stub under the browser's name."""
    monkeypatch.setattr(chromium, "installed", lambda *_: iter([Path("/stub")]))
    monkeypatch.setattr(chromium, "_downloaded", lambda: iter([Path("/real")]))
    monkeypatch.setattr(chromium, "_starts", lambda path: path == Path("/real"))
    assert find_or_get() == Path("/real")


def test_the_package_is_tried_before_the_download(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Debian's package brings the libraries that a download lacks."""
    monkeypatch.setattr(chromium, "_get_package", lambda: iter([Path("/usr/bin/chromium")]))
    monkeypatch.setattr(chromium, "_get_download", lambda: pytest.fail("downloaded"))
    assert find_or_get() == Path("/usr/bin/chromium")


def test_without_any_way_one_sentence_says_what_to_do() -> None:
    """It names what to install and what to set."""
    with pytest.raises(NoBrowser, match=r"^No Chromium was found .* set CHROMIUM .*\.$"):
        find_or_get()


def test_the_sandbox_is_given_up_as_root_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test run by anyone else keeps it."""
    monkeypatch.setattr(chromium, "_is_root", lambda: True)
    assert "--no-sandbox" in launch_arguments()
    monkeypatch.setattr(chromium, "_is_root", lambda: False)
    assert "--no-sandbox" not in launch_arguments()
