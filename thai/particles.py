# SPDX-License-Identifier: Apache-2.0
"""What a citizen adds to sound polite or to laugh, which says nothing about the request."""

from __future__ import annotations

import re

from thai.lexicon import listed, longest_word_ending
from thai.normalise import normalise

# Never a part of another word at its end.
_CLEAR = listed(
    "นะครับ นะคับ นะค่ะ นะคะ นะจ๊ะ นะจ้ะ นะฮะ ครับผม ขอรับ พะย่ะค่ะ ครับ คับ คร้าบ ค้าบ คร๊าบ ครัฟ ครัช คัฟ ค้าฟ งับ "
    "งับบ ค่ะ คะ ค๊ะ ค้ะ คร่ะ คร่า ค่าา จ้ะ จ๊ะ จ้าา น้าา น่ะ อ่ะ ง่ะ ว่ะ วะ เว้ย โว้ย เด้อ เด้อค่ะ เน้อ แหละ"
)
# The same letters end ordinary words (ชนะ, พระเจ้า, คุณค่า, สว่างจ้า): taken only where the dictionary knows
# no longer word that ends there.
_CAREFUL = listed("นะ น้า ค่า อะ ฮะ ฮ่ะ จ้า จ๋า เจ้า สิ ซิ ดิ ล่ะ หละ อ่า")
_PARTICLES = sorted({*_CLEAR, *_CAREFUL}, key=len, reverse=True)
_CLEAR_SET = frozenset(_CLEAR)
_TAIL = " \t\n.!?~…ๆ,^_"
_LAUGHTER = re.compile(
    r"(?<![0-9.,:/+\-])5{3,}\+*(?![0-9]|[.,:/\-][0-9]|\s*(?:บาท|ปี|คน|หมู่|ซอย|เมตร|กม|กิโล|หน่วย|ครั้ง|วัน|ตัว|หลัง|ห้อง|ใบ|ชุด|บ้าน|น\.))"
    r"|(?:ฮ่า|ฮา|ห้า){2,}ๆ*|ฮ่าๆ+|(?:อิ){2,}|อิๆ+|(?:คิก){2,}|คิกๆ+|คริ(?:คริ|ๆ)+"
)
_NUMBERED = re.compile(r"(?:ที่|เลข|เบอร์|โทร|ซอย|ถนน|สาย|ห้อง|หมู่|ข้อ|มาตรา|รหัส|ราคา|ทะเบียน|No\.?)\s*$", re.IGNORECASE)


def laughter(text: str) -> list[tuple[int, int]]:
    """Return the spans that are laughter: 555, 5555+, ฮ่าๆๆ, อิอิ. A number of three fives that is counted,
    measured or numbers something is not.

    >>> laughter("ขอบคุณค่ะ 555"), laughter("บ้านเลขที่ 555"), laughter("จ่าย 555 บาท")
    ([(10, 13)], [], [])
    """
    return [
        match.span()
        for match in _LAUGHTER.finditer(text)
        if not (match[0][0] == "5" and _NUMBERED.search(text, max(0, match.start() - 12), match.start()))
    ]


def strip_laughter(text: str) -> str:
    """Return `text` without laughter; a message that is only laughter becomes empty.

    >>> strip_laughter("ตลกมาก 55555+")
    'ตลกมาก'
    """
    for start, end in reversed(laughter(text)):
        text = f"{text[:start].rstrip()} {text[end:].lstrip()}"
    return text.strip()


def strip_particles(text: str) -> str:
    """Return `text` without the particles and marks at its end (ค่ะ, ครับ, นะคะ, จ้า, เด้อ, !, ๆ after them).

    They mark the speaker, not the request: for matching and classifying only, never to be mirrored. Text that
    is nothing but particles comes back unchanged.

    >>> strip_particles("ยกเลิกครับ!!"), strip_particles("ทีมเราชนะ"), strip_particles("ครับผม")
    ('ยกเลิก', 'ทีมเราชนะ', 'ครับผม')
    """
    left = text.rstrip(_TAIL)
    while True:
        particle = _last_particle(left)
        if not particle:
            break
        left = left[: -len(particle)].rstrip(_TAIL)
    if not left:
        return text
    return left if left != text.rstrip(_TAIL) else text.rstrip(" \t\n.!?~…,^")


def fold(text: str) -> str:
    """Return the text as control phrases and dictionaries are matched: normalised, lower case, without
    particles, laughter and a last ๆ.

    >>> fold("ยกเลิกกกก ค่าาา 5555")
    'ยกเลิก'
    """
    return strip_particles(strip_laughter(normalise(text)).casefold()).rstrip("ๆ ")


def _last_particle(text: str) -> str:
    for particle in _PARTICLES:
        if not text.endswith(particle) or len(text) == len(particle):
            continue
        if particle in _CLEAR_SET:
            return particle
        if text[-len(particle) - 1].isspace() or text.endswith("ขอบคุณ" + particle):
            return particle
        # ไปนะ: no word ends with ปนะ; ชนะ: the word is longer than the particle.
        if len(longest_word_ending(text)) <= len(particle):
            return particle
    return ""
