# SPDX-License-Identifier: Apache-2.0
"""Real HTTP servers on loopback that stand in for the action server, the gateway and the way to the database."""

from __future__ import annotations

import hashlib
import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

TOKEN = "a-token-for-tests"

#: status and JSON body (bytes are sent as they are)
Reply = tuple[int, Any]


class FakeServer:
    """A threaded HTTP/1.1 server on a port of its own that can be taken away and brought back."""

    def __init__(self) -> None:
        self.port = free_port()
        self._server: ThreadingHTTPServer | None = None
        self._connections: list[socket.socket] = []
        #: connections made to it
        self.accepted = 0

    def handle(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        raise NotImplementedError

    def start(self) -> None:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, headers, content = fake.handle(
                    self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body
                )
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if status not in (204, 304):
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if status not in (204, 304):
                    self.wfile.write(content)

            do_GET = do_POST = _answer  # noqa: N815  (the library's names)

            def setup(self) -> None:
                super().setup()
                fake.accepted += 1
                fake._connections.append(self.connection)

            def log_message(self, *args: Any) -> None:
                pass

        ThreadingHTTPServer.allow_reuse_address = True
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        for connection in self._connections:  # kept ones would be served on
            cut(connection)
        self._connections.clear()


class FakeActions(FakeServer):
    """rasa-sdk's protocol: POST /webhook with `next_action`."""

    def __init__(self) -> None:
        super().__init__()
        self.reset()

    def reset(self) -> None:
        self.calls: list[dict[str, Any]] = []
        #: action → answer, or what to do
        self.replies: dict[str, Reply | Callable[[dict[str, Any]], Reply]] = {}

    def handle(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        call = json.loads(body)
        self.calls.append(call)
        reply = self.replies.get(call["next_action"], (200, said()))
        status, content = reply(call) if callable(reply) else reply
        return status, {"Content-Type": "application/json"}, as_bytes(content)


class FakeGateway(FakeServer):
    """The gateway's internal NLG and model endpoints."""

    def __init__(self) -> None:
        super().__init__()
        self.model: Path | None = None
        self.etag: str | None = None
        self.model_status: int | None = None
        self.model_calls: list[dict[str, str]] = []
        self.reset()

    def reset(self) -> None:
        self.nlg_calls: list[dict[str, Any]] = []
        self.nlg_seconds = 0.0
        #: answer's name → reply; others are said by their name
        self.answers: dict[str, Reply] = {}

    def handle(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return 401, {}, b""
        if path == "/internal/model":
            return self._model(headers)
        call = json.loads(body)
        self.nlg_calls.append(call)
        time.sleep(self.nlg_seconds)
        status, content = self.answers.get(call["response"], (200, {"text": call["response"]}))
        return status, {"Content-Type": "application/json"}, as_bytes(content)

    def _model(self, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        self.model_calls.append(headers)
        if self.model_status is not None:
            return self.model_status, {}, b""
        if self.model is None:
            return 204, {}, b""
        content = self.model.read_bytes()
        etag = f'"{self.etag or hashlib.sha256(content).hexdigest()}"'
        if headers.get("if-none-match") == etag:
            return 304, {"ETag": etag}, b""
        return 200, {"ETag": etag, "Content-Type": "application/gzip"}, content


class DatabaseDoor:
    """A socket in front of PostgreSQL that can be shut, with all that went through it cut off, and opened again."""

    def __init__(self, url: str, folder: Path) -> None:
        parts = urlsplit(url)
        query = parse_qs(parts.query)
        self._behind = query.get("host", [parts.hostname or "127.0.0.1"])[0]
        self._port = int(query.get("port", [parts.port or 5432])[0])
        self._door = folder / ".s.PGSQL.5432"
        self.url = urlunsplit(parts._replace(netloc=f"{parts.username or ''}@", query=f"host={folder}"))
        if parts.password:
            self.url = urlunsplit(parts._replace(netloc=f"{parts.username}:{parts.password}@", query=f"host={folder}"))
        self._listener: socket.socket | None = None
        self._open: list[socket.socket] = []
        #: statements that went through
        self.statements = 0

    def open(self) -> None:
        self._door.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._door))
        self._listener.listen(64)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def shut(self) -> None:
        assert self._listener is not None
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._door.unlink(missing_ok=True)
        for end in self._open:
            cut(end)
        self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            if self._behind.startswith("/"):
                server = socket.socket(socket.AF_UNIX)
                server.connect(f"{self._behind}/.s.PGSQL.{self._port}")
            else:
                server = socket.create_connection((self._behind, self._port))
            self._open += [client, server]
            threading.Thread(target=_copy, args=(client, server, self._count), daemon=True).start()
            threading.Thread(target=_copy, args=(server, client, lambda data: b""), daemon=True).start()

    def _count(self, data: bytes) -> bytes:
        """Count the client's Query and Sync messages; gives what is left of an unfinished message."""
        while len(data) >= 5:
            # The first message has no type; its length begins with two zero bytes.
            head = 0 if data[0] == 0 else 1
            size = head + int.from_bytes(data[head : head + 4], "big")
            if len(data) < size:
                break
            self.statements += data[:1] in (b"Q", b"S")
            data = data[size:]
        return data


def _copy(source: socket.socket, target: socket.socket, look: Callable[[bytes], bytes]) -> None:
    rest = b""
    try:
        while data := source.recv(65536):
            rest = look(rest + data)
            target.sendall(data)
    except OSError:
        pass
    for end in (source, target):
        cut(end)


def cut(connection: socket.socket) -> None:
    """End a connection that may have ended already."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def said(*texts: str, events: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    """An action's answer that says these answers by name, with events."""
    return {"events": events or [], "responses": [{"response": text, **more} for text in texts]}


def slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value, "timestamp": None}


def as_bytes(content: Any) -> bytes:
    return content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
