# SPDX-License-Identifier: Apache-2.0
"""Phrases that say where something is without an official name: หน้าโรงเรียนบ้านหนองแวง, ปากซอย 5."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from thai.lexicon import listed
from thai.tokens import Token, Tokenizer

_RELATORS = listed(
    "ตรงข้ามกับ ตรงข้าม ฝั่งตรงข้าม เยื้องกับ เยื้องๆ เยื้อง ใกล้ๆกับ ใกล้กับ ใกล้ๆ ใกล้ ข้างๆ ข้างใน ข้างหลัง ข้างหน้า ข้าง "
    "ด้านหน้า ด้านหลัง ด้านข้าง บริเวณหน้า บริเวณ ตรงหน้า ตรงปาก ตรง ติดกับ ติด หน้า หลัง ริม แถวๆ แถว ละแวก ย่าน ปาก ต้น ท้าย "
    "กลาง ใต้ บน ใน เลย ก่อนถึง ก่อน ทางเข้า เชิง ระหว่าง"
)
_HEADS = listed(
    "โรงเรียน รร. ร.ร. วัด ตลาดสด ตลาดนัด ตลาด โรงพยาบาล รพ.สต. รพ. สถานีอนามัย อนามัย สถานีตำรวจ สภ. สน. โรงพัก สถานีรถไฟ สถานี "
    "ที่ว่าการอำเภอ ที่ทำการ ศาลากลาง ศาลาประชาคม ศาลากลางบ้าน ศาลา ศาล เทศบาล มหาวิทยาลัย มหาลัย วิทยาลัย สวนสาธารณะ สวน "
    "สนามกีฬา สนามเด็กเล่น สนามบิน สนาม ธนาคาร ห้าง บิ๊กซี โลตัส แม็คโคร เซเว่น 7-11 7-eleven ปั๊มน้ำมัน ปั๊ม ปั้ม ร้าน หมู่บ้าน คอนโด "
    "หอพัก โรงแรม โรงงาน โรงสี สะพานลอย สะพาน สี่แยก สามแยก ห้าแยก แยก ไฟแดง วงเวียน ซอย ซ. ถนน ถ. ตรอก คลอง แม่น้ำ ท่าเรือ "
    "ท่าน้ำ ท่ารถ บขส. บขส ป้ายรถเมล์ ป้ายรถ บีทีเอส bts mrt ปากทาง ทางเข้า ชุมชน มัสยิด โบสถ์ สำนักงาน ไปรษณีย์ หอนาฬิกา อนุสาวรีย์ "
    "อ่างเก็บน้ำ หาด บ้านเลขที่ บ้าน หมู่ที่ หมู่ ม. กม.ที่ กม. กิโลเมตรที่ เสาไฟฟ้า เสาไฟ ฝาย บ่อขยะ ลานกีฬา ลานจอดรถ ศูนย์เด็กเล็ก ศูนย์"
)
# A place without a relator before it only with a name or a number after it, and only these.
_ALONE = frozenset(
    listed(
        "ซอย ซ. ถนน ถ. ตรอก หมู่ที่ หมู่ บ้านเลขที่ สี่แยก สามแยก ห้าแยก แยก วงเวียน โรงเรียน หมู่บ้าน ชุมชน กม.ที่ กิโลเมตรที่ "
        "โรงพยาบาล สถานีรถไฟ มหาวิทยาลัย"
    )  # not วัด, ตลาด, ม.: วัดไข้, ตลาดแตก, ม.3
)
_NUMBERED = frozenset(listed("ซอย ซ. หมู่ที่ หมู่ ม. บ้านเลขที่ กม.ที่ กม. กิโลเมตรที่ แยก"))
_NUMBER_ONLY = frozenset(listed("หมู่ที่ หมู่ ม. บ้านเลขที่ กม.ที่ กม. กิโลเมตรที่"))
_NEEDS_NAME = frozenset(listed("บ้าน สวน ร้าน ศูนย์ ห้าง สนาม"))  # หน้าบ้าน says nothing to whoever comes to repair
# Words that begin what is said about the place: no name goes past them.
_CLAUSE = frozenset(
    listed("""
    มืด มาก สว่าง ดับ เสีย พัง ชำรุด ขาด หัก ล้ม รั่ว แตก ท่วม น้ำท่วม ขัง เหม็น ตัน อุดตัน ติด ไม่ ไม่มี ไม่ได้ มี เป็น แล้ว เลย ครับ ค่ะ
    คะ คับ นะ จ้า ส่ง ช่วย ทำ ตั้งแต่ มา ไป หลาย ทุก ตอน เมื่อ เมื่อวาน วัน วันนี้ อยู่ ที่ และ หรือ กับ ถูก โดน จน เพราะ ทำให้ ต้อง อยาก
    เผา เปลี่ยว ผิด หลุด สอน ประกาศ หยุด วะ ว่ะ ถัดไป ลูก ลูกรัง คอนกรีต ลาดยาง ดิน
    ขอ แจ้ง กลางคืน อันตราย ยัง จะ ได้ ให้ รถ คน ผม ฉัน เรา หนู เขา ดิฉัน กู มัน ซึ่ง แต่ ก็ ว่า ไฟ น้ำ ขยะ ฝุ่น หมา สุนัข กลิ่น เสียง ต้นไม้
    เยอะ บ่อย ตลอด นาน ทั้งคืน ทั้งวัน เต็ม กอง ทิ้ง วิ่ง เดิน ขับ ล้น ไหล ส่งกลิ่น เกิด พบ เจอ กำลัง ควร น่า แย่ ดัง หน่อย ด้วย สุดๆ หนัก
    ไหม มั้ย รึ หรือเปล่า เหรอ ตรงนี้ ตรงนั้น นี้ นั้น นี่ นั่น แถวนี้ หลุม บ่อ ลึก ใหญ่ กว้าง ทรุด ยุบ ร้าว พื้น เปิด ปิด ซ่อม สร้าง ก่อสร้าง
    เมตร กิโล วันที่ เวลา ประมาณ เกือบ กว่า สอง สาม สี่ ห้า เดือน ปี อาทิตย์ สัปดาห์ ขวาง กีดขวาง จอด เข้า ออก ผ่าน สัญจร ใช้ มอง เห็น
    """)
)
_CLAUSE_BEGINS = ("ไม่", "ที่", "ทุก", "ตั้งแต่", "ตอน", "เมื่อ", "ใช้")
# Frequent words that names begin with all the same; the others of PyThaiNLP's stop words end a name without a relator.
_NAMES_BEGIN = frozenset(listed("บาง คำ สูง เขา ใหม่ ใหญ่ เหนือ ใต้ กลาง นาย นาง คุณ เล็ก สาย แม่ พ่อ ภาค สมัย"))
_RELATOR = re.compile("(?:" + "|".join(map(re.escape, sorted(_RELATORS, key=len, reverse=True))) + r")\s?")
# With these the kind of place alone says nothing: กลางถนน, ในคลอง; and they are words of much else: 3 ต้น ซ.5.
_NEEDS_MORE = frozenset(listed("กลาง บน ใน เลย ก่อน ต้น ระหว่าง"))
_HEAD = re.compile("(" + "|".join(map(re.escape, sorted(_HEADS, key=len, reverse=True))) + ")", re.IGNORECASE)
_FIRST_LETTERS = frozenset(word[0] for word in (*_RELATORS, *_HEADS)) | frozenset("BM")  # BTS, MRT
_NUMBER = re.compile(r"\s?(?:ที่\s?)?[0-9๐-๙]+(?:[/.\-][0-9๐-๙]+)*")
# A house is found by whose it is, a village by how villages are called; หน้าบ้าน alone helps nobody.
_HOUSE = re.compile(
    "ลุง|ป้า|น้า|อา|ตา|ยาย|ปู่|ย่า|พ่อ|แม่|ครู|ผู้ใหญ่|กำนัน|ผญบ|นาย|คุณ|หมอ|หนอง|โนน|โคก|ดง|ห้วย|นา|ดอน|ท่า|วัง|บึง|ทุ่ง|"
    "โป่ง|แพ้ว|บาง|คลอง|เขา|ดอย|ป่า|สัน|แม่|เหล่า|กุด|คำ|ปาก|หัว|หาด|เกาะ|ต้น|ไร่|ค่าย|ใหม่|ม่วง|ไผ่|หมาก|ศรี|สระ|บ่อ|ร่อง"
)
_HELP = re.compile("ซอย(?:แหน่|แน่|แด่|แนม)")  # Isan for "please help"
_GAP = re.compile(r"\.? {0,2}")
_LONGEST_TAIL = 40  # characters of a name; the longest school names stay below


_COUNTED = ("วัน", "คืน", "เดือน", "ปี", "ดวง", "ต้น", "จุด", "ครั้ง", "คน", "คัน", "ชั่วโมง", "อาทิตย์", "สัปดาห์", "นาที", "เมตร")
_NAME_LETTERS = re.compile(r"[\u0e01-\u0e4e]+|[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place phrase: `source[start:end] == text`."""

    start: int
    end: int
    text: str


def find(text: str, tokenizer: Tokenizer | None = None) -> list[Landmark]:
    """Return the place phrases of `text` in order; cautious: a missed one is asked for, a wrong one is filed.

    A phrase begins at a word of place before a known kind of place (หน้าโรงเรียน, ใกล้ตลาด, ปากซอย) or at a kind
    that names itself (ถนนมิตรภาพ, หมู่ 3), and ends before a space or a word that says something about it.
    `tokenizer`: one with the domain's words, else PyThaiNLP's dictionary alone.

    >>> [found.text for found in find("ไฟถนนดับหน้าโรงเรียนบ้านหนองแวง มืดมากกก")]
    ['หน้าโรงเรียนบ้านหนองแวง']
    """
    tokenizer = tokenizer or _default()
    found: list[Landmark] = []
    position = 0
    for start in _starts(text, tokenizer):
        end = _phrase(text, start, tokenizer) if start >= position else None
        if end is None:
            continue
        further: int | None = end
        while further is not None:
            end = further
            further = _phrase(text, _after_gap(text, end), tokenizer, chained=True)
        found.append(Landmark(start, end, text[start:end]))
        position = end
    return found


def _after_gap(text: str, end: int) -> int:
    """Skip up to two spaces, and the dot that closes an abbreviation (ปตท. หมู่ 7)."""
    gap = _GAP.match(text, end)
    return gap.end() if gap else end


def _starts(text: str, tokenizer: Tokenizer) -> Iterator[int]:
    for token in tokenizer.tokens(text):
        if text[token.start] in _FIRST_LETTERS and (
            _RELATOR.match(text, token.start) or _HEAD.match(text, token.start)
        ):
            yield token.start


def _phrase(text: str, start: int, tokenizer: Tokenizer, *, chained: bool = False) -> int | None:
    """Return the end of the place phrase that begins at `start`, or None."""
    relator = _RELATOR.match(text, start)
    if relator and not (relator[0].rstrip() in _NEEDS_MORE and relator[0][-1].isspace()):
        end = _place(text, relator.end(), tokenizer, alone=False, needs_name=relator[0] in _NEEDS_MORE)
        if end is not None:
            return end
    return _place(text, start, tokenizer, alone=not chained)


def _place(text: str, start: int, tokenizer: Tokenizer, *, alone: bool, needs_name: bool = False) -> int | None:
    head = _HEAD.match(text, start)
    if head is None or _HELP.match(text, start) or (alone and head[1] not in _ALONE):
        return None
    number = _NUMBER.match(text, head.end())
    if head[1] in _NUMBER_ONLY:
        return number.end() if number else None
    counted = number is not None and text[number.end() :].lstrip().startswith(_COUNTED)  # ไม่เข้าซอย 3 อาทิตย์
    if number and head[1] in _NUMBERED:
        return None if counted else number.end()
    if head[1] == "บ้าน" and not _HOUSE.match(text, head.end()):
        return None
    end = _name(text, head.end(), tokenizer, alone=alone)
    if end > head.end():
        number = _NUMBER.match(text, end)
        return number.end() if number and not text[number.end() :].lstrip().startswith(_COUNTED) else end
    return None if alone or needs_name or head[1] in _NEEDS_NAME else end


def _name(text: str, start: int, tokenizer: Tokenizer, *, alone: bool) -> int:
    """Return where the name that follows a kind of place ends; `start` itself when there is none."""
    end = start
    if not _NAME_LETTERS.match(text, start):
        return start
    for token in tokenizer.tokens(text[start : start + _LONGEST_TAIL + 20]):
        if start + token.start != end or _ends_name(token) or end + len(token.text) - start > _LONGEST_TAIL:
            break
        if alone and end == start and (token.text in _stop_words() or token.text.startswith("บ้าน")):
            break
        end += len(token.text)
    return end


def _ends_name(token: Token) -> bool:
    if token.text in _CLAUSE or token.text.startswith(_CLAUSE_BEGINS) or not _NAME_LETTERS.fullmatch(token.text):
        return True
    relator = _RELATOR.match(token.text)  # the dictionary has หน้าบ้าน and ปากซอย as words
    return relator is not None and (relator.end() == len(token.text) or bool(_HEAD.match(token.text, relator.end())))


@lru_cache(maxsize=1)
def _stop_words() -> frozenset[str]:
    from pythainlp.corpus import thai_stopwords

    return frozenset(thai_stopwords()) - _NAMES_BEGIN


@lru_cache(maxsize=1)
def _default() -> Tokenizer:
    return Tokenizer()
