# SPDX-License-Identifier: Apache-2.0
"""What the console says when everything runs."""

from __future__ import annotations

import shutil
from pathlib import Path

from app.announce import banner, unverified_guides
from app.settings import ROOT
from tests.app.test_settings import demo, live

SERVICES = ROOT / "nlu_data" / "services"


def test_live_names_the_guides_that_nobody_has_verified(tmp_path: Path) -> None:
    """One line with all of them; a demo, whose data are made up anyway, has none."""
    guides = unverified_guides(SERVICES)
    assert "elderly_allowance" in guides
    assert "city_report" not in guides, "a form has no guide"
    [warning] = [line for line in banner(live(tmp_path), 1.0).splitlines() if "no officer has verified" in line]
    assert all(guide in warning for guide in guides)
    assert "no officer has verified" not in banner(demo(tmp_path), 1.0)


def test_a_verified_guide_is_not_named(tmp_path: Path) -> None:
    """And files that cannot be read stop no start: the gateway says what is wrong with them."""
    copy = tmp_path / "services"
    shutil.copytree(SERVICES, copy)
    passport = copy / "passport.yml"
    text = passport.read_text(encoding="utf-8")
    assert "verified_by: null" in text
    passport.write_text(text.replace("verified_by: null", "verified_by: งานทะเบียน"), encoding="utf-8")
    assert set(unverified_guides(SERVICES)) - set(unverified_guides(copy)) == {"passport"}
    passport.write_text("guide: [", encoding="utf-8")
    assert unverified_guides(copy) == []
