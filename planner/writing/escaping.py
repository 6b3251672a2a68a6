"""How pasted text is kept from running or breaking out, in each kind of file that leaves."""

from __future__ import annotations

import re
import unicodedata

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_BREAKS = re.compile("[\t\n\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029]+")
# What a spreadsheet takes for the start of a formula, also full width (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n", "\x00")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>&|~#])")
# PowerShell ends a string in single quotes at any of these.
_POWERSHELL = re.compile("(['\u2018\u2019\u201a\u201b])")
_LONGEST_NAME = 60  # Characters of a customer's name in a file's name.
_NOT_IN_NAMES = re.compile(r"[\W_]+")


def one_line(text: str) -> str:
    """Return a text as one line: no breaks, no control, direction or broken characters."""
    if not _UNSAFE.search(text):
        return text
    return _UNSAFE.sub("\ufffd", _BREAKS.sub(" ", text))


def cell(text: str) -> str:
    """Return a text as one line that no spreadsheet takes for a formula.

    A text that begins like one, spaces aside, gets an apostrophe in front.
    """
    line = one_line(text)
    if text.startswith(_FORMULA) or line.lstrip().startswith(_FORMULA):
        return f"'{line}"
    return line


def markdown(text: str) -> str:
    """Return a text as Markdown that shows it as it stands."""
    return _MARKDOWN.sub(r"\\\1", one_line(text))


def powershell(text: str) -> str:
    """Return a text as a PowerShell string in single quotes, in which nothing runs."""
    return f"'{_POWERSHELL.sub(r'\1\1', one_line(text))}'"


def file_name(text: str) -> str:
    """Return a text as part of a file's name: letters without accents, digits, hyphens."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _NOT_IN_NAMES.sub("-", letters).strip("-")[:_LONGEST_NAME].strip("-")
