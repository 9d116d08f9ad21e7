# SPDX-License-Identifier: Apache-2.0
"""Our own icons for the LINE menu, drawn with Pillow in a square of 100 by 100 units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw

#: Drawn so many times larger and made smaller: that is what smooths the edges.
_FINER = 4
#: units of a line's width
_STROKE = 6.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Pen:
    """Draws in units; what it draws is part of the icon, what it erases is not."""

    draw: ImageDraw.ImageDraw
    unit: float

    def line(self, *points: Point, width: float = _STROKE, ink: int = 255) -> None:
        """A line with round ends and corners."""
        scaled = [(x * self.unit, y * self.unit) for x, y in points]
        self.draw.line(scaled, fill=ink, width=round(width * self.unit), joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc((x, y), width / 2, ink)

    def disc(self, centre: Point, radius: float, ink: int = 255) -> None:
        self.draw.ellipse(self._box(centre, radius, radius), fill=ink)

    def ring(self, centre: Point, across: float, along: float | None = None, width: float = _STROKE) -> None:
        """An ellipse's outline; `across` and `along` are its half axes."""
        box = self._box(centre, across, across if along is None else along)
        self.draw.ellipse(box, outline=255, width=round(width * self.unit))

    def arc(self, centre: Point, radius: float, start: float, end: float, width: float = _STROKE) -> None:
        """Degrees clockwise from three o'clock."""
        self.draw.arc(self._box(centre, radius, radius), start, end, fill=255, width=round(width * self.unit))

    def shape(self, *points: Point, ink: int = 255) -> None:
        self.draw.polygon([(x * self.unit, y * self.unit) for x, y in points], fill=ink)

    def block(self, left: float, top: float, right: float, bottom: float, radius: float = 0, ink: int = 255) -> None:
        box = (left * self.unit, top * self.unit, right * self.unit, bottom * self.unit)
        self.draw.rounded_rectangle(box, radius * self.unit, fill=ink)

    def _box(self, centre: Point, across: float, along: float) -> tuple[float, float, float, float]:
        x, y = centre
        return (x - across) * self.unit, (y - along) * self.unit, (x + across) * self.unit, (y + along) * self.unit


def icon(name: str, size: int) -> Image.Image:
    """An icon's mask ("L", `size` pixels square), white where the icon is. KeyError for a name that has none."""
    mask = Image.new("L", (size * _FINER, size * _FINER), 0)
    ICONS[name](_Pen(ImageDraw.Draw(mask), size * _FINER / 100))
    return mask.resize((size, size), Image.Resampling.LANCZOS)


def _report(pen: _Pen) -> None:
    """A megaphone."""
    pen.shape((26, 40), (66, 20), (66, 74), (26, 58))
    pen.block(10, 38, 32, 60, 6)
    pen.line((66, 18), (66, 76), width=7)
    pen.shape((22, 58), (36, 58), (42, 84), (30, 84))
    pen.arc((66, 47), 18, -50, 50)
    pen.arc((66, 47), 30, -45, 45)


def _track(pen: _Pen) -> None:
    """A sheet with lines under a magnifying glass."""
    pen.block(14, 10, 66, 86, 7)
    for y, right in ((28, 54), (42, 46), (56, 36)):
        pen.line((26, y), (right, y), width=5, ink=0)
    pen.disc((62, 58), 29, 0)
    pen.ring((62, 58), 22, width=7)
    pen.line((78, 74), (90, 88), width=10)


def _air(pen: _Pen) -> None:
    """A cloud, and what falls out of it as fine dust."""
    pen.disc((34, 44), 17)
    pen.disc((54, 34), 22)
    pen.disc((72, 46), 15)
    pen.block(18, 40, 87, 61, 10)
    for x, y, radius in (
        (26, 74, 4.5),
        (42, 80, 3.5),
        (56, 73, 4.5),
        (72, 80, 3.5),
        (84, 72, 3),
        (34, 89, 3),
        (62, 90, 3),
    ):
        pen.disc((x, y), radius)


def _documents(pen: _Pen) -> None:
    """A list that is ticked off."""
    pen.block(20, 14, 80, 90, 7)
    pen.block(36, 7, 64, 22, 5, ink=0)
    pen.block(39, 9, 61, 20, 4)
    for y in (39, 56, 73):
        pen.line((30, y), (34.5, y + 5), (42, y - 5), width=4.5, ink=0)
        pen.line((50, y), (69, y), width=5, ink=0)


def _officer(pen: _Pen) -> None:
    """A person with a headset."""
    pen.disc((50, 40), 17)
    pen.arc((50, 38), 29, 180, 360)
    pen.block(17, 36, 28, 56, 5)
    pen.block(72, 36, 83, 56, 5)
    pen.line((77.5, 55), (74, 63), (62, 66), width=5)
    pen.draw.pieslice(pen._box((50, 96), 33, 26), 180, 360, fill=255)


def _language(pen: _Pen) -> None:
    """A globe."""
    pen.ring((50, 50), 39)
    pen.ring((50, 50), 17, 39, width=5)
    pen.line((50, 15), (50, 85), width=5)
    pen.line((15, 50), (85, 50), width=5)
    pen.line((22, 30), (78, 30), width=5)
    pen.line((22, 70), (78, 70), width=5)


ICONS: dict[str, Callable[[_Pen], None]] = {
    "report": _report,
    "track": _track,
    "air": _air,
    "documents": _documents,
    "officer": _officer,
    "language": _language,
}
