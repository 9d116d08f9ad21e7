# SPDX-License-Identifier: Apache-2.0
"""Makes two things cheap that Rasa does with every slot in every turn: copies, and checks of mappings."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.slot_mappings import SlotMapping
from rasa.shared.core.slots import Slot

#: name on the domain of what has been checked: (slot, id of the mapping) → whether it is valid
_CHECKED = "_pracha_checked_mappings"
_check = SlotMapping.check_mapping_validity


def install() -> None:
    """Let `copy.copy` of a slot do what it did without the detour over pickling (Rasa makes some seven copies of each
    in a turn), and check a mapping against its domain once instead of every time, which sorts all intents and
    entities anew."""
    Slot.__copy__ = _copied  # type: ignore[attr-defined]  # Python asks for it, Rasa does not declare it
    SlotMapping.check_mapping_validity = staticmethod(_checked_once)  # type: ignore[method-assign]  # that is the point


def _copied(slot: Slot) -> Slot:
    made: Slot = object.__new__(type(slot))
    made.__dict__.update(slot.__dict__)
    return made


def _checked_once(slot_name: str, mapping_type: Any, mapping: dict[str, Any], domain: Domain) -> bool:
    # On the domain itself: it lives as long as the mappings whose ids are the keys.
    checked: dict[tuple[str, int], bool] = domain.__dict__.setdefault(_CHECKED, {})
    key = slot_name, id(mapping)
    if key not in checked:
        checked[key] = _check(slot_name, mapping_type, mapping, domain)
    return checked[key]
