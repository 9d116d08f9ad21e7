# SPDX-License-Identifier: Apache-2.0
"""The declared menus below the LINE chat (nlu_data/line/rich_menu.yml): read, and checked before anybody sees them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from catalogue import authored
from catalogue.authored import Authored, AuthoringError, Problem, Route
from catalogue.check_answers import graphemes
from catalogue.schema import problems_of

#: three columns and two rows
AREAS = 6
#: grapheme clusters, by https://developers.line.biz/en/reference/messaging-api/#rich-menu-object
CHAT_BAR = 14
LABEL = 20
SAID = 300
#: white on the colour of the icons' ground; WCAG 2.2 asks 3:1 of icons, and we of ours what it asks of texts
CONTRAST = 4.5


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuArea:
    """One of the six things to tap: it says something in the citizen's name, or opens another menu."""

    icon: str
    label: str
    say: str | None
    switch: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredMenu:
    """One menu; the end of its alias is its language. `areas` go from left to right, the upper row first."""

    alias: str
    chat_bar: str
    areas: tuple[MenuArea, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredMenus:
    """All menus; `default` is the alias of the one that everybody sees at first."""

    default: str
    #: "#rrggbb"
    colour: str
    menus: tuple[DeclaredMenu, ...]


def rich_menu_file(nlu_data: Path) -> Path:
    """Where the declaration stands."""
    return nlu_data / "line" / "rich_menu.yml"


def load_rich_menu(nlu_data: Path) -> DeclaredMenus:
    """The declared menus. Raises AuthoringError with every mistake, or OSError."""
    content = authored.read(rich_menu_file(nlu_data))
    errors = [problem for problem in _problems(content, nlu_data) if problem.severity == "error"]
    if errors:
        raise AuthoringError(errors)
    data = content.data
    menus = tuple(
        DeclaredMenu(alias=menu["alias"], chat_bar=menu["chat_bar"], areas=tuple(_area(one) for one in menu["areas"]))
        for menu in data["menus"]
    )
    return DeclaredMenus(default=data["default"], colour=data["colour"], menus=menus)


def check_rich_menu(nlu_data: Path, today: date) -> Iterator[Problem]:
    """What is wrong with the declaration; nothing when there is none, for an agency without LINE."""
    path = rich_menu_file(nlu_data)
    if not path.is_file():
        return
    try:
        content = authored.read(path)
    except AuthoringError as error:
        yield from error.problems
        return
    found = list(_problems(content, nlu_data))
    yield from found
    if not found and date.fromisoformat(content.data["review_by"]) < today:
        yield content.problem(("review_by",), f"its review was due on {content.data['review_by']}", "warning")


def _area(data: Mapping[str, Any]) -> MenuArea:
    return MenuArea(icon=data["icon"], label=data["label"], say=data.get("say"), switch=data.get("switch"))


def _problems(content: Authored, nlu_data: Path) -> list[Problem]:
    """The schema's complaints, or, without any, what a schema cannot say."""
    return problems_of(content, "rich_menu") or list(_beyond_the_schema(content, _must_pass(nlu_data)))


def menu_intents(nlu_data: Path) -> dict[str, str]:
    """What the menus' entries say, with the intents that the must-pass sentences give them; {} without a menu.

    Raises AuthoringError, or OSError.
    """
    if not rich_menu_file(nlu_data).is_file():
        return {}
    understood = _must_pass(nlu_data)
    said = (area.say for menu in load_rich_menu(nlu_data).menus for area in menu.areas)
    return {words: understood[words] for words in said if words is not None and words in understood}


def _must_pass(nlu_data: Path) -> dict[str, str]:
    """The sentences that the live model has to understand, with their intents: `pracha nlu report` proves it."""
    return {
        line.strip(): path.stem
        for path in sorted((nlu_data / "must_pass").glob("*.txt"))
        for line in path.read_text("utf-8").splitlines()
    }


def _beyond_the_schema(content: Authored, understood: Collection[str]) -> Iterator[Problem]:
    if _contrast_with_white(content.data["colour"]) < CONTRAST:
        yield content.problem(("colour",), f"{content.data['colour']} is too light for white icons")
    times = Counter(menu["alias"] for menu in content.data["menus"])
    for alias in ("menu-th", "menu-en"):
        if times[alias] != 1:
            yield content.problem(("menus",), f"one menu must have the alias {alias}, {times[alias]} have it")
    for number, menu in enumerate(content.data["menus"]):
        route: Route = ("menus", number)
        if len(menu["areas"]) != AREAS:
            yield content.problem((*route, "areas"), f"a menu has {AREAS} areas, this one {len(menu['areas'])}")
        yield from _too_long(content, (*route, "chat_bar"), menu["chat_bar"], CHAT_BAR)
        for place, area in enumerate(menu["areas"]):
            yield from _area_problems(content, (*route, "areas", place), menu["alias"], area, understood)


def _area_problems(
    content: Authored, route: Route, alias: str, area: Mapping[str, Any], understood: Collection[str]
) -> Iterator[Problem]:
    yield from _too_long(content, (*route, "label"), area["label"], LABEL)
    if ("say" in area) == ("switch" in area):
        yield content.problem(route, "an area needs either 'say' or 'switch'")
    elif "switch" in area:
        if area["switch"] == alias:
            yield content.problem((*route, "switch"), f"this is the menu {alias} itself")
    else:
        yield from _too_long(content, (*route, "say"), area["say"], SAID)
        if area["say"] not in understood:
            message = f"'{area['say']}' stands in no file of nlu_data/must_pass/: nothing proves that it is understood"
            yield content.problem((*route, "say"), message)


def _too_long(content: Authored, route: Route, text: str, limit: int) -> Iterator[Problem]:
    if (length := graphemes(text)) > limit:
        yield content.problem(route, f"'{text}' has {length} characters; LINE takes {limit}")


def _contrast_with_white(colour: str) -> float:
    """WCAG 2.2's contrast ratio, 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
