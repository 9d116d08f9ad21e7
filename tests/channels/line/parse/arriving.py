# SPDX-License-Identifier: Apache-2.0
"""One event as it arrives, out of a delivery that has no other."""

from __future__ import annotations

from typing import Any

from channels.line.parse import Arrived, parse_webhook
from tests.channels.line.events import body, event

FIRST = "500000000000000001"


def one(data: Any) -> Arrived:
    """The single event of a delivery."""
    (arrived,) = parse_webhook(body(data)).events
    return arrived


def of_message(content: dict[str, Any], **fields: Any) -> Arrived:
    return one(event("message", message=content, **fields))
