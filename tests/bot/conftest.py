# SPDX-License-Identifier: Apache-2.0
"""A trained model of the small project, and the bot as a real process between fakes and a real PostgreSQL."""

from __future__ import annotations

from bot import without_tensorflow

without_tensorflow.install()

# ruff: noqa: E402  (Rasa must be imported after the stand-ins)
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

import psycopg
import pytest

from tests.bot.fakes import TOKEN, DatabaseDoor, FakeActions, FakeGateway, free_port

ROOT = Path(__file__).resolve().parents[2]
PROJECT = Path(__file__).parent / "project"
_TABLE = (
    "CREATE TABLE IF NOT EXISTS trackers "
    "(conversation text PRIMARY KEY, body jsonb NOT NULL, updated_at timestamptz NOT NULL DEFAULT now())"
)
_open = build_opener(ProxyHandler({})).open


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test also trains the model and starts the bot: a minute on a busy machine."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(400))


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project in a folder of its own, with the product's config.yml."""
    folder = tmp_path_factory.mktemp("state") / "rasa"
    shutil.copytree(PROJECT, folder)
    for name in ("config.yml", "endpoints.yml", "credentials.yml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def model(project: Path) -> Path:
    """The project's model, trained as `pracha train` does it."""
    done = run_module("bot.train", "--project", str(project))
    assert done.returncode == 0, done.stdout + done.stderr
    live = json.loads((project / "models" / "live.json").read_text(encoding="utf-8"))
    return project / "models" / f"{live['sha256']}.tar.gz"


@pytest.fixture(scope="session")
def trackers_url(database_url: str) -> str:
    """A database with the table of the bot."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(_TABLE)
    return database_url


def run_module(name: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one of our programs to its end."""
    return subprocess.run(
        [sys.executable, "-m", name, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@dataclass
class Bot:
    """The bot process and everything around it."""

    actions: FakeActions
    gateway: FakeGateway
    door: DatabaseDoor
    database: str
    port: int
    log: Path
    process: subprocess.Popen[bytes] | None = None
    extra: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        environment = {
            **os.environ,
            "PRACHA_BOT_PORT": str(self.port),
            "PRACHA_INTERNAL_PORT": str(self.gateway.port),
            "PRACHA_ACTIONS_PORT": str(self.actions.port),
            "PRACHA_INTERNAL_TOKEN": TOKEN,
            "DATABASE_URL": self.door.url,
            **self.extra,
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot.launcher"], cwd=ROOT, env=environment, stdout=log, stderr=log
            )

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)

    def ready(self) -> tuple[int, dict[str, Any]]:
        return call("GET", f"http://127.0.0.1:{self.port}/webhooks/turns/ready", None, None)

    def wait_ready(self, seconds: float = 200) -> dict[str, Any]:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            try:
                status, body = self.ready()
            except (URLError, ConnectionError):
                status, body = 0, {}
            if status == 200:
                return body
            time.sleep(0.1)
        raise AssertionError(self.log.read_text(encoding="utf-8"))

    def post(self, body: Any, path: str = "", token: str | None = TOKEN) -> tuple[int, dict[str, Any]]:
        return call("POST", f"http://127.0.0.1:{self.port}/webhooks/turns{path}", body, token)

    def turn(self, conversation: str, text: str | None = None, **more: Any) -> tuple[int, dict[str, Any]]:
        body = {
            "turn_id": str(uuid.uuid4()),
            "conversation": conversation,
            "locale": "th",
            "channel": "web",
            "metadata": {},
            "deadline_ms": 10_000,
            **({"text": text} if text is not None else {}),
            **more,
        }
        return self.post(body)

    def said(self, conversation: str, text: str | None = None, **more: Any) -> list[str]:
        """The texts of a turn that must succeed."""
        status, body = self.turn(conversation, text, **more)
        assert status == 200, body
        return [block["text"] for block in body["replies"]]

    def stored(self, conversation: str) -> list[dict[str, Any]] | None:
        with psycopg.connect(self.database, autocommit=True) as connection:
            row = connection.execute("SELECT body FROM trackers WHERE conversation = %s", [conversation]).fetchone()
        return row[0]["events"] if row else None


def call(method: str, url: str, body: Any, token: str | None) -> tuple[int, dict[str, Any]]:
    """One request; status and JSON body."""
    content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    try:
        with _open(Request(url, data=content, headers=headers, method=method), timeout=60) as response:
            return response.status, json.loads(response.read())
    except HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")


@pytest.fixture(scope="session")
def _surroundings(trackers_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Bot]]:
    """Makes bots between fakes of their own."""
    made: list[Bot] = []

    def make() -> Bot:
        # A socket's path has at most 107 bytes; pytest's own folders are longer.
        folder = Path(tempfile.mkdtemp(prefix="bot-test-"))
        door = DatabaseDoor(trackers_url, folder)
        bot = Bot(FakeActions(), FakeGateway(), door, trackers_url, free_port(), folder / "bot.log")
        made.append(bot)
        bot.actions.start()
        bot.gateway.start()
        door.open()
        return bot

    yield make
    for bot in made:
        bot.stop()
        bot.actions.stop()
        bot.gateway.stop()
        shutil.rmtree(bot.log.parent, ignore_errors=True)


@pytest.fixture
def make_bot(_surroundings: Callable[[], Bot]) -> Callable[[], Bot]:
    """Makes a bot that is not started yet."""
    return _surroundings


@pytest.fixture(scope="session")
def _running(_surroundings: Callable[[], Bot], model: Path) -> Bot:
    bot = _surroundings()
    bot.gateway.model = model
    bot.start()
    bot.wait_ready()
    return bot


@pytest.fixture
def bot(_running: Bot) -> Bot:
    """The running bot, its fakes as new."""
    _running.actions.reset()
    _running.gateway.reset()
    return _running


@pytest.fixture
def conversation() -> str:
    """A conversation that nobody used before."""
    return f"web:{uuid.uuid4().hex}"
