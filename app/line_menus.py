# SPDX-License-Identifier: Apache-2.0
"""Brings the rich menus at LINE to what nlu_data/line/rich_menu.yml declares, within LINE's hourly limits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from app.hourly_budget import HourlyBudget
from app.line_menu_image import CONTENT_TYPE, draw
from app.line_setup import Change
from catalogue.rich_menu import load_rich_menu
from channels.line.menu_calls import MenuCalls
from channels.line.rich_menu import Create, Delete, Move, Point, Show, Step, Wanted, plan, wanted
from core.errors import Rejected, Unavailable

_log = structlog.get_logger(__name__)

#: of the 100 that LINE takes in an hour, creating and deleting each: the rest is for hands and other tools
MOST_PER_HOUR = 80
MADE = "menus made"
DELETED = "menus deleted"
#: how often it is asked whether those with an old menu have the new one, and the seconds between
_ASKED = 30
_PAUSE = 1.0


@dataclass(frozen=True, slots=True)
class MenuPlan:
    """What differs, and which menu each alias names now."""

    steps: tuple[Step, ...]
    aliases: dict[str, str]

    @property
    def creates(self) -> int:
        return sum(isinstance(step, Create) for step in self.steps)


def wanted_menus(nlu_data: Path) -> tuple[list[Wanted], str]:
    """The declared menus with their pictures, and the alias of everybody's.

    Raises AuthoringError, CannotDraw, OSError, ValueError.
    """
    declared = load_rich_menu(nlu_data)
    menus = [wanted(menu, draw(menu, declared.colour), CONTENT_TYPE) for menu in declared.menus]
    return menus, declared.default


async def plan_menus(calls: MenuCalls, menus: Sequence[Wanted], shown: str) -> MenuPlan:
    """What to do for LINE to have these menus. Raises verdicts."""
    existing, aliases, default = await asyncio.gather(calls.list(), calls.aliases(), calls.default())
    return MenuPlan(plan(existing, aliases, default, menus, shown), aliases)


def menu_budget(state_dir: Path) -> HourlyBudget:
    """How many menus may still be made and deleted in this hour from this machine."""
    return HourlyBudget(state_dir / "line_menu_calls.json", MOST_PER_HOUR)


def menu_changes(found: MenuPlan) -> list[Change]:
    """The plan in an operator's words."""
    return [_change(step) for step in found.steps]


async def apply_menus(
    calls: MenuCalls, found: MenuPlan, budget: HourlyBudget, clock: Callable[[], float] = time.time
) -> bool:
    """Takes the steps; whether everybody who had an old menu has the new one.

    Nothing is begun that the hour's limit would break off half-way. Raises HourSpent (also when only old menus are left
    to be deleted), verdicts, OSError.
    """
    budget.check(MADE, found.creates, clock())
    ids = dict(found.aliases)
    moves: dict[str, str] = {}
    for step in found.steps:
        match step:
            case Create(menu):
                budget.take(MADE, clock())
                ids[menu.alias] = await calls.create(menu.definition)
                await calls.set_image(ids[menu.alias], menu.image, menu.content_type)
            case Point(alias, None):
                await calls.create_alias(alias, ids[alias])
            case Point(alias):
                await calls.update_alias(alias, ids[alias])
            case Show(alias):
                await calls.set_default(ids[alias])
            case Move(alias, old):
                moves[old] = ids[alias]
            case Delete():
                pass  # last, when nobody looks at it any more
    all_moved = await _move(calls, moves) if moves else True
    for step in found.steps:
        if isinstance(step, Delete):
            budget.take(DELETED, clock())
            await calls.delete(step.menu)
    return all_moved


async def _move(calls: MenuCalls, menus: dict[str, str]) -> bool:
    """Gives those who switched the new menus; False when LINE does not do it, and they see the default menu.

    Raises verdicts: the old menus are then still there, and the next run tries again.
    """
    try:
        request = await calls.move(menus)
        for _ in range(_ASKED):
            if await calls.moved(request):
                return True
            await asyncio.sleep(_PAUSE)
    except Rejected as error:
        _log.warning("line_menus_not_moved", reason=error.reason)
        return False
    raise Unavailable("not everybody has the new menu yet; run this again in some minutes")


def _change(step: Step) -> Change:
    match step:
        case Create(menu):
            return Change(f"menu {menu.alias}", "not there", menu.name)
        case Point(alias, now):
            return Change(f"alias {alias}", now or "none", "the new menu")
        case Show(alias, now, menu):
            return Change("menu that everybody sees", now or "none", menu or f"the new {alias}")
        case Move(alias, old):
            return Change(f"who chose {alias}", old, "the new menu")
        case Delete(menu, name):
            return Change("old menu", f"{name} ({menu})", "deleted")
