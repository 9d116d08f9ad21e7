# SPDX-License-Identifier: Apache-2.0
"""From declared menus to LINE's rich menus, and to the fewest steps that make an account show them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from channels.line.menu_calls import Menu

#: pixels of a menu's picture, LINE's largest
WIDTH: Final = 2500
HEIGHT: Final = 1686
COLUMNS: Final = 3
ROWS: Final = 2
#: bytes of a picture
LARGEST_IMAGE: Final = 1_000_000
#: How our menus are called: so they are told from those that others made, and from our own with other content.
_OURS = re.compile(r"pracha (?P<alias>[a-z0-9_-]{1,32}) [0-9a-f]{16}")


class Area(Protocol):
    """What a tap does: say something, or open another menu."""

    @property
    def label(self) -> str: ...
    @property
    def say(self) -> str | None: ...
    @property
    def switch(self) -> str | None: ...


class Declared(Protocol):
    """A menu as its author wrote it, checked; its areas go from left to right, the upper row first."""

    @property
    def alias(self) -> str: ...
    @property
    def chat_bar(self) -> str: ...
    @property
    def areas(self) -> Sequence[Area]: ...


@dataclass(frozen=True, slots=True)
class Cell:
    """Where an area lies in the picture, in pixels from its upper left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A menu as it should be at LINE: the request that makes it, and its picture."""

    alias: str
    definition: Mapping[str, Any]
    image: bytes = field(repr=False)
    content_type: str

    @property
    def name(self) -> str:
        return str(self.definition["name"])


@dataclass(frozen=True, slots=True)
class Create:
    """Make a menu and give it its picture."""

    menu: Wanted


@dataclass(frozen=True, slots=True)
class Point:
    """Let an alias name the menu made for it; `now` is the menu that it names, None when there is no such alias."""

    alias: str
    now: str | None


@dataclass(frozen=True, slots=True)
class Show:
    """Show the menu of an alias to everybody; `now` is the menu that is shown, None without one.

    `menu` is its id where it exists already.
    """

    alias: str
    now: str | None
    menu: str | None


@dataclass(frozen=True, slots=True)
class Move:
    """Give who switched to an old menu the new one of the same alias: without it they would see the default."""

    alias: str
    old: str


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete a menu of ours that nobody needs."""

    menu: str
    name: str


Step = Create | Point | Show | Move | Delete


def cells() -> tuple[Cell, ...]:
    """Where the areas lie: together they are the whole picture, and none overlaps another."""
    columns = [WIDTH * at // COLUMNS for at in range(COLUMNS + 1)]
    rows = [HEIGHT * at // ROWS for at in range(ROWS + 1)]
    return tuple(
        Cell(columns[c], rows[r], columns[c + 1] - columns[c], rows[r + 1] - rows[r])
        for r in range(ROWS)
        for c in range(COLUMNS)
    )


def wanted(menu: Declared, image: bytes, content_type: str) -> Wanted:
    """What LINE has to hold for a declared menu with this picture. ValueError for what LINE would not take."""
    if len(image) > LARGEST_IMAGE:
        raise ValueError(f"the picture of {menu.alias} has {len(image):,} bytes; LINE takes {LARGEST_IMAGE:,}")
    areas = [{"bounds": _bounds(cell), "action": _action(area)} for cell, area in zip(cells(), menu.areas, strict=True)]
    body: dict[str, Any] = {
        "size": {"width": WIDTH, "height": HEIGHT},
        "selected": True,
        "chatBarText": menu.chat_bar,
        "areas": areas,
    }
    written = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
    fingerprint = hashlib.sha256(hashlib.sha256(written).digest() + hashlib.sha256(image).digest()).hexdigest()[:16]
    return Wanted(
        alias=menu.alias,
        definition={**body, "name": f"pracha {menu.alias} {fingerprint}"},
        image=image,
        content_type=content_type,
    )


def plan(
    existing: Sequence[Menu], aliases: Mapping[str, str], default: str | None, menus: Sequence[Wanted], shown: str
) -> tuple[Step, ...]:
    """The steps from what LINE holds to `menus`, of which `shown` is the alias of everybody's; () when all is well.

    A menu is taken as it is when its name is right and its alias names it. LINE lets an alias name only a menu that has
    its picture; one that was made and not finished by a run that broke off is made anew, and deleted.
    """
    names = {menu.id: str(menu.definition.get("name", "")) for menu in existing}
    kept = {one.alias: aliases[one.alias] for one in menus if names.get(aliases.get(one.alias, "")) == one.name}
    missing = [one for one in menus if one.alias not in kept]
    before = {one.alias: aliases.get(one.alias) for one in missing}
    steps: list[Step] = [Create(one) for one in missing]
    # Aliases after all menus are made: so a tap on the other language never opens an older menu for long.
    steps += [Point(one.alias, before[one.alias]) for one in missing]
    if default is None or kept.get(shown) != default:
        steps.append(Show(shown, default, kept.get(shown)))
    # What somebody gave an alias of their own is in use, whoever made it.
    used = {menu for alias, menu in aliases.items() if alias not in before} | set(kept.values())
    old = {menu: named for menu, name in names.items() if menu not in used and (named := _OURS.fullmatch(name))}
    # From what is there, not from what this run does: so a run that broke off before is made good.
    steps += [
        Move(named["alias"], menu) for menu, named in old.items() if named["alias"] in {one.alias for one in menus}
    ]
    return (*steps, *(Delete(menu, named[0]) for menu, named in old.items()))


def _bounds(cell: Cell) -> dict[str, int]:
    return {"x": cell.x, "y": cell.y, "width": cell.width, "height": cell.height}


def _action(area: Area) -> dict[str, str]:
    """The label is what a screen reader says of the area."""
    if area.switch is not None:
        return {
            "type": "richmenuswitch",
            "label": area.label,
            "richMenuAliasId": area.switch,
            "data": f"switch={area.switch}",
        }
    if area.say is None:
        raise ValueError(f"the area {area.label!r} says nothing and opens nothing")
    return {"type": "message", "label": area.label, "text": area.say}
