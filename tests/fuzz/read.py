"""What the fuzzer feeds: any bytes, as a file and as pasted text. A crash is an exception.

``python -m builder fuzz`` runs it; ``python tests/fuzz/read.py FILE`` repeats one finding.
"""

from __future__ import annotations

import sys

import atheris  # type: ignore[import-untyped]  # it has no types

with atheris.instrument_imports(include=["planner.reading"]):
    from planner.checkout import DATA, read_folder
    from planner.knowledge import Knowledge
    from planner.reading import File, read

KNOWLEDGE = Knowledge(read_folder(DATA))

#: Exports in which one line holds several subscriptions: some may be read and others set aside.
SEVERAL = {form["format_id"] for form in KNOWLEDGE.tree["formats"].values() if "each" in form}


def one(raw: bytes) -> None:
    """Read bytes in both ways; check that each subscription has a number of its own.

    And that no line is both read and set aside.
    """
    for source in (File("x", raw), raw.decode("utf-8", "surrogateescape")):
        reading = read(source, KNOWLEDGE)
        lines = [line.line for line in reading.subscriptions]
        if len(lines) != len({*lines}):
            raise AssertionError(lines)
        if any(part.format_id in SEVERAL for part in reading.parts):
            continue
        aside = {problem.line for problem in reading.set_aside}
        if not aside.isdisjoint(lines):
            raise AssertionError(aside & {*lines})


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
