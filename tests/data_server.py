"""A server of files for the tests that fetch, which can be told to misbehave."""

import dataclasses
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from library_for_tests import publish

from engine.data.published import LIBRARY


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing waits for the threads of its requests


class DataServer:
    """Serves files on this machine.

    Attributes:
        files: what is served, by path.
        ranges: whether it can go on in the middle of a file.
        lengths: whether it says how long what it sends is.
        breaks_after: bytes after which it cuts the connection, once.
        waits_after: bytes after which it waits, until it is let go or closed.
        sends_rest: whether it then sends what is left, or cuts the connection.
        asked: the range that each request asked for, or None, in order.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.ranges = True
        self.lengths = True
        self.breaks_after: int | None = None
        self.waits_after: int | None = None
        self.sends_rest = False
        self.asked: list[str | None] = []
        self.closing = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer._answer(self)

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def start(self) -> None:
        self._thread.start()

    def let_go(self) -> None:
        """End the connections that wait, and no others."""
        self.closing.set()
        self.closing = threading.Event()

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        content = self.files.get(request.path)
        asked = request.headers.get("Range")
        self.asked.append(asked)
        if content is None:
            request.send_error(404)
            return
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and self.ranges else 0
        request.send_response(206 if start else 200)
        if start:
            request.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        if self.lengths:
            request.send_header("Content-Length", str(len(content) - start))
        request.end_headers()
        if (pause := self.waits_after) is not None:
            request.wfile.write(content[start:pause])
            self.closing.wait()  # the event of now: another takes its place when it is let go
            request.wfile.write(content[pause:] if self.sends_rest else b"")
            return
        end, self.breaks_after = self.breaks_after, None
        request.wfile.write(content[start:end])


@contextmanager
def serving() -> Iterator[DataServer]:
    """A server that runs as long as this lasts."""
    server = DataServer()
    server.start()
    try:
        yield server
    finally:
        server.close()


def publish_on(
    server: DataServer, monkeypatch: pytest.MonkeyPatch, name: str, contents: Mapping[str, bytes]
) -> None:
    """Let a set consist of files that a server has, and nobody else."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    publish(monkeypatch, name, contents)
    entry = LIBRARY[name]
    files = [dataclasses.replace(file, url=f"{server.url}/{file.name}") for file in entry.files]
    monkeypatch.setitem(LIBRARY, name, dataclasses.replace(entry, files=tuple(files)))
    server.files |= {f"/{file}": content for file, content in contents.items()}
