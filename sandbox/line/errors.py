# SPDX-License-Identifier: Apache-2.0
"""What the platform refuses, with LINE's own status and words.

Wording: https://developers.line.biz/en/reference/messaging-api/#error-messages ; where LINE documents only a status, the
words are ours and a client must not depend on them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One entry of `details`: what is wrong and with which property."""

    message: str
    property: str


class Refused(Exception):
    """The call is answered with this status and body, and has no effect."""

    def __init__(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        """`body` is the JSON of the answer."""
        super().__init__(f"{status} {body.get('message', body.get('error', ''))}")
        self.status = status
        self.body = dict(body)
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class Reason:
    """A status with a message that stands alone."""

    status: int
    message: str
    details: Sequence[Problem] = field(default=())

    def refusal(self) -> Refused:
        """The exception to raise."""
        body: dict[str, Any] = {"message": self.message}
        if self.details:
            body["details"] = [{"message": problem.message, "property": problem.property} for problem in self.details]
        return Refused(self.status, body)


INVALID_REPLY_TOKEN = Reason(400, "Invalid reply token")
MONTHLY_LIMIT = Reason(429, "You have reached your monthly limit.")
RATE_LIMIT = Reason(429, "The API rate limit has been exceeded. Try again later.")
NOT_FOUND = Reason(404, "Not found")
GONE = Reason(410, "Gone")
INTERNAL = Reason(500, "Internal server error")
NO_TOKEN = Reason(
    401,
    "Authentication failed due to the following reason: invalid token. "
    "Confirm that the access token in the authorization header is valid.",
)
EXPIRED_TOKEN = Reason(
    401,
    "Authentication failed due to the following reason: token expired. "
    "Confirm that the access token in the authorization header is valid.",
)
NOT_JSON = Reason(400, "The request body could not be parsed as JSON (line: 1, column: 1)")
NO_RETRY_KEY_HERE = Reason(400, "The retry key is not supported by this API")
BAD_RETRY_KEY = Reason(400, "The retry key is invalid")
RICH_MENU_NOT_FOUND = Reason(404, "richmenu not found")
ALIAS_NOT_FOUND = Reason(404, "richmenu alias not found")
USER_WITHOUT_MENU = Reason(404, "the user has no richmenu")
NO_DEFAULT_MENU = Reason(404, "no default richmenu")


def invalid(problems: Sequence[Problem]) -> Refused:
    """400 with every problem of the request body."""
    return Reason(400, f"The request body has {len(problems)} error(s)", tuple(problems)).refusal()


def invalid_property(name: str) -> Refused:
    """400 for one property outside the messages, such as `to`."""
    return Reason(400, f"The property, '{name}', in the request body is invalid (line: -, column: -)").refusal()


def invalid_message(index: int, problems: Sequence[Problem]) -> Refused:
    """400 for a template or Flex Message, whose properties are named by their path in the message."""
    return Reason(400, f"A message (messages[{index}]) in the request body is invalid", tuple(problems)).refusal()
