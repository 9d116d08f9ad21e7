# SPDX-License-Identifier: Apache-2.0
"""What the platform remembers: users, groups, their chats with the bot, and everything that was issued."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import secrets
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.line.clock import PlatformClock
from sandbox.line.settings import Channel, Limits, WebhookSettings

#: Calls and deliveries that `/line/control` can show.
_LOGGED = 5000
_ULID = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Chat:
    """A one-to-one chat (id of the user), a group (`C…`) or a room (`R…`), with its journal.

    The journal is what a phone would show: entries `{"seq", "at", "kind", …}`, `seq` from 1 without gaps.
    """

    id: str
    journal: list[Json] = field(default_factory=list)
    grew: asyncio.Event = field(default_factory=asyncio.Event)

    def write(self, clock: PlatformClock, kind: str, **more: Any) -> Json:
        """Add an entry and wake whoever waits for one."""
        entry = {"seq": len(self.journal) + 1, "at": clock.now_ms(), "kind": kind, **more}
        self.journal.append(entry)
        self.grew.set()
        self.grew = asyncio.Event()
        return entry


@dataclass(slots=True, kw_only=True)
class User:
    """A person with LINE; `friend` and not `blocked` is who receives pushes."""

    id: str
    name: str
    language: str = "th"
    friend: bool = False
    blocked: bool = False
    #: gives the bot the profile (a user may not have agreed)
    consent: bool = True
    #: when a one-to-one message was last sent to the bot: pushes to a non-friend are allowed for 7 days after it
    wrote_at: float | None = None
    loading_until: float | None = None
    rich_menu: str | None = None


@dataclass(slots=True, kw_only=True)
class Group:
    """A group chat that the bot is in, or was."""

    id: str
    name: str
    members: list[str]
    joined: bool = True


@dataclass(slots=True, kw_only=True)
class Sent:
    """A message that exists on the platform, from either side."""

    id: str
    chat: str
    sender: str
    type: str
    body: Json
    at: float
    quote_token: str | None = None
    unsent: bool = False
    read: bool = False


@dataclass(slots=True, kw_only=True)
class Media:
    """Bytes behind a message; `ready_at` is when transcoding ends, `failed` that it never does."""

    data: bytes = field(repr=False)
    mime: str
    ready_at: float
    failed: bool = False


@dataclass(slots=True, kw_only=True)
class ReplyToken:
    """One reply for one event: the minute runs from the last delivery, twenty minutes from the event."""

    token: str = field(repr=False)
    chat: str
    event_at: float
    delivered_at: float | None = None
    used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A call with a retry key that took effect."""

    request_id: str
    until: float
    sent_messages: tuple[Json, ...]


@dataclass(slots=True, kw_only=True)
class RichMenu:
    """A rich menu object and its image."""

    id: str
    body: Json
    image: bytes | None = None
    mime: str = ""


@dataclass(slots=True, kw_only=True)
class AccessToken:
    """A channel access token that was issued; `kind` is stateless, short_lived or long_lived."""

    value: str = field(repr=False)
    kind: str
    until: float
    revoked: bool = False


@dataclass(slots=True, kw_only=True)
class Fault:
    """A trouble that calls of one operation run into; `times` None is until it is cleared."""

    operation: str
    kind: str
    times: int | None = 1
    seconds: float = 60.0
    status: int = 500
    after: int = 0


@dataclass(slots=True)
class Platform:
    """All of it; changed only on the event loop, in steps without a wait between check and change."""

    clock: PlatformClock
    channel: Channel = field(default_factory=Channel)
    webhook: WebhookSettings = field(default_factory=WebhookSettings)
    limits: Limits = field(default_factory=Limits)
    #: http is taken for image and link hosts on this machine, so that a demo works without a certificate
    loopback_http: bool = True
    #: platform seconds that audio and video are prepared
    transcoding: float = 0.0
    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    chats: dict[str, Chat] = field(default_factory=dict)
    messages: dict[str, Sent] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    reply_tokens: dict[str, ReplyToken] = field(default_factory=dict)
    read_tokens: dict[str, str] = field(default_factory=dict)
    retry_keys: dict[str, Accepted] = field(default_factory=dict)
    access_tokens: dict[str, AccessToken] = field(default_factory=dict)
    rich_menus: dict[str, RichMenu] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    default_menu: str | None = None
    batches: dict[str, str] = field(default_factory=dict)
    #: messages that counted, by month (`2026-11`)
    consumption: dict[str, int] = field(default_factory=dict)
    #: times of calls, by what is limited
    windows: dict[str, deque[float]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    calls: deque[Json] = field(default_factory=lambda: deque(maxlen=_LOGGED))
    #: all calls since the start, by operation and status: `calls` forgets the oldest
    counted: Counter[str] = field(default_factory=Counter)
    deliveries: deque[Json] = field(default_factory=lambda: deque(maxlen=_LOGGED))
    #: events by id as they were delivered, for a redelivery on request
    events: dict[str, Json] = field(default_factory=dict)
    held: list[Json] = field(default_factory=list)
    pending: set[asyncio.Task[None]] = field(default_factory=set)
    calling: set[asyncio.Task[Any]] = field(default_factory=set)
    _last_event: int = 0
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(580_000_000_000_000_000))

    def message_id(self) -> str:
        """An id as messages have: digits, never again."""
        return str(next(self._numbers))

    def event_id(self) -> str:
        """A ULID: sortable by time, and within one millisecond by order, as a standing clock needs."""
        fresh = (self.clock.now_ms() << 80) | secrets.randbits(79)
        self._last_event = fresh if fresh >> 80 > self._last_event >> 80 else self._last_event + 1
        return _ulid(self._last_event)

    def chat(self, chat_id: str) -> Chat:
        """The chat, begun now if it was not there."""
        return self.chats.setdefault(chat_id, Chat(id=chat_id))

    def write(self, chat_id: str, kind: str, **more: Any) -> Json:
        """Add an entry to a chat's journal."""
        return self.chat(chat_id).write(self.clock, kind, **more)


#: Invented people who are there from the start.
_SEED = (("สมหญิง ใจดีมาก", "th"), ("ปรีชา แก้วทดลอง", "th"), ("Anna Sample", "en"))


def known_id(prefix: str, name: str) -> str:
    """The same id for the same name: prefix and 32 hexadecimal digits."""
    return prefix + hashlib.sha256(f"sandbox:{name}".encode()).hexdigest()[:32]


def fresh_id(prefix: str) -> str:
    """An id that was never used: prefix and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


def _ulid(value: int) -> str:
    return "".join(_ULID[(value >> shift) & 31] for shift in range(125, -1, -5))


def new_platform(clock: PlatformClock | None = None, channel: Channel | None = None, **settings: Any) -> Platform:
    """A platform with its invented users and the channel's long-lived token."""
    platform = Platform(clock or PlatformClock(), channel or Channel(), **settings)
    for name, language in _SEED:
        user = User(id=known_id("U", name), name=name, language=language)
        platform.users[user.id] = user
    token = platform.channel.long_lived_token
    platform.access_tokens[token] = AccessToken(value=token, kind="long_lived", until=float("inf"))
    return platform


def user_source(user: User) -> Mapping[str, str]:
    """The `source` of an event in a one-to-one chat."""
    return {"type": "user", "userId": user.id}
