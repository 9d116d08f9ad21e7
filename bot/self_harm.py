# SPDX-License-Identifier: Apache-2.0
"""Finds the words of somebody who may want to die, who needs another answer than the numbers for fires. Free of Rasa."""

from __future__ import annotations

import re

_WORDS = re.compile(
    r"อยากตาย|อยากจะตาย|ฆ่าตัวตาย|ฆ่าตัวเอง|ทำร้ายตัวเอง|ไม่อยากมีชีวิต|ไม่อยากอยู่(?:แล้ว|ต่อ|บนโลก)|ไม่อยากหายใจ|(?:อยาก)?จบชีวิต"
    r"|ผูกคอตาย|แขวนคอตาย|กรีดข้อมือ|กินยาตาย|ตายไปซะ|ตายให้พ้น|ตาย\s?ๆ\s?ไป|หายไปจากโลก"
    r"|kill(?:ing)? (?:myself|himself|herself)|suicid(?:e|al)|end my life|(?:want|wanna|going) (?:to )?die|hurt myself",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[A-Za-z\u0E01-\u0E2E]")
#: In a longer message of another matter such words are a manner of speaking ("รอซ่อมไฟจนอยากตาย").
_MOST_LETTERS = 24


def speaks_of_self_harm(text: str, emergency: bool) -> bool:
    """Whether a message says so; emergency: it was understood as one, so that its length makes no difference."""
    return _WORDS.search(text) is not None and (emergency or len(_LETTER.findall(text)) <= _MOST_LETTERS)
