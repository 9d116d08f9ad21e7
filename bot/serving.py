# SPDX-License-Identifier: Apache-2.0
"""Puts Rasa's parts together from endpoints.yml and credentials.yml, and refuses when one is not the intended one.

Rasa replaces a store that it cannot make by one in memory, wraps every store so that a dead database goes unnoticed,
and starts without a channel or a model. Nothing of that may happen here.
"""

from __future__ import annotations

from dataclasses import dataclass

from rasa.core.channels.channel import InputChannel
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.core.run import configure_app, create_http_input_channels
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic

from bot import actions_client, slot_costs
from bot.actions_client import ActionsEndpoint
from bot.nlg import AnswersEndpoint
from bot.settings import Settings
from bot.turn_channel import TurnChannel
from bot.turns import Turns
from bot.window_store import WindowTrackerStore

_LARGEST_REQUEST = 1 << 20


class WrongConfiguration(Exception):
    """endpoints.yml or credentials.yml does not give the parts that this bot is made of."""


@dataclass(frozen=True)
class Parts:
    """What a loaded model is joined with."""

    turns: Turns
    store: WindowTrackerStore
    answers: AnswersEndpoint
    actions: ActionsEndpoint
    models: EndpointConfig

    async def close(self) -> None:
        """Close every kept connection."""
        await self.store.close()
        await self.answers.close()
        await self.actions.close()


def build(settings: Settings) -> tuple[Sanic, Parts]:
    """The web application, not yet running, and its parts. Raises WrongConfiguration."""
    actions_client.install()
    slot_costs.install()
    parts = read_parts(str(settings.endpoints))
    app = configure_app(_channels(str(settings.credentials)), enable_api=False)
    app.config.REQUEST_MAX_SIZE = _LARGEST_REQUEST
    app.config.RESPONSE_TIMEOUT = 150
    app.config.ACCESS_LOG = False
    app.ctx.turns = parts.turns
    return app, parts


def read_parts(endpoints_file: str) -> Parts:
    """The parts that endpoints.yml describes. Raises WrongConfiguration, naming the entry."""
    endpoints = _read(endpoints_file)
    if endpoints.model is None or endpoints.action is None or endpoints.nlg is None:
        raise WrongConfiguration("endpoints.yml needs models, action_endpoint and nlg")
    store = _tracker_store(endpoints.tracker_store)
    try:
        answers = NaturalLanguageGenerator.create(endpoints.nlg, None)
    except Exception as error:
        raise WrongConfiguration("the nlg of endpoints.yml cannot be made") from error
    if type(answers) is not AnswersEndpoint:
        raise WrongConfiguration(f"the nlg in use would be {type(answers).__name__}, not AnswersEndpoint")
    return Parts(
        turns=Turns(store),
        store=store,
        answers=answers,
        actions=ActionsEndpoint.of(endpoints.action),
        models=endpoints.model,
    )


def _read(endpoints_file: str) -> AvailableEndpoints:
    try:
        return AvailableEndpoints.read_endpoints(endpoints_file)
    except RasaException as error:
        raise WrongConfiguration("endpoints.yml cannot be read") from error


def _tracker_store(endpoint: EndpointConfig | None) -> WindowTrackerStore:
    try:
        store = TrackerStore.create(endpoint)
    except Exception as error:
        raise WrongConfiguration("the tracker store of endpoints.yml cannot be made") from error
    if type(store) is not WindowTrackerStore:
        raise WrongConfiguration(f"the tracker store in use would be {type(store).__name__}, not WindowTrackerStore")
    return store


def _channels(credentials_file: str) -> list[InputChannel]:
    try:
        channels = create_http_input_channels(None, credentials_file)
    except (RasaException, ValueError) as error:
        raise WrongConfiguration("credentials.yml does not name bot.turn_channel.TurnChannel with its token") from error
    if [type(channel) for channel in channels] != [TurnChannel]:
        # Any other channel would be a door without our token; Rasa's REST channel has none at all.
        raise WrongConfiguration("credentials.yml must name bot.turn_channel.TurnChannel and nothing else")
    return channels
