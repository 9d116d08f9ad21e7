# SPDX-License-Identifier: Apache-2.0
"""Channel access tokens: stateless ones for fifteen minutes, short-lived ones for thirty days, the console's for ever.

Contract: `channel-access-token.yml` of LINE's OpenAPI.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping

from sandbox.line.errors import EXPIRED_TOKEN, NO_TOKEN, Refused
from sandbox.line.state import AccessToken, Json, Platform

STATELESS_SECONDS = 15 * 60
SHORT_LIVED_SECONDS = 30 * 24 * 3600
#: LINE keeps this many short-lived tokens and revokes the oldest.
MAX_SHORT_LIVED = 30


def _oauth_error(status: int, error: str, description: str) -> Refused:
    return Refused(status, {"error": error, "error_description": description})


def _check_client(platform: Platform, form: Mapping[str, str]) -> None:
    """Refuse other grants than client_credentials, missing parts and wrong credentials."""
    if form.get("grant_type") != "client_credentials":
        raise _oauth_error(400, "unsupported_grant_type", "grant_type must be client_credentials")
    if "client_id" not in form or "client_secret" not in form:
        raise _oauth_error(400, "invalid_request", "some parameters missed or invalid")
    known = hmac.compare_digest(form["client_secret"].encode(), platform.channel.secret.encode())
    if form["client_id"] != platform.channel.id or not known:
        raise _oauth_error(400, "invalid_client", "invalid client_id or client_secret")


def issue_stateless(platform: Platform, form: Mapping[str, str]) -> Json:
    """A token for 15 minutes by channel id and secret; any number of them, and none can be revoked."""
    _check_client(platform, form)
    token = _issue(platform, "stateless", STATELESS_SECONDS)
    # LINE's own example says 899: the second of issuing has begun.
    return {"token_type": "Bearer", "access_token": token.value, "expires_in": STATELESS_SECONDS - 1}


def issue_short_lived(platform: Platform, form: Mapping[str, str]) -> Json:
    """A token for 30 days; the oldest beyond thirty is revoked."""
    _check_client(platform, form)
    living = [token for token in platform.access_tokens.values() if token.kind == "short_lived" and not token.revoked]
    for oldest in living[: max(0, len(living) - MAX_SHORT_LIVED + 1)]:
        oldest.revoked = True
    token = _issue(platform, "short_lived", SHORT_LIVED_SECONDS)
    return {"access_token": token.value, "expires_in": SHORT_LIVED_SECONDS, "token_type": "Bearer"}


def _issue(platform: Platform, kind: str, seconds: int) -> AccessToken:
    value = f"sandbox-{kind}-{secrets.token_urlsafe(64)}"
    token = AccessToken(value=value, kind=kind, until=platform.clock.now() + seconds)
    platform.access_tokens[value] = token
    return token


def revoke(platform: Platform, value: str) -> None:
    """End a short- or long-lived token; a stateless one lives on, and an unknown one is no error."""
    token = platform.access_tokens.get(value)
    if token is not None and token.kind != "stateless":
        token.revoked = True


def verify(platform: Platform, value: str) -> Json:
    """What `/v2/oauth/verify` says of a living token; 400 for another."""
    token = platform.access_tokens.get(value)
    if token is None or token.revoked or token.until <= platform.clock.now():
        raise _oauth_error(400, "invalid_request", "access token expired")
    left = 3_000_000_000 if token.until == float("inf") else int(token.until - platform.clock.now())
    return {"client_id": platform.channel.id, "expires_in": left, "scope": "P CM"}


def authenticate(platform: Platform, header: str | None) -> None:
    """Let a call with a living bearer token pass; 401 for everything else."""
    scheme, _, value = (header or "").partition(" ")
    token = platform.access_tokens.get(value.strip()) if scheme.lower() == "bearer" else None
    if token is None or token.revoked:
        raise NO_TOKEN.refusal()
    if token.until <= platform.clock.now():
        raise EXPIRED_TOKEN.refusal()
