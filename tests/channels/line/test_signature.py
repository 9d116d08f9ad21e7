# SPDX-License-Identifier: Apache-2.0
"""Webhook signatures: the exact bytes count, and nothing that a stranger sends is anything but Forged."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linebot.v3.webhook import SignatureValidator

from channels.line.signature import verify
from core.errors import Forged

SECRET = b"0123456789abcdef0123456789abcdef"
BODIES = {
    "thai": '{"destination":"U0","events":[{"text":"สวัสดีค่ะ ขอคัดสำเนาทะเบียนบ้าน"}]}'.encode(),
    "emoji": '{"events":[{"text":"🙏🏽👨‍👩‍👧"}]}'.encode(),
    "escaped": rb'{"events":[{"text":"\u0e2a\u0e27\u0e31 \ud83d\ude4f \/"}]}',
    "spaces and a trailing newline": b'{ "events" : [ ] }\r\n',
    "none": b"",
    "not UTF-8": b"\xff\xfe\x00",
}


def sign(body: bytes, secret: bytes = SECRET) -> str:
    return base64.b64encode(hmac.new(secret, body, hashlib.sha256).digest()).decode()


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_l_in_01_a_signature_over_the_exact_bytes_is_ours(body: bytes) -> None:
    """What was signed passes, whatever is in it."""
    verify(SECRET, body, sign(body))


@pytest.mark.parametrize("body", [body for name, body in BODIES.items() if name != "not UTF-8"])
def test_l_in_01_the_sdk_agrees(body: bytes) -> None:
    """LINE's own SDK takes the signature that we take."""
    assert SignatureValidator(SECRET.decode()).validate(body.decode(), sign(body))


@given(body=st.binary(min_size=1, max_size=400), data=st.data())
def test_l_in_01_any_changed_byte_is_forged(body: bytes, data: st.DataObject) -> None:
    """One byte changed, added or left out: Forged."""
    at = data.draw(st.integers(0, len(body) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != body[at]))
    changed = body[:at] + bytes([other]) + body[at + 1 :]
    for wrong in (changed, body[:at] + body[at + 1 :], body + bytes([other]), b"\n" + body):
        if wrong != body:
            with pytest.raises(Forged):
                verify(SECRET, wrong, sign(body))


@given(data=st.data())
def test_l_in_01_any_changed_letter_of_the_signature_is_forged(data: st.DataObject) -> None:
    """Also the letter before the `=`, of which two bits mean nothing to base64."""
    body = BODIES["thai"]
    good = sign(body)
    at = data.draw(st.integers(0, len(good) - 1))
    letter = data.draw(st.characters().filter(lambda one: one != good[at]))
    with pytest.raises(Forged):
        verify(SECRET, body, good[:at] + letter + good[at + 1 :])


def test_l_in_01_a_signature_with_the_same_bytes_in_other_letters_is_forged() -> None:
    """base64 has four spellings of these 32 bytes; LINE sends one."""
    body = BODIES["thai"]
    good = sign(body)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    twin = good[:42] + letters[letters.index(good[42]) ^ 1] + "="
    assert base64.b64decode(twin) == base64.b64decode(good)
    with pytest.raises(Forged):
        verify(SECRET, body, twin)


@pytest.mark.parametrize(
    "header",
    [None, "", " ", "=", "not base64!", "c2hvcnQ=", "ลายเซ็น", "\udcff\udcfe", "\x00", "a" * 100_000, sign(b"other")],
    ids=["missing", "empty", "space", "pad", "letters", "short", "thai", "bytes", "nul", "long", "another"],
)
def test_l_in_02_a_bad_header_is_forged_and_nothing_worse(header: str | None) -> None:
    """Whatever stands in the header, it is a 401 and never a 500."""
    with pytest.raises(Forged):
        verify(SECRET, BODIES["thai"], header)


@given(body=st.binary(max_size=64), header=st.none() | st.text(st.characters(exclude_categories=())))
def test_l_in_02_no_header_raises_anything_else(body: bytes, header: str | None) -> None:
    """Any text, half surrogate pairs too."""
    with pytest.raises(Forged):
        verify(SECRET, body, header)


def test_l_in_03_an_unsigned_empty_delivery_is_forged() -> None:
    """The console's test delivery is signed; without a signature it is anybody's."""
    body = b'{"destination":"U0","events":[]}'
    verify(SECRET, body, sign(body))
    for header in (None, "", sign(body, b"another secret")):
        with pytest.raises(Forged):
            verify(SECRET, body, header)


def test_without_a_secret_nothing_is_ours() -> None:
    """The empty secret is everybody's."""
    with pytest.raises(Forged):
        verify(b"", b"{}", sign(b"{}", b""))
