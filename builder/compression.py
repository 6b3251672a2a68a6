"""Compress files beforehand, beside themselves, for hosts that serve what is there.

Compressing well takes long, so what was compressed is kept by its content in ``build/``.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

import brotli  # type: ignore[import-untyped]

from builder import snapshot

#: Kinds of files that get smaller; pictures are small already.
KINDS = frozenset({".bin", ".css", ".html", ".js", ".json", ".svg", ".txt", ".wasm", ".xml"})

#: Smaller files (bytes) travel in one packet anyway.
LEAST = 1024

#: What has to be saved for a second file to be worth its place.
_WORTH = 0.95

#: Brotli's quality by size in bytes: the last steps save little and take a minute a file.
_QUALITIES = ((1_500_000, 11), (10_000_000, 9))
_HASTY = 6

Content = Mapping[str, bytes | Path]


def compressed(content: Content, build: Path) -> dict[str, Path]:
    """Return ``<path>.br`` and ``<path>.gz`` for the files of a site that get smaller."""
    folder = build / "compressed"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = list(_wanted(content, folder))
    # Files of the same content share one compressed file: two at once would take it
    # out of each other's hands.
    once = {one.file.name: one for one in wanted}
    with ThreadPoolExecutor() as pool:
        list(pool.map(_make, once.values()))
    for path in folder.iterdir():
        if path.name not in once:
            path.unlink()
    return _found(wanted)


def kept(content: Content, build: Path) -> dict[str, Path]:
    """Return of the same what was made before; a preview doesn't wait for the rest."""
    return _found(list(_wanted(content, build / "compressed")))


class _Wanted:
    """One compressed file: what it is made from, how, and where it is kept."""

    def __init__(self, path: str, suffix: str, content: bytes, folder: Path) -> None:
        self.path = f"{path}{suffix}"
        self._content = content
        self._name = PurePosixPath(path).name
        self._compress = COMPRESSIONS[suffix]
        digest = hashlib.sha256(content).hexdigest()[:32]
        self.file = folder / f"{digest}{suffix}"

    def make(self) -> bytes:
        made = self._compress(self._content, self._name)
        return made if len(made) < _WORTH * len(self._content) else b""


def _wanted(content: Content, folder: Path) -> Iterator[_Wanted]:
    for path, given in content.items():
        if PurePosixPath(path).suffix not in KINDS:
            continue
        inside = given.read_bytes() if isinstance(given, Path) else given
        if len(inside) > LEAST:
            for suffix in COMPRESSIONS:
                yield _Wanted(path, suffix, inside, folder)


def _make(wanted: _Wanted) -> None:
    if not wanted.file.is_file():
        fresh = wanted.file.with_suffix(f"{wanted.file.suffix}.new")
        fresh.write_bytes(wanted.make())
        fresh.replace(wanted.file)


def _found(wanted: list[_Wanted]) -> dict[str, Path]:
    # An empty file says that compressing isn't worth it.
    return {one.path: one.file for one in wanted if one.file.is_file() and one.file.stat().st_size}


def _brotli(content: bytes, name: str) -> bytes:
    quality = next((level for size, level in _QUALITIES if len(content) <= size), _HASTY)
    if name == snapshot.NAME:
        # The page takes the image packed or unpacked: unpacked it gets smaller here.
        content, quality = gzip.decompress(content), _HASTY
    packed: bytes = brotli.compress(content, quality=quality, lgwin=24)
    return packed


def _gzip(content: bytes, _: str) -> bytes:
    return gzip.compress(content, compresslevel=9, mtime=0)


#: How a file is compressed, by the suffix its name gets.
COMPRESSIONS: Mapping[str, Callable[[bytes, str], bytes]] = {".br": _brotli, ".gz": _gzip}
