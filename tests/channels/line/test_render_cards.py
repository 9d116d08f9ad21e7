# SPDX-License-Identifier: Apache-2.0
"""Cards on LINE: title and band, fields, source, links and numbers as a citizen sees them."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from channels.line.colours import BANDS
from tests.channels.line.line_rules import actions, check_list, contrast, flex_texts, seen
from tests.channels.line.samples import KINDS, card, drawn


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


@pytest.mark.parametrize(
    ("value", "beside"), [("ก" * 24, True), ("ก" * 25, False), ("ก\nข", False), ("23 พ.ย. 2569 เวลา 10:27 น.", True)]
)
def test_a_field_that_fits_is_one_line_and_a_long_value_stands_under_its_label(value: str, beside: bool) -> None:
    """Each part gets as much of the line as it is long; ragged narrow columns of Thai are hard to read."""
    [message] = drawn([{"type": "card", "title": "ก", "fields": [{"label": "ช่อง", "value": value}]}])
    _, *rest = message["contents"]["body"]["contents"]
    assert [part["type"] for part in rest] == (["box"] if beside else ["text", "text"])
    assert list(flex_texts(rest)) == ["ช่อง", value]
    if beside:
        label, shown = (part["flex"] for part in rest[0]["contents"])
        assert 7 * label < shown < 9 * label


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("รับเรื่องแล้วค่ะ เลขที่ 2569-6MXVTH", "รับเรื่องแล้วค่ะ เลขที่\n2569-6MXVTH"),
        ("2569-6MXVTH กำลังดำเนินการ", "2569-6MXVTH กำลังดำเนินการ"),
        ("เลขที่ 2569-6MXVTJ", "เลขที่ 2569-6MXVTJ"),
    ],
    ids=["behind words", "first", "no number of ours"],
)
def test_a_case_number_in_a_title_is_not_broken_at_its_hyphen(title: str, shown: str) -> None:
    """It begins a line; what is read aloud stays one sentence."""
    [message] = drawn([{"type": "card", "title": title}])
    assert next(flex_texts(message["contents"])) == shown
    assert message["altText"].startswith(title)


@pytest.mark.parametrize(("text", "bold"), [("ระดับดี\nออกข้างนอกได้ค่ะ", 2), ("ออกข้างนอกได้ค่ะ", 1)])
def test_the_name_of_a_band_stands_out(text: str, bold: int) -> None:
    """The first of several lines under the scale is what most people want to know."""
    [message] = drawn([card(text=text, fields=[], source=None, links=[])])
    bubble = message["contents"]
    shown = [*bubble["header"]["contents"], *(one for one in bubble["body"]["contents"] if one["type"] == "text")]
    assert sum(one.get("weight") == "bold" for one in shown) == bold
    assert "".join(one["text"] for one in shown[1:]) == text.replace("\n", "")


def test_lines_of_a_list_hang_beside_their_marks() -> None:
    """Numbers and dots, with the words around them in their order and whole; what is read aloud is as it was written."""
    text = "ใช้ดังนี้ค่ะ\n• บัตรเดิม\n• รูปถ่าย\n1. ไปที่เขต\nข้อมูล ณ วันนี้\nโปรดตรวจสอบ 2. ค่ะ"
    [message] = drawn([{"type": "card", "title": "ก", "text": text}])
    _, *rest = message["contents"]["body"]["contents"]
    items = [[one["text"] for one in part["contents"]] for part in rest if part["type"] == "box"]
    assert items == [["•", "บัตรเดิม"], ["•", "รูปถ่าย"], ["1.", "ไปที่เขต"]]
    assert [part["type"] for part in rest] == ["text", "box", "box", "box", "text"]
    assert rest[-1]["text"] == "ข้อมูล ณ วันนี้\nโปรดตรวจสอบ 2. ค่ะ"
    assert message["altText"] == f"ก\n{text}"


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
