"""Bytes → text: which encoding a file is in, and what a wrong one left behind."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_LOOKED_AT = 4096  # Bytes that tell UTF-16 without a mark from UTF-8.
_MANY = 0.3  # Share of NULs from which on every second byte is one.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_COLOUR = re.compile("\x1b\\[[0-9;?]{0,40}[A-Za-z]")  # Tells a console how what follows looks.
_REPLACED = "\ufffd"
# UTF-8's lead bytes (\xc2 to \xf4) before one to three of its other bytes, all read as cp1252.
_OTHER = "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"  # noqa: E501 - one character class
_MOJIBAKE = re.compile(
    rf"[\u00c2-\u00df]{_OTHER}|[\u00e0-\u00ef]{_OTHER}{{2}}|[\u00f0-\u00f4]{_OTHER}{{3}}"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, and the encoding it was in."""

    text: str
    encoding: str


def decode(raw: bytes) -> Decoded:
    """Return the text of a file's bytes. Never raises: what fits nothing is cp1252."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            name = "utf-16" if encoding.startswith("utf-16") else encoding
            return Decoded(raw.decode(name, "replace"), name)
    if encoding := _unmarked_utf16(raw[:_LOOKED_AT]):
        return Decoded(raw.decode(encoding, "replace"), encoding)
    try:
        return Decoded(raw.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return Decoded(raw.decode("cp1252", "replace"), "cp1252")


def _unmarked_utf16(start: bytes) -> str:
    """Return which UTF-16 has NULs where these bytes have them, or ``""``."""
    halves = {"utf-16-le": start[1::2], "utf-16-be": start[0::2]}
    for encoding, half in halves.items():
        if len(half) > 1 and half.count(0) > len(half) * _MANY > start.count(0) - half.count(0):
            return encoding
    return ""


def clean(text: str) -> str:
    """Return pasted text with plain line ends, encodable.

    Byte-order marks, NULs and a console's colours are left out.
    Text that was UTF-8 and was read as cp1252 on its way is put right.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x1b" in text:
        text = _COLOUR.sub("", text)
    text = encodable(text.replace("\ufeff", "").replace("\x00", ""))
    return text if text.isascii() else _MOJIBAKE.sub(_repaired, text.replace("ï»¿", ""))


def _repaired(found: re.Match[str]) -> str:
    try:
        return found[0].encode("cp1252").decode("utf-8")
    except UnicodeError:
        return found[0]


def encodable(text: str) -> str:
    """Return text without halves of surrogate pairs, which no encoding can carry."""
    return text if text.isascii() else _LONE_SURROGATE.sub(_REPLACED, text)
