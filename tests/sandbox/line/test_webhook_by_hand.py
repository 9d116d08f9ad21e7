# SPDX-License-Identifier: Apache-2.0
"""Webhooks that a test makes itself, and the API's own calls to set and try the webhook."""

from __future__ import annotations

from typing import Any

import pytest
from linebot.v3.messaging import ApiException, SetWebhookEndpointRequest, TestWebhookEndpointRequest

from sandbox.line.state import Platform
from tests.sandbox.line.conftest import Bot, Control, Sdk

TestWebhookEndpointRequest.__test__ = False  # the SDK's name, no test


async def test_a_hand_made_batch_is_filled_and_sent(bot: Bot, control: Control, platform: Platform) -> None:
    """Events of several users with ids and reply tokens that work; null keeps a token away."""
    users = list(platform.users)[:2]
    events: list[dict[str, Any]] = [
        {
            "type": "message",
            "source": {"type": "user", "userId": user},
            "message": {"type": "text", "id": str(number), "text": "ค่ะ", "quoteToken": "q"},
        }
        for number, user in enumerate(users)
    ]
    events.append({"type": "somethingNew", "source": {"type": "user", "userId": users[0]}, "replyToken": None})
    told = await control("/webhook", {"events": events})
    assert (told["status"], told["reason"], len(told["event_ids"])) == (200, "ok", 3)
    received = (await bot.wait())[0].events
    assert [event["webhookEventId"] for event in received] == told["event_ids"]
    assert "replyToken" not in received[2]
    assert received[0]["replyToken"] in platform.reply_tokens


@pytest.mark.parametrize("signature", ["wrong", "none", "ไม่ใช่"])
async def test_a_hand_made_webhook_can_be_forged(control: Control, bot: Bot, signature: str) -> None:
    """The bot of these tests asserts on the signature, so its server answers 500."""
    told = await control("/webhook", {"events": [], "signature": signature})
    assert told["status"] == 500
    assert bot.received == []


async def test_a_hand_made_body_is_sent_as_it_is(control: Control, bot: Bot) -> None:
    """Signed, but not touched; also bytes that are no UTF-8, and a header in other letters."""
    raw = '{ "events" : [] , "destination":"\\u0e01"}\n'
    told = await control("/webhook", {"body": raw, "header": "X-LINE-SIGNATURE"})
    assert told["status"] == 200
    assert bot.received[0].raw == raw.encode()
    told = await control("/webhook", {"body_base64": "/w=="})
    assert told["status"] == 500


async def test_the_webhook_is_set_and_tested_by_the_sdk(sdk: Sdk, bot: Bot, platform: Platform) -> None:
    """The test sends no events, and says how it ended."""
    platform.webhook.url = None
    with pytest.raises(ApiException) as unset:
        await sdk.api.get_webhook_endpoint()
    assert unset.value.status == 404
    await sdk.api.set_webhook_endpoint(SetWebhookEndpointRequest(endpoint=bot.url))
    endpoint = await sdk.api.get_webhook_endpoint()
    assert (endpoint.endpoint, endpoint.active) == (bot.url, True)
    tested = await sdk.api.test_webhook_endpoint(TestWebhookEndpointRequest(endpoint=None))
    assert (tested.success, tested.status_code, tested.reason) == (True, 200, "OK")
    assert bot.received[0].events == []
    bot.statuses = [404]
    tested = await sdk.api.test_webhook_endpoint(TestWebhookEndpointRequest(endpoint=bot.url))
    assert (tested.success, tested.status_code, tested.reason) == (False, 404, "ERROR_STATUS_CODE")
    platform.webhook.time_limit, bot.pause = 0.05, 0.3
    tested = await sdk.api.test_webhook_endpoint(TestWebhookEndpointRequest(endpoint=None))
    assert (tested.success, tested.reason) == (False, "REQUEST_TIMEOUT")


async def test_the_webhook_can_be_tested_sixty_times_an_hour(sdk: Sdk, bot: Bot, control: Control) -> None:
    """Then 429, until the hour is over."""
    await control(body={"limits": {"webhook_tests_per_hour": 1}})
    await sdk.api.test_webhook_endpoint(TestWebhookEndpointRequest(endpoint=bot.url))
    with pytest.raises(ApiException) as refused:
        await sdk.api.test_webhook_endpoint(TestWebhookEndpointRequest(endpoint=bot.url))
    assert refused.value.status == 429
    await control(body={"clock": {"advance": 3600}})
    await sdk.api.test_webhook_endpoint(TestWebhookEndpointRequest(endpoint=bot.url))
