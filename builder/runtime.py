"""Bundle what runs in the browser: Pyodide, and the packs and the image that it starts from.

Everything is served from the site itself, from folders named after their contents: a
browser may keep them for ever. An edit of a sentence gives the packs' folder a new name and
leaves Pyodide's, with most of the bytes, alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from builder import files, packs, snapshot
from builder.paths import BUILD, NODE_MODULES
from builder.trouble import Trouble

#: What a worker needs of Pyodide, by the name under which it is served. A module's ends with
#: ``.js``: many a web server doesn't know ``.mjs``, and browsers run no module of another type.
ENGINE = {
    "pyodide.js": "pyodide.mjs",
    "pyodide.asm.js": "pyodide.asm.js",
    "pyodide.asm.wasm": "pyodide.asm.wasm",
}

#: Of what Python sees of its environment while the image is made: code without columns
#: takes a third less room, and only tracebacks would show them.
_IMAGE_ENVIRONMENT = {"PYTHONNODEBUGRANGES": "1"}


@dataclass(frozen=True, slots=True)
class Runtime:
    """A bundle: the folder that holds it and the part of it that the page starts from.

    ``key`` names a folder below ``folder``; Pyodide's own files stand in the folder above
    it.
    """

    key: str
    folder: Path

    @property
    def packs(self) -> Path:
        """The folder of ``contents.json``, the packs and the image."""
        return self.folder / self.key

    @property
    def image(self) -> Path:
        """The memory image; missing until ``add_image``, and Python starts without it."""
        return self.packs / snapshot.NAME


def bundle(languages: Sequence[str], build: Path = BUILD) -> Runtime:
    """Return the bundle for a set of languages, built only where its parts changed.

    ``build/knowledge.json`` has to be there.

    Raises:
        Trouble: Pyodide isn't installed.
    """
    engine = {served: _engine_file(name) for served, name in ENGINE.items()}
    parts = packs.packs(languages, build / "knowledge.json", build)
    contents = {
        "lock": {"info": packs.stock_lock()["info"], "packages": {}},
        "image": _IMAGE_ENVIRONMENT,
        "packs": {name: pack.index for name, pack in parts.items()},
    }
    stated = json.dumps(contents, separators=(",", ":")).encode()
    engine_key = files.fingerprint([part for pair in engine.items() for part in pair])[:12]
    key = files.fingerprint(
        [engine_key, stated, *(pack.content for pack in parts.values()), *snapshot.MADE_WITH]
    )[:12]
    runtime = Runtime(f"{engine_key}/{key}", build / "runtime")
    wanted: dict[str, bytes | Path] = {
        **{f"{engine_key}/{name}": content for name, content in engine.items()},
        **{f"{runtime.key}/{pack.file}": pack.content for pack in parts.values()},
        f"{runtime.key}/contents.json": stated,
    }
    if runtime.image.is_file():
        wanted[f"{runtime.key}/{snapshot.NAME}"] = runtime.image
    files.fill(runtime.folder, wanted)
    return runtime


def add_image(runtime: Runtime) -> None:
    """Make the memory image of a bundle, unless it has one.

    Raises:
        Trouble: The planner doesn't start.
    """
    if not runtime.image.is_file():
        image = snapshot.make(runtime.packs)
        # In one step, so that a build that is ended leaves no half of it.
        fresh = runtime.image.with_suffix(".new")
        fresh.write_bytes(image)
        fresh.replace(runtime.image)


def _engine_file(name: str) -> bytes:
    path = NODE_MODULES / "pyodide" / name
    if not path.is_file():
        raise Trouble(
            f"node_modules/pyodide lacks {name}: delete node_modules and start the command again."
        )
    content = path.read_bytes()
    if name.endswith(".mjs"):
        # The map isn't served, so nobody shall look for it.
        content = content.partition(b"//# sourceMappingURL=")[0]
    return content
