# SPDX-License-Identifier: Apache-2.0
"""The parts of a message that no function of this package may change: handles, links and addresses."""

from __future__ import annotations

import re

HANDLE = r"⟦[a-z_]{1,24}:[0-9A-Za-z_-]{1,64}⟧"
URL = r"(?:https?://|www\.)[!-~]+"
EMAIL = r"[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}@[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62}\.)+[A-Za-z]{2,24}"

PROTECTED = re.compile(f"(?:{HANDLE})|(?:{URL})|(?:{EMAIL})")


def spans(text: str) -> list[tuple[int, int]]:
    """Return the `(start, end)` of each handle, link and e-mail address, in order.

    >>> spans("โทร ⟦phone:k3f9⟧ ค่ะ")
    [(4, 16)]
    """
    return [match.span() for match in PROTECTED.finditer(text)]
