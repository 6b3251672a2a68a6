"""Tell which modules of a standard library a set of programs can ever import."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping


def reachable(
    programs: Mapping[str, bytes], library: Mapping[str, bytes], left_out: Iterable[str]
) -> set[str]:
    """Return the paths in a library of every module that some programs may import.

    Follows every import statement, those inside functions and conditions too, so it finds
    more than a run would and never less, names put together at run time excepted.

    Args:
        programs: Sources by path, as ``planner/model.py``; all of them count as roots.
        library: Sources of the standard library by path, as ``json/decoder.py``.
        left_out: Names of modules, with all below them, that aren't followed.
    """
    modules = {_module(path): path for path in library if path.endswith(".py")}
    unwanted = tuple(left_out)
    found: set[str] = set()
    todo = [
        name
        for path, source in programs.items()
        if path.endswith(".py")
        for name in imports(source, _module(path), is_package=path.endswith("/__init__.py"))
    ]
    while todo:
        name = todo.pop()
        path = modules.get(name)
        if path is None or path in found or _is_below(name, unwanted):
            continue
        found.add(path)
        todo += imports(library[path], name, is_package=path.endswith("/__init__.py"))
    return found


def imports(source: bytes, module: str, *, is_package: bool) -> Iterator[str]:
    """Return every name that a module's statements may import, with all its parents."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                for alias in names:
                    yield from _with_parents(alias.name)
            case ast.ImportFrom(module=stated, names=names, level=level):
                base = _base(module, level, is_package=is_package)
                origin = ".".join(part for part in (base, stated) if part)
                yield from _with_parents(origin)
                for alias in names:
                    yield f"{origin}.{alias.name}"
            case _:
                pass


def _base(module: str, level: int, *, is_package: bool) -> str:
    """Return the package that a relative import starts from."""
    if not level:
        return ""
    parts = module.split(".")
    return ".".join(parts[: len(parts) - level + is_package])


def _with_parents(name: str) -> Iterator[str]:
    parts = name.split(".")
    for length in range(1, len(parts) + 1):
        yield ".".join(parts[:length])


def _is_below(name: str, tops: tuple[str, ...]) -> bool:
    return any(name == top or name.startswith(f"{top}.") for top in tops)


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
