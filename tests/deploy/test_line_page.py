# SPDX-License-Identifier: Apache-2.0
"""What docs/channels/line.md tells an operator to look for is what the program writes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from channels.gateway.line_http import routes, webhook
from channels.gateway.metrics import Metrics
from channels.line.delivery import REPLY_BUDGET
from core.errors import VERDICTS
from core.ports import ReplyClosed
from tests.deploy.units import ROOT

PAGE = (ROOT / "docs" / "channels" / "line.md").read_text(encoding="utf-8")


def _written() -> Iterator[str]:
    for package in ("channels", "core"):
        for module in (ROOT / package).rglob("*.py"):
            yield module.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def source() -> str:
    """All of the code that speaks with LINE."""
    return "\n".join(_written())


def test_the_address_of_the_webhook_is_ours() -> None:
    """LINE is told the address that the gateway serves."""
    assert re.findall(r"`(/webhooks/\w+)`", PAGE) == [route.path for route in routes if hasattr(route, "path")]


def test_names_in_the_log_are_written(source: str) -> None:
    """Each event of the log that the page names is one that is logged."""
    named = set(re.findall(r"`(line_[a-z_]+|not_delivered|quota_spent)`", PAGE))
    assert {"line_call", "line_wrong_destination", "line_not_stored", "not_delivered", "quota_spent"} <= named
    assert [name for name in sorted(named) if f'"{name}"' not in source] == []


def test_figures_are_measured() -> None:
    """Each figure that the page names is one of the gateway's."""
    measured = {sample for family in Metrics().registry.collect() for sample in (family.name, f"{family.name}_total")}
    named = set(re.findall(r"`(pracha_[a-z_]+)", PAGE))
    assert len(named) >= 3
    assert named - measured == set()


def test_verdicts_are_those_of_the_core() -> None:
    """The table of failed deliveries has the words of the log, and none of our verdicts on LINE is left out."""
    table = PAGE.partition("### We cannot bring answers to LINE")[2].partition("\n## ")[0]
    told = set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE))
    ours = {one.verdict for one in VERDICTS} - {"forged"} | {ReplyClosed.verdict}
    assert told == ours


def test_the_statuses_are_those_of_the_gateway() -> None:
    """Each status of the webhook's own documentation is explained."""
    table = PAGE.partition("### LINE cannot bring us messages")[2].partition("###")[0]
    statuses = set(re.findall(r"\b([45]\d\d)\b", webhook.__doc__ or ""))
    assert statuses == {"400", "401", "404", "413", "415", "503"}
    assert {status for status in statuses if status not in table} == set()


def test_the_time_for_a_reply_is_ours() -> None:
    """Within that many seconds an answer costs nothing."""
    assert f"within {REPLY_BUDGET:.0f} seconds" in PAGE
