# SPDX-License-Identifier: Apache-2.0
"""thai.plates: letters, digits and province of a vehicle."""

from __future__ import annotations

import pytest

from thai.plates import find

BANGKOK = "กรุงเทพมหานคร"


@pytest.mark.parametrize(
    ("text", "letters", "digits", "province"),
    [
        ("1กก1234 กทม", "1กก", "1234", BANGKOK),
        ("1กก 1234 กทม.", "1กก", "1234", BANGKOK),
        ("ฮก-99 เชียงใหม่", "ฮก", "99", "เชียงใหม่"),
        ("1กก1234กรุงเทพ", "1กก", "1234", BANGKOK),
        ("๑กก ๑๒๓๔ กรุงเทพฯ", "1กก", "1234", BANGKOK),
        ("1 กก 1234 กรุงเทพมหานคร", "1กก", "1234", BANGKOK),
        ("กข 123 โคราช", "กข", "123", "นครราชสีมา"),
        ("ทะเบียน กก 1234 ชม", "กก", "1234", "เชียงใหม่"),
        ("ขก 9999 ขก", "ขก", "9999", "ขอนแก่น"),
        ("70-1234 สระบุรี", "70", "1234", "สระบุรี"),
        ("ทะเบียนรถ 5กข9999 จ.ชลบุรี", "5กข", "9999", "ชลบุรี"),
        ("กกก 123 นนทบุรี", "กกก", "123", "นนทบุรี"),
        ("9กฮ 1 จังหวัดชลบุรี", "9กฮ", "1", "ชลบุรี"),
        ("ก 1234 ภูเก็ต", "ก", "1234", "ภูเก็ต"),
        ("1กก-1234 พระนครศรีอยุธยา", "1กก", "1234", "พระนครศรีอยุธยา"),
        ("กข 55 แปดริ้ว", "กข", "55", "ฉะเชิงเทรา"),
        ("กข 55 (ระยอง)", "กข", "55", "ระยอง"),
        ("กข 55 phuket", "กข", "55", "ภูเก็ต"),
        ("กรุงเทพ 1กก 1234", "1กก", "1234", BANGKOK),
        ("รถทะเบียนฮก99เชียงใหม่จอดขวาง", "ฮก", "99", "เชียงใหม่"),
        ("รถ 1234 ลำปาง", "รถ", "1234", "ลำปาง"),
        ("1กก 1234", "1กก", "1234", None),
        ("กก 1234", "กก", "1234", None),
        ("2ขข 55 ค่ะ", "2ขข", "55", None),
        ("พบ 1กก1234 จอดขวาง", "1กก", "1234", None),
        ("ทะเบียน ฮธ 4567 ค่ะ", "ฮธ", "4567", None),
        ("รถเก๋งสีขาว กจ 4567", "กจ", "4567", None),
    ],
)
def test_certain(text: str, letters: str, digits: str, province: str | None) -> None:
    """A plate as it stands on the vehicle, the province by its official name."""
    assert [(one.values, one.certainty) for one in find(text)] == [(((letters, digits, province),), "certain")]


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("กก 1234 นครราดสีมา", ("กก", "1234", "นครราชสีมา")),
        ("70-1234", ("70", "1234", None)),
        ("รถ 1234", ("รถ", "1234", None)),
        ("มค 67", ("มค", "67", None)),
        ("นม 123", ("นม", "123", None)),
    ],
)
def test_confirm(text: str, plate: tuple[str, str, str | None]) -> None:
    """A misspelt province, letters that are a word, digits that could be a house."""
    assert [(one.values, one.certainty) for one in find(text)] == [((plate,), "confirm")]


@pytest.mark.parametrize("text", ["กก 12345", "กก 0123", "ทะเบียน กข 12345 กทม", "1กก 123456"])
def test_refused(text: str) -> None:
    """Digits that no plate has."""
    assert [one.certainty for one in find(text)] == ["reject"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "รถ 12 คัน",
        "งด 5 วัน",
        "หมู่ 5",
        "ซ 5",
        "ลด 50 บาท",
        "รวม 100 คน",
        "15 มค 67",
        "บ้านเลขที่ 12-1234",
        "ชลบุรี",
        "ผม 25 ปี ครับ",
        "ครบ 500 แล้ว",
        "วันที่ 15 พย 69",
        "เรื่อง 2569-7KMPX4",
        "081-234-5678",
        "ขอ 2 ใบ",
    ],
)
def test_nothing(text: str) -> None:
    """Short words before numbers, months and houses are no plates."""
    assert find(text) == []


def test_every_province() -> None:
    """All 77 provinces are read by name and by PyThaiNLP's abbreviation."""
    from pythainlp.corpus import provinces

    for row in provinces(details=True):
        assert isinstance(row, dict)
        [by_name] = find(f"กข 1234 {row['name_th']}")
        [by_abbreviation] = find(f"กข 1234 {row['abbr_th']}")
        assert by_name.value == by_abbreviation.value
        assert by_name.value[2] == row["name_th"].replace("กรุงเทพฯ", BANGKOK)
