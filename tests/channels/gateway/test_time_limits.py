# SPDX-License-Identifier: Apache-2.0
"""A gateway whose time limits do not fit together does not start, and says so in one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app import run_gateway
from app.settings import load_settings
from channels.gateway.gateway import open_gateway
from channels.gateway.time_limits import WrongTimes, check_times
from channels.line.client import LineConfig
from tests.channels.gateway.stack import ROOT, config_for
from tests.fakes.bot_server import Bot

#: the gateway's process with another endpoints.yml
_MAIN = """
import sys
from pathlib import Path
from app import run_gateway
run_gateway.ROOT = Path(sys.argv[1])
sys.exit(run_gateway.main())
"""
LINE = LineConfig(channel_id="1650000000", channel_secret="s")


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"turn_deadline": 130.0}, "a turn may take 130 s"),
        ({"turn_deadline": 0.0}, "a turn may take 0 s"),
        ({"turn_deadline": 20.0, "action_seconds": 18.0, "answer_seconds": 5.0}, "an action (18 s) and an answer (5 s"),
        ({"lease": 0.5}, "a lease of 0.5 s"),
        ({"lease": float("nan")}, "a lease of nan s"),
        ({"line": LINE, "tell_waiting_on_push_after": 50.0}, "the word about waiting comes after 50 s"),
    ],
    ids=["deadline", "no deadline", "action", "lease", "no number", "reply"],
)
async def test_g_06_a_turn_longer_than_its_lock_does_not_start(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    """One rule broken: refused before anything is opened, and what is wrong is named."""
    config = config_for("postgresql://nobody@127.0.0.1:1/none", Bot(token="t"), tmp_path, **changes)
    with pytest.raises(WrongTimes, match="time limits that do not fit together: ") as refused:
        async with open_gateway(config):
            pass
    assert words in str(refused.value)
    assert "; " not in str(refused.value).replace("s; `seconds`", "")


def test_g_06_all_that_does_not_fit_is_told_at_once(tmp_path: Path) -> None:
    """One line for two mistakes."""
    config = config_for("postgresql://x@y/z", Bot(token="t"), tmp_path, turn_deadline=200.0, lease=0.1)
    with pytest.raises(WrongTimes) as refused:
        check_times(config)
    assert all(words in str(refused.value) for words in ("a turn may take 200 s", "a lease of 0.1 s"))
    assert "\n" not in str(refused.value)


def test_g_06_what_is_shipped_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gateway as it is started knows the limits that the bot reads from endpoints.yml, and they fit."""
    monkeypatch.setenv("PRACHA_ENV_FILE", "")
    monkeypatch.setenv("PRACHA_STATE_DIR", str(tmp_path))
    config = run_gateway.gateway_config(load_settings("demo"))
    check_times(config)
    assert (config.action_seconds, config.answer_seconds) == (15.0, 5.0)


@pytest.mark.parametrize(
    ("changed", "words"),
    [("seconds: 60", "an action (60 s)"), ("# no limit", "`action_endpoint` needs `seconds`")],
    ids=["too long", "none"],
)
def test_g_06_the_process_ends_with_one_line(tmp_path: Path, changed: str, words: str) -> None:
    """An operator gave actions a minute, or no limit: the gateway says so and ends, before it touches the database."""
    text = (ROOT / "endpoints.yml").read_text(encoding="utf-8")
    assert "seconds: 15" in text
    (tmp_path / "endpoints.yml").write_text(text.replace("seconds: 15", changed), encoding="utf-8")
    # A process of its own: a gateway's process sets up logging for good.
    ended = subprocess.run(
        [sys.executable, "-c", _MAIN, str(tmp_path)],
        cwd=ROOT,
        env={
            **os.environ,
            "PRACHA_STATE_DIR": str(tmp_path / "state"),
            "PRACHA_ENV_FILE": "",
            "PRACHA_MODE": "demo",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    said = ended.stderr.strip().splitlines()
    assert len(said) == 1
    assert words in said[0]
