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
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


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
    if config.option.no_skips:
        config.pluginmanager.register(SkipWatch())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests on the measuring data at ../shared: left out where it is missing, but not in CI."""
    if SHARED.is_dir():
        return
    missing = [item for item in items if item.get_closest_marker("contract_data")]
    if not missing:
        return
    if os.environ.get("CI") == "true":
        raise pytest.UsageError(f"{len(missing)} tests need the data at ../shared, which is missing")
    config.hook.pytest_deselected(items=missing)
    items[:] = [item for item in items if item not in missing]
    print(f"left out: {len(missing)} tests that need the data at ../shared")


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
