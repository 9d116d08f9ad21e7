# SPDX-License-Identifier: Apache-2.0
"""A citizen of the public API: what a browser would send, and what it gets."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from typing import Any


class Citizen:
    """One conversation over HTTP, blocking, for stories that read from top to bottom."""

    def __init__(self, url: str, locale: str = "th") -> None:
        self._url = url
        self.token = ""
        self.after = 0
        status, data = self.call("POST", "/chat/sessions", {"locale": locale})
        assert status == 201, data
        self.session, self.token = data["session"], data["token"]

    def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """(status, JSON) of one call."""
        request = urllib.request.Request(
            f"{self._url}{path}",
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json", **({"Authorization": f"Bearer {self.token}"} if self.token else {})},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=40) as response:
                return response.status, json.loads(response.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def send(self, **content: Any) -> int:
        """Sends `text=`, `choice=`, `location=` or `media=`; returns the event's number."""
        status, data = self.call("POST", "/chat/messages", {"id": str(uuid.uuid4()), **content})
        assert status == 202, (status, data)
        return int(data["seq"])

    def events(self, wait: float = 0) -> list[dict[str, Any]]:
        """What is new."""
        status, data = self.call("GET", f"/chat/events?after={self.after}&wait={wait}")
        assert status == 200, (status, data)
        events: list[dict[str, Any]] = data["events"]
        if events:
            self.after = events[-1]["seq"]
        return events

    def says(
        self, text: str | None = None, *, patience: float = 30, by: tuple[str, ...] = ("bot", "system"), **content: Any
    ) -> list[dict[str, Any]]:
        """Sends something and returns the blocks of the first answer by one of `by` that comes after it."""
        seq = self.send(**({"text": text} if text is not None else content))
        until = time.monotonic() + patience
        while time.monotonic() < until:
            for event in self.events(max(0.1, until - time.monotonic())):
                if event["from"] in by and event["seq"] > seq:
                    return list(event["blocks"])
        raise AssertionError(f"no answer within {patience} s")


def words(blocks: object) -> str:
    """Everything that can be read in blocks, one string a line."""
    return "\n".join(_strings(blocks))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def choice(blocks: list[dict[str, Any]], label: str) -> str:
    """The token of the choice whose label holds these words."""
    for block in blocks:
        for one in block.get("choices") or ():
            if label in one["label"]:
                return str(one["id"])
    raise AssertionError(f"no choice {label!r} in {words(blocks)}")
