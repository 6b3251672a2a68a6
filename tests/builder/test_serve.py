import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder import serve, snapshot
from builder.paths import CONFIGURATION, DATA, ROOT
from builder.runtime import Runtime
from builder.trouble import Trouble


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of a small site that is being served."""
    for name in ("a.js", "a.wasm", "404.html"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    server = serve.start(tmp_path, 8700)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("name", "kind"), [("a.js", "text/javascript"), ("a.wasm", "application/wasm")]
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


def test_a_compressed_file_is_sent_to_who_can_read_it(address: str, tmp_path: Path) -> None:
    (tmp_path / "a.js.br").write_bytes(b"packed")
    asked = urllib.request.Request(f"{address}/a.js", headers={"Accept-Encoding": "gzip, br"})
    with urllib.request.urlopen(asked) as answer:
        assert (answer.read(), answer.headers["Content-Encoding"]) == (b"packed", "br")
        assert answer.headers["Content-Type"] == "text/javascript"
    with urllib.request.urlopen(f"{address}/a.js") as answer:
        assert (answer.read(), answer.headers["Content-Encoding"]) == (b"a.js", None)


@pytest.fixture
def bundle(tmp_path: Path) -> Runtime:
    """A previewed planner without its memory image."""
    made = Runtime("engine/packs", tmp_path / "build")
    made.packs.mkdir(parents=True)
    return made


def test_the_memory_image_follows_a_preview(
    bundle: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "make", lambda _: b"image")
    served = tmp_path / "site" / "runtime" / bundle.key
    served.mkdir(parents=True)
    serve.add_image(bundle, tmp_path / "site")
    assert (served / snapshot.NAME).read_bytes() == b"image"


def test_an_image_that_an_edit_overtook_is_dropped_in_silence(
    bundle: Runtime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def overtaken(folder: Path) -> bytes:
        folder.rmdir()
        raise Trouble("its files are gone")

    monkeypatch.setattr(snapshot, "make", overtaken)
    serve.add_image(bundle, tmp_path / "site")
    assert capsys.readouterr().out == ""
    assert not (tmp_path / "site").exists()


def test_an_image_that_cannot_be_made_is_told(
    bundle: Runtime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(_: Path) -> bytes:
        raise Trouble("the planner does not start")

    monkeypatch.setattr(snapshot, "make", broken)
    serve.add_image(bundle, tmp_path / "site")
    assert "the planner does not start" in capsys.readouterr().out
