# SPDX-License-Identifier: Apache-2.0
"""Checks of single values of a request body, each telling LINE's words and the property's path."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import regex

from sandbox.line.errors import Problem

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_CLUSTER = regex.compile(r"\X")


def utf16_units(text: str) -> int:
    """Length as LINE counts texts and postback data."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> int:
    """Length as LINE counts labels and titles (UAX 29 clusters): a Thai vowel adds nothing to its consonant."""
    return len(_CLUSTER.findall(text))


@dataclass(slots=True)
class Findings:
    """Problems of one body so far; `loopback_http` lets http pass for hosts on this machine."""

    loopback_http: bool = False
    problems: list[Problem] = field(default_factory=list)

    def add(self, path: str, message: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(message=message, property=path))

    def text(
        self, body: Any, name: str, path: str, limit: int, *, clusters: bool = True, required: bool = True
    ) -> str | None:
        """The string at `name`, of 1 to `limit` clusters (or UTF-16 units); None when absent or wrong."""
        value = body.get(name)
        where = f"{path}{name}"
        if value is None or value == "":
            if required:
                self.add(where, "May not be empty")
            elif value == "":
                self.add(where, f"Length must be between 1 and {limit}")
            return None
        if not isinstance(value, str):
            self.add(where, "The property must be a string")
            return None
        length = graphemes(value) if clusters else utf16_units(value)
        if length > limit:
            self.add(where, f"Length must be between 0 and {limit}")
            return None
        return value

    def one_of(
        self, body: Any, name: str, path: str, allowed: Collection[str], *, required: bool = False
    ) -> str | None:
        """The word at `name` out of `allowed`."""
        value = body.get(name)
        if value is None and not required:
            return None
        if not isinstance(value, str) or value not in allowed:
            self.add(f"{path}{name}", f"Must be one of the following values: [{', '.join(allowed)}]")
            return None
        return value

    def url(self, body: Any, name: str, path: str, limit: int, *, required: bool = True) -> None:
        """An https address of at most `limit` characters."""
        value = body.get(name)
        where = f"{path}{name}"
        if value is None:
            if required:
                self.add(where, "May not be empty")
            return
        if not isinstance(value, str) or not 0 < len(value) <= limit:
            self.add(where, f"Length must be between 1 and {limit}")
            return
        if not self.is_https(value):
            self.add(where, "invalid uri scheme")

    def is_https(self, value: str) -> bool:
        """Whether LINE would fetch it: https with a host, or http on this machine in a demo."""
        try:
            parts = urlsplit(value)
            host = parts.hostname
        except ValueError:
            return False
        return bool(host) and (
            parts.scheme == "https" or (self.loopback_http and parts.scheme == "http" and host in _LOOPBACK)
        )

    def items(self, body: Any, name: str, path: str, least: int, most: int) -> Sequence[Any]:
        """The array at `name` with `least` to `most` entries; empty when it is none."""
        value = body.get(name)
        if not isinstance(value, list) or not least <= len(value) <= most:
            self.add(f"{path}{name}", f"Size must be between {least} and {most}")
            return ()
        return value

    def number(self, body: Any, name: str, path: str, low: float, high: float, *, required: bool = True) -> None:
        """A number from `low` to `high`."""
        value = body.get(name)
        if value is None and not required:
            return
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            self.add(f"{path}{name}", f"Must be between {low:g} and {high:g}")
