# SPDX-License-Identifier: Apache-2.0
"""LINE as a channel that must be called: a reply where one is possible, because it costs nothing, else a push."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from channels.line import plan
from channels.line.client import Line, Sent
from channels.line.errors import InvalidReplyToken, QuotaSpent
from channels.line.quota import QuotaMeter
from channels.line.render import render
from core.errors import Rejected
from core.messages import Block
from core.ports import Accepted, Method, Outgoing, ReplyClosed

#: seconds since the event for which a reply is tried; LINE takes one for a minute and asks not to rely on it
REPLY_BUDGET = 50.0
#: seconds for which a refused token still says that it was used, and not that it is too old: LINE's minute, less a margin
_TOKEN_TELLS = 56.0
#: seconds that LINE shows that an answer is being prepared, unless the answer comes first
_LOADING = 20


class LineDelivery:
    """core.ports.PushChannel for LINE."""

    def __init__(self, client: Line, quota: QuotaMeter, public_url: str, budget: float = REPLY_BUDGET) -> None:
        self._client = client
        self._quota = quota
        self._public_url = public_url
        self._budget = budget

    def calls(self, seq: int, blocks: Sequence[Block], locale: str) -> list[list[dict[str, Any]]]:
        """An answer as LINE's message objects, up to five a call."""
        return plan.calls(render(seq, blocks, locale=locale, public_url=self._public_url))

    def method(self, outgoing: Outgoing) -> Method:
        """Reply while the token is young and nobody has used it, or when it may have been used by this very call."""
        if outgoing.tried == "push" or outgoing.ordinal > 0 or not outgoing.envelope.get("reply_token"):
            return "push"
        asking = outgoing.tried == "reply" and outgoing.unsure
        if outgoing.token_age is None or outgoing.token_age > (_TOKEN_TELLS if asking else self._budget):
            return "push"
        return "push" if outgoing.token_used and outgoing.tried != "reply" else "reply"

    async def send(self, outgoing: Outgoing, method: Method) -> Accepted:
        """Makes the call.

        A reply that LINE refuses because of its token went through before, if a try of this call was lost; otherwise
        the token is closed and nothing was sent. Raises verdicts.
        """
        if method == "reply":
            try:
                return _accepted(await self._client.reply(str(outgoing.envelope["reply_token"]), outgoing.messages))
            except InvalidReplyToken as error:
                if outgoing.tried == "reply" and outgoing.unsure:
                    return Accepted()
                raise ReplyClosed(error.reason) from error
        if not await self._quota.may_push(urgent=outgoing.urgent):
            raise Rejected("quota_spent")
        try:
            return _accepted(await self._client.push(outgoing.address, outgoing.messages, outgoing.retry_key))
        except QuotaSpent as error:
            self._quota.spent()
            raise Rejected("quota_spent") from error

    async def busy(self, address: str) -> None:
        """LINE's loading animation; one-to-one chats only, and only while the chat is open."""
        if address.startswith("U"):
            await self._client.loading(address, _LOADING)

    async def content(self, source: str, largest: int) -> bytes:
        """The bytes of a file that a citizen sent; its type is looked for in them. Raises verdicts."""
        return (await self._client.content(source, largest)).bytes


def _accepted(sent: Sent) -> Accepted:
    return Accepted(sent.request_id, sent.accepted_request_id)
