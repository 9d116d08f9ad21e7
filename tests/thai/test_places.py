# SPDX-License-Identifier: Apache-2.0
"""thai.places: places are found as citizens say them, and ordinary words are not places."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from tests.thai.conftest import places_content
from tests.thai.strategies import LONG_MESSAGES, MESSAGES, seconds
from thai.normalise import normalise
from thai.places import Gazetteer

ORDINARY = Path(__file__).with_name("data") / "ordinary.txt"
GAZETTEER = Gazetteer.from_dict(places_content())


def found(text: str) -> list[tuple[str, list[str]]]:
    """The text of each match and its candidates as "district, province"."""
    return [
        (m.text, [", ".join(dict.fromkeys((c.name, c.province))) for c in m.candidates]) for m in GAZETTEER.find(text)
    ]


@pytest.mark.parametrize(
    ("said", "province"),
    [
        ("โคราช", "นครราชสีมา"),
        ("กทม", "กรุงเทพมหานคร"),
        ("กทม.", "กรุงเทพมหานคร"),
        ("กรุงเทพ", "กรุงเทพมหานคร"),
        ("กรุงเทพฯ", "กรุงเทพมหานคร"),
        ("บางกอก", "กรุงเทพมหานคร"),
        ("แปดริ้ว", "ฉะเชิงเทรา"),
        ("เมืองคอน", "นครศรีธรรมราช"),
        ("เมืองกาญจน์", "กาญจนบุรี"),
        ("อุบล", "อุบลราชธานี"),
        ("สุราษฎร์", "สุราษฎร์ธานี"),
        ("อยุธยา", "พระนครศรีอยุธยา"),
        ("ปากน้ำ", "สมุทรปราการ"),
        ("เมืองชล", "ชลบุรี"),
        ("Chiang Mai", "เชียงใหม่"),
        ("chiangmai", "เชียงใหม่"),
        ("korat", "นครราชสีมา"),
        ("BKK", "กรุงเทพมหานคร"),
        ("เลย", "เลย"),
        ("ตาก", "ตาก"),
    ],
)
def test_provinces_as_said(said: str, province: str) -> None:
    """Nicknames, abbreviations and English names lead to one province; as a whole message also เลย and ตาก."""
    (match,) = GAZETTEER.find(said)
    (place,) = match.candidates
    assert (place.kind, place.name, match.repaired) == ("province", province, False)


def test_all_provinces_and_districts_by_prefix(places: dict[str, Any]) -> None:
    """Every province after จังหวัด and จ., every district after อำเภอ, อ. or เขต is found, whole."""
    for code, name, _english, _lat, _lon in places["places"]:
        prefixes = {2: ("จังหวัด", "จ.", "จ. "), 4: ("เขต",) if code.startswith("10") else ("อำเภอ", "อ.", "อ. ")}.get(
            len(code), ()
        )
        for prefix in prefixes:
            (match,) = GAZETTEER.find(f"แจ้งเรื่อง {prefix}{name} ครับ")
            assert match.text == f"{prefix}{name}"
            assert code in {place.code for place in match.candidates}


def test_all_subdistricts_by_full_address(places: dict[str, Any]) -> None:
    """Every subdistrict in its full address is one match with one candidate, itself."""
    names = {row[0]: row[1] for row in places["places"]}
    for code in (code for code in names if len(code) == 6):
        if code.startswith("10"):
            text = f"แขวง{names[code]} เขต{names[code[:4]]} {names[code[:2]]}"
        else:
            text = f"ต.{names[code]} อ.{names[code[:4]]} จ.{names[code[:2]]}"
        (match,) = GAZETTEER.find(text)
        assert match.text == text
        assert code in {place.code for place in match.candidates}
        assert len({place.name for place in match.candidates}) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ฝุ่นแถวเชียงใหม่วันนี้เป็นยังไง", [("เชียงใหม่", ["เชียงใหม่"])]),
        ("pm2.5 โคราช", [("โคราช", ["นครราชสีมา"])]),
        ("เชียงใหม่", [("เชียงใหม่", ["เชียงใหม่"])]),
        ("อ.เมือง ขอนแก่น", [("อ.เมือง ขอนแก่น", ["เมืองขอนแก่น, ขอนแก่น"])]),
        ("ขอนแก่น อ.เมือง", [("ขอนแก่น อ.เมือง", ["เมืองขอนแก่น, ขอนแก่น"])]),
        ("อำเภอเมืองขอนแก่น", [("อำเภอเมืองขอนแก่น", ["เมืองขอนแก่น, ขอนแก่น"])]),
        ("ต.ในเมือง อ.เมือง จ.ขอนแก่น", [("ต.ในเมือง อ.เมือง จ.ขอนแก่น", ["ในเมือง, ขอนแก่น"])]),
        ("อำเภอเฉลิมพระเกียรติ บุรีรัมย์", [("อำเภอเฉลิมพระเกียรติ บุรีรัมย์", ["เฉลิมพระเกียรติ, บุรีรัมย์"])]),
        ("บางนา กรุงเทพ", [("บางนา กรุงเทพ", ["บางนา, กรุงเทพมหานคร"])]),
        ("หาดใหญ่", [("หาดใหญ่", ["หาดใหญ่, สงขลา"])]),
        ("อยู่พัทยาครับ", [("พัทยา", ["บางละมุง, ชลบุรี"])]),
        ("เชียงใหม่ ลำพูน", [("เชียงใหม่", ["เชียงใหม่"]), ("ลำพูน", ["ลำพูน"])]),
        ("จากเชียงใหม่ไปลำปาง", [("เชียงใหม่", ["เชียงใหม่"]), ("ลำปาง", ["ลำปาง"])]),
        ("สอง แพร่", [("สอง แพร่", ["สอง, แพร่"])]),
        ("ฝุ่นแถวตราด", [("ตราด", ["ตราด"])]),
        ("จ.เลย", [("จ.เลย", ["เลย"])]),
        ("เชียงคาน เลย", [("เชียงคาน เลย", ["เชียงคาน, เลย"])]),
        ("โรงพยาบาลขอนแก่น", [("ขอนแก่น", ["ขอนแก่น"])]),
        ("แถวถนนเพชรบุรี", []),
        ("ธนาคารกรุงเทพ", []),
        ("แสงสว่าง", []),
        ("สอง", []),
        ("ถนน", []),
        ("อากาศ", []),
        ("อากาศ สกลนคร", [("สกลนคร", ["สกลนคร"])]),
        ("prachinburian", []),
    ],
)
def test_in_text(text: str, expected: list[tuple[str, list[str]]]) -> None:
    """Names are read with their neighbours; words, roads and banks are no places."""
    assert found(text) == expected


def test_ambiguity_is_several_candidates() -> None:
    """A name that several areas bear comes with all of them, and a province beside it decides."""
    (match,) = GAZETTEER.find("อำเภอเฉลิมพระเกียรติ")
    assert {place.province for place in match.candidates} == {"สระบุรี", "นครราชสีมา", "บุรีรัมย์", "น่าน", "นครศรีธรรมราช"}
    (match,) = GAZETTEER.find("อ.เมือง")
    assert len(match.candidates) == 75
    (match,) = GAZETTEER.find("ต.โนนสูง")
    assert len(match.candidates) > 1
    (match,) = GAZETTEER.find("ต.โนนสูง อ.โนนสูง โคราช")
    assert [place.code for place in match.candidates] == ["301001"]


def test_abolished_names_lead_to_what_became_of_them() -> None:
    """แขวงบางนา was divided: both parts are offered."""
    (match,) = GAZETTEER.find("แขวงบางนา")
    assert [place.name for place in match.candidates] == ["บางนาเหนือ", "บางนาใต้"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("เชียงไหม่", "เชียงใหม่"),
        ("จังหวัดนครราดสีมา", "นครราชสีมา"),
        ("นครศรีธรรมราด", "นครศรีธรรมราช"),
        ("แถวอุตรดิถต์วันนี้", "อุตรดิตถ์"),
        ("กาจนบุรี", "กาญจนบุรี"),
        ("สิงบุรี", "สิงห์บุรี"),
        ("พะนครศรีอยุธยา", "พระนครศรีอยุธยา"),
        ("อำเภอปากชอง", "ปากช่อง"),
        ("อ.สันกำเเพง", "สันกำแพง"),
        ("ฝุ่นเชียงรายย", "เชียงราย"),
    ],
)
def test_misspelt(typed: str, name: str) -> None:
    """A slip in the name of a province, or of a district after its prefix, is brought back."""
    (match,) = GAZETTEER.find(normalise(typed))
    assert [place.name for place in match.candidates] == [name]


def test_ordinary_sentences_name_no_place() -> None:
    """Of two hundred ordinary sentences, with เลย, ตาก, แพร่ and สอง in them, none yields a place."""
    sentences = ORDINARY.read_text(encoding="utf-8").splitlines()
    assert len(sentences) >= 200
    assert [(sentence, found(sentence)) for sentence in sentences if found(sentence)] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ฝุ่น ชม", "ชม"), ("ฝุ่น ชม.", "ชม."), ("ฝุ่นชมวันนี้", "ชม"), ("pm2.5 ชม ครับ", "ชม"), ("อากาศ ชม เป็นไง", "ชม"),
        ("จ.ชม", "จ.ชม"), ("ฝุ่น 24 ชม", None), ("ค่าฝุ่นราย ชม.", None), ("ฝุ่น ชม. นี้", None), ("ฝุ่น ชม.ล่าสุด", None),
        ("ฝุ่นชมพู", None), ("ไปชมวิว", None), ("รอ 2 ชม.", None), ("แถวนี้ปิดกี่ ชม.", None),
    ],
)  # fmt: skip
def test_two_letters_are_a_town_or_hours(text: str, name: str | None) -> None:
    """ชม is เชียงใหม่ right after a word of the air, and hours everywhere else."""
    matches = GAZETTEER.find(text)
    assert [match.text for match in matches] == ([name] if name else [])
    assert all(match.candidates[0].name == "เชียงใหม่" for match in matches)


def test_entity_value() -> None:
    """The entity's value is plain JSON with the agreed fields."""
    value = GAZETTEER.find("ที่โคราช")[0].to_value()
    assert value["text"] == "โคราช"
    (candidate,) = value["candidates"]
    assert list(candidate) == ["code", "name", "kind", "province", "district", "lat", "lon"]
    assert (candidate["code"], candidate["district"]) == ("30", None)
    assert candidate["lat"] == pytest.approx(14.97, abs=0.05)


def test_a_subdistrict_stands_where_its_district_does() -> None:
    """A subdistrict has no coordinate of its own: it takes its district's."""
    (match,) = GAZETTEER.find("ต.คอหงส์ อ.หาดใหญ่")
    district = GAZETTEER.get("9011")
    assert district is not None
    assert (match.candidates[0].lat, match.candidates[0].lon) == (district.lat, district.lon) != (None, None)


def test_names_for_the_tokenizer() -> None:
    """Provinces, districts and nicknames are offered as words; nothing Latin, nothing with a space."""
    names = GAZETTEER.names()
    assert {"เชียงใหม่", "โคราช", "หาดใหญ่"} <= set(names)
    assert all(" " not in name and not name.isascii() for name in names)


def test_load(tmp_path: Path) -> None:
    """Another format and a missing file are refused."""
    file = tmp_path / "places.json"
    file.write_text('{"format": 2}', encoding="utf-8")
    with pytest.raises(ValueError, match="format 2"):
        Gazetteer.load(file)
    with pytest.raises(OSError, match=r"none\.json"):
        Gazetteer.load(tmp_path / "none.json")


@given(MESSAGES)
def test_total(text: str) -> None:
    """No input raises; matches are in order, exact and never empty."""
    end = 0
    for match in GAZETTEER.find(text):
        assert end <= match.start < match.end
        assert text[match.start : match.end] == match.text
        assert match.candidates
        end = match.end


@pytest.mark.parametrize(
    "piece",
    ["อ.เมือง ", "อ.เมือง,", "ต.ในเมือง ", "ต.โนนสูง อ.เมือง ", "อ.กกกกก ", "อ.กาจนบุร ", "เลย ", "จ.", "กาจนบุร ", "จ.เชียงใหม่ "],
)  # fmt: skip
@pytest.mark.parametrize("size", [400, 2000])
def test_long_rows_of_names(piece: str, size: int) -> None:
    """Rows of names of many areas, and of names to be repaired, stay below 20 ms, too."""
    text = (piece * size)[:size]
    assert seconds(lambda: GAZETTEER.find(text), 0.02) < 0.02


@given(LONG_MESSAGES)
def test_long_input(text: str) -> None:
    """2,000 characters of anything take less than 20 ms."""
    assert seconds(lambda: GAZETTEER.find(text), 0.02) < 0.02


def test_fast() -> None:
    """Of ordinary messages the slowest in a hundred takes less than 1 ms."""
    sentences = [*ORDINARY.read_text(encoding="utf-8").splitlines(), "ต.ในเมือง อ.เมือง จ.ขอนแก่น", "ฝุ่นแถวเชียงไหม่วันนี้"]
    times: list[float] = []
    for sentence in sentences:
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            GAZETTEER.find(sentence)
            best = min(best, time.perf_counter() - start)
        times.append(best)
    assert sorted(times)[int(len(times) * 0.99)] < 0.001
