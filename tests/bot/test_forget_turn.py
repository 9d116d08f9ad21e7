# SPDX-License-Identifier: Apache-2.0
"""What a turn that is taken back leaves in a stored tracker."""

from __future__ import annotations

from typing import Any

from bot.forget_turn import without_words


def said(turn: str) -> dict[str, Any]:
    """A message of a turn."""
    return {"event": "user", "message_id": turn, "text": "[photo]", "metadata": {}, "parse_data": {"entities": []}}


def filled(name: str, value: object) -> dict[str, Any]:
    """A slot's new value."""
    return {"event": "slot", "name": name, "value": value}


def slots(events: list[dict[str, Any]]) -> dict[str, Any]:
    """The slots after all events."""
    return {event["name"]: event["value"] for event in events if event["event"] == "slot"}


PHOTOS = [
    said("a"), filled("report_photo", "one"), filled("report_photos", ["one"]),
    said("b"), filled("report_photo", "two"), filled("report_photos", ["one", "two"]),
    said("c"), filled("report_contact", "-"),
]  # fmt: skip


def test_the_other_photos_stay() -> None:
    """Only the photo that was taken back is gone, whichever it was."""
    left = slots(without_words(PHOTOS, "b"))
    assert (left["report_photo"], left["report_photos"]) == ("one", ["one"])
    left = slots(without_words(PHOTOS, "a"))
    assert (left["report_photo"], left["report_photos"]) == ("two", ["two"])
    left = slots(without_words(without_words(PHOTOS, "a"), "b"))
    assert (left["report_photo"], left["report_photos"]) == (None, None)


def test_an_answer_is_asked_for_again() -> None:
    """What had no value before the turn has none again; the rest and the question stay."""
    events = [*PHOTOS, filled("requested_slot", "report_confirmed")]
    left = slots(without_words(events, "c"))
    assert (left["report_contact"], left["report_photo"], left["requested_slot"]) == (None, "two", "report_confirmed")


def test_a_filed_report_does_not_come_back() -> None:
    """The slots that the turn emptied stay empty."""
    events = [*PHOTOS, said("d"), filled("report_confirmed", True), filled("report_photo", None)]
    left = slots(without_words(events, "d"))
    assert (left["report_confirmed"], left["report_photo"]) == (None, None)
