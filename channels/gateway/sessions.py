# SPDX-License-Identifier: Apache-2.0
"""Web sessions: a signed token that names its conversation, so that no look-up is needed to believe it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeTimedSerializer

from core.errors import Forged


@dataclass(frozen=True, slots=True)
class Session:
    """Whose request this is."""

    id: str
    conversation_id: int
    key: str
    locale: str


class Sessions:
    """Makes and reads session tokens. A token is a bearer secret: it never stands in a URL or a log."""

    def __init__(self, key: bytes, days: int) -> None:
        self._serializer = URLSafeTimedSerializer(key, salt="web-session")
        self._seconds = days * 86_400

    @staticmethod
    def new_id() -> str:
        return str(uuid.uuid4())

    def token(self, session: Session) -> str:
        return self._serializer.dumps([session.id, session.conversation_id, session.key, session.locale])

    def read(self, authorization: str | None) -> Session:
        """The session in an `Authorization: Bearer …` header. Raises Forged, whatever is wrong with it."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Forged("no bearer token")
        try:
            session_id, conversation_id, key, locale = self._serializer.loads(token.strip(), max_age=self._seconds)
        except (BadData, ValueError, TypeError) as error:
            raise Forged("not a token of ours, or too old") from error
        return Session(id=str(session_id), conversation_id=int(conversation_id), key=str(key), locale=str(locale))
