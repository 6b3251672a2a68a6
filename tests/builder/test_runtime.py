import gzip
import json
from pathlib import Path

import pytest

from builder import runtime, snapshot
from builder.paths import SITE
from builder.runtime import Runtime


@pytest.fixture
def bundle(tmp_path: Path) -> Runtime:
    """A bundle of which only the folder stands."""
    made = Runtime("engine/packs", tmp_path)
    made.packs.mkdir(parents=True)
    return made


def test_the_image_is_made_once(bundle: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []

    def make(folder: Path) -> bytes:
        made.append(folder)
        return b"image"

    monkeypatch.setattr(snapshot, "make", make)
    runtime.add_image(bundle)
    runtime.add_image(bundle)
    assert made == [bundle.packs]
    assert bundle.image.read_bytes() == b"image"


def test_the_site_serves_one_image_that_unpacks() -> None:
    (image,) = SITE.glob(f"runtime/*/*/{snapshot.NAME}")
    assert len(gzip.decompress(image.read_bytes())) > image.stat().st_size


def test_pyodide_stands_above_the_packs_so_that_an_edit_leaves_it_alone() -> None:
    (contents,) = SITE.glob("runtime/*/*/contents.json")
    served = {path.name for path in contents.parents[1].iterdir() if path.is_file()}
    assert set(runtime.ENGINE) <= served
    assert json.loads(contents.read_text("utf-8"))["packs"].keys() == {
        "stdlib",
        "planner",
        "openpyxl",
        "icalendar",
    }
