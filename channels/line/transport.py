# SPDX-License-Identifier: Apache-2.0
"""One call to LINE through the SDK: its token, its time limit, its log line and its verdict."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
import structlog
from linebot.v3 import messaging, oauth
from linebot.v3.messaging.exceptions import ApiException, OpenApiException
from linebot.v3.oauth.exceptions import ApiException as OAuthException

from channels.line.errors import ContentGone, TooLarge, classify, classify_answer, read_json
from channels.line.tokens import Issued, Tokens
from core.errors import Rejected, Unauthorised, Unavailable

_log = structlog.get_logger(__name__)

#: seconds until a connection is there; until then nothing was sent
CONNECT = 5.0
#: host of message content and rich-menu images; the SDK's API class for them cannot stream an answer
DATA_HOST = "https://api-data.line.me"
REQUEST_ID = "X-Line-Request-Id"
ACCEPTED_REQUEST_ID = "X-Line-Accepted-Request-Id"
#: bytes of an error's body that are read
_LONGEST_ERROR = 4_096

#: What the SDK lets out: its own errors, aiohttp's, a bare time-out, arguments that it refuses, an answer that is no text.
_TROUBLE = (OpenApiException, aiohttp.ClientError, OSError, ValueError, LookupError)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Answer:
    """What LINE answered: `data` is its JSON, None when there is none or it cannot be read."""

    status: int
    headers: Mapping[str, str]
    data: Any

    @property
    def request_id(self) -> str | None:
        return self.headers.get(REQUEST_ID)

    @property
    def fields(self) -> Mapping[str, Any]:
        """The JSON object of the answer; an empty one for anything else."""
        return self.data if isinstance(self.data, dict) else {}

    def objects(self, name: str) -> list[Mapping[str, Any]]:
        """The JSON objects in a list of the answer."""
        found = self.fields.get(name)
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def __repr__(self) -> str:
        return f"Answer({self.status})"


@dataclass(frozen=True, slots=True)
class Download:
    """A file as it came; `preparing` is LINE's 202, with nothing in it yet."""

    body: bytes
    content_type: str
    preparing: bool = False

    def __repr__(self) -> str:
        return f"Download(<{len(self.body)} bytes>, {self.content_type})"


class PlainApiClient(messaging.AsyncApiClient):  # type: ignore[misc]  # the SDK has no types
    """The SDK's client, but answers stay plain JSON.

    Its models raise on an answer with an unknown or missing field, although the message was accepted.
    """

    def deserialize(self, response: Any, response_type: Any) -> Any:
        return read_json(response.data)


class PlainOAuthClient(oauth.AsyncApiClient):  # type: ignore[misc]  # the SDK has no types
    """The same for the client of tokens, which is another one."""

    def deserialize(self, response: Any, response_type: Any) -> Any:
        return read_json(response.data)


class Transport:
    """Calls with a fresh token, a time limit and one line of log each. Raises verdicts, never the SDK's errors."""

    def __init__(self, client: PlainApiClient, tokens: Tokens, timeout: float) -> None:
        """`timeout` is the seconds of one call, from the connection to the end of its answer."""
        self._client = client
        self._tokens = tokens
        self._timeout = timeout

    async def call(
        self,
        name: str,
        method: Callable[..., Awaitable[Any]],
        *arguments: Any,
        settled: Collection[int] = (),
        timeout: float | None = None,
        **options: Any,
    ) -> Answer:
        """Calls a `…_with_http_info` method of the SDK. A status in `settled` is an answer, too. Raises verdicts."""

        async def once(token: str) -> Answer:
            return await logged(
                name,
                lambda: method(
                    *arguments,
                    _request_timeout=_limit(timeout or self._timeout),
                    _request_auth={"type": "bearer", "in": "header", "key": "Authorization", "value": _bearer(token)},
                    **options,
                ),
                settled,
            )

        return await self._with_token(once)

    async def post(self, name: str, path: str, body: Mapping[str, Any], **options: Any) -> Answer:
        """Posts JSON exactly as it is, past the SDK's models: they cost milliseconds and add fields of their own."""
        headers = {**options.pop("headers", {}), "Content-Type": "application/json", "Accept": "application/json"}
        return await self.call(
            name,
            self._client.call_api,
            path,
            "POST",
            header_params=headers,
            body=dict(body),
            response_types_map={"200": "object"},
            auth_settings=["Bearer"],
            _host="https://api.line.me",
            **options,
        )

    async def download(self, name: str, path: str, largest: int, timeout: float) -> Download:
        """Gets a file of at most `largest` bytes, of which never more is held. Raises ContentGone, TooLarge, verdicts."""
        url = f"{self._client.configuration.host or DATA_HOST}{path}"

        async def once(token: str) -> Download:
            started = time.perf_counter()
            status: int | None = None
            answered: Mapping[str, str] = {}
            failed: Exception | None = None
            headers = {"Authorization": _bearer(token), "User-Agent": self._client.user_agent, "Accept": "*/*"}
            try:
                response = await self._client.rest_client.get_request(
                    url, headers=headers, _preload_content=False, _request_timeout=_limit(timeout, self._timeout)
                )
                status, answered = response.status, response.headers
                try:
                    return await _read(response, largest)
                finally:
                    response.close()  # what is left of a file that is too large is not waited for
            except (aiohttp.ClientError, OSError) as error:
                failed = error
                raise classify(error) from None
            finally:
                _log_call(name, status, answered, started, failed)

        return await self._with_token(once)

    async def _with_token(self, once: Callable[[str], Awaitable[_T]]) -> _T:
        """Runs a call, and once more with another token when LINE does not know the first (any more)."""
        token = await self._tokens.get()
        try:
            return await once(token)
        except Unauthorised:
            # 401 says that nothing was done, so the second try cannot be a second message.
            other = await self._tokens.renew(token)
            if other is None:
                raise
            return await once(other)


async def logged(name: str, send: Callable[[], Awaitable[Any]], settled: Collection[int] = ()) -> Answer:
    """One try of a call of the SDK, with its line of log. Raises verdicts."""
    started = time.perf_counter()
    try:
        response = await send()
    except (ApiException, OAuthException) as error:
        headers = error.headers or {}
        _log_call(name, error.status, headers, started)
        if error.status in settled:
            return Answer(int(error.status), headers, read_json(error.body))
        raise classify(error) from None
    except _TROUBLE as error:
        _log_call(name, None, {}, started, error)
        raise classify(error) from None  # the cause is dropped: its text can hold the request or the answer
    _log_call(name, response.status_code, response.headers, started)
    return Answer(response.status_code, response.headers, response.data)


async def issue_token(client: PlainOAuthClient, channel_id: str, channel_secret: str, timeout: float) -> Issued:
    """One stateless token. Raises Unauthorised when LINE does not know the channel, Unavailable otherwise."""
    issue = oauth.AsyncChannelAccessToken(client).issue_stateless_channel_token_with_http_info_by_client_secret
    try:
        answer = await logged("token", lambda: issue(channel_id, channel_secret, _request_timeout=_limit(timeout)))
    except Rejected as verdict:
        # This one call answers wrong credentials with 400: RFC 6749, section 5.2.
        raise Unauthorised(verdict.reason) from None
    token, lifetime = answer.fields.get("access_token"), answer.fields.get("expires_in")
    if not isinstance(token, str) or not token or not isinstance(lifetime, int):
        raise Unavailable("a token that cannot be read")
    return Issued(token, float(lifetime))


async def _read(response: aiohttp.ClientResponse, largest: int) -> Download:
    if response.status == 202:
        return Download(b"", "", preparing=True)
    if response.status in (404, 410):
        raise ContentGone(f"status {response.status}")
    if response.status != 200:
        raise classify_answer(response.status, await response.content.read(_LONGEST_ERROR), response.headers)
    if (response.content_length or 0) > largest:
        raise TooLarge(f"{response.content_length} bytes")
    body = bytearray()
    async for chunk in response.content.iter_chunked(65_536):
        body += chunk
        if len(body) > largest:
            raise TooLarge(f"more than {largest} bytes")
    return Download(bytes(body), response.content_type)


def _log_call(
    name: str, status: int | None, headers: Mapping[str, str], started: float, error: Exception | None = None
) -> None:
    """One line for each call: never a text, an id of a user, a token."""
    milliseconds = round((time.perf_counter() - started) * 1000)
    fields: dict[str, Any] = {"error": type(error).__name__} if error is not None else {}
    write = _log.info if status is not None and status < 400 else _log.warning
    write("line_call", call=name, status=status, request_id=headers.get(REQUEST_ID), ms=milliseconds, **fields)


def _bearer(token: str) -> str:
    return f"Bearer {token}"


def _limit(total: float, silence: float | None = None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=total, connect=min(CONNECT, total), sock_read=silence)
