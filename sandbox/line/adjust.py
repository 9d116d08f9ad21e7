# SPDX-License-Identifier: Apache-2.0
"""Changes of a running platform's settings, checked before any of them is made."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.line import rates
from sandbox.line.state import Json, Platform

_Change = Callable[[], None]


def adjust(platform: Platform, body: Json) -> None:
    """Apply `{"webhook", "limits", "clock", "quota_used", "transcoding", "loopback_http", "fail_transcoding"}`.

    ValueError names the first thing that is wrong, and then nothing was changed.
    """
    changes: list[_Change] = []
    for name, value in body.items():
        if name not in _SECTIONS:
            raise ValueError(f"unknown setting {name}; known are {', '.join(_SECTIONS)}")
        changes.extend(_SECTIONS[name](platform, value))
    for change in changes:
        change()


def _webhook(platform: Platform, value: Any) -> list[_Change]:
    checks: dict[str, Callable[[Any], Any]] = {
        "url": _url,
        "active": _flag,
        "redelivery": _flag,
        "hold": _flag,
        "schedule": _schedule,
        "time_limit": lambda seconds: _number(seconds, 0.01, 600),
        "duplicates": lambda count: _whole(count, 0, 1000),
        "mode": _mode,
    }
    return _fields(platform.webhook, value, checks, "webhook")


def _limits(platform: Platform, value: Any) -> list[_Change]:
    checks: dict[str, Callable[[Any], Any]] = {
        field.name: lambda count: _whole(count, 0, 10**9) for field in dataclasses.fields(platform.limits)
    }
    checks["monthly_quota"] = lambda count: None if count is None else _whole(count, 0, 10**9)
    return _fields(platform.limits, value, checks, "limits")


def _fields(target: Any, value: Any, checks: Mapping[str, Callable[[Any], Any]], section: str) -> list[_Change]:
    changes: list[_Change] = []
    for name, new in _object(value).items():
        if name not in checks:
            raise ValueError(f"unknown setting {section}.{name}; known are {', '.join(checks)}")
        changes.append(_setter(target, name, checks[name](new)))
    return changes


def _setter(target: Any, name: str, value: Any) -> _Change:
    return lambda: setattr(target, name, value)


def _clock(platform: Platform, value: Any) -> list[_Change]:
    changes: list[_Change] = []
    for name, new in _object(value).items():
        if name == "speed":
            speed = _number(new, 0, 1_000_000)
            changes.append(lambda speed=speed: platform.clock.set_speed(speed))  # type: ignore[misc]
        elif name == "advance":
            seconds = _number(new, 0, 10**9)
            changes.append(lambda seconds=seconds: platform.clock.advance(seconds))  # type: ignore[misc]
        else:
            raise ValueError(f"unknown setting clock.{name}; known are speed, advance")
    return changes


def _quota_used(platform: Platform, value: Any) -> list[_Change]:
    total = _whole(value, 0, 10**9)
    return [lambda: rates.set_used(platform, total)]


def _transcoding(platform: Platform, value: Any) -> list[_Change]:
    return [_setter(platform, "transcoding", _number(value, 0, 10**6))]


def _loopback_http(platform: Platform, value: Any) -> list[_Change]:
    return [_setter(platform, "loopback_http", _flag(value))]


def _fail_transcoding(platform: Platform, value: Any) -> list[_Change]:
    media = platform.media.get(str(value))
    if media is None:
        raise ValueError("fail_transcoding must name a message with content")
    return [_setter(media, "failed", True)]


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("expected an object")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"expected true or false, not {value!r}")
    return value


def _number(value: Any, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f"expected a number from {low:g} to {high:g}, not {value!r}")
    return float(value)


def _whole(value: Any, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"expected a whole number from {low} to {high}, not {value!r}")
    return value


def _url(value: Any) -> str | None:
    if value is not None and not (isinstance(value, str) and value.startswith(("http://", "https://"))):
        raise ValueError("url must be an http(s) address or null")
    return value


def _schedule(value: Any) -> tuple[float, ...]:
    if not isinstance(value, list) or len(value) > 100:
        raise ValueError("schedule must be an array of seconds")
    return tuple(_number(seconds, 0, 10**6) for seconds in value)


def _mode(value: Any) -> str:
    if value not in ("active", "standby"):
        raise ValueError("mode must be active or standby")
    return str(value)


_SECTIONS: dict[str, Callable[[Platform, Any], list[_Change]]] = {
    "webhook": _webhook,
    "limits": _limits,
    "clock": _clock,
    "quota_used": _quota_used,
    "transcoding": _transcoding,
    "loopback_http": _loopback_http,
    "fail_transcoding": _fail_transcoding,
}
