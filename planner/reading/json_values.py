"""JSON → blocks: one value, JSON Lines, pages one after the other, wrapped lists."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import batched, chain, islice, repeat
from typing import Any, overload

from planner.reading.decoding import encodable
from planner.reading.records import Block, Column, Page, Shape, fold, header_key, keeper

_WRAPPERS = (
    *("value", "items", "content", "data", "licenses", "results", "records", "subscriptions"),
)
# What a page says of itself; an object that says anything else beside its list is a record.
_BESIDE_PAGES = frozenset(
    (
        *("totalcount", "totalhits", "totalelements", "totalpages", "totalitems", "count", "total"),
        *("page", "pages", "pagenumber", "pagesize", "size", "limit", "offset", "pagination"),
        *("next", "nextlink", "nextpage", "nextpagetoken", "hasmore", "links", "link"),
        *("attributes", "meta", "metadata"),
    )
)
_MOST_BESIDE = 100  # Texts beside a list.
_DEEPEST = 6  # Levels of objects within objects that become columns.
_WIDEST = 400  # Keys beyond which a list is no export.
_TOGETHER = 256  # Records.
_TIMES = 4  # How often, at most, text is looked at again after a value that breaks.
_PASSED = 64  # Characters before a break that cost as much as one after it: lines are counted.
_MANY = 20_000  # Values.
_SMALL = 24  # Characters in which nobody says what a subscription is.
_LARGE = 32_000_000  # Characters.
_MOST_SHARED = 50_000  # Small objects.
_FEWEST = 2  # Keys of an object that may come again.
_LEAST = 1_000_000  # Characters that may be looked at again in any text.


# Passes over pairs of brackets with nothing in them that stand before another bracket.
_OPENS = r"[ \t,\u00a0]*(?:(?:\{\}|\[\])[ \t,\u00a0]*+(?=[\[{]))*([\[{])"
_OPENED = re.compile(_OPENS)
_OPENED_BELOW = re.compile(rf"\n{_OPENS}")
_BEGINS = re.compile(r"""\{\s*["}]|\[\s*[^\s,:}]""")
_LIST = re.compile(r"\[\s*")
_WRAPPED = re.compile(rf'"(?:{"|".join(_WRAPPERS)})" ?: {{0,4}}\[\s*', re.IGNORECASE)
_BETWEEN = frozenset(" \t\n,")
_HEAD = 2000  # Characters before a wrapped list begins.
_PLAIN = {str, bool, type(None)}


class _Object(dict[str, object]):
    """A JSON object in which a key was written twice."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    plain = dict(pairs)
    return plain if len(plain) == len(pairs) else _Object(pairs)


_OBJECTS = {dict, _Object}
_LASTING = _OBJECTS | {list}

# Numbers stay as they were written: Python's own could change or refuse them.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=str, strict=False
)


def _sharing_decoder() -> json.JSONDecoder:
    """Return a decoder that keeps equal texts once: large exports say the same all over again.

    So it does with small objects, and with lists that hold nothing.
    """
    kept = keeper()
    objects: dict[object, dict[str, object]] = {}
    nothing: list[object] = []

    def shared(value: object) -> object:
        if type(value) is str:
            return kept(value)
        return nothing if value == nothing else value

    def hook(pairs: list[tuple[str, object]]) -> dict[str, object]:
        own = [(key, shared(value)) for key, value in pairs]
        if len(own) > _FEWEST or any(isinstance(value, dict | list) for _, value in own):
            return _object(own)
        said = tuple(own)
        found = objects.get(said)
        if found is None:
            found = _object(own)
            if len(objects) < _MOST_SHARED:
                objects[said] = found
        return found

    return json.JSONDecoder(
        object_pairs_hook=hook, parse_int=str, parse_float=str, parse_constant=str, strict=False
    )


@dataclass(frozen=True, slots=True)
class Break:
    """Where JSON breaks: line and character, from 1.

    Attributes:
        begun: Line on which the value that breaks begins.
        entries: How many entries of it stand whole before the break.
    """

    begun: int
    line: int
    column: int
    entries: int = 0


@dataclass(slots=True)
class Found:
    """The JSON values of a text.

    Attributes:
        spans: Where each value starts and ends.
    """

    values: list[object] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    broken: list[Break] = field(default_factory=list)


def json_values(text: str) -> Found:
    """Return the JSON values that begin at the start of a line, or follow one another.

    After very many that are too small to be a subscription the rest stays text.
    """
    found = Found()
    if "{" not in text and "[" not in text:
        return found
    decoder = _sharing_decoder() if len(text) > _LARGE else _DECODER
    position, spent = 0, 0
    most = max(_LEAST, _TIMES * len(text))
    while (start := _next_start(text, position)) >= 0 and spent <= most:
        if len(found.broken) >= _WIDEST and not _BEGINS.match(text, start):
            position = start + 1  # Another of many brackets that nothing begins with.
            continue
        try:
            value, end = decoder.raw_decode(text, start)
        except json.JSONDecodeError as error:
            spent += error.pos - start + 1 + start // _PASSED
            entries = _before_break(text, start, error.pos)
            if len(found.broken) < _WIDEST:
                begun = text.count("\n", 0, start) + 1
                found.broken.append(Break(begun, error.lineno, error.colno, len(entries)))
            position = text.find("\n", error.pos if entries else start)
            if entries:
                found.values.append(entries)
                found.spans.append((start, position if position >= 0 else len(text)))
            if position < 0:
                break
            continue
        except RecursionError:
            found.broken.append(Break(1, 1, 1))
            break
        found.values.append(value)
        found.spans.append((start, end))
        position = end
        if len(found.values) >= _MANY and position < len(found.values) * _SMALL:
            break
    return found


def _before_break(text: str, start: int, stop: int) -> list[object]:
    """Return the entries of a list that stand whole before it breaks.

    A console or a paste may cut a list anywhere. What begins at ``start`` is a list or wraps
    one; where it is neither, or breaks before its first entry does end, there is nothing.
    """
    opened = _LIST.match(text, start) or _WRAPPED.search(text, start, min(stop, start + _HEAD))
    entries: list[object] = []
    at = opened.end() if opened else stop
    while at < stop:
        try:
            entry, at = _DECODER.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError):
            break
        entries.append(entry)
        while at < stop and text[at] in _BETWEEN:
            at += 1
    return entries if any(isinstance(one, dict) for one in entries) else []


def _next_start(text: str, position: int) -> int:
    """Return where the next line, or the rest of this one, begins with a bracket; else -1."""
    opened = _OPENED.match(text, position) or _OPENED_BELOW.search(text, position)
    return opened.start(1) if opened else -1


def entries_of(whole: object) -> tuple[list[object], tuple[Page, ...]]:
    """Return the list that a JSON value is or wraps, and its pages.

    A list of pages, as a loop collects them, is the list of their entries.
    """
    if isinstance(whole, list) and whole and all(map(_is_page, whole)):
        collected = [_unwrapped(page) for page in whole]
        entries = [*chain.from_iterable(entries for entries, _ in collected)]
        return entries, tuple(page for _, page in collected)
    entries, page = _unwrapped(whole)
    return entries, (page,)


def _unwrapped(whole: object) -> tuple[list[object], Page]:
    """Return the list that one page is or wraps, and what stands beside it."""
    inner, beside = whole, dict[str, str]()
    for _ in range(_DEEPEST):
        if isinstance(inner, list):
            return inner, Page(beside, len(inner))
        wrapper = _wrapper(inner) if isinstance(inner, dict) else None
        if wrapper is None or not isinstance(inner, dict):
            break
        beside |= _said({key: value for key, value in inner.items() if key != wrapper})
        inner = inner[wrapper]
    return [whole], Page({}, 1)


def _said(beside: dict[str, object]) -> dict[str, str]:
    """Return the texts that stand beside a list: their keys, dots between the levels → text."""
    said: dict[str, str] = {}
    waiting = [("", beside)]
    while waiting and len(said) < _MOST_BESIDE:
        above, values = waiting.pop()
        for name, value in islice(values.items(), _MOST_BESIDE):
            key = _path(above, name)
            if isinstance(value, dict):
                waiting.append((key, value))
            elif text := "" if isinstance(value, list) else _scalar(value):
                said[key] = text
    return said


def _is_page(one: object) -> bool:
    """Tell whether an entry of a list only wraps entries and says nothing of its own."""
    if isinstance(one, list):
        return bool(one) and all(isinstance(entry, dict) for entry in one)
    wrapper = _wrapper(one) if isinstance(one, dict) else None
    if wrapper is None or not isinstance(one, dict):
        return False
    beside = (fold(key) for key in one if key != wrapper)
    return all(key in _BESIDE_PAGES or key.startswith("odata") for key in beside)


def _wrapper(whole: dict[str, object]) -> str | None:
    """Return the key under which an object only wraps a list, or an object that does."""
    if not any(isinstance(value, list | dict) for value in whole.values()):
        return None
    keys = {fold(key): key for key in whole}
    for name in _WRAPPERS:
        inner = whole.get(keys.get(name, ""))
        if isinstance(inner, list) and not _is_record(whole, keys[name]):
            return keys[name]
        if name == "data" and isinstance(inner, dict) and _wrapper(inner):
            return keys[name]
    return None


def _is_record(whole: dict[str, object], wrapper: str) -> bool:
    """Tell whether an object says things of its own beside the list that it holds."""
    names = {fold(key) for key in whole if key != wrapper}
    return any("customer" in name or "tenant" in name for name in names)


def json_block(
    entries: list[object],
    pages: tuple[Page, ...],
    nesting: Container[str] = (),
    read: Container[str] = (),
) -> Block:
    """Return the objects of a list as columns; what is no object is a stray.

    The list is emptied on the way: a large export's objects are given up as their columns
    grow. Only where one of them has a key of ``nesting`` are they kept, as the block's ``raw``.
    ``read`` are the keys of columns whose cells someone reads even where they are objects.
    """
    keys = dict.fromkeys(chain.from_iterable(one for one in entries if isinstance(one, dict)))
    kept = list(entries) if any(key.lower() in nesting for key in keys) else []
    block = Block(Shape.JSON, [], [], 0, len(entries), pages=pages, raw=kept)
    block.columns = list(columns_of(_records(entries, block), read=read))
    return block


def _records(entries: list[object], block: Block) -> Iterator[dict[str, object]]:
    """Take the entries off a list, yield its objects, and note in the block where they stood."""
    entries.reverse()
    for place in range(1, len(entries) + 1):
        entry = entries.pop()
        if isinstance(entry, dict) and entry:
            block.lines.append(place)
            yield entry
        else:
            block.strays[place] = _scalar(entry) or json.dumps(entry)


@dataclass(slots=True)
class _Key:
    """What stands under one key of records, and under the keys of the objects there.

    Attributes:
        path: Of that key, as a column has it.
        values: One for each record that was gone through; ``None`` where it has no such key,
            or an object all of which stands under ``inner``.
        types: Of those values.
        twice: Record → object there in which a key was written twice.
    """

    path: str
    values: list[object] = field(default_factory=list)
    types: set[type] = field(default_factory=set)
    inner: dict[str, _Key] = field(default_factory=dict)
    twice: dict[int, _Object] = field(default_factory=dict)


def columns_of(
    records: Iterable[dict[str, object]],
    header: str = "",
    key: str = "",
    read: Container[str] = (),
) -> Iterable[Column]:
    """Yield a column for each key; an object under it becomes further columns.

    The object itself is no cell, except in columns of ``read``. Some records at a time are
    gone through with all that is in them: as many as a processor keeps at hand.
    """
    whole = _Key(key)
    count = 0
    for together in batched(records, _TOGETHER):
        _gather(together, count, whole, read, 0)
        count += len(together)
    yield from _columns(count, whole, header, 0)


def _gather(
    records: Sequence[dict[str, object]],
    before: int,
    under: _Key,
    read: Container[str],
    depth: int,
) -> None:
    """Add what stands under the keys of some more records; ``before`` counts those before."""
    if _Object in set(map(type, records)):
        under.twice |= {
            place: record
            for place, record in enumerate(records, before)
            if isinstance(record, _Object)
        }
    keys = under.inner
    names = dict.fromkeys(map(tuple, records))
    across: Iterable[tuple[str, Sequence[object]]]
    if len(names) == 1:  # Most records have the same keys in the same order.
        across = zip(next(iter(names)), zip(*map(dict.values, records), strict=True), strict=True)
    else:
        across = (
            (name, list(map(dict.get, records, repeat(name))))
            for name in dict.fromkeys(chain.from_iterable(names))
        )
    for name, values in across:
        found = keys.get(name)
        if found is None:
            if len(keys) == _WIDEST:
                continue
            found = keys[name] = _Key(_path(under.path, name))
        types = {*map(type, values)}
        found.types |= types
        cells = values
        if not types.isdisjoint(_OBJECTS) and depth < _DEEPEST:
            objects: Any = values
            if not types <= _OBJECTS:
                objects = [value if isinstance(value, dict) else {} for value in values]
            _gather(objects, before, found, read, depth + 1)
            if found.path not in read:
                cells = _without_objects(values, types)
        if cells:
            found.values += [None] * (before - len(found.values))
            found.values += cells


def _without_objects(values: Sequence[object], types: set[type]) -> Sequence[object]:
    if types <= _OBJECTS:
        return ()
    return [None if isinstance(value, dict) else value for value in values]


def _path(above: str, name: str) -> str:
    """Return a key's path below the one above it, as a column has it."""
    own = header_key(encodable(name.strip()))
    return f"{above}.{own}" if above else own


def _columns(count: int, under: _Key, header: str, depth: int) -> Iterable[Column]:
    if under.twice:
        yield from _written_twice(under.twice, count, under.path)
    for name, found in under.inner.items():
        own = encodable(name.strip())
        shown = f"{header}.{own}" if header else own
        values = found.values
        if len(values) < count:
            values += [None] * (count - len(values))
            found.types.add(type(None))
        nested = not found.types.isdisjoint(_OBJECTS) and depth < _DEEPEST
        yield Column(shown, found.path, partial(_cells, values, found.types), nested)
        if nested:
            yield from _columns(count, found, shown, depth + 1)


class Written(Sequence[str]):
    """Cells that hold lists or objects: written as JSON only where someone looks."""

    def __init__(self, values: list[object]) -> None:
        self.values = values

    def __len__(self) -> int:
        return len(self.values)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return Written(self.values[place])
        return _scalar(self.values[place])


def _cells(values: list[object], types: set[type]) -> Sequence[str]:
    """Return values as the text of cells; equal ones are one text."""
    if types <= _PLAIN:
        plain: Any = values
        said = {value: _scalar(value) for value in {*plain}}
        return list(map(said.__getitem__, plain))
    if not types.isdisjoint(_LASTING):
        return Written(values)
    return [_scalar(value) for value in values]


def _written_twice(records: Mapping[int, _Object], count: int, key: str) -> Iterable[Column]:
    """Yield what stands under a key before it was written again in the same object."""
    columns: dict[str, Column] = {}
    for place, record in records.items():
        last = dict(record)
        for name, value in record.pairs:
            if value == last[name]:
                continue
            own = encodable(name.strip())
            column = columns.setdefault(name, Column(own, _path(key, name), [""] * count))
            if isinstance(column.stated, list):
                column.stated[place] = _scalar(value)
    yield from columns.values()


def _scalar(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return encodable(value).strip()
        case bool():
            return "true" if value else "false"
        case _:
            return encodable(json.dumps(value, ensure_ascii=False)) if value else ""
