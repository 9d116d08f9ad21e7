# SPDX-License-Identifier: Apache-2.0
"""The count of calls that LINE takes only so often in an hour, over runs of the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.hourly_budget import HourlyBudget, HourSpent

NOW = 1_795_340_400.0


def test_l_out_18_never_more_than_the_most_in_any_hour(tmp_path: Path) -> None:
    """Asking every minute for three hours; each run reads the file of the one before."""
    taken: list[float] = []
    for minute in range(180):
        now = NOW + minute * 60
        try:
            HourlyBudget(tmp_path / "state" / "calls.json", 7).take("menus made", now)
        except HourSpent:
            continue
        taken.append(now)
    assert len(taken) == 21
    assert all(sum(at - 3600 < one <= at for one in taken) <= 7 for at in taken)


def test_kinds_are_counted_apart_and_the_line_says_when(tmp_path: Path) -> None:
    """Two are made, none deleted."""
    budget = HourlyBudget(tmp_path / "calls.json", 2)
    budget.take("menus made", NOW)
    budget.take("menus made", NOW + 600)
    budget.take("menus deleted", NOW + 600)
    with pytest.raises(HourSpent, match="2 menus made in an hour are the most; run this again in 40 minutes"):
        budget.check("menus made", 1, NOW + 1200)
    with pytest.raises(HourSpent, match="in 50 minutes"):
        budget.check("menus made", 2, NOW + 1200)
    budget.check("menus made", 0, NOW + 1200)
    budget.check("menus made", 1, NOW + 3600)
    budget.check("menus deleted", 1, NOW + 1200)


@pytest.mark.parametrize("content", ["", "[]", '{"menus made": 3}', '{"menus made": ["x"]}', "{"])
def test_a_file_that_cannot_be_read_has_counted_nothing(tmp_path: Path, content: str) -> None:
    """LINE's own limit holds all the same."""
    file = tmp_path / "calls.json"
    file.write_text(content)
    HourlyBudget(file, 1).take("menus made", NOW)
    with pytest.raises(HourSpent):
        HourlyBudget(file, 1).take("menus made", NOW)


def test_times_to_come_do_not_count(tmp_path: Path) -> None:
    """A clock that was wrong does not lock the command for years."""
    budget = HourlyBudget(tmp_path / "calls.json", 1)
    budget.take("menus made", NOW + 1_000_000)
    budget.take("menus made", NOW)
