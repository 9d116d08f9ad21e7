# SPDX-License-Identifier: Apache-2.0
"""One HTTP session kept per event loop, because Rasa opens a new one for every call and cannot shorten its 300 s."""

from __future__ import annotations

import asyncio
from weakref import WeakKeyDictionary

import aiohttp


class KeptSession:
    """Hands out the session of the running loop; seconds: time limit of a whole call."""

    def __init__(self, seconds: float) -> None:
        self._timeout = aiohttp.ClientTimeout(total=seconds, connect=min(seconds, 2.0))
        self._sessions: WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.ClientSession] = WeakKeyDictionary()

    def get(self) -> aiohttp.ClientSession:
        """The open session of the running loop."""
        loop = asyncio.get_running_loop()
        session = self._sessions.get(loop)
        if session is None or session.closed:
            # Given up a little before Sanic's servers close them (5 s), so that no call goes out on a dying one.
            session = aiohttp.ClientSession(
                timeout=self._timeout, connector=aiohttp.TCPConnector(limit=64, keepalive_timeout=4)
            )
            self._sessions[loop] = session
        return session

    async def close(self) -> None:
        """Close the running loop's session."""
        session = self._sessions.pop(asyncio.get_running_loop(), None)
        if session is not None:
            await session.close()
