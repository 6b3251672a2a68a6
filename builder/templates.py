"""Compile a template once, however often a preview renders it."""

from __future__ import annotations

import jinja2


class _Compiled(jinja2.BytecodeCache):
    """Keeps compiled templates as long as the program runs, by their content."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        code = self._kept.get(f"{bucket.key} {bucket.checksum}")
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        self._kept[f"{bucket.key} {bucket.checksum}"] = bucket.bytecode_to_string()


#: One for every template of this program's run.
COMPILED = _Compiled()
