# SPDX-License-Identifier: Apache-2.0
"""Says whether a webhook's body was signed with our channel's secret."""

from __future__ import annotations

import base64
import hashlib
import hmac

from core.errors import Forged


def verify(secret: bytes, body: bytes, header: str | None) -> None:
    """Checks the header `X-Line-Signature` of a webhook in constant time; raises Forged, and never anything else.

    The signature is base64(HMAC-SHA256(channel secret, the body's bytes as they came)):
    https://developers.line.biz/en/reference/messaging-api/#signature-validation
    """
    if not secret:
        # Everybody knows the empty secret.
        raise Forged("no channel secret")
    if not header:
        raise Forged("no signature")
    expected = base64.b64encode(hmac.digest(secret, body, hashlib.sha256))
    # The text is compared, not what it decodes to: two spare bits of base64 would let four texts pass for one.
    # A header may hold what no signature has (letters beyond ASCII, broken UTF-8); its bytes are just wrong.
    if not hmac.compare_digest(expected, header.encode("utf-8", "surrogatepass")):
        raise Forged("wrong signature")
