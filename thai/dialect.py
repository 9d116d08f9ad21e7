# SPDX-License-Identifier: Apache-2.0
"""Words of the northern, north-eastern and southern dialects, and what they are in standard Thai."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from thai.lexicon import listed
from thai.tokens import Token, Tokenizer

Region = Literal["north", "north-east", "south"]

_ISAN = {
    "เฮ็ด": "ทำ", "บ่": "ไม่", "ไส": "ไหน", "อยู่ไส": "อยู่ไหน", "ไปไส": "ไปไหน", "หยัง": "อะไร",
    "อีหยัง": "อะไร", "เป็นหยัง": "ทำไม", "มื้ออื่น": "พรุ่งนี้", "มื้อวาน": "เมื่อวาน",
    "มื้อนี้": "วันนี้", "มื้อฮือ": "มะรืน", "จั่งใด": "อย่างไร", "จังใด": "อย่างไร",
    "จั่งได๋": "อย่างไร", "ท่อใด": "เท่าไร", "ท่อได๋": "เท่าไร", "ยามใด": "เมื่อไร",
    "ยามได๋": "เมื่อไร", "ผู้ใด๋": "ใคร", "เว้า": "พูด", "เบิ่ง": "ดู", "ฮู้": "รู้",
    "ฮู้จัก": "รู้จัก", "เฮือน": "บ้าน", "ข่อย": "ฉัน", "เฮา": "เรา", "ถืกต้อง": "ถูกต้อง",
    "บ่ฮู้": "ไม่รู้", "บ่มี": "ไม่มี", "บ่ได้": "ไม่ได้", "บ่ไหล": "ไม่ไหล", "บ่แม่น": "ไม่ใช่",
    "ซ่อย": "ช่วย", "ซ่อยแน": "ช่วยหน่อย", "ม่องใด๋": "ที่ไหน",
}  # fmt: skip
_NORTH = {
    "กิ๋น": "กิน", "วันพูก": "พรุ่งนี้", "ตี้ไหน": "ที่ไหน", "ตี้ใด": "ที่ไหน", "จะใด": "อย่างไร",
    "เต้าใด": "เท่าไร", "อะหยัง": "อะไร", "หื้อ": "ให้", "ผ่อ": "ดู", "แอ่ว": "เที่ยว",
    "ละอ่อน": "เด็ก", "เฮือน": "บ้าน", "วันฮือ": "มะรืน", "เมื่อวา": "เมื่อวาน",
    "ไปตี้ไหน": "ไปที่ไหน", "ตี้": "ที่", "เปิ้น": "เขา",
}  # fmt: skip
_SOUTH = {
    "แหลง": "พูด", "พรือ": "อย่างไร", "ทำพรือ": "ทำอย่างไร", "หรอย": "อร่อย", "ต่อเช้า": "พรุ่งนี้",
    "ตอเช้า": "พรุ่งนี้", "หวันพรุก": "พรุ่งนี้", "ไหร": "อะไร", "ที่ไหร": "ที่ไหน",
    "พันพรือ": "อย่างไร", "หลบบ้าน": "กลับบ้าน",
}  # fmt: skip
# Words that mean something else in standard Thai: taken only beside other words of their own region.
_GUARDED: dict[str, tuple[Region, str]] = {
    "ยะ": ("north", "ทำ"), "อู้": ("north", "พูด"), "เจ้า": ("north", "ค่ะ"),
    "ก่อ": ("north", "ไหม"), "ตั๋ว": ("north", "คุณ"), "แล": ("south", "ดู"),
    "หม้าย": ("south", "ไม่มี"), "ตะ": ("south", "นะ"), "แม่น": ("north-east", "ใช่"),
    "ได๋": ("north-east", "ไหน"), "ใด๋": ("north-east", "ไหน"),
}  # fmt: skip
_NEIGHBOURS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    # word: what must follow it directly, or go before it, where no other word of the region is in the message
    "ยะ": (listed("หยัง อะหยัง จะใด ก๋าน งาน บ่"), listed("บ่ จะ ต้อง")),
    "อู้": (listed("กับ กำ กำเมือง เมือง บ่"), listed("บ่ จะ อยาก")),
    "แล": (listed("หนัง ที พรือ"), ()),
    "แม่น": (listed("บ่ หยัง"), listed("บ่")),
}
# a word of one region that the other has too: it proves neither
_SHARED = frozenset(listed("บ่ เฮือน เฮา ฮู้ หยัง บ่ฮู้ บ่มี บ่ได้"))
_MOST_AFTER = 6  # particles and marks after the last word
_AT_THE_END = frozenset(listed("เจ้า ตะ ก่อ"))  # particles; elsewhere they are other words


@dataclass(frozen=True, slots=True)
class DialectWord:
    """A dialect word: `source[start:end]` is what was typed, `standard` what it is in standard Thai."""

    start: int
    end: int
    standard: str
    region: Region


def words() -> frozenset[str]:
    """Return the dialect words, for a tokenizer's dictionary."""
    return frozenset((*_ISAN, *_NORTH, *_SOUTH, *_GUARDED))


def find(text: str, tokenizer: Tokenizer | None = None) -> list[DialectWord]:
    """Return the dialect words of `text` in order; `tokenizer` must know `words()`.

    Words with another meaning in standard Thai (เจ้า, แล, ตะ, ยะ) count only beside others of their region.

    >>> [(word.standard, word.region) for word in find("ไฟบ่ติด เฮ็ดจั่งใด")]
    [('ไม่', 'north-east'), ('ทำ', 'north-east'), ('อย่างไร', 'north-east')]
    >>> find("เจ้าหน้าที่แลขยะ"), find("พระเจ้า")
    ([], [])
    """
    if not _SIGN.search(text):
        return []
    tokens = (tokenizer or _own()).tokens(text)
    sure = [word for at, token in enumerate(tokens) if (word := _plainly(token, last=_is_last(tokens, at)))]
    regions = {word.region for word in sure if text[word.start : word.end] not in _SHARED}
    guarded = [
        word for at, token in enumerate(tokens) if token.text in _GUARDED and (word := _guarded(tokens, at, regions))
    ]
    return sorted((*sure, *guarded), key=lambda word: word.start)


def standard(text: str, tokenizer: Tokenizer | None = None) -> str:
    """Return `text` with its dialect words in standard Thai; for understanding only, never to be mirrored.

    >>> standard("น้ำบ่ไหล มื้ออื่นสิมาไหม"), standard("ยะจะใดเจ้า"), standard("ขยะเต็มถัง")
    ('น้ำไม่ไหล พรุ่งนี้สิมาไหม', 'ทำอย่างไรค่ะ', 'ขยะเต็มถัง')
    """
    for word in reversed(find(text, tokenizer)):
        text = f"{text[: word.start]}{word.standard}{text[word.end :]}"
    return text


def _plainly(token: Token, *, last: bool) -> DialectWord | None:
    for region, table in _TABLES:
        if token.text in table:
            meaning = "ไหม" if token.text == "บ่" and last else table[token.text]  # แม่นบ่ asks
            return DialectWord(token.start, token.end, meaning, region)
    return None


def _guarded(tokens: Sequence[Token], at: int, regions: set[Region]) -> DialectWord | None:
    token = tokens[at]
    region, meaning = _GUARDED[token.text]
    after, before = _NEIGHBOURS.get(token.text, ((), ()))
    beside = (at + 1 < len(tokens) and tokens[at + 1].text in after) or (at > 0 and tokens[at - 1].text in before)
    if token.text in _AT_THE_END and not _is_last(tokens, at):
        return None
    return DialectWord(token.start, token.end, meaning, region) if beside or region in regions else None


def _is_last(tokens: Sequence[Token], at: int) -> bool:
    """Whether only particles and marks follow; a message of one word has no end of its own."""
    after = tokens[at + 1 : at + 1 + _MOST_AFTER]
    if at == 0 or len(tokens) - at - 1 > _MOST_AFTER:
        return False
    return all(token.text in _AT_THE_END or not token.text[0].isalnum() for token in after)


_TABLES: tuple[tuple[Region, dict[str, str]], ...] = (("north-east", _ISAN), ("north", _NORTH), ("south", _SOUTH))


_SIGN = re.compile("|".join(sorted(words())))


@lru_cache(maxsize=1)
def _own() -> Tokenizer:
    # The reference engine: nlpo3 takes seconds over some texts of 2,000 characters (มกรา five hundred times).
    return Tokenizer(words(), "newmm")
