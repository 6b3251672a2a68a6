"""Compile Python for the browser ahead of time, where this Python is the browser's."""

from __future__ import annotations

import importlib.util
import marshal
import sys
from collections.abc import Mapping

#: Marks byte code that is never compared with a source: none travels with it.
_NEVER_CHECKED = (0b01).to_bytes(4, "little")
_NO_SOURCE_HASH = bytes(8)

#: A format of byte code that tells neither shared objects from equal ones nor interned texts
#: from others: those follow what the process has loaded.
_PLAIN = 2

#: What ``-OO`` leaves out beside docstrings are assertions. Libraries do without both.
LEAN = 2
WHOLE = 0

Members = dict[str, bytes]


def compiled(members: Mapping[str, bytes], python: str, optimize: int) -> Members:
    """Return members of a package with each ``.py`` replaced by its ``.pyc``.

    Args:
        members: Contents by path.
        python: The browser's Python, as ``3.13``. Another one can't read this one's byte
            code, so the sources stay as they are.
        optimize: ``WHOLE`` or ``LEAN``.
    """
    if python != f"{sys.version_info.major}.{sys.version_info.minor}":
        return dict(members)
    return {
        (f"{path}c" if path.endswith(".py") else path): (
            _compile(path, content, optimize) if path.endswith(".py") else content
        )
        for path, content in members.items()
    }


def _compile(path: str, source: bytes, optimize: int) -> bytes:
    code = compile(source, path, "exec", dont_inherit=True, optimize=optimize)
    head = importlib.util.MAGIC_NUMBER + _NEVER_CHECKED + _NO_SOURCE_HASH
    return head + marshal.dumps(marshal.loads(marshal.dumps(code, _PLAIN)))  # noqa: S302 - our own
