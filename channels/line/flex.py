# SPDX-License-Identifier: Apache-2.0
"""Draws cards and rows of taps as Flex messages; what is too long for one bubble goes on in the next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from channels.line import actions, colours, limits
from channels.line.actions import Action
from channels.line.words import Words
from thai import case_numbers

Json = dict[str, Any]

#: UTF-16 units of one component's text: several always fit into a bubble
_PIECE = 1000
#: widths of a letter that stand in one line of a bubble on a small telephone
_ONE_LINE = 30
_BOLD = 1.1
_NARROW = frozenset(" .,:;/|!'()-–ijl")
#: a line of a list, as answers write them
_ITEM = re.compile(r"(?P<mark>[•–-]|\d{1,2}\.)[ \t]+(?P<words>\S.*)")
#: rows of taps that a thumb reaches without scrolling
_ROWS = 7
#: all of one width, as a carousel demands
_WIDTH = "mega"


@dataclass(frozen=True, slots=True)
class Part:
    """One component of a card and where it stands; `said` is how `altText` tells it."""

    place: Literal["header", "body", "footer"]
    component: Json
    said: str


@dataclass(frozen=True, slots=True)
class Bubble:
    """Parts that fit into one bubble; `band` colours its header."""

    parts: tuple[Part, ...]
    band: str | None = None

    def to_json(self) -> Json:
        """LINE's bubble object."""
        made: Json = {"type": "bubble", "size": _WIDTH}
        header, body, footer = (self._of(place) for place in ("header", "body", "footer"))
        if header and body:
            ground = colours.BANDS.get(self.band or "", colours.PAPER)
            made["header"] = _column(header, backgroundColor=ground, paddingAll="16px")
        # Where there is no body, taps or a title without end are one.
        made["body"] = _column(body or [*header, *footer], spacing="md", paddingAll="16px")
        if footer and body:
            made["footer"] = _column(footer, spacing="sm", paddingAll="12px")
        return made

    def _of(self, place: str) -> list[Json]:
        return [part.component for part in self.parts if part.place == place]


#: bytes of JSON around the parts of a bubble, rounded up
_FRAME = 700
_COMMA = 2


def card_messages(cards: Iterable[Mapping[str, Any]], words: Words) -> list[Json]:
    """Flex messages that show these cards in order (docs/developers/wire.md §1); none for cards that say nothing."""
    return messages([bubble for card in cards for bubble in _bubbles(_card(card, words), _band(card))])


def tap_messages(offered: Sequence[Action]) -> list[Json]:
    """Flex messages with one row for each action, its words whole."""
    rows = [_tap(_words_of(action), actions.outside_quick_replies(action)) for action in offered]
    # As few bubbles as reach allows, equally full.
    bubbles = -(-len(rows) // _ROWS)
    size = -(-len(rows) // max(bubbles, 1))
    groups = [rows[start : start + size] for start in range(0, len(rows), max(size, 1))]
    return messages([bubble for group in groups for bubble in _bubbles(group, None)])


def messages(bubbles: Sequence[Bubble]) -> list[Json]:
    """As few Flex messages as the limits allow, in order."""
    made: list[list[Bubble]] = []
    used = 0
    for bubble in bubbles:
        size = limits.json_size(bubble.to_json()) + _COMMA
        if not made or len(made[-1]) == limits.BUBBLES or used + size > limits.CAROUSEL:
            made.append([])
            used = limits.json_size({"type": "carousel", "contents": []})
        made[-1].append(bubble)
        used += size
    return [_message(group) for group in made]


def _message(bubbles: Sequence[Bubble]) -> Json:
    said = "\n".join(part.said for bubble in bubbles for part in bubble.parts if part.said)
    drawn = [bubble.to_json() for bubble in bubbles]
    contents = drawn[0] if len(drawn) == 1 else {"type": "carousel", "contents": drawn}
    return {"type": "flex", "altText": limits.shorten_units(said, limits.ALT_TEXT), "contents": contents}


def _bubbles(parts: Iterable[Part], band: str | None) -> list[Bubble]:
    groups: list[list[Part]] = []
    used = 0
    for part in parts:
        size = limits.json_size(part.component) + _COMMA
        if not groups or used + size > limits.BUBBLE:
            groups.append([])
            used = _FRAME
        groups[-1].append(part)
        used += size
    return [Bubble(tuple(group), band) for group in groups]


def _band(card: Mapping[str, Any]) -> str | None:
    level = str(card.get("level") or "")
    return level if level in colours.BANDS else None


def _card(card: Mapping[str, Any], words: Words) -> Iterator[Part]:
    title, band = str(card.get("title") or ""), _band(card)
    for piece in _pieces(title):
        shown = _text(_number_whole(piece), size="lg", weight="bold")
        yield Part("header" if band else "body", shown, piece)
    if band:
        yield Part("body", _scale(band), "")
    yield from _words(str(card.get("text") or ""), band)
    for field in card.get("fields") or ():
        yield from _field(field)
    yield from _source(card.get("source") or {}, words)
    yield from _links(card.get("links") or ())
    for number in case_numbers.find(title)[:1]:
        yield _tap(words.share, actions.share(words.share, number.value))


def _number_whole(title: str) -> str:
    """The title with its case number on a line of its own: a telephone would break it behind its hyphen."""
    for number in case_numbers.find(title)[:1]:
        before = title[: number.start].rstrip(" ")
        return f"{before}\n{title[number.start :]}" if before else title
    return title


def _words(text: str, band: str | None) -> Iterator[Part]:
    """A card's text; where it has a band, its first line is the band's name."""
    name, _, advice = text.partition("\n") if band and "\n" in text.strip() else ("", "", text)
    yield from (Part("body", _text(piece, size="md", weight="bold"), piece) for piece in _pieces(name))
    plain: list[str] = []
    for line in limits.clean(advice).split("\n"):
        if (item := _ITEM.fullmatch(line)) and limits.units(item["words"]) <= _PIECE:
            yield from _lines(plain)
            plain = []
            yield Part("body", _item(item["mark"], item["words"]), line)
        else:
            plain.append(line)
    yield from _lines(plain)


def _lines(lines: Sequence[str]) -> Iterator[Part]:
    return (Part("body", _text(piece), piece) for piece in _pieces("\n".join(lines).strip("\n")))


def _item(mark: str, words: str) -> Json:
    """A line of a list; its words stand under one another, beside the mark."""
    contents = [_text(mark, flex=0), _text(words, flex=1)]
    return {"type": "box", "layout": "horizontal", "spacing": "sm", "margin": "sm", "contents": contents}


def _width(words: str) -> float:
    """About how wide words are, in widths of a letter; marks above and below take none."""
    return sum(0.5 if cluster in _NARROW else 1.0 for cluster in limits.clusters(words))


def _field(field: Mapping[str, Any]) -> Iterator[Part]:
    labels, values = list(_pieces(field.get("label"))), list(_pieces(field.get("value")))
    if len(labels) == len(values) == 1 and "\n" not in values[0]:
        # Each gets as much of the line as it is long, so that neither wraps.
        wide, rest = _width(labels[0]), _width(values[0]) * _BOLD
        if wide + rest <= _ONE_LINE:
            label = _text(labels[0], color=colours.QUIET, flex=max(1, round(wide)))
            value = _text(values[0], flex=max(1, round(rest)), align="end", weight="bold")
            row = {"type": "box", "layout": "horizontal", "spacing": "md", "contents": [label, value]}
            yield Part("body", row, f"{labels[0]}: {values[0]}")
            return
    for piece in labels:
        yield Part("body", _text(piece, color=colours.QUIET), piece)
    for piece in values:
        yield Part("body", _text(piece, margin="xs"), piece)


def _source(source: Mapping[str, Any], words: Words) -> Iterator[Part]:
    name = limits.one_line(source.get("name"))
    said = [f"{words.source}: {name}"] if name else []
    if observed := str(source.get("observed_at") or ""):
        said.append(f"{words.observed} {words.moment(observed)}")
    elif fetched := str(source.get("fetched_at") or ""):
        said.append(f"{words.fetched} {words.moment(fetched)}")
    opened = actions.uri(name or words.source, str(source.get("url") or ""))
    for piece in _pieces("\n".join(said)):
        quiet = _text(piece, size="xs", color=colours.QUIET)
        yield Part("body", quiet | ({"action": opened} if opened else {}), piece)
    for piece in _pieces(source.get("label")):
        note = _text(piece, size="xs", color=colours.NOTE, weight="bold")
        yield Part("body", _column([note], backgroundColor=colours.NOTE_GROUND, paddingAll="8px"), piece)


def _links(links: Iterable[Mapping[str, Any]]) -> Iterator[Part]:
    for link in links:
        url = limits.clean(str(link.get("url") or ""))
        label = limits.one_line(link.get("label")) or url
        action = actions.uri(label, url)
        if action is not None:
            yield _tap(label, action)
            continue
        # LINE opens no mail; the address can at least be read.
        address = url.removeprefix("mailto:")
        for piece in _pieces(address if label in {address, url} else f"{label}: {address}"):
            yield Part("body", _text(piece), piece)


def _scale(band: str) -> Json:
    """The five bands with the card's own marked by size, weight and frame, not by colour alone."""
    steps = []
    for level, ground in colours.BANDS.items():
        here = level == band
        number = _text(level, size="md" if here else "xs", align="center", weight="bold" if here else "regular")
        frame = {"borderWidth": "2px", "borderColor": colours.INK} if here else {}
        steps.append(_column([number], backgroundColor=ground, cornerRadius="4px", justifyContent="center", **frame))
    return {"type": "box", "layout": "horizontal", "spacing": "xs", "contents": steps}


def _tap(words: str, action: Action) -> Part:
    shown = limits.shorten_units(words, _PIECE)
    label = _text(shown, align="center", weight="bold", color=colours.TAP)
    row = _column([label], backgroundColor=colours.TAP_GROUND, cornerRadius="8px", paddingAll="12px")
    return Part("footer", row | {"action": action}, shown)


def _words_of(action: Action) -> str:
    return str(action.get("displayText") or action["label"])


def _column(contents: Sequence[Json], **look: Any) -> Json:
    return {"type": "box", "layout": "vertical", "contents": list(contents), **look}


def _text(words: str, **look: Any) -> Json:
    """Words that wrap, with room for Thai vowels above and below, and as large as the reader's own setting."""
    plain = {"size": "sm", "color": colours.INK, "wrap": True, "scaling": True, "lineSpacing": "4px"}
    return {"type": "text", "text": words, **plain, **look}


def _pieces(words: object) -> Iterator[str]:
    for piece in limits.split(limits.clean(str(words or "")), _PIECE):
        if not limits.is_blank(piece):
            yield piece.strip()
