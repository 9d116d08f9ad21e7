# SPDX-License-Identifier: Apache-2.0
"""What gateways on one database tell one another: where there is something to claim, and where something was said."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError

from channels.gateway.context import Gateway
from channels.gateway.hub import hear
from store.notify import notifications
from store.notify import tell as notify

_log = structlog.get_logger(__name__)

#: seconds in which news are gathered into one transaction
_GATHER = 0.02


async def listen(gateway: Gateway) -> None:
    """Hears the others for ever."""
    async for channel, payload in notifications(gateway.config.database_url, ("inbox", "outbox"), gateway.backends):
        hear(gateway.hub, channel, payload)


async def tell(gateway: Gateway) -> None:
    """Tells the others for ever. What they are not told because the database is away, they find by looking."""
    while True:
        await gateway.hub.untold.wait()
        await asyncio.sleep(_GATHER)
        for channel, ids in gateway.hub.take_untold():
            try:
                await notify(gateway.engine, channel, ids)
            except (SQLAlchemyError, OSError) as error:
                _log.warning("others_not_told", error=type(error).__name__)
