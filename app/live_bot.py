# SPDX-License-Identifier: Apache-2.0
"""Which of the stack's two bots is live: one word in a file of the running stack, read anew for every call of a bot.

A file, because it outlives a gateway that is restarted, and because whoever reads it for each call cannot miss a change.
"""

from __future__ import annotations

from pathlib import Path

from app.settings import Settings
from app.state_paths import run_dir

#: programs of the supervisor; the first is live when a stack starts
BOTS = ("bot", "bot2")


def live_bot(state_dir: Path) -> str:
    """`bot` or `bot2`. Without a file, or with one that cannot be read, it is the first."""
    try:
        name = _file(state_dir).read_text(encoding="utf-8").strip()
    except OSError:
        return BOTS[0]
    return name if name in BOTS else BOTS[0]


def set_live_bot(state_dir: Path, name: str) -> None:
    """From now on calls go to this one. Nobody ever reads half a name."""
    new = _file(state_dir).with_suffix(".new")
    new.write_text(name, encoding="utf-8")
    new.replace(_file(state_dir))


def first_bot_is_live(state_dir: Path) -> None:
    """As at the start of a stack, when the supervisor starts the first bot only."""
    _file(state_dir).unlink(missing_ok=True)


def bot_port(settings: Settings, name: str) -> int:
    """Where a bot listens on loopback."""
    return settings.bot_port + BOTS.index(name)


def bot_url(settings: Settings, name: str) -> str:
    return f"http://127.0.0.1:{bot_port(settings, name)}"


def live_bot_url(settings: Settings) -> str:
    """Where the live bot listens now: about 15 µs, to be asked for every call."""
    return bot_url(settings, live_bot(settings.state_dir))


def _file(state_dir: Path) -> Path:
    return run_dir(state_dir) / "live_bot"
