"""The words of one language, with CLDR dates, numbers, plurals and lists.

A message is a sentence with ``{placeholders}``, or one sentence per CLDR plural
category (``one``, ``other``, …). Sentences come from ``data/languages/<tag>/``;
figures come in as values and are never part of a sentence.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

PLURAL_CATEGORIES = frozenset({"zero", "one", "two", "few", "many", "other"})

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a rule: its value and its unit.

    Units: ``days``, ``hours``, ``minutes``, ``months``, ``seats``, ``items``,
    ``requests``, ``percent`` (3 means 3 %), ``date`` (UTC), ``year``, ``money``.
    """

    value: int | Decimal | dt.date
    unit: str


Value = str | int | Decimal | dt.date | Figure | Sequence[str]


class MissingWords(LookupError):
    """A language has no message under a key; ``str(error)`` names both."""


class MissingValue(LookupError):
    """A message uses a placeholder that nobody fills; names key and placeholder."""


def is_plural(message: object) -> bool:
    """Tell whether a message holds one sentence per plural category."""
    return isinstance(message, Mapping) and bool(message) and set(message) <= PLURAL_CATEGORIES


def placeholders(message: str | Mapping[str, str]) -> frozenset[str]:
    """Return the names of the placeholders that a message uses."""
    sentences = [message] if isinstance(message, str) else message.values()
    return frozenset(name for sentence in sentences for name in _PLACEHOLDER.findall(sentence))


class Words:
    """All messages of one language, looked up by dotted key.

    ``Words("es", tree)`` takes the tree of ``data/languages/es``;
    ``words.say("planner.steps.provision", seats=25)`` returns a sentence.
    """

    def __init__(self, language: str, messages: Mapping[str, Any]) -> None:
        self.language = language
        self.locale = Locale.parse(language, sep="-")
        self._messages = messages

    def message(self, key: str) -> Any:
        """Return what stands under a key: a sentence, plural forms or a branch.

        Raises:
            MissingWords: Nothing stands there.
        """
        found: Any = self._messages
        for part in key.split("."):
            if not isinstance(found, Mapping) or part not in found:
                raise MissingWords(f"{self.language}: {key}")
            found = found[part]
        return found

    def has(self, key: str) -> bool:
        """Tell whether the language has anything under a key."""
        try:
            self.message(key)
        except MissingWords:
            return False
        return True

    def say(self, key: str, /, **values: Value) -> str:
        """Return the sentence under a key with its placeholders filled.

        A message with plural forms takes the form for the one integer among the
        placeholders it uses, or for ``count`` where it uses several.

        Raises:
            MissingWords: The key names no sentence.
            MissingValue: A placeholder has no value.
        """
        message = self.message(key)
        if is_plural(message):
            sentence = message[self._category(key, message, values)]
        elif isinstance(message, str):
            sentence = message
        else:
            raise MissingWords(f"{self.language}: {key} is no sentence")

        def fill(match: re.Match[str]) -> str:
            name = match.group(1)
            if name not in values:
                raise MissingValue(f"{self.language}: {key} uses {{{name}}}")
            return self.format(values[name])

        return _PLACEHOLDER.sub(fill, sentence)

    def _category(self, key: str, message: Mapping[str, str], values: Mapping[str, Value]) -> str:
        names = {"count"} if "count" in values else placeholders(message)
        counts = [count for name in names if (count := _whole(values.get(name))) is not None]
        if len(counts) != 1:
            raise MissingValue(f"{self.language}: {key} needs one {{count}} for its plural forms")
        category = self.locale.plural_form(counts[0])
        return category if category in message else "other"

    def format(self, value: Value) -> str:
        """Return one value as this language writes it."""
        match value:
            case Figure():
                return self._figure(value)
            case dt.date():
                return format_date(value, "long", self.locale)
            case int() | Decimal():
                return str(format_decimal(value, locale=self.locale))
            case str():
                return value
            case _:
                return format_list(list(value), locale=self.locale)

    def _figure(self, figure: Figure) -> str:
        if figure.unit == "year":
            return str(figure.value)
        if figure.unit == "percent" and not isinstance(figure.value, dt.date):
            pattern = self.locale.percent_formats[None].pattern.replace("##0", "##0.##")
            return format_percent(Decimal(figure.value) / 100, pattern, self.locale)
        return self.format(figure.value)


def _whole(value: object) -> int | None:
    if isinstance(value, Figure):
        value = value.value
    return value if isinstance(value, int) else None
