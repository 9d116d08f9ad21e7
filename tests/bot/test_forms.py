# SPDX-License-Identifier: Apache-2.0
"""Forms in whole conversations: what answers, what interrupts, what is kept and what is forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot.conftest import Bot
from tests.bot.fakes import said, slot

_SLOTS = ("report_description", "report_place", "report_photo", "report_confirmed")


def reset(call: dict[str, Any]) -> tuple[int, Any]:
    """What the real actions do on submit and on cancel: empty the form's slots."""
    return 200, said("utter_two", events=[slot(name, None) for name in _SLOTS])


def slots_of(bot: Bot) -> dict[str, Any]:
    """The slots as the last action saw them."""
    slots = bot.actions.calls[-1]["tracker"]["slots"]
    return {name: slots[name] for name in _SLOTS}


def test_a_report_from_the_first_words_to_the_submission(bot: Bot, conversation: str) -> None:
    """The trigger's words fill the first slots, each answer the next, and the action gets them all."""
    bot.actions.replies["action_submit_report"] = reset
    assert bot.said(conversation, "ไฟถนนดับหน้าโรงเรียนบ้านหนองแวง") == ["utter_ask_report_photo"]
    assert bot.said(conversation, "ไม่มีรูปครับ") == ["utter_ask_report_confirmed"]
    assert bot.said(conversation, "ใช่ครับ") == ["utter_two"]
    filled = slots_of(bot)
    assert filled["report_description"] == "ไฟถนนดับหน้าโรงเรียนบ้านหนองแวง"
    assert filled["report_place"].startswith("หน้าโรงเรียนบ้านหนองแวง")
    assert filled["report_photo"] == "-"
    assert filled["report_confirmed"] is True


def test_a_second_report_starts_empty(bot: Bot, conversation: str) -> None:
    """Once the slots were reset on submission, the next report asks again instead of sending the old one."""
    bot.actions.replies["action_submit_report"] = reset
    for text in ("ไฟถนนดับหน้าโรงเรียน", "ข้าม", "ถูกต้อง"):
        bot.said(conversation, text)
    _, body = bot.turn(conversation, "แจ้งปัญหา")
    assert (body["active_form"], body["requested_slot"]) == ("report_form", "report_place")
    assert body["filled_slots"] == ["report_description"]


def test_cancel_ends_the_form_and_forgets_it(bot: Bot, conversation: str) -> None:
    """`ยกเลิก` is never taken for a value."""
    bot.actions.replies["action_cancel_form"] = (200, {"events": [slot(n, None) for n in _SLOTS], "responses": []})
    bot.said(conversation, "แจ้งปัญหา")
    status, body = bot.turn(conversation, "ยกเลิกค่ะ")
    assert (status, [block["text"] for block in body["replies"]]) == (200, ["utter_cancelled"])
    assert body["active_form"] is None
    assert bot.actions.calls[-1]["tracker"]["slots"]["report_place"] is None
    assert bot.turn(conversation, "แจ้งปัญหา")[1]["filled_slots"] == ["report_description"]


@pytest.mark.parametrize(
    "words",
    ["หน้าวัด", "วัด", "หมู่บ้านสวัสดีวิลล์", "ซอย 5", "ร้านหยุดพัก", "abc", "🏠 หลังที่สาม", "/ซอยลับ"],
)
def test_words_that_only_look_like_an_interruption_are_the_answer(bot: Bot, conversation: str, words: str) -> None:
    """What the classifier half takes for a greeting is a place when a place was asked for."""
    bot.said(conversation, "แจ้งปัญหา")
    _, body = bot.turn(conversation, words)
    assert (body["understanding"]["intent"], body["understanding"]["decision"]) == ("inform", "answer")
    assert body["requested_slot"] == "report_photo"
    bot.actions.replies["action_air_quality"] = (200, said("utter_two"))
    bot.said(conversation, "ค่าฝุ่นวันนี้")
    assert slots_of(bot)["report_place"] == words


@pytest.mark.parametrize("words", ["อำเภอเมืองเชียงใหม่", "ที่โคราชครับ"])
def test_a_place_is_no_question_about_the_air(bot: Bot, conversation: str, words: str) -> None:
    """To the classifier a place alone looks like most questions about the air; one with a word of it is one."""
    assert bot.said(conversation, "ไฟถนนดับหน้าโรงเรียนบ้านหนองแวง") == ["utter_ask_report_photo"]
    _, body = bot.turn(conversation, words)
    assert body["understanding"]["ranking"][0]["name"] == "ask_air_quality"
    assert body["understanding"]["intent"] == "inform"


def test_a_greeting_is_answered_and_the_question_asked_again(bot: Bot, conversation: str) -> None:
    """A sure interruption is answered first; it is not the value."""
    bot.said(conversation, "แจ้งปัญหา")
    _, body = bot.turn(conversation, "สวัสดีครับ")
    assert [block["text"] for block in body["replies"]] == ["utter_greet", "utter_ask_report_place"]
    assert (body["active_form"], body["requested_slot"]) == ("report_form", "report_place")


def test_going_on_asks_the_open_question_again(bot: Bot, conversation: str) -> None:
    """At once, after another interruption and twice in a row; the answer then counts."""
    go_on = {"payload": "/repeat", "label": "ทำต่อ"}
    bot.said(conversation, "แจ้งปัญหา")
    assert bot.said(conversation, choice=go_on) == ["utter_ask_report_place"]
    assert bot.said(conversation, choice=go_on) == ["utter_ask_report_place"]
    bot.said(conversation, "ไฟไหม้บ้าน ช่วยด้วย")
    assert bot.said(conversation, choice=go_on) == ["utter_ask_report_place"]
    assert bot.said(conversation, "หน้าวัด") == ["utter_ask_report_photo"]


def test_a_menus_words_are_no_answer(bot: Bot, conversation: str) -> None:
    """Word for word they mean their entry, whatever the classifier makes of them and whatever is asked."""
    bot.said(conversation, "แจ้งปัญหา")
    _, body = bot.turn(conversation, "บริการของเรา")
    assert [block["text"] for block in body["replies"]] == ["utter_greet", "utter_ask_report_place"]
    assert body["understanding"]["intent"] == "greet"
    _, body = bot.turn(conversation, "หน้าบริการของเรา")
    assert body["understanding"]["intent"] == "inform"


def test_more_of_the_same_matter_is_the_answer(bot: Bot, conversation: str) -> None:
    """A message read as the form's own intent describes the matter; it does not start the form again."""
    bot.said(conversation, "แจ้งปัญหา")
    _, body = bot.turn(conversation, "ไฟดับทั้งซอย")
    assert body["understanding"]["intent"] == "inform"
    assert body["filled_slots"] == ["report_description", "report_place"]


def test_a_yes_where_none_is_asked_for_is_text(bot: Bot, conversation: str) -> None:
    """`ใช่` answers only questions that take it."""
    bot.said(conversation, "แจ้งปัญหา")
    assert bot.turn(conversation, "ใช่")[1]["understanding"]["intent"] == "inform"


def test_words_cannot_confirm(bot: Bot, conversation: str) -> None:
    """The read-back takes yes or no; anything else is asked again."""
    for text in ("ไฟถนนดับหน้าโรงเรียน", "ข้าม"):
        bot.said(conversation, text)
    _, body = bot.turn(conversation, "ราคาทองวันนี้")
    assert body["understanding"]["intent"] == "out_of_scope"
    assert body["requested_slot"] == "report_confirmed"
    assert body["replies"][-1]["text"] == "utter_ask_report_confirmed"


def test_ten_interruptions_lose_nothing(bot: Bot, conversation: str) -> None:
    """The form outlives more turns than the window holds, with what was filled before."""
    bot.actions.replies["action_submit_report"] = reset
    bot.said(conversation, "ไฟดับทั้งซอย")
    bot.said(conversation, "หน้าวัดดอนแก้ว")
    for number in range(10):
        _, body = bot.turn(conversation, "สวัสดีครับ")
        assert body["requested_slot"] == "report_photo", number
        assert [block["text"] for block in body["replies"]] == ["utter_greet", "utter_ask_report_photo"]
    assert bot.said(conversation, "ข้าม") == ["utter_ask_report_confirmed"]
    assert bot.said(conversation, "ถูกต้อง") == ["utter_two"]
    assert slots_of(bot) == {
        "report_description": "ไฟดับทั้งซอย",
        "report_place": "หน้าวัดดอนแก้ว",
        "report_photo": "-",
        "report_confirmed": True,
    }


def test_an_action_in_the_middle_of_a_form(bot: Bot, conversation: str) -> None:
    """Another service is answered, then the form goes on."""
    bot.actions.replies["action_air_quality"] = (200, said("utter_two"))
    bot.said(conversation, "แจ้งปัญหา")
    assert bot.said(conversation, "ฝุ่นแถวเชียงใหม่วันนี้เป็นยังไง") == ["utter_two", "utter_ask_report_place"]


def test_a_refused_action_lets_other_rules_answer(bot: Bot, conversation: str) -> None:
    """rasa-sdk's 400 with the action's name is a refusal to run, not a failure."""
    refusal = {"action_name": "action_air_quality", "error": "ไม่พร้อม"}
    bot.actions.replies["action_air_quality"] = (400, refusal)
    bot.said(conversation, "แจ้งปัญหา")
    status, _ = bot.turn(conversation, "ฝุ่นแถวเชียงใหม่วันนี้เป็นยังไง")
    assert status in (200, 502)
    assert bot.turn(conversation, "หน้าวัด")[1]["requested_slot"] == "report_photo"


def test_hours_later_the_form_is_still_there(bot: Bot, conversation: str) -> None:
    """No sessions: Rasa's would end the form and keep its half-filled slots."""
    import psycopg

    bot.said(conversation, "แจ้งปัญหา")
    with psycopg.connect(bot.database, autocommit=True) as connection:
        connection.execute(
            "UPDATE trackers SET body = replace(body::text, '\"timestamp\": 1', '\"timestamp\": ')::jsonb "
            "WHERE conversation = %s",
            [conversation],
        )
    assert all(event["timestamp"] < 1e9 for event in bot.stored(conversation) or [])
    _, body = bot.turn(conversation, "หน้าวัด")
    assert (body["active_form"], body["requested_slot"]) == ("report_form", "report_photo")


@pytest.mark.parametrize("words", ["อยากตาย", "ฆ่าตัวตาย"])
def test_after_words_of_despair_nothing_is_asked(bot: Bot, conversation: str, words: str) -> None:
    """They have an answer of their own; the form waits, offers itself with the next words, and then goes on."""
    assert bot.said(conversation, "ไฟถนนดับหน้าโรงเรียนบ้านหนองแวง") == ["utter_ask_report_photo"]
    assert bot.said(conversation, words) == ["utter_self_harm"]
    assert bot.said(conversation, "มันหนักเกินไป") == ["utter_form_kept"]
    _, body = bot.turn(conversation, "ข้าม")
    assert (body["active_form"], body["requested_slot"]) == ("report_form", "report_confirmed")


def test_after_an_emergency_nothing_is_asked(bot: Bot, conversation: str) -> None:
    """The question that was open still takes its answer: a skip is no skip of nothing."""
    assert bot.said(conversation, "ไฟถนนดับหน้าโรงเรียนบ้านหนองแวง") == ["utter_ask_report_photo"]
    assert bot.said(conversation, "พ่อหมดสติ") == ["utter_emergency"]
    assert bot.said(conversation, "ข้าม") == ["utter_ask_report_confirmed"]


def test_the_place_of_a_question_about_the_air_is_not_the_forms(bot: Bot, conversation: str) -> None:
    """Asked for it by the air service, a place alone goes there; the form's own slot stays empty."""
    bot.said(conversation, "แจ้งปัญหา")
    listen = {"event": "followup", "name": "action_listen"}
    bot.actions.replies["action_air_quality"] = (200, said("utter_air_quality_needs_place", events=[listen]))
    assert bot.said(conversation, "ค่าฝุ่นวันนี้") == ["utter_air_quality_needs_place"]
    bot.actions.replies["action_air_quality"] = (200, said("utter_two"))
    assert bot.said(conversation, "เชียงใหม่") == ["utter_two", "utter_ask_report_place"]
    assert slots_of(bot)["report_place"] is None


def test_a_choice_after_asking_back_keeps_the_citizens_words(bot: Bot, conversation: str) -> None:
    """What the choice settles is the message before it, not the choice's label."""
    _, body = bot.turn(conversation, "อยากทำอะไรสักอย่างกับไฟแล้วก็บัตร")
    assert body["understanding"]["intent"] in ("nlu_clarify", "out_of_scope")
    bot.turn(conversation, choice={"payload": "/report_problem", "label": "แจ้งปัญหาเมือง"})
    bot.actions.replies["action_air_quality"] = (200, said("utter_two"))
    bot.said(conversation, "ค่าฝุ่นวันนี้")
    expected = "อยากทำอะไรสักอย่างกับไฟแล้วก็บัตร" if body["understanding"]["intent"] == "nlu_clarify" else "แจ้งปัญหาเมือง"
    assert slots_of(bot)["report_description"] == expected
