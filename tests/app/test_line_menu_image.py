# SPDX-License-Identifier: Apache-2.0
"""The drawn picture of the LINE menu: its form, and that no mark of Thai meets another, the disc or the tile's end."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageFont

from app.line_menu_icons import ICONS, icon
from app.line_menu_image import FONTS, CannotDraw, draw
from catalogue.rich_menu import DeclaredMenu, load_rich_menu
from channels.line.colours import INK, PAPER, TAP_GROUND
from channels.line.rich_menu import LARGEST_IMAGE, Cell, cells

ROOT = Path(__file__).resolve().parents[2]
DECLARED = load_rich_menu(ROOT / "nlu_data")
BLUE = "#0B4F8A"


def labelled(*labels: str) -> DeclaredMenu:
    """The shipped menu with other labels, from the first area on."""
    areas = DECLARED.menus[0].areas
    changed = [replace(area, label=label) for area, label in zip(areas, labels, strict=False)]
    return replace(DECLARED.menus[0], areas=(*changed, *areas[len(changed) :]))


def opened(menu: DeclaredMenu) -> Image.Image:
    """The picture of a menu."""
    return Image.open(io.BytesIO(draw(menu, BLUE))).convert("RGB")


def inked_rows(picture: Image.Image, cell: Cell) -> list[bool]:
    """For each row of a tile, from its disc's end to its own: whether something stands there."""
    pixels = picture.load()
    assert pixels is not None
    paper = tuple(bytes.fromhex(PAPER[1:]))
    below = cell.y + 22 + 70 + 330
    columns = range(cell.x + 66, cell.x + cell.width - 66)
    return [any(pixels[x, y] != paper for x in columns) for y in range(below + 1, cell.y + cell.height - 26)]


def blocks(rows: list[bool]) -> int:
    """How many blocks of rows with ink there are, with rows without between them."""
    return sum(now and not before for before, now in zip([False, *rows], rows, strict=False))


@pytest.mark.parametrize("menu", DECLARED.menus, ids=lambda menu: menu.alias)
def test_a_picture_is_as_line_takes_it(menu: DeclaredMenu) -> None:
    """PNG, 2500 by 1686, at most 1 MB, the same bytes each time: the fingerprint is of them."""
    drawn = draw(menu, BLUE)
    picture = Image.open(io.BytesIO(drawn))
    assert (picture.format, picture.size) == ("PNG", (2500, 1686))
    assert len(drawn) <= LARGEST_IMAGE
    assert draw(menu, BLUE) == drawn
    assert draw(menu, "#7A1F1F") != drawn


def test_every_area_has_its_tile() -> None:
    """Where LINE takes a tap there is the tile, its disc in the agency's colour, an icon and ink."""
    picture = opened(DECLARED.menus[0])
    for cell in cells():
        part = picture.crop((cell.x, cell.y, cell.x + cell.width, cell.y + cell.height))
        found = {colour for _, colour in part.getcolors(1_000_000) or ()}
        for colour in (TAP_GROUND, PAPER, BLUE, INK):
            assert tuple(bytes.fromhex(colour[1:])) in found
        assert part.getpixel((3, cell.height // 2)) == tuple(bytes.fromhex(TAP_GROUND[1:]))


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ("ผู้ปฏิบัติญู", "ที่ขั้นปั๊ม"),
        ("น้ำท่วมขังสูง", "กี่ครั้งแล้ว"),
        ("กตัญญูฎุ", "ที่ปั้นดินฐิ"),
        ("Report a", "jiggy bug"),
        ("กฎหมายที่ดิน", "น้ำขึ้น"),
    ],
)
def test_two_lines_meet_neither_each_other_nor_disc_nor_end(upper: str, lower: str) -> None:
    """There are rows without ink above them, below them and between them: apart they have as many blocks of rows."""
    picture = opened(labelled(f"{upper} {lower}", upper, lower))
    both, one, other = (inked_rows(picture, cell) for cell in cells()[:3])
    assert blocks(both) == blocks(one) + blocks(other)
    assert not any(both[:12])
    assert not any(both[-12:])


def test_tone_marks_stand_above_vowels() -> None:
    """Shaped as Thai: without it the tone of ที่ is drawn into its vowel, and is no higher."""
    tops = [inked_rows(opened(labelled(label)), cells()[0]).index(True) for label in ("ที", "ที่")]
    assert tops[1] < tops[0] - 10
    low = [
        len(rows) - rows[::-1].index(True) for rows in (inked_rows(opened(labelled(one)), cells()[0]) for one in "ฐษ")
    ]
    assert low[0] > low[1]


def test_one_size_for_a_whole_menu_and_none_that_cannot_be_read() -> None:
    """A label that needs smaller letters makes those of all smaller; one that needs too small ones is refused."""
    heights = [sum(inked_rows(opened(labelled("อาอา", second)), cells()[0])) for second in ("อา", "เอกสารและขั้นตอน")]
    assert heights[1] < heights[0]
    with pytest.raises(CannotDraw, match="'คุณภาพอากาศรายชั่วโมงวันนี้' is too wide for its tile"):
        draw(labelled("คุณภาพอากาศรายชั่วโมงวันนี้"), BLUE)


def test_without_the_font_the_operator_reads_what_to_do(tmp_path: Path) -> None:
    """It is installed with the web chat's packages."""
    with pytest.raises(CannotDraw, match="run `make setup`"):
        draw(DECLARED.menus[0], BLUE, tmp_path)


def test_the_fonts_have_every_letter_that_a_label_may_have() -> None:
    """What the schema allows is drawn as itself and never as an empty box."""
    thai = [*range(0x0E01, 0x0E3B), *range(0x0E3F, 0x0E5C)]
    for script, letters in (("thai", thai), ("latin", [*range(0x21, 0x7F), 0x2013, 0x2019])):
        font = ImageFont.truetype(str(FONTS / f"sarabun-{script}-600-normal.woff"), 40)
        none = bytes(font.getmask("\uffff"))
        assert [chr(letter) for letter in letters if bytes(font.getmask(chr(letter))) == none] == []


def test_every_icon_that_may_be_declared_is_drawn() -> None:
    """Each one differs from the others and keeps inside its square."""
    schema = json.loads((ROOT / "catalogue" / "schema" / "rich_menu.schema.json").read_text(encoding="utf-8"))
    names = schema["$defs"]["area"]["properties"]["icon"]["enum"]
    assert sorted(names) == sorted(ICONS)
    masks = {name: icon(name, 100) for name in names}
    assert len({bytes(mask.tobytes()) for mask in masks.values()}) == len(names)
    for name, mask in masks.items():
        left, top, right, bottom = mask.getbbox() or (0, 0, 0, 0)
        assert 0 < left < right < 100, name
        assert 0 < top < bottom < 100, name
    with pytest.raises(KeyError):
        icon("unicorn", 100)
