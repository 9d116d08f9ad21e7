# SPDX-License-Identifier: Apache-2.0
"""Starting: 503 until everything intended is really in use; refusing what Rasa would quietly replace; renewing models."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError

import pytest
import yaml

from tests.bot.conftest import ROOT, Bot, run_module
from tests.bot.fakes import TOKEN

_GOOD = {
    "PRACHA_BOT_PORT": "5005",
    "PRACHA_INTERNAL_PORT": "8082",
    "PRACHA_ACTIONS_PORT": "5055",
    "PRACHA_INTERNAL_TOKEN": TOKEN,
    "DATABASE_URL": "postgresql:///nowhere?host=/nonexistent",
}


def wait_listening(bot: Bot) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            bot.ready()
            return
        except (URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(bot.log.read_text(encoding="utf-8"))


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_the_whole_life_of_a_start(make_bot: Callable[[], Bot], model: Path, conversation: str) -> None:
    """Gateway away, no model yet, a broken one, a false one, a database that is down: 503 each, until all is well;
    then a newer model is taken and a broken one is not."""
    bot = make_bot()
    bot.gateway.stop()
    bot.start()
    wait_listening(bot)
    assert bot.ready() == (503, {"ready": False, "error": "starting"})
    assert bot.turn(conversation, "สวัสดี") == (503, {"error": "starting", "active_form": None, "filled_slots": []})

    bot.gateway.start()  # answers 204: nothing trained yet
    wait_for(lambda: bot.ready()[1]["error"] == "no_model")
    assert bot.turn(conversation, "สวัสดี")[1]["error"] == "no_model"

    broken = bot.log.parent / "broken.tar.gz"
    broken.write_bytes(b"no archive")
    bot.gateway.model = broken
    calls = len(bot.gateway.model_calls)
    wait_for(lambda: len(bot.gateway.model_calls) > calls + 3)
    assert bot.ready()[0] == 503

    bot.gateway.model, bot.gateway.etag = model, "0" * 64  # not the file that was announced
    calls = len(bot.gateway.model_calls)
    wait_for(lambda: len(bot.gateway.model_calls) > calls + 2)
    assert bot.ready()[0] == 503

    bot.gateway.etag = None
    bot.door.shut()
    calls = len(bot.gateway.model_calls)
    time.sleep(1.5)
    assert len(bot.gateway.model_calls) == calls, "the store is checked before the model"
    assert bot.ready()[0] == 503
    bot.door.open()
    assert bot.wait_ready() == {"ready": True, "model": model.name.removesuffix(".tar.gz")}
    assert bot.said(conversation, "สวัสดี") == ["utter_greet"]

    newer = bot.log.parent / "newer.tar.gz"
    newer.write_bytes(model.read_bytes() + b"\0" * 512)  # another file, the same model: padding after the archive
    bot.gateway.model = newer
    old = model.name.removesuffix(".tar.gz")
    wait_for(lambda: bot.ready()[1]["model"] != old)
    assert bot.said(conversation, "สวัสดี") == ["utter_greet"]

    in_use = bot.ready()[1]["model"]
    bot.gateway.model = broken
    calls = len(bot.gateway.model_calls)
    wait_for(lambda: len(bot.gateway.model_calls) > calls + 2)
    bot.gateway.model_status = 500
    wait_for(lambda: len(bot.gateway.model_calls) > calls + 4)
    assert bot.ready() == (200, {"ready": True, "model": in_use})
    assert bot.said(conversation, "สวัสดี") == ["utter_greet"]
    log = bot.log.read_text(encoding="utf-8")
    assert "a model was refused" in log
    assert TOKEN not in log


def test_only_loopback_is_listened_on(bot: Bot) -> None:
    """The port is not open on the machine's other addresses."""
    own = socket.gethostbyname(socket.gethostname())
    if own.startswith("127."):
        own = "127.0.0.2"  # every 127.x reaches a socket on 0.0.0.0 as well
    with pytest.raises((ConnectionRefusedError, TimeoutError)), socket.create_connection((own, bot.port), timeout=2):
        pass


def test_rasas_own_doors_are_shut(bot: Bot) -> None:
    """No API of Rasa's and no other channel is served."""
    from tests.bot.conftest import call

    for method, path in (
        ("GET", "/status"),
        ("DELETE", "/model"),
        ("POST", "/model/parse"),
        ("GET", "/conversations/x/tracker"),
        ("POST", "/webhooks/rest/webhook"),
    ):
        try:
            status, _ = call(method, f"http://127.0.0.1:{bot.port}{path}", {} if method == "POST" else None, TOKEN)
        except ValueError:  # Sanic's page is no JSON
            status = 404
        assert status == 404, path


def test_every_wrong_setting_is_named_at_once() -> None:
    """The process refuses to start and says all that is wrong, without the secrets."""
    wrong = {**_GOOD, "PRACHA_BOT_PORT": "x", "PRACHA_INTERNAL_TOKEN": "", "DATABASE_URL": "mysql://secret@host"}
    done = run_module("bot.launcher", **wrong)
    assert done.returncode == 2
    for name in ("PRACHA_BOT_PORT", "PRACHA_INTERNAL_TOKEN", "DATABASE_URL"):
        assert name in done.stderr
    assert "secret" not in done.stderr


def test_a_port_in_use_is_named() -> None:
    """Another process on the port is told as that."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run_module("bot.launcher", **{**_GOOD, "PRACHA_BOT_PORT": port})
    assert done.returncode == 1
    assert port in done.stderr


@pytest.mark.parametrize(
    ("file", "change", "told"),
    [
        ("endpoints.yml", {"tracker_store": None}, "InMemoryTrackerStore"),
        (
            "endpoints.yml",
            {"tracker_store": {"type": "bot.window_store.NoSuchStore", "url": "x"}},
            "InMemoryTrackerStore",
        ),
        ("endpoints.yml", {"tracker_store": {"type": "bot.no_such_module.Store", "url": "x"}}, "InMemoryTrackerStore"),
        ("endpoints.yml", {"tracker_store": {"type": "SQL", "url": "x", "dialect": "sqlite"}}, "tracker store"),
        ("endpoints.yml", {"tracker_store": {"type": "SQL"}}, "SQLTrackerStore"),
        ("endpoints.yml", {"nlg": {"url": "http://127.0.0.1:1"}}, "CallbackNaturalLanguageGenerator"),
        ("endpoints.yml", {"nlg": {"type": "bot.nlg.NoSuch"}}, "nlg"),
        ("endpoints.yml", {"models": None}, "models"),
        ("endpoints.yml", {"action_endpoint": None}, "action_endpoint"),
        ("credentials.yml", {"rest": {}}, "nothing else"),
        ("credentials.yml", {"bot.turn_channel.TurnChannel": {"token": ""}}, "token"),
        ("credentials.yml", {"bot.turn_channel.NoSuch": {"token": "x"}}, "TurnChannel"),
    ],
)
def test_another_part_than_the_intended_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, change: dict[str, object], told: str
) -> None:
    """Rasa falls back to a store in memory with a warning, or serves a channel without a token; the bot does not start."""
    from bot import settings
    from bot.serving import WrongConfiguration, build

    for name in ("endpoints.yml", "credentials.yml"):
        content = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
        if name == file:
            content = {key: value for key, value in {**content, **change}.items() if value is not None}
        (tmp_path / name).write_text(yaml.safe_dump(content), encoding="utf-8")
    for key, value in _GOOD.items():
        monkeypatch.setenv(key, value)
    with pytest.raises(WrongConfiguration) as refused:
        build(settings.read(folder=tmp_path))
    assert told in str(refused.value)


def test_a_model_that_is_not_there_is_not_replaced_by_another(model: Path, tmp_path: Path) -> None:
    """`rasa run -m missing.tar.gz` takes the newest model of the folder; here the missing one is named."""
    missing = model.parent / "missing.tar.gz"
    texts = tmp_path / "texts.jsonl"
    texts.write_text('{"text": "สวัสดี"}\n', encoding="utf-8")
    done = run_module("bot.parse", "--model", str(missing), str(texts))
    assert done.returncode == 2
    assert str(missing) in done.stderr
    assert done.stdout == ""


def test_settings_from_files(tmp_path: Path) -> None:
    """A secret may stand in a file, named by _FILE."""
    from bot import settings

    secret = tmp_path / "token"
    secret.write_text("from-a-file\n", encoding="utf-8")
    env = {key: value for key, value in _GOOD.items() if key != "PRACHA_INTERNAL_TOKEN"}
    read = settings.read({**env, "PRACHA_INTERNAL_TOKEN_FILE": str(secret)}, ROOT)
    assert read.internal_token == "from-a-file"
    assert "from-a-file" not in repr(read)
