"""Which two letters are a country's code."""

from __future__ import annotations

from babel.core import get_global

_UNKNOWN_REGION = "ZZ"
_WRITTEN_OTHERWISE = frozenset({"EL", "UK"})
"""How the EU writes Greece and many write the United Kingdom (``markets.yml``, aliases)."""


def is_country(code: str) -> bool:
    """Tell whether a code, in capitals, is that of a country or territory (ISO 3166, CLDR)."""
    known = get_global("territory_languages")
    return (code in known and code != _UNKNOWN_REGION) or code in _WRITTEN_OTHERWISE
