"""Bundle what runs in the browser: Pyodide and the four wheels that the planner needs.

Everything is served from the site itself. The folder is named after its
contents, so a browser may keep it for ever and an edit of the guide leaves it
alone.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import importlib.metadata
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyodide_lock import PackageSpec, PyodideLockSpec
from pyodide_lock.spec import InfoSpec

from builder import files
from builder.paths import BUILD, NODE_MODULES, PLANNER, ROOT
from builder.trouble import Trouble

#: What ``pyodide.mjs`` fetches when a module worker loads it, itself included.
ENGINE = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")

#: The packages that come from the Python environment, with those they need.
LIBRARIES: Mapping[str, tuple[str, ...]] = {
    "markupsafe": (),
    "jinja2": ("markupsafe",),
    "babel": (),
}

OWN = "csp-move-planner"

#: A fixed time for archive members, so that the same content gives the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)

Members = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Wheel:
    """One wheel of the bundle: its file name and everything a lock file says of it."""

    name: str
    version: str
    import_name: str
    depends: tuple[str, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class Runtime:
    """A finished bundle: the folder that holds it and the key it is served under."""

    key: str
    folder: Path


def bundle(languages: Sequence[str], build: Path = BUILD) -> Runtime:
    """Return the bundle for a set of languages, built only where its parts changed.

    ``build/knowledge.json`` has to be there.

    Raises:
        Trouble: Pyodide isn't installed, or the planner's wheel can't be built.
    """
    engine = [NODE_MODULES / "pyodide" / name for name in ENGINE]
    if missing := [path.name for path in engine if not path.is_file()]:
        raise Trouble(
            f"node_modules/pyodide lacks {', '.join(missing)}: "
            "delete node_modules and start the command again."
        )
    wheels = [
        *(_library(name, sorted(languages), build) for name in LIBRARIES),
        _planner(build),
    ]
    lock = lock_file(wheels)
    parts = {path.name: path for path in [*engine, *(wheel.path for wheel in wheels)]}
    key = files.fingerprint([lock, *(parts[name] for name in sorted(parts))])[:12]
    folder = build / "runtime" / key
    if not (folder / "pyodide-lock.json").is_file():
        for old in (build / "runtime").glob("*"):
            files.remove(old)
        # The lock file comes last: where it stands, the bundle is whole.
        files.fill(folder, parts)
        files.write(folder / "pyodide-lock.json", lock)
    return Runtime(key, folder)


def lock_file(wheels: Iterable[Wheel]) -> bytes:
    """Return a Pyodide lock file that lists these wheels and nothing else."""
    stock = json.loads((NODE_MODULES / "pyodide" / "pyodide-lock.json").read_text("utf-8"))
    lock = PyodideLockSpec(
        info=InfoSpec.from_dict(stock["info"]),
        packages={
            wheel.name: PackageSpec(
                name=wheel.name,
                version=wheel.version,
                file_name=wheel.path.name,
                install_dir="site",
                sha256=hashlib.sha256(wheel.path.read_bytes()).hexdigest(),
                imports=[wheel.import_name],
                depends=list(wheel.depends),
            )
            for wheel in wheels
        },
    )
    lock.check_wheel_filenames()
    text = json.dumps(lock.to_dict(), sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def _planner(build: Path) -> Wheel:
    """Build the planner's own wheel, with the compiled knowledge inside."""
    inputs = [ROOT / name for name in ("pyproject.toml", "README.md", "LICENSE")]
    sources = [path for path in [*inputs, *files.below(PLANNER)] if path.is_file()]
    knowledge = build / "knowledge.json"
    stamp = files.fingerprint(["planner", _python(), *_named(sources), knowledge])
    made = build / "wheels" / f"planner-{stamp[:16]}"
    if not made.is_dir():
        _forget(build / "wheels", "planner-")
        raw = build / "wheels" / "raw"
        files.remove(raw)
        _run("-m", "build", "--wheel", "--no-isolation", "--outdir", str(raw), str(ROOT))
        _finish([wheel_members(path) for path in raw.glob("*.whl")], made, build)
    path = next(made.glob("*.whl"))
    return Wheel(OWN, path.name.split("-")[1], "planner", ("jinja2", "babel"), path)


def _named(paths: Iterable[Path]) -> Iterator[bytes | str]:
    for path in paths:
        yield path.relative_to(ROOT).as_posix()
        yield path.read_bytes()


def _library(name: str, languages: list[str], build: Path) -> Wheel:
    """Pack an installed pure-Python package as a wheel for the browser."""
    version = importlib.metadata.version(name)
    stamp = files.fingerprint([name, version, _python(), *languages, Path(__file__)])
    made = build / "wheels" / f"{name}-{stamp[:16]}"
    if not made.is_dir():
        _forget(build / "wheels", f"{name}-")
        _finish([library_members(name, languages)], made, build)
    return Wheel(name, version, name, LIBRARIES[name], next(made.glob("*.whl")))


def library_members(name: str, languages: Iterable[str]) -> tuple[str, Members]:
    """Return an installed package as the name and the members of a pure wheel.

    Left out are compiled speedups (each package falls back to its Python), type
    stubs, command-line entry points, and of Babel the locales that no built
    language uses and its tools for translators.
    """
    distribution = importlib.metadata.distribution(name)
    information = f"{name}-{distribution.version}.dist-info"
    locales = _locales(languages)
    members: Members = {}
    for file in distribution.files or []:
        member = file.as_posix()
        path = Path(str(file.locate()))
        if member.startswith(f"{name}/"):
            if _is_used(member, locales):
                members[member] = path.read_bytes()
        elif member.startswith(f"{information}/licenses/") or member == f"{information}/METADATA":
            members[member] = path.read_bytes()
    members[f"{information}/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: csp-move-planner\nRoot-Is-Purelib: true\n"
        b"Tag: py3-none-any\n"
    )
    return f"{name}-{distribution.version}-py3-none-any.whl", members


def _locales(languages: Iterable[str]) -> frozenset[str]:
    """Return the names of Babel's data files that some languages need, parents included."""
    needed = {"root"}
    for tag in languages:
        parts = tag.replace("-", "_").split("_")
        needed.update("_".join(parts[:length]) for length in range(1, len(parts) + 1))
    return frozenset(needed)


def _is_used(member: str, locales: frozenset[str]) -> bool:
    if "__pycache__" in member or member.endswith((".so", ".pyd", ".c", ".pyi", "py.typed")):
        return False
    if member.startswith("babel/locale-data/"):
        # Licence texts stand beside the data.
        return not member.endswith(".dat") or Path(member).stem in locales
    return not member.startswith("babel/messages/")


def wheel_members(path: Path) -> tuple[str, Members]:
    """Return the name and the members of a wheel file."""
    with zipfile.ZipFile(path) as wheel:
        return path.name, {
            name: wheel.read(name) for name in wheel.namelist() if not name.endswith("/")
        }


def write_wheel(path: Path, members: Members) -> None:
    """Write a wheel with a fresh RECORD; the same members give the same bytes."""
    information = next(name.split("/")[0] for name in members if name.endswith("/METADATA"))
    record = f"{information}/RECORD"
    content = {name: members[name] for name in sorted(members) if name != record}
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    for name, data in content.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        rows.writerow([name, f"sha256={digest}", len(data)])
    rows.writerow([record, "", ""])
    content[record] = table.getvalue().encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as wheel:
        for name, data in content.items():
            information_of = zipfile.ZipInfo(name, _TIME)
            information_of.compress_type = zipfile.ZIP_DEFLATED
            information_of.external_attr = 0o644 << 16
            wheel.writestr(information_of, data)


def _finish(wheels: Iterable[tuple[str, Members]], made: Path, build: Path) -> None:
    """Byte-compile wheels where this Python is the browser's, and put them in their place."""
    raw = build / "wheels" / f"compile-{made.name}"
    files.remove(raw)
    for name, members in wheels:
        write_wheel(raw / name, members)
    if _python() == browser_python():
        _run("-m", "pyodide_cli", "py-compile", "--silent", str(raw))
    done = build / "wheels" / f"done-{made.name}"
    files.remove(done)
    for path in sorted(raw.glob("*.whl")):
        write_wheel(done / path.name, wheel_members(path)[1])
    done.rename(made)
    files.remove(raw)


def browser_python() -> str:
    """Return the Python of the installed Pyodide, as ``3.13``."""
    stock = json.loads((NODE_MODULES / "pyodide" / "pyodide-lock.json").read_text("utf-8"))
    return ".".join(stock["info"]["python"].split(".")[:2])


def _python() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _forget(folder: Path, prefix: str) -> None:
    for old in folder.glob(f"{prefix}*"):
        files.remove(old)


def _run(*arguments: str) -> None:
    # With a fixed date, byte code is marked by its source's hash and not by a time.
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "SOURCE_DATE_EPOCH": "315532800", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()
        raise Trouble(
            f"The planner's wheel could not be built ({said[-1] if said else 'no reason given'}): "
            f"`python {' '.join(arguments[:3])}` says more."
        )
