import gzip
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

from builder import compression, snapshot

TEXT = b"the same words again and again; " * 200


def test_a_file_that_gets_smaller_gets_both_companions(tmp_path: Path) -> None:
    made = compression.compressed({"en/a.html": TEXT}, tmp_path)
    assert made.keys() == {"en/a.html.br", "en/a.html.gz"}
    assert brotli.decompress(made["en/a.html.br"].read_bytes()) == TEXT
    assert gzip.decompress(made["en/a.html.gz"].read_bytes()) == TEXT


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.png", TEXT), ("small.html", b"<p>"), ("a.bin", bytes(gzip.compress(TEXT * 9)))],
)
def test_what_is_small_or_packed_gets_none(tmp_path: Path, name: str, content: bytes) -> None:
    assert compression.compressed({name: content}, tmp_path) == {}


def test_a_preview_takes_what_fits_and_never_what_is_stale(tmp_path: Path) -> None:
    compression.compressed({"a.html": TEXT}, tmp_path)
    assert compression.kept({"a.html": TEXT}, tmp_path).keys() == {"a.html.br", "a.html.gz"}
    assert compression.kept({"a.html": TEXT + b"edited"}, tmp_path) == {}


def test_the_image_travels_unpacked_inside_its_better_packing(tmp_path: Path) -> None:
    """The page takes it packed or not; either way it gets the same image."""
    image = bytes(range(256)) * 400
    packed = gzip.compress(image, 1)
    made = compression.compressed({f"runtime/{snapshot.NAME}": packed}, tmp_path)
    assert brotli.decompress(made[f"runtime/{snapshot.NAME}.br"].read_bytes()) == image


def test_many_files_of_the_same_content_are_packed_once(tmp_path: Path) -> None:
    made = compression.compressed({f"{n}/a.html": TEXT for n in range(40)}, tmp_path)
    assert len(made) == 80
    assert len(set(made.values())) == 2
