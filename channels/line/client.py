# SPDX-License-Identifier: Apache-2.0
"""Our client of LINE's Messaging API: every call that the product makes, as one method each."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import UUID

from linebot.v3 import messaging, oauth
from linebot.v3.messaging import AsyncMessagingApi, AsyncMessagingApiBlob, Configuration

from channels.line.errors import ContentGone
from channels.line.menu_calls import MenuCalls
from channels.line.tokens import FixedToken, StatelessTokens, Tokens
from channels.line.transport import (
    ACCEPTED_REQUEST_ID,
    Answer,
    PlainApiClient,
    PlainOAuthClient,
    Transport,
    issue_token,
)
from core.errors import Rejected, Unavailable, Verdict

#: LINE's own address. It is never given to the SDK, which would then look for files there, too, and not at api-data.
DEFAULT_BASE = "https://api.line.me"
#: message objects of one reply or push
MAX_OBJECTS = 5
#: seconds for a loading animation to be accepted: an ornament is not waited for
LOADING_TIMEOUT = 3.0
#: seconds for a whole file
DOWNLOAD_TIMEOUT = 60.0
#: seconds between questions whether a video is ready
_LONGEST_WAIT = 8.0
#: calls at once; the SDK's own limit is five for each processor
_CONNECTIONS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LineConfig:
    """What is known of our channel. Without `access_token`, stateless tokens are made from id and secret."""

    channel_id: str
    channel_secret: str = field(repr=False)
    access_token: str | None = field(default=None, repr=False)
    #: scheme and host of another platform than LINE's own, for all calls
    api_base: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An accepted reply or push. Accepted is not delivered: LINE says the same of a user who has blocked the bot."""

    request_id: str | None
    #: of a push that LINE had accepted before: the request that did it
    accepted_request_id: str | None = None
    message_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quota:
    """Pushes of this month; `limit` None is unlimited."""

    limit: int | None
    used: int


@dataclass(frozen=True, slots=True)
class Content:
    """A file that a citizen sent. What it says it is was said by the sender's device: look into it."""

    bytes: bytes
    content_type: str

    def __repr__(self) -> str:
        return f"Content(<{len(self.bytes)} bytes>, {self.content_type})"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a friend of the bot shows of themselves."""

    display_name: str
    #: BCP 47, None where the user did not agree to show it
    language: str | None

    def __repr__(self) -> str:
        return "Profile(<a person>)"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where LINE sends webhooks, and whether it does."""

    url: str
    active: bool


@dataclass(frozen=True, slots=True)
class EndpointTest:
    """How a test delivery went: our answer's status (0 or less without an answer) and LINE's words for it."""

    success: bool
    status: int
    reason: str
    detail: str


@contextlib.asynccontextmanager
async def open_line(
    config: LineConfig,
    *,
    timeout: float = 10.0,
    clock: Callable[[], float] = time.monotonic,
    patience: float = 60.0,
    first_wait: float = 0.5,
) -> AsyncIterator[Line]:
    """The client for the time of a `with` block, in the running loop.

    `timeout`: seconds of one call; `clock`: seconds that only go forward, for tokens; `patience`: seconds that a video
    is waited for, asking first after `first_wait`.
    """
    base = (config.api_base or "").rstrip("/")
    host = None if base in ("", DEFAULT_BASE) else base
    async with contextlib.AsyncExitStack() as stack:
        settings = Configuration(host=host, access_token="")  # each call brings its own
        settings.connection_pool_maxsize = _CONNECTIONS
        client = await stack.enter_async_context(PlainApiClient(settings))
        tokens: Tokens
        if config.access_token:
            tokens = FixedToken(config.access_token)
        else:
            issuer = await stack.enter_async_context(PlainOAuthClient(oauth.Configuration(host=host)))
            issue = functools.partial(issue_token, issuer, config.channel_id, config.channel_secret, timeout)
            tokens = StatelessTokens(issue, clock)
        yield Line(client, Transport(client, tokens, timeout), patience, first_wait)


class Line:
    """LINE as the product uses it. Every method raises verdicts only; `menus` has the calls for rich menus."""

    def __init__(self, client: PlainApiClient, transport: Transport, patience: float, first_wait: float) -> None:
        self._transport = transport
        self._api = AsyncMessagingApi(client)
        self._blob = AsyncMessagingApiBlob(client)
        self._patience = patience
        self._first_wait = first_wait
        self.menus = MenuCalls(transport, self._api, self._blob)

    async def reply(self, token: str, messages: Sequence[Mapping[str, Any]]) -> Sent:
        """Answers an event with 1 to 5 message objects, at no cost. Raises InvalidReplyToken, Ambiguous, verdicts.

        A reply has no retry key: LINE refuses one. The token is what makes a second try harmless.
        """
        _check(messages)
        answer = await self._transport.post(
            "reply", "/v2/bot/message/reply", {"replyToken": token, "messages": [dict(one) for one in messages]}
        )
        return _sent(answer)

    async def push(self, to: str, messages: Sequence[Mapping[str, Any]], retry_key: UUID) -> Sent:
        """Sends 1 to 5 message objects to a user or group. Raises QuotaSpent, RecipientGone, Ambiguous, verdicts.

        The same messages with the same key within 24 hours are one push, however often they are sent.
        """
        _check(messages)
        answer = await self._transport.post(
            "push",
            "/v2/bot/message/push",
            {"to": to, "messages": [dict(one) for one in messages]},
            headers={"X-Line-Retry-Key": str(retry_key)},
            settled=(409,),
        )
        return _sent(answer)

    async def loading(self, user: str, seconds: float) -> bool:
        """Shows the loading animation in a one-to-one chat, until the next message; whether LINE took it.

        `seconds` goes up to the next that LINE allows: 5, 10 … 60. Never raises a verdict: an answer does not wait for it.
        """
        allowed = min(max(-(-int(seconds) // 5) * 5, 5), 60)
        request = messaging.ShowLoadingAnimationRequest(chatId=user, loadingSeconds=allowed)
        try:
            await self._transport.call(
                "loading", self._api.show_loading_animation_with_http_info, request, timeout=LOADING_TIMEOUT
            )
        except Verdict:
            return False
        return True

    async def quota(self) -> Quota:
        """How many pushes this month allows, and how many are used."""
        limit, used = await asyncio.gather(
            self._transport.call("quota", self._api.get_message_quota_with_http_info),
            self._transport.call("quota_used", self._api.get_message_quota_consumption_with_http_info),
        )
        total = used.fields.get("totalUsage")
        allowed = limit.fields.get("value") if limit.fields.get("type") != "none" else None
        if not isinstance(total, int) or (allowed is None and limit.fields.get("type") != "none"):
            raise Unavailable("a quota that cannot be read")
        return Quota(None if allowed is None else int(allowed), total)

    async def content(self, message_id: str, largest: int) -> Content:
        """Fetches the file of a message, at most `largest` bytes. Raises ContentGone, TooLarge, Unavailable, verdicts.

        A long video is prepared first; it is waited for, and Unavailable says that it is still not ready.
        """
        path = f"/v2/bot/message/{quote(message_id, safe='')}/content"
        deadline = time.monotonic() + self._patience
        while True:
            file = await self._transport.download("content", path, largest, DOWNLOAD_TIMEOUT)
            if not file.preparing:
                return Content(file.body, file.content_type)
            await self._until_prepared(message_id, deadline)

    async def _until_prepared(self, message_id: str, deadline: float) -> None:
        wait = self._first_wait
        while True:
            if time.monotonic() + wait > deadline:
                raise Unavailable("still being prepared", retry_after=wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)
            answer = await self._transport.call(
                "transcoding",
                self._blob.get_message_content_transcoding_by_message_id_with_http_info,
                message_id,
                settled=(404, 410),
            )
            state = answer.fields.get("status")
            if answer.status in (404, 410) or state == "failed":
                raise ContentGone(f"transcoding: status {answer.status}")
            if state == "succeeded":
                return

    async def profile(self, user: str) -> Profile | None:
        """A user's name and language; None for who is no friend, has blocked the bot or does not consent."""
        answer = await self._transport.call("profile", self._api.get_profile_with_http_info, user, settled=(404,))
        name, language = answer.fields.get("displayName"), answer.fields.get("language")
        if answer.status == 404 or not isinstance(name, str):
            return None
        return Profile(name, language if isinstance(language, str) else None)

    async def bot_user_id(self) -> str:
        """The bot's own user id: the `destination` of its webhooks."""
        answer = await self._transport.call("bot_info", self._api.get_bot_info_with_http_info)
        user = answer.fields.get("userId")
        if not isinstance(user, str):
            raise Unavailable("bot info without userId")
        return user

    async def endpoint(self) -> Endpoint | None:
        """Where webhooks go now; None when nothing was set yet."""
        answer = await self._transport.call(
            "webhook_get", self._api.get_webhook_endpoint_with_http_info, settled=(404,)
        )
        url = answer.fields.get("endpoint")
        return Endpoint(url, answer.fields.get("active") is True) if isinstance(url, str) and url else None

    async def set_endpoint(self, url: str) -> None:
        """Sets where webhooks go: https, with a certificate that LINE trusts, at most 500 characters."""
        if len(url) > 500:
            raise Rejected("an address of more than 500 characters")
        request = messaging.SetWebhookEndpointRequest(endpoint=url)
        await self._transport.call("webhook_set", self._api.set_webhook_endpoint_with_http_info, request)

    async def test_endpoint(self) -> EndpointTest:
        """Has LINE send a webhook without events to where webhooks go, and says how it went; 60 times an hour."""
        answer = await self._transport.call(
            "webhook_test", self._api.test_webhook_endpoint_with_http_info, messaging.TestWebhookEndpointRequest()
        )
        said, status = answer.fields, answer.fields.get("statusCode")
        return EndpointTest(
            success=said.get("success") is True,
            status=status if isinstance(status, int) else 0,
            reason=str(said.get("reason", "")),
            detail=str(said.get("detail", "")),
        )


def _check(messages: Sequence[Mapping[str, Any]]) -> None:
    if not 1 <= len(messages) <= MAX_OBJECTS:
        raise Rejected(f"{len(messages)} message objects in one call")


def _sent(answer: Answer) -> Sent:
    """What was sent, from a 2xx or a push's 409; message ids where LINE gives them."""
    return Sent(
        request_id=answer.request_id,
        accepted_request_id=answer.headers.get(ACCEPTED_REQUEST_ID),
        message_ids=tuple(str(one["id"]) for one in answer.objects("sentMessages") if "id" in one),
    )
