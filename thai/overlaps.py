# SPDX-License-Identifier: Apache-2.0
"""Which findings stay when several lay claim to the same letters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Spanned(Protocol):
    """Anything that covers `text[start:end]`."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


Item = TypeVar("Item", bound=Spanned)


def longest(found: Iterable[Item], length: int) -> list[Item]:
    """Return the findings in order without overlaps: the longer wins, then the earlier, then the one named first.

    `length`: that of the text.
    """
    taken = bytearray(length + 1)
    kept = []
    for item in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if taken.find(1, item.start, item.end) < 0:
            taken[item.start : item.end] = b"\x01" * (item.end - item.start)
            kept.append(item)
    return sorted(kept, key=lambda one: one.start)
