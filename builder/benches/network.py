"""Serve a folder as a host on the net would, or as one that is far away."""

from __future__ import annotations

import contextlib
import functools
import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import override

from builder.serve import Handler

#: What is sent at once (bytes) before the line's pace is looked at again.
_PIECE = 16_384


@dataclass(frozen=True, slots=True)
class Line:
    """A line to a host: bytes a second in all, and seconds before an answer begins."""

    pace: float
    delay: float


#: 20 Mbit/s with 40 ms.
HOME = Line(20e6 / 8, 0.04)


@contextmanager
def served(folder: Path, line: Line | None = None) -> Iterator[str]:
    """Serve a folder; give its address, which ends in a slash.

    Files are compressed and may be kept by browsers as long as their content is known by
    their address, as a host would say. With a line, all answers share its pace.
    """
    pacer = _Pacer(line) if line else None
    handler = functools.partial(_Handler, pacer, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


class _Pacer:
    """Lets bytes pass at a line's pace, however many answers there are at once."""

    def __init__(self, line: Line) -> None:
        self.delay = line.delay
        self._pace = line.pace
        self._free_at = 0.0
        self._lock = threading.Lock()

    def wait(self, size: int) -> None:
        with self._lock:
            self._free_at = max(self._free_at, time.monotonic()) + size / self._pace
            until = self._free_at
        time.sleep(max(0.0, until - time.monotonic()))


class _Handler(Handler):
    protocol_version = "HTTP/1.1"

    def __init__(self, pacer: _Pacer | None, *arguments: object, **named: object) -> None:
        self._pacer = pacer
        super().__init__(*arguments, **named)  # type: ignore[arg-type]

    @override
    def keeping(self) -> str:
        lasting = any(part in self.path for part in ("/runtime/", "/planner.", "/stock/", ".min."))
        return "max-age=31536000, immutable" if lasting else "max-age=600"

    @override
    def copyfile(self, source: object, outputfile: object) -> None:
        # A browser that is closed or cancelled asks for no more of an answer.
        with contextlib.suppress(ConnectionError):
            self._send(source, outputfile)

    def _send(self, source: object, outputfile: object) -> None:
        if self._pacer is None:
            super().copyfile(source, outputfile)  # type: ignore[arg-type]
            return
        time.sleep(self._pacer.delay)
        while piece := source.read(_PIECE):  # type: ignore[attr-defined]
            self._pacer.wait(len(piece))
            outputfile.write(piece)  # type: ignore[attr-defined]
