# SPDX-License-Identifier: Apache-2.0
"""What stops a start beside the settings, found without changing anything: another stack, taken ports, no database."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from app.leftovers import left_behind
from app.ports import ports_in_use
from app.processes import Process
from app.settings import Settings
from app.stack_lock import lock_holder

OLDEST_SERVER = 15  # PostgreSQL's major version
_PATIENCE = 5  # seconds for a server to answer


class DatabaseAway(Exception):
    """The server of DATABASE_URL cannot be used; the text says why, in one line, never the password."""


def start_problems(settings: Settings, processes: Iterable[Process]) -> list[str]:
    """One line for each; empty when a start would work. What a killed run left is no problem: a start ends it."""
    if holder := lock_holder(settings.state_dir):
        return [stack_runs(settings, holder)]
    return [*ports_in_use(processes, settings, left_behind(settings.state_dir)), *database_problems(settings)]


def stack_runs(settings: Settings, holder: str) -> str:
    """The line about a stack that holds the state directory."""
    said = f"a stack already runs on {settings.state_dir} (process {holder})"
    return f"{said}: stop it, or set PRACHA_STATE_DIR and the ports"


def database_problems(settings: Settings) -> list[str]:
    """A server of somebody else's must answer before a start; our own one starts with the stack."""
    if settings.embedded_database:
        return []
    try:
        server_version(settings.database_url)
    except DatabaseAway as away:
        return [f"DATABASE_URL: {away}"]
    return []


def server_version(url: str) -> str:
    """The version of a server that answers and is new enough, such as `15.14`. Raises DatabaseAway."""
    import psycopg  # late, with SQLAlchemy: a start with the embedded database needs neither here

    from store.engine import plain_url

    try:
        with psycopg.connect(plain_url(url), connect_timeout=_PATIENCE) as connection:
            version = connection.info.server_version
    except (psycopg.Error, ValueError) as error:
        raise DatabaseAway(f"the server does not answer: {_reason(error, url)}") from None
    if version < OLDEST_SERVER * 10000:
        raise DatabaseAway(f"it is PostgreSQL {version // 10000}: {OLDEST_SERVER} or newer is needed")
    return f"{version // 10000}.{version % 10000}"


def _reason(error: Exception, url: str) -> str:
    """The first line of what was said, without the password."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    form = "it is no address such as postgresql://user:password@host:port/database"
    try:
        password = make_url(url).password
    except (ArgumentError, ValueError):
        return form
    if urlsplit(url).netloc.count("@") > 1:  # then part of the password passes for a host's name
        return f"{form}: an @ in the password is written %40"
    said = (str(error).strip() or type(error).__name__).splitlines()[0]
    return said.replace(password, "…") if password else said
