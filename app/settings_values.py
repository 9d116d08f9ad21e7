# SPDX-License-Identifier: Apache-2.0
"""How the text of a setting becomes a value; each parser raises ValueError with what it wants instead."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

Network = IPv4Network | IPv6Network


def text(raw: str) -> str:
    """Any text."""
    return raw


def port(raw: str) -> int:
    """A TCP port, 1 to 65535."""
    if not raw.isascii() or not raw.isdigit() or not 1 <= int(raw) <= 65535:
        raise ValueError("must be a port, a number from 1 to 65535")
    return int(raw)


def own_address(raw: str) -> str:
    """An IP address to listen at: 0.0.0.0 is all IPv4 addresses of this machine, :: all IPv6 ones. Names would be looked up."""
    try:
        address = ip_address(raw)
    except ValueError:
        raise ValueError("must be an IP address of this machine, such as 10.0.0.5; 0.0.0.0 for all") from None
    if address.is_multicast or (isinstance(address, IPv4Address) and address.is_reserved):
        raise ValueError("must be the address of one machine, such as 10.0.0.5; 0.0.0.0 for all")
    return str(address)


def number(least: int, most: int) -> Callable[[str], int]:
    """A whole number from `least` to `most`."""

    def parse(raw: str) -> int:
        if not raw.isascii() or not raw.isdigit() or not least <= int(raw) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(raw)

    return parse


def on_off(raw: str) -> bool:
    """`on` or `off`."""
    if raw.lower() not in ("on", "off"):
        raise ValueError("must be on or off")
    return raw.lower() == "on"


def choice(*allowed: str) -> Callable[[str], str]:
    """One of the given words."""

    def parse(raw: str) -> str:
        if raw not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return raw

    return parse


def key_bytes(raw: str) -> bytes:
    """A key of 32 bytes: base64 (either alphabet), or 64 hexadecimal digits."""
    if re.fullmatch(r"[0-9a-fA-F]{64}", raw):
        return bytes.fromhex(raw)
    standard = raw.strip().rstrip("=").replace("-", "+").replace("_", "/")
    try:
        key = base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:
        raise ValueError("must be 32 bytes in base64 (`openssl rand -base64 32`)")
    return key


def secret_text(least: int) -> Callable[[str], str]:
    """Printable text without spaces, of at least `least` characters: it travels in a header."""

    def parse(raw: str) -> str:
        if len(raw) < least or not re.fullmatch(r"[!-~]+", raw):
            raise ValueError(f"must be random text of {least} characters or more (`openssl rand -base64 32`)")
        return raw

    return parse


def _split(raw: str, schemes: tuple[str, ...]) -> SplitResult:
    parts = urlsplit(raw)
    parts.port  # noqa: B018  raises ValueError when it is no port
    if parts.scheme not in schemes:
        raise ValueError(f"must start with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    return parts


def url(*schemes: str) -> Callable[[str], str]:
    """An address with one of the given schemes."""

    def parse(raw: str) -> str:
        _split(raw, schemes)
        return raw

    return parse


def url_host(*schemes: str) -> Callable[[str], str]:
    """Scheme and host only (and a port), returned without a final slash."""

    def parse(raw: str) -> str:
        parts = _split(raw, schemes)
        if not parts.hostname or parts.path not in ("", "/") or parts.query or parts.fragment or parts.username:
            raise ValueError("must be scheme and host only, as https://host.example")
        return f"{parts.scheme}://{parts.netloc}"

    return parse


def off_or_url(raw: str) -> str:
    """`off` (returned as "") or an http(s) address, returned without a final slash."""
    if raw.lower() == "off":
        return ""
    if not _split(raw, ("http", "https")).hostname:
        raise ValueError("must be an address such as https://host.example, or off")
    return raw.rstrip("/")


def origins(raw: str) -> tuple[str, ...]:
    """Origins separated by commas: scheme, host and port only."""
    parse = url_host("http", "https")
    return tuple(parse(part.strip()).lower() for part in raw.split(",") if part.strip())


def networks(raw: str) -> tuple[Network, ...]:
    """Addresses or networks separated by commas."""
    try:
        return tuple(ip_network(part.strip(), strict=False) for part in raw.split(",") if part.strip())
    except ValueError as error:
        raise ValueError("must be addresses or networks such as 10.0.0.0/8, with commas") from error
