# SPDX-License-Identifier: Apache-2.0
"""LINE's limits, and how words are made to keep to them without cutting what a reader sees as one character.

Source: https://developers.line.biz/en/reference/messaging-api/ (message and action objects) and
https://developers.line.biz/en/docs/messaging-api/text-character-count/.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import regex

#: message objects of one reply or push
OBJECTS: Final = 5
#: UTF-16 code units of a text message
TEXT: Final = 5000
#: of `altText`; documented as characters, kept as UTF-16 units, of which there are never fewer
ALT_TEXT: Final = 1500
QUICK_REPLIES: Final = 13
#: grapheme clusters of an action's label in a quick reply, the shortest of all limits on labels
LABEL: Final = 20
#: grapheme clusters of a postback's `displayText`
DISPLAY_TEXT: Final = 300
#: characters of an address; LINE takes 2,000 for pictures
URI: Final = 1000
#: bytes of JSON; LINE says 30 KB and 50 KB and not which, so the smaller unit and the longer (escaped) writing count
BUBBLE: Final = 30_000
CAROUSEL: Final = 50_000
BUBBLES: Final = 12

#: A family of four is an emoji of 11 units; a longer heap of marks is no writing. So what is limited by clusters keeps to
#: the limits by bytes too.
_UNITS_A_CLUSTER: Final = 11
_CLUSTER = regex.compile(r"\X")
#: with the signs before it that make one cluster with its first letter
_URL = regex.compile(r"\p{Grapheme_Cluster_Break=Prepend}*(?:https?://|www\.)\S+")
_UNPRINTED = regex.compile(r"[\p{Cc}--[\n\t]]", regex.V1)
_BLANK = regex.compile(r"[\p{Z}\p{Cc}\p{Cf}]*")
#: where a text may be cut, the best first: a paragraph, a line, a sentence (Thai ends one with a polite word), a blank
_SEAMS = tuple(regex.compile(seam) for seam in (r"\n\s*\n", r"\n", r"(?:[.!?…]|ค่ะ|คะ|ครับ)\s+", r"\s+"))


def clean(text: str) -> str:
    """The text without what cannot be shown or sent: lone surrogates become U+FFFD, control characters go."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return str(_UNPRINTED.sub("", whole.replace("\r\n", "\n").replace("\r", "\n")))


def is_blank(text: str) -> bool:
    """Whether nothing of it is seen; LINE refuses such a text."""
    return _BLANK.fullmatch(text) is not None


def one_line(text: object) -> str:
    """Any field's words on one line, as a label stands; empty when nothing of it is seen."""
    line = " ".join(clean(str(text or "")).split())
    return "" if is_blank(line) else line


def units(text: str) -> int:
    """Length in UTF-16 code units, as LINE counts texts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clusters(text: str) -> list[str]:
    """What a reader sees as its characters, by which LINE counts labels."""
    return list(_CLUSTER.findall(text))


def shorten(text: str, limit: int) -> str:
    """At most `limit` grapheme clusters; a shorter version ends in an ellipsis."""
    return _cut(text, limit, limit * _UNITS_A_CLUSTER)


def shorten_units(text: str, limit: int) -> str:
    """At most `limit` UTF-16 units, whole clusters; a shorter version ends in an ellipsis."""
    return _cut(text, limit, limit)


def split(text: str, limit: int = TEXT) -> list[str]:
    """Pieces of at most `limit` UTF-16 units that together are the text.

    A cut is at the end of a paragraph, else of a line, a sentence, a word, a cluster, and never inside a URL: as long as
    clusters and URLs are themselves within the limit.
    """
    pieces = []
    while units(text) > limit:
        at = _place_to_cut(text, limit)
        pieces.append(text[:at])
        text = text[at:]
    return [*pieces, text] if text else pieces


def json_size(value: Any) -> int:
    """Bytes of the JSON as the Python SDK sends it: with blanks, and every character beyond ASCII escaped."""
    return len(json.dumps(value))


def _cut(text: str, limit: int, limit_units: int) -> str:
    kept: list[str] = []
    used = 0
    for cluster, size in _clusters(text, limit_units):
        used += size
        if len(kept) == limit or used > limit_units:
            break
        kept.append(cluster)
    else:
        return text
    while kept and (len(kept) >= limit or units("".join(kept)) >= limit_units):
        kept.pop()
    return "".join(kept).rstrip() + "…"


def _clusters(text: str, limit_units: int) -> Iterator[tuple[str, int]]:
    """The text's clusters with their units; one that would never fit comes as its characters."""
    for match in _CLUSTER.finditer(text):
        cluster = match[0]
        size = units(cluster)
        if size <= limit_units:
            yield cluster, size
        else:
            yield from ((char, units(char)) for char in cluster)


def _place_to_cut(text: str, limit: int) -> int:
    furthest = used = 0
    for cluster, size in _clusters(text, limit):
        used += size
        if used > limit:
            break
        furthest += len(cluster)
    # A seam in the first half would make more pieces than are needed. None is inside a URL, which has no blanks.
    for seam in _SEAMS:
        ends = [match.end() for match in seam.finditer(text, furthest // 2, furthest)]
        best = next((end for end in reversed(ends) if _between_clusters(text, end)), None)
        if best is not None:
            return best
    urls = _URL.finditer(text, 0, min(len(text), furthest + limit))
    return next((url.start() for url in urls if url.start() < furthest < url.end()), 0) or furthest


def _between_clusters(text: str, at: int) -> bool:
    """Whether no mark follows that belongs to the blank before `at`."""
    match = _CLUSTER.match(text, at - 1)
    return match is not None and match.end() == at
