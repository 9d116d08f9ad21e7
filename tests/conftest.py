# SPDX-License-Identifier: Apache-2.0
"""What every test may ask for (a PostgreSQL, a browser), in both Pythons, and what a run refuses (skips)."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
# The files that take longest. Several workers begin with them, so that none has such a one left when the others are done.
LONGEST = (
    "peers/test_line_strict.py",
    "app/test_supervise.py",
    "widget/test_access.py",
    "app/test_bot_switch.py",
    "sandbox/line/page/test_messages.py",
    "channels/gateway/test_siege.py",
    "peers/test_line_node.py",
    "app/test_line_setup.py",
    "channels/gateway/test_line_outbound.py",
    "sandbox/line/page/test_access.py",
    "channels/gateway/test_trouble.py",
    "sandbox/line/page/test_taps.py",
    "app/test_embedded_postgres.py",
    "widget/test_conversation.py",
    "catalogue/test_rasa.py",
)


@pytest.fixture(scope="session")
def database_server() -> Iterator[str]:
    """URL of a real server: TEST_DATABASE_URL, else an embedded one that lives as long as this run."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    command = [str(ROOT / ".venv" / "bin" / "python"), "-m", "app.throwaway_postgres"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        assert url, "the embedded PostgreSQL did not start"
        try:
            yield url
        finally:
            server.stdin.close()


@contextmanager
def new_database(server_url: str) -> Iterator[str]:
    """An empty database on that server for the time of a `with` block; gives its URL."""
    name = f"test_{uuid.uuid4().hex[:16]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    try:
        yield urlsplit(server_url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def database_url(database_server: str) -> Iterator[str]:
    """URL of an empty database of this run's own."""
    with new_database(database_server) as url:
        yield url


@pytest.fixture
def fresh_database_url(database_server: str) -> Iterator[str]:
    """URL of an empty database of this test's own."""
    with new_database(database_server) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser: PRACHA_CHROMIUM, else the machine's. A missing one fails the test."""
    wanted = [os.environ.get("PRACHA_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    for name in filter(None, wanted):
        if path := shutil.which(name):
            return path
    pytest.fail("no browser for this test: install Debian's `chromium` (and `fonts-thai-tlwg`), or set PRACHA_CHROMIUM")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="fail when a test was skipped or expected to fail")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(LeftOut())
    if config.option.no_skips:
        config.pluginmanager.register(SkipWatch())
    if config.pluginmanager.hasplugin("hypothesispytest"):
        from hypothesis import settings  # the bot's Python has none

        # Beside other tests, an example may wait for its turn: that is not wrong. Limits that count are tests of their own.
        settings.register_profile("beside others", deadline=None)
        settings.load_profile("beside others")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """In CI the measuring data must be there."""
    if item.get_closest_marker("contract_data") and not SHARED.is_dir():
        pytest.fail("this test needs the data at ../shared, which is missing", pytrace=False)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A worker among several: the long files first. A run without workers keeps folders, and so browsers, together."""
    if hasattr(config, "workerinput"):
        order = {ROOT / "tests" / name: place for place, name in enumerate(LONGEST)}
        items.sort(key=lambda item: order.get(item.path, len(LONGEST)))


class LeftOut:
    """Leaves tests on the measuring data out where that is missing, but not in CI, and says how many.

    In a parallel run every worker leaves them out; the run itself, which collects nothing, hears of it at a worker's end.
    """

    def __init__(self) -> None:
        self.count = 0

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        missing = [item for item in items if item.get_closest_marker("contract_data")]
        if SHARED.is_dir() or os.environ.get("CI") == "true" or not missing:
            return
        self.count = len(missing)
        config.hook.pytest_deselected(items=missing)
        items[:] = [item for item in items if item not in missing]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if (told := getattr(session.config, "workeroutput", None)) is not None:
            told["left_out"] = self.count

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """pytest-xdist: a worker ended. One that crashed left no output."""
        self.count = max(self.count, getattr(node, "workeroutput", {}).get("left_out", 0))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.count:
            terminalreporter.write_line(f"left out: {self.count} tests that need the data at ../shared")


class SkipWatch:
    """Fails a run in which a test or a whole file was skipped, or a test was expected to fail."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.found.append(report.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped or hasattr(report, "wasxfail"):
            self.found.append(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.found and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.found:
            terminalreporter.write_line(f"--no-skips: {len(self.found)} did not run: {', '.join(self.found)}")
