# SPDX-License-Identifier: Apache-2.0
"""Answers on LINE at each limit and one beyond it: never a 400, never a word less."""

from __future__ import annotations

from typing import Any

import pytest

from channels.line.render import render
from tests.channels.line.line_rules import actions, check_list, flex_texts, graphemes, seen, utf16
from tests.channels.line.samples import card, choices, drawn

Json = dict[str, Any]
PARAGRAPH = "กรุณานำบัตรประจำตัวประชาชนตัวจริงมาด้วยนะคะ "


def counted(letters: int, each: str = "ก") -> str:
    """That many letters."""
    return each * letters


@pytest.mark.parametrize(("length", "objects"), [(5000, 1), (5001, 2), (10000, 2), (10001, 3)])
def test_l_out_10_long_texts(length: int, objects: int) -> None:
    """A text of 5,000 units is one object, 5,001 are two; the words are the same."""
    for kind in ("text", "choices"):
        block: Json = {"type": kind, "text": counted(length), "choices": []}
        made = drawn([block])
        check_list(made)
        assert len(made) == objects
        assert "".join(message["text"] for message in made) == block["text"]


@pytest.mark.parametrize("offered", [1, 7, 13])
def test_l_out_11_up_to_thirteen_choices_are_quick_replies(offered: int) -> None:
    """All in one row under the text."""
    [text] = drawn([choices(offered)])
    assert len(text["quickReply"]["items"]) == offered
    check_list([text])


@pytest.mark.parametrize("offered", [14, 85, 400])
def test_l_out_11_more_choices_are_rows_of_cards(offered: int) -> None:
    """All of them, in order, each with its token and its words."""
    made = drawn([choices(offered)])
    check_list(made)
    assert all("quickReply" not in message for message in made)
    assert [action["data"] for action in actions(made)] == [f"5.0.{number}" for number in range(offered)]
    rows = [words for message in made[1:] for words in flex_texts(message)]
    assert rows == [f"ตัวเลือกที่ {number + 1}" for number in range(offered)]


@pytest.mark.parametrize(("offered", "rows"), [(14, [7, 7]), (15, [5, 5, 5]), (22, [6, 6, 6, 4])])
def test_l_out_11_many_choices_are_even_cards(offered: int, rows: list[int]) -> None:
    """At most seven rows, which a thumb reaches, and not seven and one."""
    _, taps = drawn([choices(offered)])
    assert [len(bubble["body"]["contents"]) for bubble in taps["contents"]["contents"]] == rows


def test_l_out_11_requests_stay_quick_replies_beside_many_choices() -> None:
    """Thirteen together are quick replies; one more choice, and only the map stays there."""
    place = {"type": "location_request", "text": "ที่ไหนคะ", "label": "ส่งตำแหน่ง"}
    made = drawn([place, choices(12)])
    assert len(made[-1]["quickReply"]["items"]) == 13
    made = drawn([place, choices(13)])
    check_list(made)
    assert [item["action"]["type"] for item in made[-1]["quickReply"]["items"]] == ["location"]
    assert len([action for action in actions(made) if action["type"] == "postback"]) == 13


def test_l_out_11_one_map_is_enough() -> None:
    """Fourteen requests for a place are one quick reply under all their words."""
    made = drawn(
        [{"type": "location_request", "text": f"ที่ไหนคะ {number}", "label": "ส่งตำแหน่ง"} for number in range(14)]
    )
    check_list(made)
    assert [item["action"]["type"] for item in made[-1]["quickReply"]["items"]] == ["location"]
    assert len(made) == 14


@pytest.mark.parametrize("each", ["ก", "น้ำ", "👨‍👩‍👧", "A"])
def test_l_out_11_labels_of_twenty_and_twenty_one_clusters(each: str) -> None:
    """Twenty stay whole; of twenty-one the beginning is shown and the whole is said."""
    [twenty] = drawn([choices(1, label=counted(20, each))])
    assert twenty["quickReply"]["items"][0]["action"]["label"] == counted(20, each)
    [more] = drawn([choices(1, label=counted(21, each))])
    check_list([more])
    action = more["quickReply"]["items"][0]["action"]
    assert action["label"] == counted(19, each) + "…"
    assert action["displayText"] == counted(21, each)


def test_l_out_11_labels_that_shorten_to_the_same_are_rows() -> None:
    """Two choices that differ behind the twentieth letter are shown whole."""
    long = [{"label": f"{counted(25)} {end}", "payload": "/x"} for end in ("เก่า", "ใหม่")]
    _, rows = drawn([{"type": "choices", "text": "แบบไหนคะ", "choices": long}])
    check_list([rows])
    assert list(flex_texts(rows)) == [choice["label"] for choice in long]


@pytest.mark.parametrize(("letters", "said"), [(300, 300), (301, 300)])
def test_l_out_12_display_text(letters: int, said: int) -> None:
    """What a tap says has 300 clusters at most."""
    [text] = drawn([choices(1, label=counted(letters))])
    check_list([text])
    assert graphemes(text["quickReply"]["items"][0]["action"]["displayText"]) == said


@pytest.mark.parametrize("length", [1499, 1500, 1501, 20000])
def test_l_out_12_alt_text(length: int) -> None:
    """A card's words stand in place of the card, whole or up to 1,500 units."""
    [message, *_] = made = drawn([card(title="", text=counted(length), fields=[], source=None, links=[], level=None)])
    check_list(made)
    assert utf16(message["altText"]) <= 1500
    assert (message["altText"].replace("\n", "") == counted(length)) is (length < 1500)
    assert message["altText"].endswith("…") is (length >= 1500)


@pytest.mark.parametrize("each", ["ก", "a", "👍🏽", PARAGRAPH, "\n"])
@pytest.mark.parametrize("length", [4000, 30000, 70000])
def test_l_out_12_bubbles_and_carousels_keep_to_their_bytes(each: str, length: int) -> None:
    """Every field of a card may be endless: it goes on in the next bubble, then in the next object."""
    long = counted(length // len(each), each)
    for fields in (
        {"title": long},
        {"text": long},
        {"fields": [{"label": long, "value": long}]},
        {"links": [{"label": long, "url": "https://a.go.th"}]},
        {"links": [{"label": "ก", "url": "mailto:" + long}]},
        {"source": {"name": long, "label": long, "observed_at": long, "sandbox": True}},
    ):
        made = drawn([card(**fields)])
        check_list(made)
        if "links" not in fields:
            assert _letters(long) in _letters(seen(made))


def _letters(words: str) -> str:
    return "".join(words.split())


@pytest.mark.parametrize(("cards", "bubbles"), [(1, [1]), (12, [12]), (13, [12, 1]), (24, [12, 12]), (25, [12, 12, 1])])
def test_l_out_12_twelve_bubbles_a_carousel(cards: int, bubbles: list[int]) -> None:
    """The thirteenth card goes into the next object; the order stays."""
    made = drawn([{"type": "carousel", "cards": [{"title": f"บริการที่ {number}"} for number in range(cards)]}])
    check_list(made)
    assert [len(one["contents"].get("contents", [one])) for one in made] == bubbles
    assert [words for one in made for words in flex_texts(one)] == [f"บริการที่ {number}" for number in range(cards)]


def test_l_out_12_heavy_cards_share_carousels_by_bytes() -> None:
    """Four cards of 20 KB do not fit into one carousel of 50 KB."""
    made = drawn([{"type": "carousel", "cards": [card(text=counted(2500), level="1") for _ in range(4)]}])
    check_list(made)
    assert len(made) == 2


def test_l_out_12_many_fields_and_links() -> None:
    """Three hundred of each are still taken, and all there."""
    fields = [{"label": f"ช่อง {number}", "value": f"ค่า {number}"} for number in range(300)]
    links = [{"label": f"ลิงก์ {number}", "url": f"https://a.go.th/{number}"} for number in range(300)]
    made = drawn([card(fields=fields, links=links, source=None)])
    check_list(made)
    assert len(list(actions(made))) == 300
    told = seen(made).splitlines()
    assert all(field["value"] in told for field in fields)


def test_l_out_12_marks_without_end() -> None:
    """Ten thousand marks on one letter, in every field, are no 400."""
    heap = "ก" + "\u0e48" * 10000
    made = drawn(
        [
            {"type": "text", "text": heap},
            card(
                title=heap, text=heap, fields=[{"label": heap, "value": heap}], links=[{"label": heap, "url": "tel:1"}]
            ),
            choices(14, label=heap + "{}", text=heap),
            choices(2, label=heap, text=heap),
        ]
    )
    check_list(made)


@pytest.mark.parametrize("blank", ["", " ", "\n", "\u200b", "\x00", "\u3000"])
def test_l_out_12_nothing_to_see_is_nothing_sent(blank: str) -> None:
    """LINE refuses blank texts; what else there is still goes out."""
    nothing: list[Json] = [
        {"type": "text", "text": blank},
        {"type": "card", "title": blank, "text": blank, "fields": [], "links": []},
    ]
    assert drawn(nothing) == []
    made = drawn(
        [*nothing, card(title=blank, links=[{"label": blank, "url": "tel:1650"}]), choices(2, label=blank + "{}")]
    )
    check_list(made)
    offered = drawn([choices(2, label=blank)])
    check_list(offered)
    assert [action["data"] for action in actions(offered)] == ["5.0.0", "5.0.1"]


def test_l_out_13_tokens_stay_short() -> None:
    """Also for the longest conversation there can be."""
    made = render(2**63 - 1, [choices(400)], locale="th", public_url="https://a.go.th")
    check_list(made)
    assert max(len(action["data"]) for action in actions(made)) <= 30
