import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder import serve
from builder.paths import CONFIGURATION, DATA, ROOT


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a small site that is being served."""
    for name in ("a.mjs", "a.wasm", "404.html"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    server = serve.start(tmp_path, 8700)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("name", "kind"), [("a.mjs", "text/javascript"), ("a.wasm", "application/wasm")]
)
def test_modules_and_wasm_have_the_type_that_browsers_ask_for(
    address: str, name: str, kind: str
) -> None:
    with urllib.request.urlopen(f"{address}/{name}") as answer:
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Cache-Control"] == "no-cache"


def test_an_address_that_leads_nowhere_gets_the_sites_own_page(address: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{address}/en/nowhere/")
    with caught.value as answer:
        assert (answer.code, answer.read()) == (404, b"404.html")


def test_a_taken_port_leads_to_the_next(address: str, tmp_path: Path) -> None:
    taken = int(address.rpartition(":")[2])
    second = serve.start(tmp_path, taken)
    try:
        assert taken < second.server_port
    finally:
        second.shutdown()
        second.server_close()


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        (DATA / "rules" / "steps.yml", True),
        (CONFIGURATION, True),
        (ROOT / "README.md", False),
        (DATA / ".steps.yml.swp", False),
        (DATA / "steps.yml~", False),
        (ROOT / "planner" / "__pycache__" / "model.pyc", False),
    ],
)
def test_only_edits_of_sources_start_a_rebuild(*, path: Path, counts: bool) -> None:
    assert serve.is_source(path) is counts
