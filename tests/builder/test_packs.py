import json
import sys
from pathlib import Path

import pytest

from builder import packs, snapshot
from builder.bytecode import LEAN, compiled
from builder.paths import SITE
from builder.reachable import imports, reachable


@pytest.fixture(scope="module")
def runtime() -> Path:
    """The folder of packs that the built site serves."""
    (contents,) = SITE.glob("runtime/*/*/contents.json")
    return contents.parent


def test_compiled_speedups_and_stubs_are_left_out() -> None:
    members = packs.package_members("markupsafe", ("en",))
    assert "markupsafe/_native.py" in members
    assert not [path for path in members if not path.endswith((".py", ".txt", "METADATA"))]


@pytest.mark.parametrize("name", ["markupsafe", "jinja2", "babel", "openpyxl", "icalendar"])
def test_each_package_keeps_its_licence(name: str) -> None:
    assert [path for path in packs.package_members(name, ("en",)) if "LICEN" in path]


def test_babel_carries_the_built_languages_and_what_they_inherit() -> None:
    members = packs.package_members("babel", ("es", "pt-BR"))
    locales = {Path(path).name for path in members if path.startswith("babel/locale-data/")}
    assert locales == {"LICENSE.unicode", "root.dat", "es.dat", "pt.dat", "pt_BR.dat"}


def test_imports_are_followed_into_functions_conditions_and_packages() -> None:
    source = b"""
import a.b
if a:
    from c import d
def later():
    from . import near
    from ..up import far
"""
    found = set(imports(source, "top.mid.own", is_package=False))
    assert {"a", "a.b", "c", "c.d", "top.mid.near", "top.up", "top.up.far"} <= found


def test_a_library_is_cut_to_what_programs_can_import() -> None:
    library = {
        "json/__init__.py": b"from .decoder import x",
        "json/decoder.py": b"import re, pdb",
        "re.py": b"",
        "pdb.py": b"import cmd",
        "cmd.py": b"",
        "other.py": b"",
    }
    found = reachable({"planner/a.py": b"import json"}, library, ["pdb"])
    assert found == {"json/__init__.py", "json/decoder.py", "re.py"}


def test_packs_are_compiled_where_this_python_is_the_browsers(runtime: Path) -> None:
    if f"{sys.version_info.major}.{sys.version_info.minor}" != packs.browser_python():
        pytest.skip("only the browser's own Python can compile for it: run with Python 3.13")
    contents = json.loads((runtime / "contents.json").read_text("utf-8"))
    members = [path for pack in contents["packs"].values() for path, _ in pack["members"]]
    assert [path for path in members if path.endswith(".pyc")]
    assert not [path for path in members if path.endswith(".py")]


def test_another_python_leaves_sources_as_they_are() -> None:
    members = {"a.py": b"x = 1"}
    assert compiled(members, "3.99", LEAN) == members


def test_the_planner_travels_with_its_knowledge_and_no_yaml_reader(runtime: Path) -> None:
    contents = json.loads((runtime / "contents.json").read_text("utf-8"))
    members = [path for path, _ in contents["packs"]["planner"]["members"]]
    assert "planner/knowledge.json" in members
    assert not [path for path in members if path.startswith("planner/checkout")]


def test_the_lock_names_no_foreign_package_and_no_address(runtime: Path) -> None:
    text = (runtime / "contents.json").read_text("utf-8")
    assert json.loads(text)["lock"]["packages"] == {}
    assert "://" not in text


def test_no_module_has_a_name_that_web_servers_do_not_know() -> None:
    """Browsers run no module that a server sends as data, as many do with ``.mjs``."""
    assert not list(SITE.rglob("*.mjs*"))


def test_no_file_is_named_like_an_archive() -> None:
    assert not [path for path in SITE.rglob("*") if path.suffix in {".zip", ".whl"}]
    assert not list(SITE.rglob("*.map"))


def test_everything_that_is_shipped_can_be_imported(runtime: Path) -> None:
    """Under the reduced library each module imports, or lacks what the full one lacks too."""
    script = Path(__file__).with_name("import_everything.mjs")
    engine = Path(__file__).parents[2] / "node_modules" / "pyodide"
    said = snapshot.node("import", script, engine, runtime, snapshot.ASSETS)
    failed = json.loads(said)
    assert failed == {}


def test_byte_code_does_not_depend_on_what_this_process_has_loaded() -> None:
    source = {"a.py": b"class Rare:\n    class Name:\n        pass\n"}
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    before = compiled(source, python, LEAN)
    # As a loaded module with such a class does.
    loaded = sys.intern("Rare.Name")
    assert compiled(source, python, LEAN) == before, loaded
