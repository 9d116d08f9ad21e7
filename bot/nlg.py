# SPDX-License-Identifier: Apache-2.0
"""Asks the gateway's NLG endpoint for an answer, with a slim request in Rasa's own form.

Rasa's client posts the whole tracker, opens a session per call, waits up to 300 s and lets `{}` through as an answer.
"""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.failures import AnswerFailed, AnswersAway
from bot.kept_session import KeptSession

_SECONDS = 5.0
_RANKING = 5


class AnswersEndpoint(NaturalLanguageGenerator):
    """`nlg` of endpoints.yml: `type: bot.nlg.AnswersEndpoint`, `url`, `headers`, `seconds`."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain | None = None) -> None:
        self._endpoint = endpoint_config
        self._session = KeptSession(float(endpoint_config.kwargs.get("seconds", _SECONDS)))

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any]:
        """The answer as `{text?, buttons?, image?, custom?}`. Raises AnswerFailed, also on an answer without content."""
        kwargs.pop("domain_responses", None)
        body = request_body(utter_action, tracker, output_channel, kwargs)
        try:
            async with self._session.get().post(
                self._endpoint.url, json=body, headers=self._endpoint.headers
            ) as response:
                if response.status != 200:
                    raise AnswerFailed(f"status {response.status}")
                answer = await response.json()
        except aiohttp.ClientConnectionError as error:
            away = not isinstance(error, asyncio.TimeoutError)
            raise (AnswersAway if away else AnswerFailed)(type(error).__name__) from None
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            raise AnswerFailed(type(error).__name__) from None
        return _checked(answer)

    async def close(self) -> None:
        """Close the kept session."""
        await self._session.close()


def request_body(
    response: str, tracker: DialogueStateTracker, channel: str, arguments: dict[str, Any]
) -> dict[str, Any]:
    """A part of the request that stock Rasa sends, plus `locale`: filled slots and the reading of the last message,
    without the events and without the citizen's words."""
    message = tracker.latest_message
    parse = message.parse_data if message else {}
    metadata = (message.metadata if message else None) or {}
    return {
        "response": response,
        "id": None,
        "arguments": arguments,
        "locale": metadata.get("locale", "th"),
        "channel": {"name": metadata.get("channel") or channel},
        "tracker": {
            "sender_id": tracker.sender_id,
            "slots": {name: value for name, value in tracker.current_slot_values().items() if value is not None},
            "latest_message": {
                "intent": parse.get("intent") or {},
                "intent_ranking": (parse.get("intent_ranking") or [])[:_RANKING],
                "entities": message.entities if message else [],
            },
        },
    }


def _checked(answer: Any) -> dict[str, Any]:
    """Only an answer that shows something is an answer; a null text with nothing else would be silence."""
    if not isinstance(answer, dict):
        raise AnswerFailed("not an object")
    text, buttons, image, custom = (answer.get(key) for key in ("text", "buttons", "image", "custom"))
    if text is not None and not isinstance(text, str):
        raise AnswerFailed("text is not a string")
    if buttons is not None and not isinstance(buttons, list):
        raise AnswerFailed("buttons is not a list")
    if custom is not None and not isinstance(custom, dict):
        raise AnswerFailed("custom is not an object")
    blocks = custom and (custom.get("blocks") or custom.get("block"))
    if not (text or buttons or image or blocks):
        raise AnswerFailed("empty answer")
    return {key: value for key, value in answer.items() if value is not None}
