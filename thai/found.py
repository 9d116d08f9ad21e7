# SPDX-License-Identifier: Apache-2.0
"""What a parser finds in a text: possible values, where they stand, and whether one may be used without asking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

Value = TypeVar("Value")

#: certain: use `value`. confirm: show `values` and ask. reject: something of this kind was meant, and cannot be.
Certainty = Literal["certain", "confirm", "reject"]


@dataclass(frozen=True, slots=True)
class Found(Generic[Value]):
    """Something in `text[start:end]`. `values`: the likeliest first, exactly one when certain, none when
    rejected."""

    kind: str
    values: tuple[Value, ...]
    start: int
    end: int
    certainty: Certainty

    def __post_init__(self) -> None:
        number = len(self.values)
        fits = {"certain": number == 1, "confirm": number > 0, "reject": number == 0}
        if not fits[self.certainty]:
            raise ValueError(f"{number} values and {self.certainty}")

    @property
    def value(self) -> Value:
        """The one value of what is certain. Raises ValueError for anything else: nothing uncertain is used silently."""
        if self.certainty != "certain":
            raise ValueError(f"not certain: {self.certainty}")
        return self.values[0]
