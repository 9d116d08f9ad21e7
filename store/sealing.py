# SPDX-License-Identifier: Apache-2.0
"""Seals what citizens say and who they are: AES-256-GCM with the vault key, bound to the place where it is kept."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"
_NONCE_BYTES = 12


class Unsealable(Exception):
    """The bytes were not sealed with this key for this place."""


class Seal:
    """Seals and opens with one key. `place` ties a value to its row, so that sealed bytes cannot be moved about."""

    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise ValueError("the vault key must be 32 bytes")
        self._cipher = AESGCM(key)

    def __repr__(self) -> str:
        return "Seal(<key>)"

    def seal(self, value: bytes, place: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._cipher.encrypt(nonce, value, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Raises Unsealable when the bytes are foreign, damaged or from another place."""
        if sealed[:1] != _VERSION:
            raise Unsealable("unknown version of sealing")
        try:
            return self._cipher.decrypt(sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :], place.encode())
        except InvalidTag as error:
            raise Unsealable("not sealed with this key for this place") from error

    def seal_json(self, value: Mapping[str, Any] | Sequence[Any], place: str) -> bytes:
        """Half of a surrogate pair, which JSON can hold and UTF-8 cannot, becomes a question mark."""
        return self.seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"), place)

    def open_json(self, sealed: bytes, place: str) -> Any:
        return json.loads(self.open(sealed, place))


def pseudonym(key: bytes, channel: str, address: str) -> str:
    """The conversation key `line:<hmac>`: the only identity that Rasa, logs and analytics see."""
    digest = hmac.new(key, f"{channel}:{address}".encode(), hashlib.sha256).hexdigest()
    return f"{channel}:{digest[:32]}"
