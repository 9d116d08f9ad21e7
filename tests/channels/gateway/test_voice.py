# SPDX-License-Identifier: Apache-2.0
"""One voice: particles of the chosen persona, and of no other."""

from __future__ import annotations

from typing import Any

import pytest

from channels.gateway.voice import spoken


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("สวัสดีค่ะ", "สวัสดีครับ"),
        ("แจ้งเรื่องอะไรคะ", "แจ้งเรื่องอะไรครับ"),
        ("ลองใหม่นะคะ ขอบคุณค่ะ", "ลองใหม่นะครับ ขอบคุณครับ"),
        ("ให้คะแนนได้ค่ะ", "ให้คะแนนได้ครับ"),
        ("ผักคะน้า", "ผักคะน้า"),
    ],
)
def test_khrap_replaces_particles_and_nothing_else(said: str, heard: str) -> None:
    """ค่ะ and คะ become ครับ; words that begin with the same letters stay."""
    assert spoken(said, "khrap") == heard
    assert spoken(said, "kha") == said


def test_what_machines_read_is_not_spoken() -> None:
    """Payloads and addresses stay as they are; everything that is read changes."""
    block: dict[str, Any] = {
        "type": "choices",
        "text": "เลือกค่ะ",
        "choices": [{"label": "ใช่ค่ะ", "payload": '/inform{"x": "ค่ะ"}'}],
    }
    assert spoken(block, "khrap") == {
        "type": "choices",
        "text": "เลือกครับ",
        "choices": [{"label": "ใช่ครับ", "payload": '/inform{"x": "ค่ะ"}'}],
    }
