# SPDX-License-Identifier: Apache-2.0
"""Draws the picture of a LINE menu: a tile with an icon and a label for each area, exactly where LINE takes the taps."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

from app.line_menu_icons import icon
from app.settings import ROOT
from catalogue.rich_menu import DeclaredMenu
from channels.line.colours import INK, PAPER, TAP_GROUND
from channels.line.rich_menu import HEIGHT, ROWS, WIDTH, Cell, cells

CONTENT_TYPE = "image/png"
#: Sarabun, the font of Thai official papers, from a package of npm (OFL-1.1); one file for each script
FONTS = ROOT / "widget" / "node_modules" / "@fontsource" / "sarabun" / "files"
_WEIGHT = 600
#: pixels; a telephone shows the picture at about a sixth of its size
_GAP = 22
_ROUND = 56
_DISC = 330
_ICON = 218
_ABOVE = 70
#: under the disc, down to the end of the tile, and what stays free of it above and below
_ROOM = HEIGHT // ROWS - 2 * _GAP - _ABOVE - _DISC
_MARGIN = 18
_WIDEST = 700
_LARGEST = 124
_SMALLEST = 84
#: of the size: between two baselines, and between the marks below one line and above the next
_LEADING = 1.3
_BETWEEN = 0.08
#: of the size: half the height of a letter without marks
_HALF_LETTER = 0.28
#: the package's font files of one script: Thai, and everything else that a label may hold
_RUN = re.compile(r"(?P<thai>[\u0E00-\u0E7F]+)|[^\u0E00-\u0E7F]+")


class CannotDraw(Exception):
    """The picture cannot be drawn; the message says what is missing."""


def draw(menu: DeclaredMenu, colour: str, fonts: Path = FONTS) -> bytes:
    """The picture as PNG, 2500 by 1686 pixels; the same menu gives the same bytes. Raises CannotDraw."""
    if not features.check("raqm"):
        raise CannotDraw("this Pillow cannot set Thai: it has no Raqm")
    picture = Image.new("RGB", (WIDTH, HEIGHT), TAP_GROUND)
    lettering = _Lettering.for_all([area.label for area in menu.areas], fonts)
    for cell, area in zip(cells(), menu.areas, strict=True):
        _tile(picture, cell, area.icon, area.label, colour, lettering)
    written = io.BytesIO()
    # Few colours are in it, so a palette halves the file without a difference to be seen.
    picture.quantize(128, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


def _tile(picture: Image.Image, cell: Cell, name: str, label: str, colour: str, lettering: _Lettering) -> None:
    pen = ImageDraw.Draw(picture)
    bottom = cell.y + cell.height - _GAP
    pen.rounded_rectangle((cell.x + _GAP, cell.y + _GAP, cell.x + cell.width - _GAP, bottom), _ROUND, fill=PAPER)
    middle = cell.x + cell.width // 2
    top = cell.y + _GAP + _ABOVE
    disc = Image.new("L", (_DISC * 4, _DISC * 4), 0)
    ImageDraw.Draw(disc).ellipse((0, 0, _DISC * 4 - 1, _DISC * 4 - 1), fill=255)
    picture.paste(colour, (middle - _DISC // 2, top), disc.resize((_DISC, _DISC), Image.Resampling.LANCZOS))
    inset = (_DISC - _ICON) // 2
    picture.paste(PAPER, (middle - _ICON // 2, top + inset), icon(name, _ICON))
    lettering.write(pen, label, middle, top + _DISC)


@dataclass(frozen=True, slots=True)
class _Lettering:
    """Sarabun in one size, Thai and Latin."""

    size: int
    thai: ImageFont.FreeTypeFont
    latin: ImageFont.FreeTypeFont

    @classmethod
    def for_all(cls, labels: Sequence[str], fonts: Path) -> _Lettering:
        """The largest size in which every label fits its tile. Raises CannotDraw."""
        tight: list[str] = []
        for size in range(_LARGEST, _SMALLEST - 1, -4):
            lettering = cls(size, _font("thai", size, fonts), _font("latin", size, fonts))
            tight = [label for label in labels if lettering.lines(label) is None]
            if not tight:
                return lettering
        raise CannotDraw(f"'{tight[0]}' is too wide for its tile: write less, or a blank where a line may end")

    def lines(self, label: str) -> list[tuple[str, float]] | None:
        """The label in one line, or in two where it has a blank; None when it does not fit.

        Each line with where it stands: pixels of its baseline below the disc.
        """
        words = label.split()
        halves = [[" ".join(words[:at]), " ".join(words[at:])] for at in range(1, len(words))]
        for lines in ([label], *sorted(halves, key=lambda two: max(map(self._length, two)))):
            if all(self._length(line) <= _WIDEST for line in lines):
                return self._stand(lines)
        return None

    def write(self, pen: ImageDraw.ImageDraw, label: str, middle: int, below: float) -> None:
        """Writes a label that fits under a disc that ends at `below`."""
        for line, baseline in self.lines(label) or ():
            x = middle - self._length(line) / 2
            for run, font in self._runs(line):
                pen.text((x, round(below + baseline)), run, fill=INK, font=font, anchor="ls")
                x += font.getlength(run)

    def _stand(self, lines: list[str]) -> list[tuple[str, float]] | None:
        """Lines in the middle of their room, by their letters; lower or higher where marks would meet something."""
        heights = [self._height(line) for line in lines]
        # Between two lines the marks of both need room: ฏ below, ขั้น above.
        steps = [
            max(self.size * _LEADING, lower + upper + self.size * _BETWEEN)
            for (_, lower), (upper, _) in itertools.pairwise(heights)
        ]
        first = _ROOM / 2 + self.size * _HALF_LETTER - sum(steps) / 2
        first = max(first, _MARGIN + heights[0][0])
        last = first + sum(steps)
        first -= max(0.0, last + heights[-1][1] + _MARGIN - _ROOM)
        if first - heights[0][0] < _MARGIN:
            return None
        return list(zip(lines, itertools.accumulate(steps, initial=first), strict=True))

    def _height(self, line: str) -> tuple[float, float]:
        """Pixels of a line's ink above its baseline and below it."""
        boxes = [font.getbbox(run, anchor="ls") for run, font in self._runs(line)]
        return -min(box[1] for box in boxes), max(box[3] for box in boxes)

    def _length(self, line: str) -> float:
        """Pixels of a line's advance."""
        return sum(font.getlength(run) for run, font in self._runs(line))

    def _runs(self, line: str) -> Iterator[tuple[str, ImageFont.FreeTypeFont]]:
        """The line's pieces of one script, each with the font that has its letters."""
        for match in _RUN.finditer(line):
            yield match[0], self.thai if match["thai"] else self.latin


def _font(script: str, size: int, fonts: Path) -> ImageFont.FreeTypeFont:
    file = fonts / f"sarabun-{script}-{_WEIGHT}-normal.woff"
    try:
        return ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.RAQM)
    except OSError as error:
        raise CannotDraw(f"the font {file.name} is not there: run `make setup`") from error
