# SPDX-License-Identifier: Apache-2.0
"""Keeps the demo's emulated LINE platform set up, so that a newcomer on its phone page sees the menu at once.

`python -m app.line_demo` runs until it is told to stop: the platform remembers nothing over a restart, and its menus come
again without anybody's doing. `python -m app.line_demo --once` does the work, in a process of its own because drawing and
LINE's SDK take more memory than watching.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import time
import urllib.request
from typing import Any, NoReturn

from app.settings import ROOT, Settings, SettingsError, load_settings

#: seconds between two looks at the platform, and after a failure
_LOOK = 1.0
_AFTER_FAILURE = 30.0
_LONGEST = 120.0


def wanted_for(settings: Settings) -> bool:
    """Whether there is an emulated platform that is ours: never live, never an account at LINE."""
    ours = f"http://127.0.0.1:{settings.sandbox_port}"
    return settings.mode == "demo" and settings.sandbox and settings.line_api_base == ours


def lacks_menu(settings: Settings) -> bool:
    """Whether the platform and the gateway are ready, and nobody has given everybody a menu yet."""
    platform = _get(settings.sandbox_port, "/line/control")
    if platform is None or platform.get("default_menu") is not None:
        return False
    return _get(settings.public_port, "/health/ready") is not None


async def set_up(settings: Settings) -> None:
    """The menus as declared, and the webhook's address where there is none; what is there stays.

    Raises HourSpent, verdicts, AuthoringError, CannotDraw, OSError, ValueError, LineOff.
    """
    from app.line_menus import apply_menus, menu_budget, plan_menus, wanted_menus
    from app.line_setup import apply_webhook, line_of

    menus, shown = wanted_menus(ROOT / "nlu_data")
    async with line_of(settings) as line:
        if await line.endpoint() is None:
            await apply_webhook(line, settings)
        found = await plan_menus(line.menus, menus, shown)
        await apply_menus(line.menus, found, menu_budget(settings.state_dir))


def watch(settings: Settings) -> NoReturn:
    """Sets the platform up whenever it lacks its menu; runs for ever."""
    while True:
        if not lacks_menu(settings):
            time.sleep(_LOOK)
            continue
        with contextlib.suppress(subprocess.TimeoutExpired):
            done = subprocess.run([sys.executable, "-m", "app.line_demo", "--once"], timeout=_LONGEST, check=False)
            if done.returncode == 0:
                continue
        time.sleep(_AFTER_FAILURE)


def main(arguments: list[str]) -> int:
    """0 when the work is done, 1 when it could not be, 2 for a wrong call or settings without an emulated platform."""
    if arguments not in ([], ["--once"]):
        print("usage: python -m app.line_demo [--once]", file=sys.stderr)
        return 2
    try:
        settings = load_settings(keys=())
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    if not wanted_for(settings):
        print("there is no emulated LINE platform", file=sys.stderr)
        return 2
    if not arguments:
        watch(settings)
    return _once(settings)


def _once(settings: Settings) -> int:
    from app.hourly_budget import HourSpent
    from app.line_menu_image import CannotDraw
    from app.line_setup import LineOff
    from app.logs import configure_logs
    from catalogue.authored import AuthoringError
    from core.errors import Verdict

    configure_logs("line")
    try:
        asyncio.run(set_up(settings))
    except (AuthoringError, CannotDraw, HourSpent, LineOff, Verdict, OSError, ValueError) as error:
        print(f"not set up: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


def _get(port: int, path: str) -> dict[str, Any] | None:
    """The JSON object of a 200 from this machine; None for everything else, as long as it starts, stops or restarts."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            found = json.load(answer)
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
