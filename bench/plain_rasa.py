# SPDX-License-Identifier: Apache-2.0
"""Runs stock Rasa with the same model beside a stack: its REST channel, its SQL tracker store, its action endpoint."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from app.settings import load_settings
from tests.e2e.stack import ROOT, Stack

_PATIENCE = 120.0


def _endpoints(stack: Stack, database: str) -> str:
    settings = load_settings("demo", environ=dict(stack.environment))
    url = make_url(settings.database_url)
    return json.dumps(
        {
            "action_endpoint": {"url": f"http://127.0.0.1:{stack.ports['ACTIONS']}/webhook"},
            "nlg": {
                "url": f"http://127.0.0.1:{stack.ports['INTERNAL']}/internal/nlg",
                "headers": {"Authorization": f"Bearer {settings.internal_token}"},
            },
            "tracker_store": {
                "type": "SQL",
                "dialect": "postgresql",
                "url": url.host or "",
                "db": database,
                "username": url.username or "postgres",
                "query": dict(url.query),
            },
        }
    )


def _database(stack: Stack) -> str:
    """An empty database of its own on the stack's server, so that stock Rasa's tables are new."""
    name = f"plain_rasa_{os.getpid()}"
    with psycopg.connect(load_settings("demo", environ=dict(stack.environment)).database_url, autocommit=True) as one:
        one.execute(f"CREATE DATABASE {name}")
    return name


@contextlib.contextmanager
def plain_rasa(stack: Stack, port: int) -> Iterator[str]:
    """URL of stock Rasa on `port`, ended at the end of the `with` block."""
    live = json.loads((stack.state_dir / "rasa" / "models" / "live.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        endpoints, credentials = Path(folder) / "endpoints.yml", Path(folder) / "credentials.yml"
        endpoints.write_text(_endpoints(stack, _database(stack)), encoding="utf-8")
        credentials.write_text("rest:\n", encoding="utf-8")
        with (Path(folder) / "output.txt").open("wb") as out:
            process = subprocess.Popen(
                [
                    str(ROOT / "bot" / ".venv" / "bin" / "python"),
                    "-m",
                    "bot.rasa_cli",
                    "run",
                    "-i",
                    "127.0.0.1",
                    "-p",
                    str(port),
                    "--endpoints",
                    str(endpoints),
                    "--credentials",
                    str(credentials),
                    "-m",
                    str(stack.state_dir / "rasa" / "models" / f"{live['sha256']}.tar.gz"),
                ],
                cwd=ROOT,
                env=dict(stack.environment),
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        url = f"http://127.0.0.1:{port}"
        try:
            _wait(process, url)
            yield url
        finally:
            process.terminate()
            process.wait(20)


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + _PATIENCE
    body = json.dumps({"sender": "warm-up", "message": "สวัสดี"}).encode()
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError):
            request = urllib.request.Request(f"{url}/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=30) as response:
                if json.loads(response.read()):
                    return
        time.sleep(0.2)
    raise RuntimeError("stock Rasa did not start")
