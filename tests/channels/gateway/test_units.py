# SPDX-License-Identifier: Apache-2.0
"""The gateway's small parts by themselves: addresses, origins, limits, sessions, wake-ups."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timezone
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from limits import RateLimitItemPerSecond

from channels.gateway.addresses import Caller, block_of, caller_of
from channels.gateway.hub import Hub, hear
from channels.gateway.limits import PER_ADDRESS, PER_SESSION, SESSIONS_PER_ADDRESS, Limits, TooMany
from channels.gateway.origins import is_allowed
from channels.gateway.sessions import Session, Sessions
from core.errors import Forged
from store.outbox import Line
from tests.channels.gateway.stack import until

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
ME = Session(id="6a2f41a3-c54c-4ce8-82d2-0324e1c32e22", conversation_id=7, key="web:00ff", locale="th")


# ---- addresses --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["192.0.2.9, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", [" 198.51.100.1 , "], "198.51.100.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["10.0.0.3"], "10.0.0.3"),
        ("fd00::1", ["2001:db8::5"], "2001:db8::/64"),
        # the caller's own line comes first, the proxy's is the last
        ("10.0.0.1", ["127.0.0.1", "203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["192.0.2.9", "nonsense", "203.0.113.5, 10.0.0.2"], "203.0.113.5"),
        # some proxies add the port
        ("10.0.0.1", ["203.0.113.5:4433"], "203.0.113.5"),
        ("10.0.0.1", ["[2001:db8::1]:443"], "2001:db8::/64"),
        ("10.0.0.1", ["[2001:db8::1]"], "2001:db8::/64"),
        ("10.0.0.1", ["2001:db8::1%eth0"], "2001:db8::/64"),
        ("10.0.0.1", ["::ffff:203.0.113.5"], "203.0.113.5"),
        ("::ffff:10.0.0.1", ["203.0.113.5"], "203.0.113.5"),
        # what cannot be read counts as the proxy
        ("10.0.0.1", ["nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.5, unknown"], "10.0.0.1"),
        ("10.0.0.1", ["nonsense, 10.0.0.2"], "10.0.0.2"),
        (None, ["198.51.100.1"], "unknown"),
        ("", [], "unknown"),
    ],
)
def test_the_caller_behind_proxies(peer: str | None, forwarded: list[str], expected: str) -> None:
    """The last hop that is not one of our proxies; what the caller itself claims before it does not count."""
    assert caller_of(peer, forwarded, PROXIES) == Caller(expected, local=False)


@pytest.mark.parametrize(
    ("peer", "forwarded", "local"),
    [
        ("127.0.0.1", [], True),
        ("::1", [], True),
        ("::ffff:127.0.0.1", [], True),
        ("127.0.0.1", ["127.0.0.1"], True),
        ("127.0.0.1", ["nonsense"], False),
        ("127.0.0.1", ["127.0.0.1", "203.0.113.5"], False),
        ("127.0.0.1", ["203.0.113.5:4433"], False),
        ("127.0.0.1", ["[2001:db8::1]:443"], False),
    ],
)
def test_only_the_machine_itself_is_free(peer: str, forwarded: list[str], local: bool) -> None:
    """Behind a proxy on the same machine nobody gets rid of the limits by a line of his own or by nonsense."""
    assert caller_of(peer, forwarded, (ip_network("127.0.0.0/8"), ip_network("::1/128"))).local is local


def test_limits_count_a_customer() -> None:
    """One IPv4 address is one; all addresses of an IPv6 /64 are one."""
    assert block_of(ip_address("203.0.113.7")) == "203.0.113.7"
    assert (
        block_of(ip_address("2001:db8:1:2::1")) == block_of(ip_address("2001:db8:1:2:ffff::9")) == "2001:db8:1:2::/64"
    )
    assert block_of(ip_address("2001:db8:1:3::1")) != "2001:db8:1:2::/64"


@settings(max_examples=100, deadline=None)
@given(st.none() | st.text(max_size=40), st.lists(st.text(max_size=80), max_size=3))
def test_no_header_is_an_error_or_frees_anybody(peer: str | None, forwarded: list[str]) -> None:
    """Whatever stands in the header, something is counted, and nobody becomes the machine itself by it."""
    caller = caller_of(peer, forwarded, PROXIES)
    assert caller.block
    assert not caller.local or "127." in str(peer) or "::1" in str(peer)


# ---- origins ----------------------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=40)
    | st.text(max_size=20).map("http://{}".format)
    | st.text(max_size=20).map("https://chat.go.th{}".format)
)
def test_only_our_own_and_listed_origins(origin: str) -> None:
    """Any other text is refused, and none is an error."""
    allowed = is_allowed(origin, "chat.go.th", ("https://www.example.go.th",))
    if allowed:
        assert origin.rstrip("/") == "https://www.example.go.th" or origin.split("://")[1].startswith("chat.go.th")


# ---- limits -----------------------------------------------------------------------------------------------------


async def test_a_limit_is_reached_and_recovers() -> None:
    """Over the limit: the seconds to wait; after them there is room again; others are not touched."""
    limits, item = Limits(), RateLimitItemPerSecond(3)
    for _ in range(3):
        limits.hit(item, "message", "a")
    with pytest.raises(TooMany) as refused:
        limits.hit(item, "message", "a")
    assert refused.value.seconds == 1
    limits.hit(item, "message", "b")

    def has_room() -> bool:
        try:
            limits.hit(item, "message", "a")
        except TooMany:
            return False
        return True

    await until(has_room, within=3)


def test_the_limits_are_generous_per_address() -> None:
    """Mobile carriers share addresses: an address may do many times what a session may; a person never types so fast."""
    assert PER_SESSION.amount == 30
    assert PER_ADDRESS.amount >= 20 * PER_SESSION.amount
    assert SESSIONS_PER_ADDRESS.amount >= 100
    assert {item.get_expiry() for item in (PER_SESSION, PER_ADDRESS, SESSIONS_PER_ADDRESS)} == {60}


# ---- sessions ---------------------------------------------------------------------------------------------------


def test_a_token_names_its_session() -> None:
    """What is read is what was written; the token can stand in a header as it is."""
    sessions = Sessions(b"key", 30)
    token = sessions.token(ME)
    assert sessions.read(f"Bearer {token}") == ME
    assert sessions.read(f"bearer  {token} ") == ME
    assert token.isascii()
    assert len(token) < 400


def test_every_session_has_another_id() -> None:
    """Ids cannot be guessed from one another."""
    assert len({Sessions.new_id() for _ in range(100)}) == 100


@settings(max_examples=150, deadline=None)
@given(
    st.none()
    | st.text(max_size=60)
    | st.text(max_size=60).map("Bearer {}".format)
    | st.binary(max_size=40).map(lambda b: "Bearer " + b.decode("latin-1"))
)
def test_anything_else_is_forged(header: str | None) -> None:
    """No header but a token of ours opens anything, and none raises anything but Forged."""
    with pytest.raises(Forged):
        Sessions(b"key", 30).read(header)


def test_a_token_of_another_key_or_time_is_forged() -> None:
    """Another key, one changed letter, one day too old."""
    token = Sessions(b"key", 30).token(ME)
    for sessions, shown in (
        (Sessions(b"another", 30), token),
        (Sessions(b"key", 30), token[:-2] + ("AA" if token[-2:] != "AA" else "BB")),
        (Sessions(b"key", 30), token.replace(".", "..", 1)),
        (Sessions(b"key", -1), token),
    ):
        with pytest.raises(Forged):
            sessions.read(f"Bearer {shown}")


# ---- wake-ups ---------------------------------------------------------------------------------------------------


async def test_waiters_are_woken_by_their_conversation() -> None:
    """A notification wakes those who wait for it, a lost connection wakes all, and nobody is kept."""
    hub = Hub()
    seven, also_seven, eight = hub.waiter(7), hub.waiter(7), hub.waiter(8)
    hear(hub, "outbox", "7")
    assert (seven.is_set(), also_seven.is_set(), eight.is_set()) == (True, True, False)
    hear(hub, "outbox", "")
    assert eight.is_set()
    assert not hub.work.is_set()
    hear(hub, "inbox", "7")
    assert hub.work.is_set()
    for number, event in ((7, seven), (7, also_seven), (8, eight), (8, eight)):
        hub.leave(number, event)
    assert hub.waiters == 0
    hub.wake(7)
    began = time.monotonic()
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(hub.waiter(7).wait(), 0.05)
    assert time.monotonic() - began < 1


def line_of(seq: int, author: str = "citizen") -> Line:
    return Line(seq=seq, author=author, at=datetime(2026, 1, 1, tzinfo=timezone.utc), kind="message", sealed=b"")


def numbers(hub: Hub, after: int) -> list[int] | None:
    found = hub.lines_after(7, after)
    return None if found is None else [line.seq for line in found]


def test_a_look_is_saved_only_when_all_is_known() -> None:
    """What this process wrote last is remembered until another one wrote; not knowing is never "nothing"."""
    hub = Hub()
    assert numbers(hub, 0) is None
    hub.arrived(7, line_of(3))
    assert (numbers(hub, 3), numbers(hub, 2), numbers(hub, 1)) == ([], [3], None)
    hub.said(7, 5, [line_of(4, "system"), line_of(5, "bot")])
    assert (numbers(hub, 4), numbers(hub, 2)) == ([5], [3, 4, 5])
    assert numbers(hub, 0) is None
    hub.arrived(7, line_of(2))  # reported late
    assert (numbers(hub, 1), numbers(hub, 2)) == (None, [3, 4, 5])
    for channel, payload in (("outbox", "7"), ("inbox", "7"), ("outbox", ""), ("inbox", "")):
        hub = Hub()
        hub.said(7, 4)
        assert numbers(hub, 4) == []
        hear(hub, channel, payload)
        assert numbers(hub, 4) is None


@pytest.mark.parametrize("pulled", [True, False])
def test_the_delivery_worker_is_woken_for_what_it_delivers(pulled: bool) -> None:
    """What a browser fetches is nothing for it: a look in the database for every turn of the web would be for nothing."""
    hub = Hub()
    hub.said(7, 5, [line_of(5, "bot")], pulled=pulled)
    assert hub.deliver.is_set() is not pulled


def test_a_gap_in_the_numbers_is_looked_up() -> None:
    """Number 4 was written by somebody else, or is reported late: from there on the database is asked."""
    hub = Hub()
    hub.arrived(7, line_of(3))
    hub.said(7, 5, [line_of(5, "bot")])
    assert (numbers(hub, 3), numbers(hub, 4)) == (None, [5])
    hub.said(7, 6)
    assert (numbers(hub, 5), numbers(hub, 6)) == (None, [])


def test_few_lines_are_remembered_and_not_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """An erasure by another process must not be outlived by what is remembered here."""
    hub = Hub()
    for seq in range(1, 21):
        hub.arrived(7, line_of(seq))
    assert numbers(hub, 0) is None
    assert numbers(hub, 14) == [15, 16, 17, 18, 19, 20]
    later = time.monotonic() + 11
    monkeypatch.setattr("channels.gateway.hub.time.monotonic", lambda: later)
    assert numbers(hub, 20) is None


def test_what_another_process_wrote_first_is_not_overlooked() -> None:
    """Number 3 of another process was heard of before our own 2 was remembered: nothing is claimed of either."""
    hub = Hub()
    hear(hub, "outbox", "7")
    hub.said(7, 2)
    assert numbers(hub, 2) is None
    hub.said(8, 2)
    assert hub.lines_after(8, 2) == []
