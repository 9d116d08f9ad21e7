# SPDX-License-Identifier: Apache-2.0
"""Calls the action server through one kept session, with a time limit, failures that cannot be overlooked, and the
result's schema compiled once.

Rasa re-checks its own event schema on every call (18–28 ms of about 31) and opens a session per call.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
from jsonschema.exceptions import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.failures import ActionFailed, ActionsAway
from bot.kept_session import KeptSession
from bot.result_schema import check_result

_SECONDS = 15.0


class ActionsEndpoint(EndpointConfig):
    """Rasa's action endpoint with our way to call it. `seconds` in endpoints.yml is the limit of one action."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._session = KeptSession(float(kwargs.get("seconds", _SECONDS)))

    @classmethod
    def of(cls, endpoint: EndpointConfig) -> ActionsEndpoint:
        """The same endpoint, called our way."""
        made = cls(url=endpoint.url, headers=endpoint.headers, **endpoint.kwargs)
        made.params = endpoint.params
        return made

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """The action server's JSON answer.

        Raises ClientResponseError with status 400 when an action refuses to run, which Rasa understands, and
        ActionFailed for everything else.
        """
        try:
            async with self._session.get().request(
                method, self.url, json=kwargs.get("json"), headers=self.headers, params=self.combine_parameters()
            ) as response:
                if response.status == 400:
                    raise ClientResponseError(400, "refused", _refusal(await response.read()))
                if response.status != 200:
                    raise ActionFailed(f"status {response.status}")
                return await response.json()
        except ClientResponseError:
            raise
        except aiohttp.ClientConnectionError as error:
            away = not isinstance(error, asyncio.TimeoutError)
            raise (ActionsAway if away else ActionFailed)(type(error).__name__) from None
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            raise ActionFailed(type(error).__name__) from None

    async def close(self) -> None:
        """Close the kept session."""
        await self._session.close()


def install() -> None:
    """Let every remote action check its result with the compiled schema."""
    RemoteAction._validate_action_result = _validate_action_result  # type: ignore[method-assign]


def _validate_action_result(_: RemoteAction, result: Any) -> bool:
    try:
        check_result(result)
    except ValidationError:
        # Without the validator's text and cause: both quote the result.
        raise ActionFailed("the result does not fit Rasa's schema") from None
    return True


def _refusal(body: bytes) -> str:
    """Rasa reads `action_name` from a refusal; anything else is a failure."""
    try:
        refusal = json.loads(body)
        return json.dumps({"action_name": str(refusal["action_name"]), "error": ""})
    except (ValueError, KeyError, TypeError):
        raise ActionFailed("status 400 without an action's name") from None
