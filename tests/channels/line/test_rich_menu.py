# SPDX-License-Identifier: Apache-2.0
"""From declared menus to LINE's requests and to steps: pure, so every state of an account can be tried."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.line.menu_calls import Menu
from channels.line.rich_menu import (
    HEIGHT,
    LARGEST_IMAGE,
    WIDTH,
    Create,
    Delete,
    Move,
    Point,
    Show,
    Step,
    Wanted,
    cells,
    plan,
    wanted,
)


@dataclass(frozen=True)
class Tap:
    """An area as the catalogue hands it over."""

    label: str
    say: str | None = None
    switch: str | None = None


@dataclass(frozen=True)
class Declaration:
    """A menu as the catalogue hands it over."""

    alias: str
    chat_bar: str
    areas: tuple[Tap, ...]


THAI = Declaration(
    "menu-th", "เมนู", (*(Tap(f"เรื่องที่ {n}", say=f"ขอเรื่องที่ {n}") for n in range(5)), Tap("English", switch="menu-en"))
)
ENGLISH = Declaration(
    "menu-en",
    "Menu",
    (*(Tap(f"Number {n}", say=f"give me number {n}") for n in range(5)), Tap("ไทย", switch="menu-th")),
)
IMAGE = "image/png"


def both(picture: bytes = b"picture") -> list[Wanted]:
    """The two menus with a picture."""
    return [wanted(THAI, picture, IMAGE), wanted(ENGLISH, picture, IMAGE)]


@dataclass
class Account:
    """What LINE holds for an account, and what steps do to it."""

    menus: dict[str, dict[str, object]]
    aliases: dict[str, str]
    default: str | None = None
    made: int = 0
    #: which menu each user was given
    users: dict[str, str] | None = None

    def plan(self, menus: Sequence[Wanted]) -> tuple[Step, ...]:
        existing = [Menu(id_, body) for id_, body in self.menus.items()]
        return plan(existing, self.aliases, self.default, menus, "menu-th")

    def take(self, steps: Sequence[Step]) -> None:
        """As the application does: an alias, a default or a user never gets a menu that is not there."""
        ids = dict(self.aliases)
        for step in steps:
            match step:
                case Create(menu):
                    self.made += 1
                    ids[menu.alias] = f"new-{self.made}"
                    self.menus[ids[menu.alias]] = dict(menu.definition)
                case Point(alias, now):
                    assert self.aliases.get(alias) == now
                    self.aliases[alias] = ids[alias]
                case Show(alias, now):
                    assert self.default == now
                    self.default = ids[alias]
                case Move(alias, old):
                    assert old in self.menus
                    self.users = {
                        user: ids[alias] if menu == old else menu for user, menu in (self.users or {}).items()
                    }
                case Delete(menu_id):
                    del self.menus[menu_id]
        assert {*self.aliases.values(), self.default, *(self.users or {}).values()} <= {*self.menus, None}


def test_the_areas_are_the_whole_picture() -> None:
    """Every pixel is in exactly one area."""
    found = cells()
    assert len(found) == 6
    assert sum(cell.width * cell.height for cell in found) == WIDTH * HEIGHT
    for one, other in itertools.combinations(found, 2):
        beside = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert beside or one.y + one.height <= other.y or other.y + other.height <= one.y
    assert (found[0].x, found[0].y) == (0, 0)
    assert (found[-1].x + found[-1].width, found[-1].y + found[-1].height) == (WIDTH, HEIGHT)


def test_a_request_says_what_was_declared() -> None:
    """A text in the citizen's name, or the other menu; labels are for screen readers."""
    made = wanted(THAI, b"picture", IMAGE)
    assert made.definition["size"] == {"width": 2500, "height": 1686}
    assert made.definition["chatBarText"] == "เมนู"
    assert made.definition["selected"] is True
    first, *_, last = made.definition["areas"]
    assert first == {
        "bounds": {"x": 0, "y": 0, "width": 833, "height": 843},
        "action": {"type": "message", "label": "เรื่องที่ 0", "text": "ขอเรื่องที่ 0"},
    }
    assert last["action"] == {
        "type": "richmenuswitch",
        "label": "English",
        "richMenuAliasId": "menu-en",
        "data": "switch=menu-en",
    }
    assert len(made.name) <= 300
    json.dumps(made.definition)


def test_the_name_changes_with_content_and_picture_and_nothing_else() -> None:
    """Equality can be seen at LINE, which gives back neither a hash nor, in the list, the picture."""
    made = wanted(THAI, b"picture", IMAGE)
    assert made.name == wanted(THAI, b"picture", IMAGE).name
    others = [
        wanted(THAI, b"picture 2", IMAGE),
        wanted(replace(THAI, chat_bar="เมนู 2"), b"picture", IMAGE),
        wanted(replace(THAI, areas=(Tap("เรื่องที่ 0", say="อื่น"), *THAI.areas[1:])), b"picture", IMAGE),
        wanted(replace(THAI, areas=THAI.areas[::-1]), b"picture", IMAGE),
    ]
    assert len({made.name, *(one.name for one in others)}) == 5


def test_what_line_would_not_take_is_not_asked() -> None:
    """A picture over 1 MB, five areas, an area that does nothing."""
    wanted(THAI, b"x" * LARGEST_IMAGE, IMAGE)
    for menu, picture in (
        (THAI, b"x" * (LARGEST_IMAGE + 1)),
        (replace(THAI, areas=THAI.areas[1:]), b"x"),
        (replace(THAI, areas=(Tap("?"), *THAI.areas[1:])), b"x"),
    ):
        with pytest.raises(ValueError, match=r"LINE takes|shorter|says nothing"):
            wanted(menu, picture, IMAGE)


def test_l_out_18_an_empty_account_gets_both_menus_and_then_nothing() -> None:
    """Made, named, shown; the second time there is nothing to do."""
    account = Account({}, {})
    steps = account.plan(both())
    assert [type(step).__name__ for step in steps] == ["Create", "Create", "Point", "Point", "Show"]
    account.take(steps)
    assert account.default == account.aliases["menu-th"]
    assert account.plan(both()) == ()


def test_l_out_18_only_what_differs_is_made_anew() -> None:
    """One menu changed: one is made, its alias moves, who had the old one gets it, the old one goes."""
    account = Account({}, {})
    account.take(account.plan(both()))
    account.users = {"U1": account.aliases["menu-en"], "U2": account.aliases["menu-th"]}
    kept, old = account.aliases["menu-th"], account.aliases["menu-en"]
    changed = [both()[0], wanted(replace(ENGLISH, chat_bar="Services"), b"picture", IMAGE)]
    steps = account.plan(changed)
    assert steps == (Create(changed[1]), Point("menu-en", old), Move("menu-en", old), Delete(old, both()[1].name))
    account.take(steps)
    assert account.users == {"U1": account.aliases["menu-en"], "U2": kept}
    assert len(account.menus) == 2
    assert account.plan(changed) == ()


def test_menus_of_others_stay() -> None:
    """Another tool's menu, and one whose name only begins as ours; an alias or the default that was theirs is ours."""
    theirs = {"other": {"name": "โปรโมชัน"}, "similar": {"name": "pracha menu-th by hand"}, "nameless": {}}
    account = Account(
        {key: dict(value) for key, value in theirs.items()}, {"menu-en": "other", "promo": "other"}, "other"
    )
    account.take(account.plan(both()))
    assert theirs.keys() <= account.menus.keys()
    assert account.aliases["promo"] == "other"
    assert account.default == account.aliases["menu-th"]
    assert account.plan(both()) == ()


def test_a_menu_that_a_broken_run_left_without_a_picture_is_made_anew() -> None:
    """No alias can name it, so it is not taken for complete; and it is deleted."""
    menus = both()
    account = Account({"half": dict(menus[0].definition)}, {})
    steps = account.plan(menus)
    assert Create(menus[0]) in steps
    assert Delete("half", menus[0].name) in steps
    account.take(steps)
    assert account.plan(menus) == ()


def test_who_has_a_menu_that_a_broken_run_left_behind_gets_the_new_one() -> None:
    """The alias was moved already and the people were not: they are found by the menu's name."""
    account = Account({"left": dict(both(b"old")[1].definition)}, {})
    account.take(account.plan(both())[:5])
    account.users = {"U1": "left"}
    steps = account.plan(both())
    assert steps == (Move("menu-en", "left"), Delete("left", both(b"old")[1].name))
    account.take(steps)
    assert account.users == {"U1": account.aliases["menu-en"]}


def test_only_the_default_is_set_right() -> None:
    """Somebody showed another menu: nothing is made for it."""
    account = Account({}, {})
    account.take(account.plan(both()))
    for other in (None, account.aliases["menu-en"]):
        account.default = other
        assert account.plan(both()) == (Show("menu-th", other, account.aliases["menu-th"]),)


OURS = st.sampled_from([one.definition for picture in (b"1", b"2") for one in both(picture)])
THEIRS = st.builds(lambda name: {"name": name}, st.text(max_size=5))


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    """Any mixture of old, new, foreign and broken menus, named and shown anyhow."""
    bodies = draw(st.lists(st.one_of(OURS, THEIRS), max_size=8))
    menus = {f"menu-{n}": dict(body) for n, body in enumerate(bodies)}
    ids = st.sampled_from(sorted(menus)) if menus else st.nothing()
    names = st.sampled_from(["menu-th", "menu-en", "promo"])
    aliases = draw(st.dictionaries(names, ids, max_size=3)) if menus else {}
    default = draw(st.one_of(st.none(), ids)) if menus else None
    return Account(menus, aliases, default)


@given(accounts())
def test_l_out_18_from_any_state_one_run_is_enough(account: Account) -> None:
    """At most two menus are made, none that others made or use is lost, and the second run has nothing to do."""
    menus = both(b"2")
    used = {account.aliases["promo"]} if "promo" in account.aliases else set()
    foreign = {id_ for id_, body in account.menus.items() if not str(body["name"]).startswith("pracha menu-")}
    account.take(account.plan(menus))
    assert account.made <= 2
    assert foreign | used <= account.menus.keys()
    assert account.plan(menus) == ()
    assert {one.alias: account.menus[account.aliases[one.alias]]["name"] for one in menus} == {
        one.alias: one.name for one in menus
    }
    assert account.default == account.aliases["menu-th"]
    assert account.menus.keys() == foreign | used | {account.aliases["menu-th"], account.aliases["menu-en"]}
