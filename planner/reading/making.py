"""Many records at once, from columns of values."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sized
from dataclasses import MISSING, fields
from itertools import batched, repeat
from typing import Any

_TOGETHER = 256  # Records whose fields are set in turn: as many as a processor keeps at hand.


def made[Record](
    kind: type[Record], count: int, columns: Mapping[str, Iterable[object]]
) -> list[Record]:
    """Return so many records of a frozen dataclass with slots: field → a value for each.

    A field without a column has its default. Such a class sets one field of one record after
    the other, by name; setting one field of all records at a time takes half as long.

    Raises:
        TypeError: A field has neither a column nor a default, or a column of another length.
    """
    setting: list[tuple[Any, Iterator[object]]] = []
    for field in fields(kind):  # type: ignore[arg-type]  # only of dataclasses
        values = columns.get(field.name)
        if values is None:
            if field.default is MISSING:
                raise TypeError(f"{kind.__name__} needs {field.name}")
            values = repeat(field.default)
        elif isinstance(values, Sized) and len(values) != count:
            raise TypeError(f"{kind.__name__} needs {count} times {field.name}")
        setting.append((getattr(kind, field.name).__set__, iter(values)))
    records: list[Any] = list(map(object.__new__, repeat(kind, count)))
    for together in batched(records, _TOGETHER):
        for sets, values in setting:
            deque(map(sets, together, values), maxlen=0)
    return records
