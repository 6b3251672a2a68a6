"""Pack what Python finds on its file system in the browser.

A pack is one file: its members one after the other. Their paths and sizes stand in
``contents.json``. No name ends in ``.zip`` or ``.whl``: security programs open such files
on the way and close them changed.
"""

from __future__ import annotations

import importlib.metadata
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from builder import files
from builder.bytecode import LEAN, WHOLE, Members, compiled
from builder.paths import NODE_MODULES, PLANNER
from builder.reachable import reachable

#: Installed packages that travel with the planner, so that it runs at all.
LIBRARIES = ("markupsafe", "jinja2", "babel")

#: What is fetched only when the reader asks for it, under the name the planner asks by.
LATER: Mapping[str, tuple[str, ...]] = {
    "openpyxl": ("openpyxl", "et_xmlfile"),
    "icalendar": ("icalendar", "python-dateutil", "tzdata"),
}

#: Parts of the standard library that nothing on the planner's way uses, though modules that
#: it does use can import them: debuggers, consoles, servers, processes, other languages.
UNUSED = (
    "_ios_support",
    "_pyrepl",
    "asyncio.windows_events",
    "asyncio.windows_utils",
    "bdb",
    "cmd",
    "code",
    "codeop",
    "concurrent.futures.process",
    "ctypes",
    "doctest",
    "encodings.mbcs",
    "encodings.oem",
    "http",
    "multiprocessing",
    "pdb",
    "plistlib",
    "pydoc",
    "pyodide.console",
    "rlcompleter",
    "socketserver",
    "unittest",
    "webbrowser",
    "xmlrpc",
)

#: Started or looked up by name, so that no import statement tells of them. Pyodide reads
#: its own docstrings.
_BY_NAME = ("_pyodide/", "_sysconfigdata", "encodings/", "pyodide/")
_WITH_DOCSTRINGS = ("_pyodide/", "pyodide/")

#: What of packages works with others only, which a browser hasn't.
_FOR_OTHERS = {
    "icalendar/timezone/equivalent_timezone_ids.py",
    "icalendar/timezone/pytz.py",
    "dateutil/tz/win.py",
    "dateutil/tzwin.py",
    "openpyxl/utils/dataframe.py",
}

#: A fixed time for archive members, so that the same content gives the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Pack:
    """One pack: its file's name, the folder its members belong to, and the members."""

    file: str
    into: str
    members: Members

    @property
    def content(self) -> bytes:
        """The file's content."""
        return b"".join(self.members.values())

    @property
    def index(self) -> dict[str, object]:
        """What ``contents.json`` says of it."""
        return {
            "file": self.file,
            "into": self.into,
            "members": [[path, len(content)] for path, content in self.members.items()],
        }


def packs(languages: Iterable[str], knowledge: Path, build: Path) -> dict[str, Pack]:
    """Return every pack by its name: ``stdlib``, ``planner`` and those fetched later.

    Args:
        languages: The built languages; Babel carries no other.
        knowledge: The compiled knowledge.
        build: Where what was compiled before is kept.
    """
    tags = sorted(languages)
    site = f"/lib/python{browser_python()}/site-packages"
    sources = {name: package_members(name, tuple(tags)) for name in _packages()}
    own = planner_members()
    libraries = merged(sources[name] for name in LIBRARIES)
    planner = {
        **_kept(build, "libraries", libraries, lambda: compiled(libraries, browser_python(), LEAN)),
        **_kept(build, "planner", own, lambda: compiled(own, browser_python(), WHOLE)),
        "planner/knowledge.json": knowledge.read_bytes(),
    }
    zipped = f"python{browser_python().replace('.', '')}.zip"
    programs = merged([own, *sources.values()])
    stock = NODE_MODULES / "pyodide" / "python_stdlib.zip"
    library = _kept(
        build,
        "stdlib",
        {**programs, "stock": stock.read_bytes()},
        lambda: {zipped: standard_library(programs, stock)},
    )
    later = {
        name: Pack(
            f"{name}.bin",
            site,
            _kept(
                build,
                name,
                merged(sources[part] for part in parts),
                lambda parts=parts: compiled(  # type: ignore[misc]
                    merged(sources[part] for part in parts), browser_python(), LEAN
                ),
            ),
        )
        for name, parts in LATER.items()
    }
    return {
        "stdlib": Pack("stdlib.bin", "/lib", library),
        "planner": Pack("planner.bin", site, _in_order(planner)),
        **later,
    }


def _packages() -> list[str]:
    return [*LIBRARIES, *(part for parts in LATER.values() for part in parts)]


def merged(parts: Iterable[Mapping[str, bytes]]) -> Members:
    """Return the members of several packages as those of one, in a fixed order."""
    return _in_order({path: content for part in parts for path, content in part.items()})


def _in_order(members: Mapping[str, bytes]) -> Members:
    return {path: members[path] for path in sorted(members)}


def planner_members() -> Members:
    """Return the planner's own sources and templates; it reads no checkout in the browser."""
    return {
        path.relative_to(PLANNER.parent).as_posix(): path.read_bytes()
        for path in files.below(PLANNER)
        if path.name != "checkout.py"
    }


@cache
def package_members(name: str, languages: tuple[str, ...]) -> Members:
    """Return what a browser needs of an installed pure-Python package, its licence included.

    Left out are compiled speedups (each package falls back to its Python), type stubs,
    tests, command-line entry points, and of Babel the locales that no built language uses
    and its tools for translators.
    """
    distribution = importlib.metadata.distribution(name)
    locales = _locales(languages)
    members: Members = {}
    for file in distribution.files or []:
        member = file.as_posix()
        if _is_used(member, locales):
            members[member] = Path(str(file.locate())).read_bytes()
    return members


def _locales(languages: Iterable[str]) -> frozenset[str]:
    """Return the names of Babel's data files that some languages need, parents included."""
    needed = {"root"}
    for tag in languages:
        parts = tag.replace("-", "_").split("_")
        needed.update("_".join(parts[:length]) for length in range(1, len(parts) + 1))
    return frozenset(needed)


def _is_used(member: str, locales: frozenset[str]) -> bool:
    top, _, below = member.partition("/")
    if top.endswith(".dist-info"):
        # Packages may ask for their own version.
        return below == "METADATA" or below.startswith(("licenses/", "LICEN"))
    if ".." in top or "__pycache__" in member or "/tests/" in member:
        return False
    if member.endswith((".so", ".pyd", ".c", ".pyi", "py.typed")):
        return False
    if member in _FOR_OTHERS:
        return False
    if member.startswith("babel/locale-data/"):
        # Licence texts stand beside the data.
        return not member.endswith(".dat") or Path(member).stem in locales
    return not member.startswith("babel/messages/")


def standard_library(programs: Mapping[str, bytes], stock: Path) -> bytes:
    """Return Pyodide's standard library with only what some programs can import.

    Byte-compiled, without docstrings and assertions, as the archive that Python reads.
    """
    with zipfile.ZipFile(stock) as archive:
        library = {
            name: archive.read(name) for name in archive.namelist() if not name.endswith("/")
        }
    unused = tuple(f"{_path(module)}." for module in UNUSED)
    by_name = {
        path: content
        for path, content in library.items()
        if path.startswith(_BY_NAME) and not path.startswith(unused)
    }
    kept = {*by_name, *reachable({**programs, **by_name}, library, UNUSED)}
    lean = {path: library[path] for path in kept if not path.startswith(_WITH_DOCSTRINGS)}
    whole = {path: library[path] for path in kept if path not in lean}
    return zipped(
        {
            **compiled(lean, browser_python(), LEAN),
            **compiled(whole, browser_python(), WHOLE),
        }
    )


def _path(module: str) -> str:
    return module.replace(".", "/")


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return an archive of files; the same members give the same bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(members):
            information = zipfile.ZipInfo(name, _TIME)
            information.compress_type = zipfile.ZIP_DEFLATED
            information.external_attr = 0o644 << 16
            archive.writestr(information, members[name])
    return content.getvalue()


def _kept(
    build: Path, name: str, made_from: Mapping[str, bytes], make: Callable[[], Members]
) -> Members:
    """Return what was made from these members before, or make and keep it."""
    code = [Path(__file__), Path(__file__).with_name("bytecode.py")]
    code.append(Path(__file__).with_name("reachable.py"))
    parts = [part for path in made_from for part in (path, made_from[path])]
    stamp = files.fingerprint([*code, browser_python(), *parts])[:16]
    folder = build / "packs"
    kept = folder / f"{name}-{stamp}.zip"
    if not kept.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"{name}-*"):
            old.unlink()
        fresh = kept.with_suffix(".new")
        with zipfile.ZipFile(fresh, "w") as archive:
            for path, content in make().items():
                archive.writestr(zipfile.ZipInfo(path, _TIME), content)
        fresh.replace(kept)
    with zipfile.ZipFile(kept) as archive:
        return {path: archive.read(path) for path in archive.namelist()}


def browser_python() -> str:
    """Return the Python of the installed Pyodide, as ``3.13``."""
    return ".".join(str(stock_lock()["info"]["python"]).split(".")[:2])


def stock_lock() -> dict[str, dict[str, str]]:
    """Return the lock file that comes with the installed Pyodide."""
    path = NODE_MODULES / "pyodide" / "pyodide-lock.json"
    lock: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8"))
    return lock
