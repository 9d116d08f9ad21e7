# SPDX-License-Identifier: Apache-2.0
"""Who is calling: the address behind trusted proxies, and the block of it that limits are counted for."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network


def client_address(
    peer: str | None, forwarded_for: str | None, trusted: Sequence[IPv4Network | IPv6Network]
) -> IPv4Address | IPv6Address | None:
    """The caller's address: the peer, or, when that is a trusted proxy, the last hop in X-Forwarded-For that is not.

    None when nothing usable is known (a Unix socket, nonsense in the header).
    """
    address = _parse(peer)
    hops = [hop.strip() for hop in (forwarded_for or "").split(",") if hop.strip()]
    while address is not None and any(address in network for network in trusted) and hops:
        address = _parse(hops.pop())
    return address


def block_of(address: IPv4Address | IPv6Address) -> str:
    """What limits are counted for: an IPv4 address, or the /64 of an IPv6 address, which one customer has."""
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)


def _parse(text: str | None) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text or "")
    except ValueError:
        return None
