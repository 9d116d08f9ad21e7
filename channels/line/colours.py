# SPDX-License-Identifier: Apache-2.0
"""The colours of cards: dark words on light grounds, at 4.5:1 (WCAG 2.2 AA) or better."""

from __future__ import annotations

from typing import Final

#: Thai AQI: blue, green, yellow, orange, red, as the Pollution Control Department orders them, in the tones of the web
#: chat, each light enough for dark words
BANDS: Final = {"1": "#4CC3F1", "2": "#8FCE4F", "3": "#FFE14D", "4": "#FFAB2E", "5": "#FF7A70"}

PAPER: Final = "#FFFFFF"
INK: Final = "#1A1A1A"
#: labels, sources
QUIET: Final = "#595959"
#: what can be tapped, and its ground
TAP: Final = "#0B4F8A"
TAP_GROUND: Final = "#EEF3F8"
#: the label of sandbox data, and its ground
NOTE: Final = "#5C4400"
NOTE_GROUND: Final = "#FFF4CC"
