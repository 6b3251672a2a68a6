"""Write files so that what didn't change isn't touched, and tell contents apart by hash."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Write a file unless it already holds the same."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def fill(folder: Path, files: Mapping[str, bytes | Path]) -> None:
    """Make a folder hold exactly these files (by relative path), touching only what differs."""
    for name, content in files.items():
        path = folder / name
        write(path, content.read_bytes() if isinstance(content, Path) else content)
    wanted = {folder / name for name in files}
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in wanted:
            path.unlink()


def below(folder: Path) -> list[Path]:
    """Return every file below a folder in a fixed order, without what Python or the system left."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and path.name != ".DS_Store"
    ]


def tree_of(folder: Path) -> dict[str, Path]:
    """Return every file below a folder by its relative path."""
    return {path.relative_to(folder).as_posix(): path for path in below(folder)}


def named(folder: Path) -> Iterator[str | Path]:
    """Return each file below a folder after its relative path: parts of a fingerprint."""
    for name, path in tree_of(folder).items():
        yield name
        yield path


def fingerprint(parts: Iterable[bytes | str | Path]) -> str:
    """Return one hash over texts and the names and contents of files."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            content = part.name.encode() + b"\0" + part.read_bytes()
        else:
            content = part.encode() if isinstance(part, str) else part
        total.update(len(content).to_bytes(8))
        total.update(content)
    return total.hexdigest()


def remove(folder: Path) -> None:
    """Delete a folder and what is in it, if it is there."""
    shutil.rmtree(folder, ignore_errors=True)
