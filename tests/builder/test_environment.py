import subprocess
import sys
from pathlib import Path

import pytest

from builder import environment
from builder.environment import Project
from builder.trouble import Trouble

RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A checkout whose set-up is complete."""
    made = Project(tmp_path)
    (tmp_path / "requirements").mkdir()
    made.requirements("site").write_text("a==1", encoding="utf-8")
    made.requirements("test").write_text("a==1\nb==1", encoding="utf-8")
    for further in ("mutants", "fuzz", "bench"):
        made.requirements(further).write_text(f"a==1\nb==1\n{further}==1", encoding="utf-8")
    made.packages.write_text("{}", encoding="utf-8")
    (tmp_path / "node_modules" / "pyodide").mkdir(parents=True)
    made.python.parent.mkdir(parents=True)
    made.python.touch()
    python_is(made, RUNNING)
    environment._remember(made, "requirements", environment._fingerprint(made, "test"))
    environment._remember(made, "packages", environment._packages_fingerprint(made, "test"))
    return made


def python_is(project: Project, version: str) -> None:
    (project.environment / "pyvenv.cfg").write_text(f"version = {version}.1\n", encoding="utf-8")


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the set-up would have run."""
    made: list[str] = []

    def run(command: list[str], *_: object, **__: object) -> subprocess.CompletedProcess[str]:
        made.append("npm" if "npm" in command[-1] else "pip")
        return subprocess.CompletedProcess(command, 0, "", "")

    def create(*_: object, **__: object) -> None:
        made.append("venv")

    monkeypatch.setattr("builder.environment.subprocess.run", run)
    monkeypatch.setattr("builder.environment.venv.create", create)
    return made


def test_a_complete_setup_runs_nothing_and_says_nothing(
    project: Project, calls: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    environment.ensure("test", project)
    assert calls == []
    assert capsys.readouterr() == ("", "")


def test_what_tests_need_covers_what_the_site_needs(project: Project, calls: list[str]) -> None:
    environment.ensure("site", project)
    assert calls == []


def test_the_site_group_alone_is_not_enough_for_tests(project: Project, calls: list[str]) -> None:
    environment._remember(project, "requirements", environment._fingerprint(project, "site"))
    environment.ensure("test", project)
    assert calls == ["pip"]


def test_a_changed_lock_file_is_installed_once(project: Project, calls: list[str]) -> None:
    project.requirements("test").write_text("a==2", encoding="utf-8")
    environment.ensure("test", project)
    environment.ensure("test", project)
    assert calls == ["pip"]


def test_changed_npm_packages_are_installed_once(project: Project, calls: list[str]) -> None:
    project.packages.write_text('{"a": 1}', encoding="utf-8")
    environment.ensure("test", project)
    environment.ensure("test", project)
    assert calls == ["npm"]


def test_an_environment_without_its_python_is_made_again(
    project: Project, calls: list[str]
) -> None:
    project.python.unlink()
    environment.ensure("test", project)
    assert calls == ["venv"]


def test_an_environment_of_another_python_is_made_again(project: Project, calls: list[str]) -> None:
    python_is(project, "3.9")
    environment.ensure("test", project)
    assert calls == ["venv"]


def test_an_environment_of_the_preferred_python_is_kept(project: Project, calls: list[str]) -> None:
    (project.root / ".python-version").write_text("3.99\n", encoding="ascii")
    python_is(project, "3.99")
    environment.ensure("test", project)
    assert calls == []


def test_a_failed_installation_is_one_sentence_and_tried_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.requirements("test").write_text("a==2", encoding="utf-8")

    def fail(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "ERROR: no route\nhint\n")

    monkeypatch.setattr("builder.environment.subprocess.run", fail)
    for _ in range(2):
        with pytest.raises(Trouble, match=r"\(ERROR: no route\): check the connection") as caught:
            environment.ensure("test", project)
        assert "\n" not in str(caught.value)


def test_a_python_without_venv_says_what_to_install(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.python.unlink()
    monkeypatch.setattr("builder.environment.importlib.util.find_spec", lambda _: None)
    with pytest.raises(Trouble, match=rf"apt install python{RUNNING}-venv"):
        environment.ensure("test", project)
