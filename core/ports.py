# SPDX-License-Identifier: Apache-2.0
"""What the gateway asks of a channel that must be called to say something to a citizen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from uuid import UUID

from core.errors import Verdict
from core.messages import Block

#: `reply` answers an event by its own token, `push` speaks on our own account
Method = Literal["reply", "push"]


class ReplyClosed(Verdict):
    """The event can no longer be answered by a reply; nothing was sent."""

    verdict = "reply_closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One call to a channel, before it is made. `repr` shows nothing that a citizen could read."""

    address: str
    messages: Sequence[Mapping[str, Any]]
    #: names this call for ever: the same key, the same call
    retry_key: UUID
    #: place among the calls of its answer, from 0
    ordinal: int
    #: what the answered event brought for a reply; empty when no event is answered
    envelope: Mapping[str, Any]
    #: seconds since a reply to that event became possible
    token_age: float | None
    token_used: bool
    #: how it was tried before, if it was
    tried: Method | None
    #: that try may have been accepted
    unsure: bool
    #: it may use what is kept back for what cannot wait (the state of a case, say)
    urgent: bool

    def __repr__(self) -> str:
        return f"Outgoing({len(self.messages)} messages, {self.retry_key})"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The channel has it. Whether a citizen saw it is not known."""

    request_id: str | None = None
    #: the request that had been accepted before, when this one was a repetition
    accepted_request_id: str | None = None


class PushChannel(Protocol):
    """A channel that must be called."""

    def calls(self, seq: int, blocks: Sequence[Block], locale: str) -> list[list[dict[str, Any]]]:
        """An answer as the channel's own messages, by the call that carries them."""
        ...

    def method(self, outgoing: Outgoing) -> Method:
        """How this call is to be made now."""
        ...

    async def send(self, outgoing: Outgoing, method: Method) -> Accepted:
        """Makes the call. Raises verdicts, ReplyClosed among them."""
        ...

    async def busy(self, address: str) -> None:
        """Shows that an answer is being prepared, where the channel can. Never raises."""
        ...
