# SPDX-License-Identifier: Apache-2.0
"""A turn is done once: repeats are answered from the tracker, one after another and at the same time; erasure forgets."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

from tests.bot.conftest import Bot
from tests.bot.fakes import said, slot


def test_a_repeat_is_answered_without_running_again(bot: Bot, conversation: str) -> None:
    """The same turn id gives the same blocks and understanding, and no second call of the action."""
    bot.actions.replies["action_air_quality"] = (200, said("utter_two"))
    first = bot.turn(conversation, "ฝุ่นเชียงใหม่", turn_id="once")
    again = bot.turn(conversation, "ฝุ่นเชียงใหม่", turn_id="once")
    assert first[0] == again[0] == 200
    assert again[1] == {**first[1], "replayed": True}
    assert len(bot.actions.calls) == 1


def test_an_older_turn_is_answered_while_it_is_in_the_window(bot: Bot, conversation: str) -> None:
    """The last four turns can be repeated; an older id is a new turn, which the gateway's ledger never sends."""
    first = bot.turn(conversation, "สวัสดี", turn_id="t0")[1]
    for number in range(1, 4):
        bot.turn(conversation, "ช่วยอะไรได้บ้าง", turn_id=f"t{number}")
    repeated = bot.turn(conversation, "สวัสดี", turn_id="t0")[1]
    assert (repeated["replayed"], repeated["replies"]) == (True, first["replies"])
    bot.turn(conversation, "ช่วยอะไรได้บ้าง", turn_id="t4")
    assert bot.turn(conversation, "สวัสดี", turn_id="t0")[1]["replayed"] is False


def test_a_repeat_of_a_turn_with_several_blocks_stops_at_the_next_message(bot: Bot, conversation: str) -> None:
    """The replies of the following turn do not leak into the repeat."""
    bot.actions.replies["action_track_case"] = (200, said("utter_help"))
    first = bot.turn(conversation, "เช็คสถานะ", turn_id="a")[1]
    bot.turn(conversation, "สวัสดี", turn_id="b")
    assert [block["text"] for block in first["replies"]] == ["utter_two", "utter_help", "utter_greet"]
    assert bot.turn(conversation, "เช็คสถานะ", turn_id="a")[1]["replies"] == first["replies"]


def test_two_at_the_same_time_run_once(bot: Bot, conversation: str) -> None:
    """Of two parallel requests with one id one runs, and the other is answered at once after it, not a second later."""

    def slow(_: object) -> tuple[int, object]:
        time.sleep(0.3)
        return 200, said("utter_two")

    bot.actions.replies["action_air_quality"] = slow
    began = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: bot.turn(conversation, "ฝุ่นเชียงใหม่", turn_id="both"), range(4)))
    assert time.monotonic() - began < 1.0
    assert [status for status, _ in answers] == [200] * 4
    assert sorted(body["replayed"] for _, body in answers) == [False, True, True, True]
    assert len({str(body["replies"]) for _, body in answers}) == 1
    assert len(bot.actions.calls) == 1


def test_turns_of_one_conversation_keep_their_order(bot: Bot, conversation: str) -> None:
    """Different turns sent at once are all done, one after another, without steps of a second."""
    bot.said(conversation, "สวัสดี")
    began = time.monotonic()
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda n: bot.turn(conversation, "สวัสดี", turn_id=f"n{n}"), range(5)))
    assert [status for status, _ in answers] == [200] * 5
    assert time.monotonic() - began < 1.0


def test_a_failed_turn_can_be_done_again(bot: Bot, conversation: str) -> None:
    """A failure saves nothing, so the same id runs again, and then the tracker holds the message once."""
    bot.said(conversation, "สวัสดี")
    bot.actions.replies["action_air_quality"] = (500, b"boom")
    assert bot.turn(conversation, "ฝุ่นเชียงใหม่", turn_id="again")[0] == 502
    bot.actions.replies["action_air_quality"] = (200, said("utter_two", events=[slot("report_place", "x")]))
    status, body = bot.turn(conversation, "ฝุ่นเชียงใหม่", turn_id="again")
    assert (status, body["replayed"]) == (200, False)
    assert [e["message_id"] for e in bot.stored(conversation) or [] if e["event"] == "user"].count("again") == 1


def test_erasing_forgets(bot: Bot, conversation: str) -> None:
    """After erasure the row is gone, the form too, and erasing again is no error."""
    bot.said(conversation, "แจ้งปัญหา")
    assert bot.stored(conversation)
    assert bot.post({"conversation": conversation}, "/erase") == (200, {"erased": True})
    assert bot.stored(conversation) is None
    assert bot.post({"conversation": conversation}, "/erase") == (200, {"erased": True})
    assert bot.turn(conversation, "สวัสดี")[1]["active_form"] is None


def test_a_message_that_was_taken_back_leaves_no_word(bot: Bot, conversation: str) -> None:
    """One turn's words and what they filled are gone; the turns around it, the form and the next turn are not."""
    bot.said(conversation, "สวัสดี")
    bot.said(conversation, "แจ้งปัญหา")
    assert bot.turn(conversation, "ความลับสุดยอดของฉัน", turn_id="secret")[0] == 200
    assert "ความลับสุดยอดของฉัน" in json.dumps(bot.stored(conversation), ensure_ascii=False)
    assert bot.post({"conversation": conversation, "turn_id": "secret"}, "/erase") == (200, {"erased": True})
    left = json.dumps(bot.stored(conversation), ensure_ascii=False)
    assert "ความลับ" not in left
    assert "สวัสดี" in left
    status, body = bot.turn(conversation, "เสาไฟหัก")
    assert (status, body["active_form"]) == (200, "report_form")
    assert bot.post({"conversation": conversation, "turn_id": "never"}, "/erase") == (200, {"erased": True})


def test_a_wrong_erasure_is_refused(bot: Bot) -> None:
    """Without a conversation there is nothing to forget."""
    assert bot.post({"turn_id": "e"}, "/erase")[0] == 400
