# SPDX-License-Identifier: Apache-2.0
"""What a place is, and how it travels in an entity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Kind: TypeAlias = Literal["province", "district", "subdistrict"]


@dataclass(frozen=True, slots=True)
class Place:
    """One administrative area. `province` and `district` are the names it lies in, its own included; `lat` and
    `lon` (degrees) are its town's, for a subdistrict its district's, and None where no source knows them."""

    code: str
    name: str
    kind: Kind
    province: str
    district: str | None
    lat: float | None
    lon: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form that entities carry."""
        return {field: getattr(self, field) for field in self.__slots__}


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """A place in a text. One candidate is certain, more must be asked about; `repaired` when it was misspelt."""

    start: int
    end: int
    text: str
    candidates: tuple[Place, ...]
    repaired: bool = False

    def to_value(self) -> dict[str, Any]:
        """Return the value of the entity `place`: `{"text", "candidates": […]}`."""
        return {"text": self.text, "candidates": [place.to_dict() for place in self.candidates]}


def related(codes: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """Return the codes that contain one of the others or lie in one. Codes nest, 30 contains 3001 contains
    300101, and all codes of one hit have the same length; areas of the same kind are not related."""
    size, other_size = len(next(iter(codes), "")), len(next(iter(others), ""))
    if size > other_size:
        return frozenset(code for code in codes if code[:other_size] in others)
    inside = {other[:size] for other in others} if size < other_size else set()
    return codes & inside
