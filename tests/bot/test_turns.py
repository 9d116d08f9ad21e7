# SPDX-License-Identifier: Apache-2.0
"""Turns by the wire contract: what comes back, unsplit, with its understanding; choices, pins, photos; typed commands."""

from __future__ import annotations

import pytest

from tests.bot.conftest import Bot
from tests.bot.fakes import said


def test_an_answer_has_the_shape_of_the_contract(bot: Bot, conversation: str) -> None:
    """Every field of wire.md §2 is there, with the model's understanding."""
    status, body = bot.turn(conversation, "สวัสดีค่ะ", turn_id="t-1")
    assert status == 200
    assert body["turn_id"] == "t-1"
    assert body["replayed"] is False
    assert body["replies"] == [{"type": "text", "text": "utter_greet", "answer": "utter_greet"}]
    understood = body["understanding"]
    assert (understood["intent"], understood["decision"], understood["repaired"]) == ("greet", "answer", None)
    assert understood["confidence"] > 0.9
    assert understood["ranking"][0]["name"] == "greet"
    assert understood["entities"] == []
    assert (body["active_form"], body["requested_slot"], body["filled_slots"]) == (None, None, [])


def test_blocks_come_whole_and_in_order(bot: Bot, conversation: str) -> None:
    """An empty line does not split a text, and text, image and custom blocks of one answer keep their order."""
    card = {"type": "card", "title": "ค่าฝุ่น", "fields": [{"label": "PM2.5", "value": "12"}], "links": []}
    bot.gateway.answers["utter_greet"] = (
        200,
        {"text": "บรรทัดแรก\n\nบรรทัดที่สอง", "image": "https://example.go.th/map.png", "custom": {"blocks": [card, card]}},
    )
    _, body = bot.turn(conversation, "สวัสดี")
    assert [block["type"] for block in body["replies"]] == ["text", "image", "card", "card"]
    assert body["replies"][0]["text"] == "บรรทัดแรก\n\nบรรทัดที่สอง"
    assert body["replies"][2] == {**card, "answer": "utter_greet"}


def test_buttons_become_choices_with_their_text(bot: Bot, conversation: str) -> None:
    """A response with buttons is one block of choices."""
    buttons = [{"title": "ใช่", "payload": "/affirm"}, {"title": "ไม่", "payload": "/deny"}]
    bot.gateway.answers["utter_greet"] = (200, {"text": "ถูกไหมคะ", "buttons": buttons})
    _, body = bot.turn(conversation, "สวัสดี")
    choices = [{"label": "ใช่", "payload": "/affirm"}, {"label": "ไม่", "payload": "/deny"}]
    assert body["replies"] == [{"type": "choices", "text": "ถูกไหมคะ", "choices": choices, "answer": "utter_greet"}]


def test_an_action_speaks_by_answer_and_by_block(bot: Bot, conversation: str) -> None:
    """Both ways in which an action says something reach the gateway, with the arguments at the NLG endpoint."""
    directive = {"type": "directive", "name": "erase"}
    answer = said("utter_two", place="เชียงใหม่", pm25=12.5)
    answer["responses"].append({"custom": {"block": directive}})
    bot.actions.replies["action_air_quality"] = (200, answer)
    _, body = bot.turn(conversation, "ฝุ่นเชียงใหม่")
    assert body["replies"] == [{"type": "text", "text": "utter_two", "answer": "utter_two"}, directive]
    assert bot.gateway.nlg_calls[-1]["arguments"] == {"place": "เชียงใหม่", "pm25": 12.5}


def test_the_request_to_the_nlg_endpoint_is_slim(bot: Bot, conversation: str) -> None:
    """It holds the form of Rasa's own request, without events and without the citizen's words."""
    bot.turn(conversation, "บัตรประชาชนหายต้องใช้อะไรบ้าง ลับมาก", locale="en", channel="line")
    call = bot.gateway.nlg_calls[-1]
    assert (call["response"], call["locale"], call["channel"]) == ("utter_guide_id_card", "en", {"name": "line"})
    assert set(call["tracker"]) == {"sender_id", "slots", "latest_message"}
    message = call["tracker"]["latest_message"]
    assert message["intent"]["name"] == "guide_id_card"
    assert len(message["intent_ranking"]) == 5
    found = {(entity["entity"], entity["value"]) for entity in message["entities"]}
    assert {("situation", "lost"), ("aspect", "documents")} <= found
    assert "ลับมาก" not in str(call)


def test_an_action_sees_turn_id_channel_and_location(bot: Bot, conversation: str) -> None:
    """latest_message carries what actions need, and the domain is not sent to them."""
    bot.turn(conversation, "ฝุ่นเชียงใหม่", turn_id="t-7", channel="telegram", metadata={"officer": False})
    call = bot.actions.calls[-1]
    message = call["tracker"]["latest_message"]
    assert message["message_id"] == "t-7"
    assert message["metadata"] == {"officer": False, "locale": "th", "channel": "telegram"}
    assert "domain" not in call


def test_a_choice_is_not_understood_but_taken(bot: Bot, conversation: str) -> None:
    """A payload gives the intent and entities, of any JSON type; the label stands for the words."""
    place = {"text": "โคราช", "candidates": [{"code": "30"}]}
    payload = '/ask_air_quality{"place": {"text": "โคราช", "candidates": [{"code": "30"}]}, "aspect": ["fee", "time"]}'
    bot.actions.replies["action_air_quality"] = (200, said("utter_two"))
    status, body = bot.turn(conversation, choice={"payload": payload, "label": "โคราช"})
    assert status == 200
    understood = body["understanding"]
    assert (understood["intent"], understood["confidence"], understood["decision"]) == (
        "ask_air_quality",
        1.0,
        "answer",
    )
    assert understood["entities"] == [
        {"entity": "place", "value": place},
        {"entity": "aspect", "value": "fee"},
        {"entity": "aspect", "value": "time"},
    ]
    assert bot.actions.calls[-1]["tracker"]["latest_message"]["text"] == "โคราช"


def test_an_intent_without_a_rule_gets_the_default_answer(bot: Bot, conversation: str) -> None:
    """Rasa's fallback takes the message back; the turn is still answered, told as understood, and done once."""
    choice = {"payload": "/deny", "label": "ไม่"}
    _, body = bot.turn(conversation, choice=choice, turn_id="d")
    assert [block["text"] for block in body["replies"]] == ["utter_default"]
    assert body["understanding"]["intent"] == "deny"
    assert bot.turn(conversation, choice=choice, turn_id="d")[1] == {**body, "replayed": True}
    assert bot.said(conversation, "สวัสดี") == ["utter_greet"]


@pytest.mark.parametrize(
    "payload", ["greet", "/", "/no_such_intent", "/restart", "/back", "/session_start", '/greet{"place": ', "/greet []"]
)
def test_a_choice_that_means_nothing_is_refused(bot: Bot, conversation: str, payload: str) -> None:
    """Malformed payloads, unknown intents and Rasa's own commands are bad requests."""
    assert bot.turn(conversation, choice={"payload": payload, "label": "x"})[0] == 400
    assert bot.stored(conversation) is None


def test_a_pin_and_a_photo_arrive_as_entities(bot: Bot, conversation: str) -> None:
    """A pin is `inform` with a location, a photo `inform` with a media id."""
    bot.said(conversation, "แจ้งปัญหา")
    _, body = bot.turn(conversation, location={"lat": 18.79, "lon": 98.98})
    assert body["understanding"]["intent"] == "inform"
    assert body["understanding"]["entities"] == [{"entity": "location", "value": {"lat": 18.79, "lon": 98.98}}]
    assert body["filled_slots"] == ["report_description", "report_place"]
    assert body["requested_slot"] == "report_photo"
    _, body = bot.turn(conversation, media={"id": "m_1", "kind": "image"})
    assert body["understanding"]["entities"] == [{"entity": "media", "value": "m_1"}]
    assert body["requested_slot"] == "report_confirmed"
    texts = [event["text"] for event in bot.stored(conversation) or [] if event["event"] == "user"]
    assert texts == ["แจ้งปัญหา", "[location]", "[photo]"]


@pytest.mark.parametrize(
    "text", ["/cancel", " /cancel", "//cancel", "/restart", '/affirm{"place": "x"}', "\u200b/cancel"]
)
def test_a_typed_command_is_only_text(bot: Bot, conversation: str, text: str) -> None:
    """A citizen cannot trigger an intent by typing it: the text is understood like any other, and nothing is lost."""
    bot.said(conversation, "แจ้งปัญหา")
    status, body = bot.turn(conversation, text)
    assert status == 200
    assert len(body["understanding"]["ranking"]) > 1, "an intent taken from the text has no ranking"
    events = bot.stored(conversation) or []
    assert not [event for event in events if event["event"] in ("restart", "rewind")]
    assert [event["text"] for event in events if event["event"] == "user"][-1] == text.strip()


def test_a_typed_payload_gives_no_entities(bot: Bot, conversation: str) -> None:
    """The braces of a payload mean nothing in a text."""
    _, body = bot.turn(conversation, '/greet{"media": "m_9", "field": "x"}')
    assert body["understanding"]["entities"] == []


@pytest.mark.parametrize("text", ["/", "", "   ", "😀" * 200, "ก" * 5000, "\x00", "\ud800", "⟦", "{" * 3000])
def test_odd_texts_get_a_polite_answer(bot: Bot, conversation: str, text: str) -> None:
    """Empty, huge and meaningless texts are answered, never a server's error."""
    status, body = bot.turn(conversation, text)
    assert status == 200
    assert body["replies"]


def test_words_in_the_wrong_layout_are_read_as_meant(bot: Bot, conversation: str) -> None:
    """The repaired text is what is understood, kept and told back."""
    _, body = bot.turn(conversation, "l;ylfu")
    assert body["understanding"]["repaired"] == "สวัสดี"
    assert body["understanding"]["intent"] == "greet"
    assert [e["text"] for e in bot.stored(conversation) or [] if e["event"] == "user"] == ["สวัสดี"]


def test_a_slash_may_be_a_letter(bot: Bot, conversation: str) -> None:
    """In the wrong layout ฝ is typed as a slash; offsets in a text with a slash are those of the text itself."""
    bot.actions.replies["action_air_quality"] = (200, said("utter_two"))
    assert bot.turn(conversation, "/6jog=up'.s,j")[1]["understanding"]["repaired"] == "ฝุ่นเชียงใหม่"
    entity = bot.turn(conversation, "/โคราช ค่าฝุ่น")[1]["understanding"]["entities"][0]
    assert (entity["start"], entity["end"]) == (1, 6)


def test_rule_entities(bot: Bot, conversation: str) -> None:
    """Handles, case numbers, places, landmarks and synonyms are found, with their place in the text."""
    text = "ไฟถนนดับหน้าโรงเรียนบ้านหนองแวง โคราช โทร ⟦phone:k3f9⟧ เรื่อง ๒๕๖๙ 7kmpx4"
    _, body = bot.turn(conversation, text)
    found = {entity["entity"]: entity for entity in body["understanding"]["entities"]}
    assert found["phone"]["value"] == "⟦phone:k3f9⟧"
    assert text[found["phone"]["start"] : found["phone"]["end"]] == "⟦phone:k3f9⟧"
    assert found["case_number"]["value"] == "2569-7KMPX4"
    assert found["problem_type"]["value"] == "แสงสว่าง"
    assert found["landmark"]["value"].startswith("หน้าโรงเรียนบ้านหนองแวง")
    assert found["place"]["value"]["candidates"][0]["code"] == "30"
    assert text[found["place"]["start"] : found["place"]["end"]] == "โคราช"


def test_a_doubtful_text_is_asked_back(bot: Bot, conversation: str) -> None:
    """Between two intents the decision is to clarify, with the ranking for the choices."""
    bot.said(conversation, "สวัสดี")
    _, body = bot.turn(conversation, "อยากทำอะไรสักอย่างกับไฟแล้วก็บัตร")
    understood = body["understanding"]
    assert understood["decision"] in ("clarify", "out_of_scope")
    assert understood["intent"] in ("nlu_clarify", "out_of_scope")


@pytest.mark.parametrize(
    "change",
    [
        {"text": None},
        {"text": 5},
        {"text": "x" * 20_001},
        {"choice": {"payload": "/greet", "label": "x"}},
        {"turn_id": ""},
        {"turn_id": 7},
        {"turn_id": "a\nb"},
        {"conversation": None},
        {"deadline_ms": 0},
        {"deadline_ms": "soon"},
        {"deadline_ms": True},
        {"channel": "Web!"},
        {"locale": 3},
        {"metadata": "x"},
        {"text": None, "location": {"lat": 91, "lon": 0}},
        {"text": None, "location": {"lat": "18", "lon": 0}},
        {"text": None, "location": {"lat": 1}},
        {"text": None, "media": {"kind": "image"}},
        {"text": None, "choice": {"payload": 5}},
    ],
)
def test_a_wrong_request_is_refused(bot: Bot, conversation: str, change: dict[str, object]) -> None:
    """Anything but one well-formed turn is a 400, and nothing is stored."""
    body = {"turn_id": "t", "conversation": conversation, "text": "สวัสดี", **change}
    assert bot.post(body) == (400, {"error": "bad_request", "active_form": None, "filled_slots": []})
    assert bot.stored(conversation) is None


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"\xff\xfe", b"[" * 100_000, b"null"])
def test_a_body_that_is_no_object_is_refused(bot: Bot, body: bytes) -> None:
    """Broken, deep and non-UTF-8 bodies are 400."""
    assert bot.post(body)[0] == 400


@pytest.mark.parametrize("token", [None, "", "wrong", "a-token-for-test", "a-token-for-testsx", "à"])
@pytest.mark.parametrize("path", ["", "/erase"])
def test_without_the_token_nothing_is_told(bot: Bot, conversation: str, token: str | None, path: str) -> None:
    """A missing or wrong token is 401 before anything is read."""
    body = {"turn_id": "t", "conversation": conversation, "text": "สวัสดี"}
    assert bot.post(body, path, token=token)[0] == 401
    assert bot.stored(conversation) is None


def test_connections_are_kept(bot: Bot, conversation: str) -> None:
    """Rasa opens one per call; here ten turns with an action and an answer need at most one new one each way."""
    bot.actions.replies["action_air_quality"] = (200, said("utter_two"))
    before = (bot.actions.accepted, bot.gateway.accepted)
    for _ in range(10):
        bot.said(conversation, choice={"payload": "/ask_air_quality", "label": "ฝุ่น"})
    assert bot.actions.accepted - before[0] <= 1
    assert bot.gateway.accepted - before[1] <= 3, "the model is asked for every two seconds, too"


def test_the_result_schema_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rasa compiles and re-checks its own schema for every action, which takes most of an action's time."""
    import jsonschema
    from rasa.core.actions.action import RemoteAction

    from bot import actions_client
    from bot.failures import ActionFailed

    def compiled_again(*_: object, **__: object) -> None:
        raise AssertionError("jsonschema.validate compiles the schema")

    monkeypatch.setattr(RemoteAction, "_validate_action_result", RemoteAction._validate_action_result)
    monkeypatch.setattr(jsonschema, "validate", compiled_again)
    actions_client.install()
    action = RemoteAction("action_x", None)
    assert action._validate_action_result({"events": [{"event": "slot", "name": "a", "value": 1}], "responses": []})
    with pytest.raises(ActionFailed) as failed:
        action._validate_action_result({"events": [{"event": "slot", "timestamp": "ความลับ"}]})
    assert "ความลับ" not in str(failed.value)
    assert failed.value.__cause__ is None
