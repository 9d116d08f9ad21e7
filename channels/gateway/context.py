# SPDX-License-Identifier: Apache-2.0
"""What the gateway's HTTP handlers share, under one typed key."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine

from channels.gateway.answer_book import AnswerBook
from channels.gateway.bot_client import BotClient
from channels.gateway.config import GatewayConfig
from channels.gateway.deliveries import DeliveryWorker
from channels.gateway.hub import Hub
from channels.gateway.intake import Intake
from channels.gateway.limits import Limits
from channels.gateway.line_inlet import LineInlet
from channels.gateway.metrics import Metrics
from channels.gateway.sessions import Sessions
from store.media import MediaStore
from store.sealing import Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """One gateway's parts."""

    config: GatewayConfig
    engine: AsyncEngine
    seal: Seal
    answers: AnswerBook
    bot: BotClient
    hub: Hub
    intake: Intake
    deliveries: DeliveryWorker
    metrics: Metrics
    sessions: Sessions
    limits: Limits
    files: MediaStore
    #: None while LINE is off
    line_inlet: LineInlet | None = None
    #: the database's ends of our own connections
    backends: AbstractSet[int]


GATEWAY: web.AppKey[Gateway] = web.AppKey("gateway", Gateway)
