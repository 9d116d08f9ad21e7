# SPDX-License-Identifier: Apache-2.0
"""Answers on LINE: what becomes of each kind of block, with nothing lost and nothing shown that must not be."""

from __future__ import annotations

import copy
import json
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.line.colours import BANDS
from channels.line.render import render
from channels.web.render import shown
from tests.channels.blocks import QUICK, SECRET, blocks
from tests.channels.line.line_rules import actions, check_list, contrast, flex_texts, seen
from tests.channels.line.samples import KINDS, card, choices, drawn

Json = dict[str, Any]


def quick_replies(messages: list[Json]) -> list[Json]:
    """The actions under the last object."""
    return [item["action"] for item in messages[-1].get("quickReply", {}).get("items", ())]


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("locale", ["th", "en"])
def test_each_kind_of_block_is_drawn_by_the_rules(name: str, locale: str) -> None:
    """Every kind of block of the wire, also far beyond LINE's limits, becomes objects that LINE takes."""
    made = drawn(KINDS[name], locale)
    assert made
    check_list(made)


@QUICK
@given(
    blocks, st.integers(1, 2**40), st.sampled_from(["th", "en"]), st.sampled_from(["https://a.go.th", "http://x:80"])
)
def test_any_blocks_are_drawn_by_the_rules(made: list[Json], seq: int, locale: str, public_url: str) -> None:
    """Whatever blocks come; and they are not changed by drawing them."""
    before = copy.deepcopy(made)
    messages = render(seq, made, locale=locale, public_url=public_url)
    check_list(messages)
    assert SECRET not in json.dumps(messages)
    assert made == before


@QUICK
@given(blocks)
def test_no_words_are_lost(made: list[Json]) -> None:
    """Everything that a citizen may read can be read, whole."""
    on_screen = _letters(seen(drawn(made)))
    for block in made:
        if block["type"] in {"directive", "download"}:
            continue
        for part in (block, *block.get("cards", ())):
            for words in _readable(part):
                assert _letters(words) in on_screen


def _readable(block: Json) -> list[str]:
    """The words of a block, without labels that are an icon's."""
    words = [block[key] for key in ("text", "title", "alt") if block.get(key)]
    words += [choice["label"] for choice in block.get("choices", ())]
    for field in block.get("fields", ()):
        words += [field["label"], field["value"]]
    words += [link["label"] for link in block.get("links", ())]
    words += [block.get("source", {}).get(key) or "" for key in ("name", "label")]
    return words


def _letters(words: str) -> str:
    """What can be seen of words: blanks and controls may differ."""
    return "".join(char for char in words if char.isprintable() and not char.isspace())


@QUICK
@given(blocks, st.integers(1, 2**40))
def test_l_out_13_postback_data_is_the_servers_own_token(made: list[Json], seq: int) -> None:
    """The token of each choice is the one that the web channel would give it, and nothing else is sent."""
    messages = render(seq, made, locale="th", public_url="https://a.go.th")
    tokens = [action["data"] for action in actions(messages) if action["type"] == "postback"]
    assert sorted(tokens) == sorted(choice["id"] for block in shown(seq, made) for choice in block.get("choices", ()))


def test_a_question_has_quick_replies() -> None:
    """The words are a text, the choices are under it, a tap says the label."""
    [text] = drawn([choices(2)])
    assert text["text"] == "เลือกได้เลยค่ะ"
    assert quick_replies([text]) == [
        {"type": "postback", "label": "ตัวเลือกที่ 1", "data": "5.0.0", "displayText": "ตัวเลือกที่ 1"},
        {"type": "postback", "label": "ตัวเลือกที่ 2", "data": "5.0.1", "displayText": "ตัวเลือกที่ 2"},
    ]


def test_l_out_11_quick_replies_stand_on_the_last_object() -> None:
    """A line that follows the question (the label of sandbox data, say) carries the choices."""
    question, line = drawn([choices(2), {"type": "text", "text": "ข้อมูลสมมติ (โหมดทดลอง)"}])
    assert "quickReply" not in question
    assert len(quick_replies([line])) == 2


def test_of_two_questions_the_newest_has_the_quick_replies() -> None:
    """The earlier one keeps its choices in a card right under it."""
    first, rows, second = drawn([choices(2), choices(3)])
    assert (first["type"], rows["type"], second["type"]) == ("text", "flex", "text")
    assert [action["data"] for action in actions(rows)] == ["5.0.0", "5.0.1"]
    assert [action["data"] for action in quick_replies([second])] == ["5.1.0", "5.1.1", "5.1.2"]


def test_a_question_without_words_is_a_card() -> None:
    """Quick replies need something to stand on."""
    [rows] = drawn([choices(2, text=" ")])
    assert rows["altText"] == "ตัวเลือกที่ 1\nตัวเลือกที่ 2"
    assert list(flex_texts(rows)) == ["ตัวเลือกที่ 1", "ตัวเลือกที่ 2"]


def test_a_place_is_asked_for_with_a_map() -> None:
    """One tap opens LINE's own map."""
    [text] = drawn(KINDS["location request"])
    assert quick_replies([text]) == [{"type": "location", "label": "ส่งตำแหน่ง"}]


def test_a_photo_is_asked_for_with_camera_album_and_skip() -> None:
    """The request and the choice that follows it are one question."""
    made = drawn(KINDS["photo request"])
    assert [message["type"] for message in made] == ["text", "text"]
    assert [(action["type"], action["label"]) for action in quick_replies(made)] == [
        ("camera", "ถ่ายภาพ"),
        ("cameraRoll", "ส่งภาพ"),
        ("postback", "ตัวเลือกที่ 1"),
    ]


def test_requests_of_an_earlier_question_open_by_address() -> None:
    """Camera, album and map can be opened from a card only by LINE's own addresses."""
    made = drawn(KINDS["requests and two questions"])
    opened = [action["uri"] for action in actions(made) if action["type"] == "uri"]
    assert opened == [
        "https://line.me/R/nv/camera/",
        "https://line.me/R/nv/cameraRoll/single",
        "https://line.me/R/nv/location/",
    ]
    assert [action["data"] for action in quick_replies(made)] == ["5.3.0", "5.3.1"]


def test_a_request_without_words_is_still_asked() -> None:
    """Its label is the words; without any, LINE's controls are labelled by us."""
    [place] = drawn([{"type": "location_request", "text": "", "label": " "}])
    assert (place["text"], quick_replies([place])[0]["label"]) == ("ส่งตำแหน่ง", "ส่งตำแหน่ง")
    [photo] = drawn([{"type": "photo_request", "text": "", "label": "ถ่ายภาพ"}], "en")
    assert [action["label"] for action in quick_replies([photo])] == ["Take a photo", "ถ่ายภาพ"]


def test_the_air_card_says_and_shows_its_band() -> None:
    """Title on the band's colour, a scale with the band's number marked, source, time and the label of sandbox data."""
    [message] = drawn([card()])
    bubble = message["contents"]
    assert bubble["header"]["backgroundColor"] == BANDS["4"]
    assert list(flex_texts(bubble["header"])) == ["คุณภาพอากาศ เชียงใหม่"]
    scale = bubble["body"]["contents"][0]["contents"]
    assert [list(flex_texts(step)) for step in scale] == [["1"], ["2"], ["3"], ["4"], ["5"]]
    assert [number for number, step in enumerate(scale, start=1) if "borderWidth" in step] == [4]
    told = list(flex_texts(bubble))
    assert "ที่มา: Air4Thai\nข้อมูลเมื่อ 22 พ.ย. 2569 เวลา 16:00 น." in told
    assert "ข้อมูลสมมติ (โหมดทดลอง)" in told
    assert message["altText"].startswith("คุณภาพอากาศ เชียงใหม่\nระดับเริ่มมีผลกระทบต่อสุขภาพ\n")
    assert "PM2.5 เฉลี่ย 24 ชม.: 38.2 มคก./ลบ.ม." in message["altText"]


@pytest.mark.parametrize(("value", "beside"), [("ก" * 18, True), ("ก" * 19, False), ("ก\nข", False)])
def test_a_short_value_stands_beside_its_label_a_long_one_under_it(value: str, beside: bool) -> None:
    """Ragged narrow columns of Thai are hard to read."""
    [message] = drawn([{"type": "card", "title": "ก", "fields": [{"label": "ช่อง", "value": value}]}])
    _, *rest = message["contents"]["body"]["contents"]
    assert [part["type"] for part in rest] == (["box"] if beside else ["text", "text"])
    assert list(flex_texts(rest)) == ["ช่อง", value]


def test_every_band_can_be_read() -> None:
    """Five colours that differ, each with dark words at 4.5:1 at least."""
    assert len(set(BANDS.values())) == 5
    for level, ground in BANDS.items():
        [message] = drawn([card(level=level)])
        assert message["contents"]["header"]["backgroundColor"] == ground
        assert contrast("#1A1A1A", ground) >= 4.5


@pytest.mark.parametrize("level", [None, "", "0", "6", "x"])
def test_a_card_without_a_band_has_no_colour(level: str | None) -> None:
    """A level that is none is not guessed."""
    [message] = drawn([card(level=level)])
    assert "header" not in message["contents"]


def test_an_english_card() -> None:
    """Its time and our own words are English."""
    [message] = drawn([card()], "en")
    assert "Source: Air4Thai\nAs of 22 Nov 2026, 16:00" in list(flex_texts(message))


@pytest.mark.parametrize("moment", ["16:00", "2026-11-22T16:00:00", "ไม่ทราบ"])
def test_a_time_that_is_none_stays_as_it_came(moment: str) -> None:
    """Better a strange time than a wrong one."""
    [message] = drawn([card(source={"name": "ก", "observed_at": moment, "sandbox": False})])
    assert f"ที่มา: ก\nข้อมูลเมื่อ {moment}" in list(flex_texts(message))


def test_links_open_pages_and_call_numbers() -> None:
    """Addresses are written as LINE wants them; mail, which LINE does not open, is told."""
    [message] = drawn([card()])
    opened = {action["label"]: action["uri"] for action in actions(message["contents"]["footer"])}
    assert unquote(opened["ดูข้อมูลที่ต้นทาง"]) == "https://air4thai.pcd.go.th/ค่าฝุ่น?ที่=เชียงใหม่"
    assert opened["โทร 1650"] == "tel:1650"
    assert "อีเมล: ask@example.go.th" in list(flex_texts(message))


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("tel:02 000 0000", "tel:020000000"),
        ("tel:+66-2-000-0000", "tel:+6620000000"),
        ("tel:1111 ต่อ 2", None),
        ("http://a.go.th", None),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https://[", None),
        ("https://a.go.th/" + "x" * 984, "https://a.go.th/" + "x" * 984),
        ("https://a.go.th/" + "x" * 985, None),
    ],
)
def test_an_address_that_line_would_refuse_is_told(url: str, opened: str | None) -> None:
    """Never a 400 for a link: it is a tap or words."""
    made = drawn([card(links=[{"label": "ดูที่นี่", "url": url}], source=None)])
    check_list(made)
    assert [action["uri"] for action in actions(made)] == ([opened] if opened else [])
    assert opened or "ดูที่นี่:" in seen(made)


def test_a_case_number_can_be_shared() -> None:
    """A card about one case lets the citizen pass its number on, and nothing else of it."""
    [message] = drawn(KINDS["case"])
    shares = [action for action in actions(message) if action["uri"].startswith("https://line.me/")]
    assert shares == [{"type": "uri", "label": "แชร์เลขที่เรื่อง", "uri": "https://line.me/R/share?text=2569-6MXVTH"}]


def test_a_picture_has_its_words_under_it() -> None:
    """LINE fetches it over https; where it cannot, the words stand alone."""
    picture, words = drawn(KINDS["image of ours"])
    assert picture["originalContentUrl"] == picture["previewImageUrl"] == "https://chat.example.go.th/static/map.png"
    assert words["text"] == "แผนที่"
    assert drawn(KINDS["media"]) == [{"type": "text", "text": "ภาพถนน"}]
    assert drawn([{"type": "image", "url": "tel:1650", "alt": "แผนที่"}]) == [{"type": "text", "text": "แผนที่"}]
    local = render(1, KINDS["image of ours"], locale="th", public_url="http://127.0.0.1:8080")
    assert local == [{"type": "text", "text": "แผนที่"}]


def test_orders_and_downloads_are_not_shown() -> None:
    """An order is for the gateway; a download opens only with a web session."""
    assert drawn(KINDS["directive"]) == [{"type": "text", "text": "ลบแล้วค่ะ"}]
    assert drawn(KINDS["download"]) == [{"type": "text", "text": "พร้อมแล้วค่ะ"}]
    assert drawn([{"type": "directive", "name": "erase"}]) == []
    assert drawn([]) == []


def test_a_kind_from_the_future_shows_its_text() -> None:
    """Words are never held back because their frame is new."""
    assert drawn([{"type": "poll", "text": "ถามค่ะ"}]) == [{"type": "text", "text": "ถามค่ะ"}]
