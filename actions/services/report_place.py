# SPDX-License-Identifier: Apache-2.0
"""Takes the answer to "where": what is no place is asked again with a word why, what is too wide is asked for more."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rasa_sdk.interfaces import Tracker

from actions.answers import Answer
from actions.place import is_link, parse_place, point_in
from actions.services import place_slots, place_words, report_values
from actions.turn import entities, entity, leftover, message_text

_SLOT = "report_place"
#: `report_missed` after one and after more answers that were no place.
_ONCE, _AGAIN = "report_place_once", "report_place_again"
#: "ซอย 3" without a road or a village is in every town.
_NUMBER_ONLY = re.compile(
    r"\s*(?:ใน|ที่|แถว|ปาก|หน้า|ท้าย|กลาง)*\s*(?:ซอย|ซ\.|หมู่(?:ที่)?|ม\.|แยก|soi)\s*[0-9๐-๙/]+\s*", re.IGNORECASE
)
_LETTER = re.compile(r"[A-Za-z\u0E01-\u0E2E0-9๐-๙]")
_FEWEST_LETTERS = 3


def place_answer(value: object, tracker: Tracker, asked: bool) -> tuple[dict[str, Any], Answer | None]:
    """Slots for the place and what to say about it.

    Words in which nothing says where are asked again once; after two such answers there is a way on without a place,
    and any words are taken. A province or "ซอย 3" alone is kept in `report_heard` while it is asked for more, once;
    whoever knows no more is taken at their word.
    """
    said = message_text(tracker) if asked else ""
    heard = _heard(tracker)
    if said and entity(tracker, "location", "landmark", "place") is None and point_in(said) is None:
        if report_values.has_no_idea(said) and heard is not None:
            return {_SLOT: heard, "report_missed": None, "report_heard": None, **place_slots.NO_CHOICES}, None
        trouble = _trouble(tracker, said, heard is not None)
        if trouble is not None:
            return _missed(tracker, trouble, heard is not None)
    slots, answer = place_slots.report_place(value, tracker, asked)
    if slots.get(_SLOT) and tracker.slots.get("report_missed") in (_ONCE, _AGAIN):
        slots = {**slots, "report_missed": None}
    filled = slots.get(_SLOT)
    if not isinstance(filled, Mapping) or filled.get("lat") is not None:
        return {**slots, **({"report_missed": None, "report_heard": None} if heard and filled else {})}, answer
    if heard is not None:
        joined = {
            "text": " ".join(dict.fromkeys([str(filled.get("text") or ""), heard["text"]])).strip(),
            "candidates": filled.get("candidates") or heard.get("candidates") or [],
        }
        return {**slots, _SLOT: joined, "report_missed": None, "report_heard": None}, answer
    fresh = asked or parse_place(tracker.slots.get(_SLOT)) is None or entities(tracker, "place", "landmark")
    if fresh and _is_wide(tracker, str(filled.get("text") or "")):
        more = Answer("utter_report_place_more") if asked else None
        return {_SLOT: None, "report_missed": _SLOT, "report_heard": dict(filled), **place_slots.NO_CHOICES}, more
    return slots, answer


def _heard(tracker: Tracker) -> dict[str, Any] | None:
    """The part of the place that was said before."""
    heard = tracker.slots.get("report_heard")
    if tracker.slots.get("report_missed") != _SLOT or not isinstance(heard, Mapping):
        return None
    return {"text": str(heard.get("text") or ""), "candidates": heard.get("candidates") or []}


def _missed(tracker: Tracker, trouble: str, heard: bool) -> tuple[dict[str, Any], Answer]:
    """The question again; from the second answer that was no place on with a way to go on without one."""
    empty = {_SLOT: None, **place_slots.NO_CHOICES}
    if heard or trouble != "utter_report_place_needed":
        return empty, Answer(trouble)
    if tracker.slots.get("report_missed") in (_ONCE, _AGAIN):
        return {**empty, "report_missed": _AGAIN}, Answer("utter_report_place_unknown")
    return {**empty, "report_missed": _ONCE}, Answer(trouble)


def _trouble(tracker: Tracker, said: str, heard: bool) -> str | None:
    """The answer to words that are no place, None when they may be one. heard: a part of the place is known."""
    if is_link(said):
        return "utter_report_place_link"
    if report_values.asks_back(said):
        return "utter_report_place_why"
    problem = entity(tracker, "problem_type") is not None and not report_values.is_telling(
        leftover(tracker, said, "problem_type")
    )
    missed = tracker.slots.get("report_missed")
    if missed == _AGAIN:
        return None  # nobody is kept here: the officer reads what was said
    few = len(_LETTER.findall(said)) < _FEWEST_LETTERS
    if problem or report_values.has_no_idea(said) or few or not _may_be_place(said, heard or missed == _ONCE):
        return "utter_report_place_needed"
    return None


def _may_be_place(said: str, asked_again: bool) -> bool:
    """Whether something says where; the second time it is enough that nothing says otherwise."""
    return place_words.says_where(said) or (asked_again and not place_words.is_talk(said))


def _is_wide(tracker: Tracker, words: str) -> bool:
    """Whether a place is a whole province, or a number that every town has."""
    if _NUMBER_ONLY.fullmatch(words):
        return True
    named = parse_place(entity(tracker, "place"))
    if named is None or entity(tracker, "landmark") is not None:
        return False
    provinces = bool(named.areas) and all(area.kind == "province" for area in named.areas)
    left = leftover(tracker, message_text(tracker), "place") if message_text(tracker) == words else ""
    return provinces and len(_LETTER.findall(re.sub("จังหวัด|จ\\.|ที่|ใน|อยู่|ครับ|ค่ะ|คะ", "", left))) < _FEWEST_LETTERS
