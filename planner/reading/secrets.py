"""What must not be kept: tokens, passwords and cookies in pasted text."""

from __future__ import annotations

import re
from collections.abc import Iterator

REMOVED = "[…]"
# Begins with letters that a search jumps to, and takes all it can: no text is slow.
_WEB_TOKEN = re.compile(r"eyJ[A-Za-z0-9_\-.~+/=]{20,}")

# What follows a name: a value in quotes, or a bare one that ends with its word or its line.
# Inside a text in quotes, quotes have a backslash before them, in CSV they stand twice.
_ASSIGNED = r"""(?:(?P<twice>"")|\\{0,3}["'])?[ \t]{0,40}[:=][ \t]{0,8}"""
# What goes on after them as JSON does was the end of a text, not the beginning of a value.
_QUOTE = r"""(?P<quote>(?(twice)""|\\{0,3}["']))(?![ \t]{0,8}[,:}\]])"""
# In quotes, the other kind and what a backslash stands before belong to the value. It is taken
# in long pieces and never given back: a line may be as long as a file.
_QUOTED = (
    rf"""{_QUOTE}(?:(?P<quoted>(?:[^"'\\\n]++|(?!(?P=quote))(?:\\[^\n]|["']))++)(?=(?P=quote))"""
    # Without the end of its quotes it ends with the next of any.
    r"""|(?P<open>[^"'\n]++))"""
)
_WORD = re.compile(rf"""{_ASSIGNED}(?:{_QUOTED}|(?P<bare>(?:[^\s"'{{\[|&;,\\]++|\\(?!["']))++))""")
# A cookie's value may stand in quotes of its own.
_LINE = re.compile(
    rf"""{_ASSIGNED}(?:{_QUOTED}"""
    r"""|(?P<bare>[^\s"'{\[|][^\n\t"']*+(?:(?<==)"[^"\n]*+"[^\n\t"']*+)*+))"""
)
_BEARER = re.compile(r"(?P<quoted>)(?P<open>) {0,8}(?P<bare>[A-Za-z0-9_\-.~+/=]{24,})")

#: The end of a name, in lower case → what its secret looks like. Whatever stands before it
#: belongs to the name, as in ``client_secret`` or ``$adminPassword``.
_NAMES = {
    **dict.fromkeys(("authorization", "cookie"), _LINE),
    **dict.fromkeys(("secret", "secretvalue", "secret_value", "secrettext"), _WORD),
    **dict.fromkeys(("password", "passwd", "pwd", "contrase\u00f1a"), _WORD),
    **dict.fromkeys(("apikey", "api_key", "api-key", "subscription-key"), _WORD),
    **{
        f"{kind}{gap}token": _WORD
        for kind in ("access", "refresh", "id", "session", "sas")
        for gap in ("", "_", "-", " ")
    },
    "bearer ": _BEARER,
}
#: Part of every name: what holds none of them is done with, however long it is.
_STEMS = ("secret", "token", "pass", "pwd", "contrase", "cookie", "authoriz", "key", "bearer ")

#: What stands where no secret is said.
_NOTHING = frozenset({REMOVED, "null", "none", "true", "false", "$null", "undefined"})


def without_secrets(text: str) -> tuple[str, int]:
    """Return a paste with every token, password and cookie taken out, and how many.

    Taken out are JSON web tokens and bearer tokens wherever they stand, and what follows a
    name that says what it is, such as ``client_secret=`` or ``Cookie:``.
    """
    removed = 0

    def judged(found: re.Match[str]) -> str:
        nonlocal removed
        if "." not in found[0]:
            return found[0]
        removed += 1
        return REMOVED

    kept: list[str] = []
    end = 0
    for first, last in sorted(_named(text)):
        if first >= end:
            kept += text[end:first], REMOVED
            end = last
            removed += 1
    if kept:
        text = "".join((*kept, text[end:]))
    if "eyJ" in text:
        text = _WEB_TOKEN.sub(judged, text)
    return text, removed


def _named(text: str) -> Iterator[tuple[int, int]]:
    """Yield where what follows the name of a secret begins and ends."""
    # Its small letter is two characters, and places would move.
    lower = text.replace("\u0130", "I").lower()
    stems = [stem for stem in _STEMS if stem in lower]
    for name, secret in _NAMES.items():
        at = lower.find(name) if any(stem in name for stem in stems) else -1
        while at >= 0:
            at += len(name)
            found = secret.match(text, at)
            if found:
                group = next(one for one in ("quoted", "open", "bare") if found[one])
                if found[group].strip().lower() not in _NOTHING:
                    yield found.span(group)
                at = found.end()
            at = lower.find(name, at)
