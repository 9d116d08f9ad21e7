# SPDX-License-Identifier: Apache-2.0
"""Makes copies of slots cheap: Rasa copies every slot some seven times in a turn, a tenth of its time."""

from __future__ import annotations

from rasa.shared.core.slots import Slot


def install() -> None:
    """Let `copy.copy` of a slot do what it did, without the detour over pickling."""
    Slot.__copy__ = _copied  # type: ignore[attr-defined]


def _copied(slot: Slot) -> Slot:
    made: Slot = object.__new__(type(slot))
    made.__dict__.update(slot.__dict__)
    return made
