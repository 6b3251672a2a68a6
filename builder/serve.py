"""Serve the site on this machine and rebuild it after every edit."""

from __future__ import annotations

import functools
import http.server
import io
import queue
import sys
import threading
import time
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

import watchdog.events
import watchdog.observers

from builder import files, runtime, site
from builder.paths import CONFIGURATION, DATA, DOCS, PLANNER, ROOT, SITE
from builder.runtime import Runtime
from builder.trouble import Trouble

_HOST = "127.0.0.1"

#: How many ports are tried after the wanted one.
_PORTS = 20

#: How long, in seconds, the files must rest before a rebuild: editors save in several steps.
_REST = 0.15

#: How long, in seconds, nothing is edited before the planner's memory image is made.
_QUIET = 2.0


def run(port: int) -> int:
    """Build, serve and follow edits until Ctrl-C; return the exit code."""
    bundle = None
    try:
        bundle = site.preview()
    except Trouble as trouble:
        _say(f"{trouble}")
        if not (SITE / "index.html").is_file():
            return 1
        _say("This is the last site that could be built.")
    edits = _watch()
    server = start(SITE, port)
    _say(f"The site is at http://{_HOST}:{server.server_port}/ (Ctrl-C ends this).")
    try:
        while True:
            if not _edited(edits, _QUIET):
                # Nobody is waiting: now is the time for what takes long.
                _add_image_aside(bundle)
                while not _edited(edits, _QUIET):
                    continue
            _rest(edits)
            bundle = _rebuild()
    except KeyboardInterrupt:
        return 0
    finally:
        server.shutdown()
        server.server_close()


def start(folder: Path, port: int) -> http.server.ThreadingHTTPServer:
    """Serve a folder on the wanted port or the next free one, in a thread of its own.

    Raises:
        Trouble: None of the ports tried is free.
    """
    handler = functools.partial(Handler, directory=str(folder))
    for candidate in range(port, port + _PORTS):
        try:
            server = _Server((_HOST, candidate), handler)
        except OSError:
            continue
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server
    raise Trouble(
        f"None of the ports {port} to {port + _PORTS - 1} is free: choose another with --port."
    )


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    # Otherwise Windows lets two servers share a port.
    allow_reuse_address = sys.platform != "win32"


class Handler(http.server.SimpleHTTPRequestHandler):
    """Static files with the types that modules and wasm need, never kept by the browser.

    As hosts do, it sends the compressed file that stands beside one, to who can read it.
    """

    #: The name of each encoding, and what it adds to a file's name, the smaller first.
    encodings = (("br", ".br"), ("gzip", ".gz"))

    # Not left to the system, whose registry may say otherwise.
    extensions_map = {  # noqa: RUF012 - the base declares it so
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".css": "text/css",
        ".json": "application/json",
        ".svg": "image/svg+xml",
        ".wasm": "application/wasm",
        ".bin": "application/octet-stream",
    }

    def end_headers(self) -> None:
        self.send_header("Cache-Control", self.keeping())
        super().end_headers()

    def keeping(self) -> str:
        """Return how long a browser may keep an answer: here it asks again each time."""
        return "no-cache"

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.partition("?")[0].endswith("/"):
            path /= "index.html"
        accepted = {
            one.partition(";")[0].strip()
            for one in self.headers.get("Accept-Encoding", "").split(",")
        }
        for encoding, suffix in self.encodings:
            beside = path.with_name(path.name + suffix)
            if encoding in accepted and beside.is_file() and path.is_file():
                return self._send_compressed(path, encoding, beside)
        return super().send_head()

    def _send_compressed(self, path: Path, encoding: str, beside: Path) -> BinaryIO:
        content = beside.read_bytes()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", encoding)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Vary", "Accept-Encoding")
        self.end_headers()
        return io.BytesIO(content)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer an address that leads nowhere with the site's own page, as hosts do."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing: what matters here is what a rebuild says."""


class _Edits(watchdog.events.FileSystemEventHandler):
    """Puts each edit of a file that the site is made of into a queue."""

    def __init__(self, edits: queue.Queue[str]) -> None:
        self._edits = edits

    def on_any_event(self, event: watchdog.events.FileSystemEvent) -> None:
        if event.event_type in {"opened", "closed", "closed_no_write"} or event.is_directory:
            return
        for path in (event.src_path, event.dest_path):
            if path and is_source(Path(str(path))):
                self._edits.put(str(path))


def is_source(path: Path) -> bool:
    """Tell whether a changed file is one the site is made of, and no editor's or Python's own."""
    if path.parent == ROOT:
        return path == CONFIGURATION
    name = path.name
    unwanted = "__pycache__" in path.parts or name.startswith((".", "#")) or name.endswith("~")
    return not unwanted and path.suffix not in {".swp", ".swx", ".tmp", ".pyc"}


def _watch() -> queue.Queue[str]:
    edits: queue.Queue[str] = queue.Queue()
    observer = watchdog.observers.Observer()
    observer.daemon = True
    for folder in (DATA, DOCS, PLANNER):
        observer.schedule(_Edits(edits), str(folder), recursive=True)
    observer.schedule(_Edits(edits), str(ROOT), recursive=False)
    observer.start()
    return edits


def _edited(edits: queue.Queue[str], seconds: float) -> bool:
    """Wait so long for an edit; tell whether there was one."""
    try:
        edits.get(timeout=seconds)
    except queue.Empty:
        return False
    return True


def _rest(edits: queue.Queue[str]) -> None:
    """Wait until there are no more edits."""
    while _edited(edits, _REST):
        continue


def _rebuild() -> Runtime | None:
    """Build a preview; return its runtime, None where something is wrong."""
    began = time.monotonic()
    try:
        bundle = site.preview()
    except Trouble as trouble:
        _say(f"{trouble}\nThe site stays as it was.")
    except Exception as error:  # noqa: BLE001 - a bug in the build must not end the preview
        _say(f"The build failed ({type(error).__name__}: {error}). The site stays as it was.")
    else:
        _say(f"Rebuilt in {time.monotonic() - began:.1f} s: reload the page.")
        return bundle
    return None


def _add_image_aside(bundle: Runtime | None) -> None:
    """Give the previewed planner its memory image; until then it starts from its files.

    In a thread, so that the next edit is shown without waiting for it.
    """
    if bundle is not None:
        threading.Thread(target=add_image, args=(bundle, SITE), daemon=True).start()


def add_image(bundle: Runtime, folder: Path) -> None:
    """Make a previewed planner's memory image and put it into a site that still serves it."""
    try:
        runtime.add_image(bundle)
        image = bundle.image.read_bytes()
    except (Trouble, OSError) as error:
        # An edit in the meantime takes the files away that it is made from.
        if bundle.packs.is_dir():
            _say(f"{error}\nThe planner starts without its memory image, more slowly.")
        return
    served = folder / "runtime" / bundle.key
    if served.is_dir():
        files.write(served / bundle.image.name, image)


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()
