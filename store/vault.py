# SPDX-License-Identifier: Apache-2.0
"""The vault: originals of personal identifiers, sealed, each behind a handle such as `⟦phone:k3f9⟧`."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from store.sealing import Seal, Unsealable

HANDLE = re.compile(r"⟦([a-z_]+):([a-z0-9]+)⟧")
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_LENGTH = 6

_PUT = text(
    """
    -- put: keep an original once per conversation; the same value keeps its handle, sealed with today's key
    INSERT INTO vault (conversation_id, handle, kind, fingerprint, value)
    VALUES (:conversation_id, :handle, :kind, :fingerprint, :value)
    ON CONFLICT (conversation_id, fingerprint) DO UPDATE SET value = EXCLUDED.value
    RETURNING handle
    """
)
_GET = text("SELECT handle, kind, value FROM vault WHERE conversation_id = :conversation_id AND handle = ANY(:handles)")
_AUDIT = text("INSERT INTO audit (actor, act, subject, reason) VALUES (:actor, :act, :subject, :reason)")


def _place(conversation_id: int) -> str:
    return f"vault:{conversation_id}"


def _fingerprint(conversation_id: int, kind: str, value: str, key: bytes) -> str:
    return hmac.new(key, f"{conversation_id}:{kind}:{value}".encode(), hashlib.sha256).hexdigest()


async def put(engine: AsyncEngine, seal: Seal, key: bytes, conversation_id: int, kind: str, value: str) -> str:
    """Keeps `value` sealed and returns its handle (`⟦kind:token⟧`). `key` makes the fingerprint that finds it again."""
    handle = f"⟦{kind}:{''.join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))}⟧"
    async with engine.connect() as connection:
        kept = await connection.scalar(
            _PUT,
            {
                "conversation_id": conversation_id,
                "handle": handle,
                "kind": kind,
                "fingerprint": _fingerprint(conversation_id, kind, value, key),
                "value": seal.seal(value.encode(), _place(conversation_id)),
            },
        )
    return str(kept)


async def originals(
    engine: AsyncEngine, seal: Seal, conversation_id: int, handles: Sequence[str]
) -> Mapping[str, tuple[str, str]]:
    """handle → (kind, original) for those of `handles` that are this conversation's. For masking an answer only."""
    if not handles:
        return {}
    async with engine.connect() as connection:
        rows = (await connection.execute(_GET, {"conversation_id": conversation_id, "handles": list(handles)})).all()
    opened: dict[str, tuple[str, str]] = {}
    for row in rows:
        with contextlib.suppress(Unsealable):  # sealed with a key that is gone: as if it had been wiped
            opened[row.handle] = (row.kind, seal.open(row.value, _place(conversation_id)).decode())
    return opened


async def open_one(
    engine: AsyncEngine, seal: Seal, conversation_id: int, handle: str, *, actor: str, purpose: str
) -> str | None:
    """Opens one value for one purpose and writes down who did. None when the handle is not this conversation's."""
    found = await originals(engine, seal, conversation_id, [handle])
    if handle not in found:
        return None
    await record(engine, actor=actor, act="vault.open", subject=f"{conversation_id}:{handle}", reason=purpose)
    return found[handle][1]


async def record(engine: AsyncEngine, *, actor: str, act: str, subject: str, reason: str | None) -> None:
    """Adds a line to the audit log; neither subject nor reason may hold personal data."""
    async with engine.connect() as connection:
        await connection.execute(_AUDIT, {"actor": actor, "act": act, "subject": subject, "reason": reason})
