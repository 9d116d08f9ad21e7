# SPDX-License-Identifier: Apache-2.0
"""The one classifier of whatever goes wrong in a call to LINE, to the five verdicts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import aiohttp
from linebot.v3.messaging.exceptions import ApiException
from linebot.v3.oauth.exceptions import ApiException as OAuthException
from pydantic.v1 import ValidationError

from core.errors import RecipientGone, Rejected, Unauthorised, Unavailable, Verdict


class InvalidReplyToken(Rejected):
    """The reply token was used already or is too old; after an ambiguous try it means that the reply was accepted."""


class QuotaSpent(Unavailable):
    """The month's quota of pushes is spent; replies are not counted and keep working."""


class RateLimited(Unavailable):
    """Too many calls, or too many messages to one user: back off."""


class Ambiguous(Unavailable):
    """The call was sent and its answer is missing, unreadable or a 5xx: LINE may have accepted it."""

    def __init__(self, reason: str = "", retry_after: float | None = None) -> None:
        super().__init__(reason, retry_after, maybe_done=True)


class ContentGone(Rejected):
    """The file is not there any more: taken back, too old, or never to be ready. The contact is still there."""


class TooLarge(Rejected):
    """The file is larger than we take."""


#: LINE's words for a user id that does not exist; a blocked or deleted user is a 200 that reaches nobody.
#: https://developers.line.biz/en/faq/tags/message/
_NOBODY = "failed to send messages"
_DEAD_TOKEN = "invalid reply token"  # noqa: S105
_MONTH = "monthly limit"
#: 429 bodies and details are short; an error page is not.
_LONGEST_REASON = 300


def classify(error: Exception) -> Verdict:
    """The verdict of an exception of the SDK, of its HTTP client, or of reading the answer."""
    if isinstance(error, Verdict):
        return error
    if isinstance(error, (ApiException, OAuthException)) and error.status:
        return classify_answer(int(error.status), error.body, error.headers or {})
    name = type(error).__name__
    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)):
        return Unavailable(name)  # no connection: nothing was sent
    if isinstance(error, ValidationError):
        return Rejected(name)  # the SDK itself refused the arguments
    # Only the class: the text of an error can quote the request.
    return Ambiguous(name)


def classify_answer(status: int, body: object, headers: Mapping[str, str]) -> Verdict:
    """The verdict of an answer that is no success.

    Status codes and messages: https://developers.line.biz/en/reference/messaging-api/#error-responses
    """
    reason = _reason(status, body)
    said = reason.lower()
    if status in (401, 403):
        return Unauthorised(reason)
    if status == 429:
        return QuotaSpent(reason) if _MONTH in said else RateLimited(reason, _retry_after(headers))
    if status == 408:
        return Unavailable(reason)
    if 400 <= status < 500:
        if _DEAD_TOKEN in said:
            return InvalidReplyToken(reason)
        return RecipientGone(reason) if _NOBODY in said else Rejected(reason)
    return Ambiguous(reason, _retry_after(headers))


def read_json(body: object) -> Any:
    """The JSON in an answer's bytes or text; None when there is none."""
    if not isinstance(body, (bytes, bytearray, str)):
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _reason(status: int, body: object) -> str:
    """Status, LINE's message, and the properties at fault: names of fields, never their values."""
    data = read_json(body)
    if not isinstance(data, dict):
        return f"status {status}"
    parts = [f"status {status}"]
    if message := data.get("message") or data.get("error_description") or data.get("error"):
        parts.append(str(message))
    details = data.get("details")
    if isinstance(details, list):
        parts += [f"{one.get('property')}: {one.get('message')}" for one in details if isinstance(one, dict)]
    return "; ".join(parts)[:_LONGEST_REASON]


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds of the header Retry-After; None without it, and for its form as a date, which LINE does not use."""
    given = headers.get("Retry-After", "")
    return float(given) if given.isascii() and given.isdecimal() else None
