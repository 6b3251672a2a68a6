"""Files that hold no text: which kind they are, and so what to do instead."""

from __future__ import annotations

_ZIP = b"PK\x03\x04"
_SHEETS = b"xl/"  # The folder of an .xlsx file in which its sheets stand.
_OTHER_OFFICE = (b"word/", b"ppt/", b"mimetypeapplication/vnd.oasis")
_BEGINNINGS = (
    (b"%PDF-", "pdf-file"),
    (b"\xd0\xcf\x11\xe0", "old-workbook"),  # Also what a password wraps around an .xlsx file.
    (b"\x1f\x8b", "packed-file"),
    (b"7z\xbc\xaf", "packed-file"),
    (b"Rar!", "packed-file"),
)
_LOOKED_AT = 4096  # Bytes.
_CONTROLS = bytes({*range(32), 127} - {*b"\t\n\v\f\r\x1b\x00"})  # Consoles color with escapes.
_MOST = 0.02  # Share of other control characters that text may hold.
_MOST_NULS = 0.6  # UTF-16 has one in every second byte.
_UTF16 = (b"\xff\xfe", b"\xfe\xff")  # Any byte may stand in it.


def is_workbook(raw: bytes) -> bool:
    """Tell whether a file begins like an .xlsx file."""
    return raw.startswith(_ZIP) and _SHEETS in raw


def without_text(raw: bytes) -> str:
    """Return the id of the problem that a file holds no text; ``""`` where it may hold some.

    A workbook is none of these (see ``is_workbook``).
    """
    if raw.startswith(_ZIP):
        is_office = any(mark in raw for mark in _OTHER_OFFICE)
        return "binary-file" if is_office else "packed-file"
    for beginning, problem in _BEGINNINGS:
        if raw.startswith(beginning):
            return problem
    if raw.startswith(_UTF16):
        return ""
    start = raw[:_LOOKED_AT]
    controls = len(start) - len(start.translate(None, _CONTROLS))
    if controls > _MOST * len(start) or start.count(0) > _MOST_NULS * len(start):
        return "binary-file"
    return ""
