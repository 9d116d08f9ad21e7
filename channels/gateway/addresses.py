# SPDX-License-Identifier: Apache-2.0
"""Who is calling: the address behind trusted proxies, and the block of it that limits are counted for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

# What proxies write: 203.0.113.5, 203.0.113.5:4433, 2001:db8::1, [2001:db8::1], [2001:db8::1]:443, fe80::1%eth0
_HOP = re.compile(r"\[(?P<six>[0-9A-Fa-f:.]+)(?:%[^\]]*)?\](?::[0-9]{1,5})?|(?P<four>[0-9.]+)(?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: what limits are counted for, and whether it is the machine itself, which has none."""

    block: str
    local: bool


def caller_of(peer: str | None, forwarded_for: Sequence[str], trusted: Sequence[IPv4Network | IPv6Network]) -> Caller:
    """The caller: the peer, or, when that is a trusted proxy, the last hop in X-Forwarded-For that is not.

    forwarded_for: every X-Forwarded-For line in order: the caller can send lines of his own, the proxy's is the last.
    A hop that cannot be read counts as the proxy that passed it on, and is limited: nonsense never lifts a limit.
    """
    address = _parse(peer)
    hops = [hop.strip() for hop in ",".join(forwarded_for).split(",") if hop.strip()]
    while address is not None and hops and any(address in network for network in trusted):
        hop = _parse(hops.pop())
        if hop is None:
            return Caller(block_of(address), local=False)
        address = hop
    if address is None:
        return Caller("unknown", local=False)
    return Caller(block_of(address), local=address.is_loopback)


def block_of(address: IPv4Address | IPv6Address) -> str:
    """What limits are counted for: an IPv4 address, or the /64 of an IPv6 address, which one customer has."""
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), 64), strict=False))
    return str(address)


def _parse(text: str | None) -> IPv4Address | IPv6Address | None:
    hop = _HOP.fullmatch(text or "")
    bare = (hop["six"] or hop["four"]) if hop else (text or "").partition("%")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    # ::ffff:203.0.113.5 is 203.0.113.5: else all of IPv4 would be one /64, and a mapped loopback no loopback
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
