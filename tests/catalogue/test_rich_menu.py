# SPDX-License-Identifier: Apache-2.0
"""The declared LINE menu: the shipped one is right, and every kind of mistake is found where it stands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from catalogue.authored import AuthoringError
from catalogue.check import check
from catalogue.rich_menu import MenuArea, check_rich_menu, load_rich_menu, rich_menu_file
from tests.catalogue.conftest import ROOT, replace_in

TODAY = date(2026, 11, 22)


def test_the_shipped_menus() -> None:
    """Thai for everybody, English by a tap, six areas each, and nothing that the check complains of."""
    assert list(check_rich_menu(ROOT / "nlu_data", TODAY)) == []
    declared = load_rich_menu(ROOT / "nlu_data")
    assert declared.default == "menu-th"
    thai, english = declared.menus
    assert [len(menu.areas) for menu in (thai, english)] == [6, 6]
    assert [area.icon for area in thai.areas] == [area.icon for area in english.areas]
    assert thai.areas[-1] == MenuArea(icon="language", label="English", say=None, switch="menu-en")
    assert english.areas[-1].switch == "menu-th"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("chat_bar: เมนูบริการ", "chat_bar: เมนูบริการของเทศบาลนครตัวอย่าง", "LINE takes 14"),
        ("chat_bar: Menu", "chat_bar: fifteen letters", "LINE takes 14"),
        ("label: Track my case", "label: Track my very own case", "LINE takes 20"),
        ("say: คุณภาพอากาศวันนี้", f"say: {'ก' * 301}", "LINE takes 300"),
        ("say: คุณภาพอากาศวันนี้", "say: อากาศเป็นไงมั่ง", "stands in no file of nlu_data/must_pass/"),
        ("say: คุณภาพอากาศวันนี้", "switch: menu-en, say: คุณภาพอากาศวันนี้", "either 'say' or 'switch'"),
        (", say: คุณภาพอากาศวันนี้", "", "either 'say' or 'switch'"),
        ("switch: menu-en", "switch: menu-th", "this is the menu menu-th itself"),
        ("switch: menu-en", "switch: menu-de", "'menu-de' is none of menu-th, menu-en"),
        ("- alias: menu-en", "- alias: menu-th", "one menu must have the alias menu-en, 0 have it"),
        ("default: menu-th", "default: th", "'th' is none of"),
        ('colour: "#0B4F8A"', 'colour: "#7FB2E5"', "too light for white icons"),
        ('colour: "#0B4F8A"', "colour: blue", "does not have the form"),
        ("icon: air", "icon: wind", "'wind' is none of report, track"),
        ("label: ติดตามเรื่อง", "label: ติดตามเรื่อง 🔎", "does not have the form"),
        ("label: ติดตามเรื่อง", 'label: "ติดตาม\\nเรื่อง"', "does not have the form"),
        ("      - {icon: air, label: คุณภาพอากาศ, say: คุณภาพอากาศวันนี้}\n", "", "needs at least 6, has 5"),
        (
            "      - {icon: air, label: คุณภาพอากาศ, say: คุณภาพอากาศวันนี้}\n",
            "      - {icon: air, label: อากาศ, say: คุณภาพอากาศวันนี้}\n      - {icon: air, label: ฝุ่น, say: คุณภาพอากาศวันนี้}\n",
            "a menu has 6 areas, this one 7",
        ),
        ("menus:", "menus: [", "not YAML"),
        ("chat_bar: Menu", "chatBarText: Menu", "'chatBarText' is not known here"),
    ],
)
def test_a_mistake_is_found_where_it_stands(nlu_data: Path, old: str, new: str, message: str) -> None:
    """Before the menus are made, and again when they are."""
    path = rich_menu_file(nlu_data)
    line = replace_in(path, old, new)
    found = [problem for problem in check_rich_menu(nlu_data, TODAY) if problem.severity == "error"]
    meant = [problem for problem in found if message in problem.message]
    assert meant, [str(problem) for problem in found]
    assert {Path(problem.file) for problem in found} == {path}
    assert abs(meant[0].line - line) <= 12
    with pytest.raises(AuthoringError):
        load_rich_menu(nlu_data)


def test_it_is_part_of_the_check_of_everything(nlu_data: Path) -> None:
    """`pracha services check` looks at the menu too."""
    line = replace_in(rich_menu_file(nlu_data), "switch: menu-en", "switch: menu-th")
    (error,) = [problem for problem in check(nlu_data, TODAY) if problem.severity == "error"]
    assert (error.file, error.line) == (str(rich_menu_file(nlu_data)), line)


def test_a_review_that_is_due_is_a_warning(nlu_data: Path) -> None:
    """The menu works all the same."""
    replace_in(rich_menu_file(nlu_data), "review_by: 2027-05-31", "review_by: 2026-11-21")
    (problem,) = check_rich_menu(nlu_data, TODAY)
    assert problem.severity == "warning"
    assert load_rich_menu(nlu_data).menus


def test_an_agency_without_line_needs_no_menu(nlu_data: Path) -> None:
    """The check has nothing to say; making menus has."""
    rich_menu_file(nlu_data).unlink()
    assert [problem for problem in check(nlu_data, TODAY) if problem.severity == "error"] == []
    with pytest.raises(FileNotFoundError):
        load_rich_menu(nlu_data)
