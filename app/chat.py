# SPDX-License-Identifier: Apache-2.0
"""`pracha chat`: a conversation with the running stack in a terminal."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from typing import Any

import aiohttp

from app.settings import Settings
from channels.terminal.render import choices, lines
from channels.terminal.send import TerminalChat
from core.errors import Rejected, Verdict

#: seconds to wait for an answer before the prompt comes back
_PATIENCE = 25.0
#: seconds to wait for more once an answer came
_AFTERWARDS = 0.4


async def chat(settings: Settings, locale: str = "th") -> int:
    """Talks until end of input or `/q`. A number picks a choice of the last answer. Returns the exit code."""
    async with aiohttp.ClientSession() as session:
        talk = TerminalChat(session, f"http://127.0.0.1:{settings.public_port}")
        try:
            await talk.open(locale)
        except Verdict as verdict:
            print(
                f"nothing answers at port {settings.public_port} ({verdict.reason}): is `make up` running?",
                file=sys.stderr,
            )
            return 1
        offered: list[tuple[str, str]] = []
        while (said := await asyncio.to_thread(_ask)) not in (None, "/q"):
            if not said:
                continue
            try:
                sent = await talk.send(_content(said, offered))
                offered = await _show(talk, sent) or offered
            except Rejected as refusal:
                print(refusal.reason)
            except Verdict as verdict:
                print(f"({verdict.reason})")
        return 0


def _ask() -> str | None:
    try:
        return input("> ").strip()
    except EOFError:
        return None


def _content(said: str, offered: list[tuple[str, str]]) -> Mapping[str, Any]:
    if said.isdigit() and 1 <= int(said) <= len(offered):
        return {"choice": offered[int(said) - 1][0]}
    return {"text": said}


async def _show(talk: TerminalChat, sent: int) -> list[tuple[str, str]]:
    """Prints what comes after the sent message; returns the choices that it offers."""
    offered: list[tuple[str, str]] = []
    loop = asyncio.get_running_loop()
    until = loop.time() + _PATIENCE
    while (left := until - loop.time()) > 0:
        for event in await talk.events(left):
            if event["from"] != "citizen":
                print("\n".join(lines(event["blocks"])))
                offered = choices(event["blocks"]) or offered
                if event["seq"] > sent:
                    until = min(until, loop.time() + _AFTERWARDS)
    return offered
