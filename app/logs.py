# SPDX-License-Identifier: Apache-2.0
"""JSON logs, one line an event: names, figures and classes of errors, never a citizen's words or address."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

#: our own log lines may carry these and nothing else; a new one is added here with thought
_KNOWN = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "process",
        "logger",
        "turn",
        "conversation",
        "outcome",
        "intent",
        "bot_ms",
        "reason",
        "attempt",
        "attempts",
        "verdict",
        "error",
        "path",
        "status",
        "answer",
        "answers",
        "call",
        "request_id",
        "ms",
        "conversations",
        "public_port",
        "internal_port",
        "port",
        "agency",
        "service",
        "seconds",
        "mode",
        "rows",
        "table",
        "action",
        "changed",
        "model",
        "case",
        "state",
        "from_cache",
        "late",
        "age_seconds",
    }
)

#: loggers that repeat themselves for as long as something is away: one line per connection and try
_CHATTY = frozenset({"psycopg.pool"})
_SPELL = 300.0  # seconds; a pool's own pauses between tries are shorter


def _only_known(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: value for key, value in event.items() if key in _KNOWN}


def _plain(record: logging.LogRecord) -> str:
    """A library's record without its message's arguments, which can quote anything."""
    return str(record.msg).split("%")[0].strip()[:120]


def _level(record: logging.LogRecord) -> str:
    """What a stranger sends that is no HTTP or no gzip is no fault of ours: anybody could fill the log with errors."""
    raised = record.exc_info[0] if record.exc_info else None
    kinds = raised.__mro__ if raised is not None else ()
    if any(one.__module__ == "aiohttp.http_exceptions" or one.__name__ == "RequestPayloadError" for one in kinds):
        return "info"
    return "error" if record.levelno >= logging.ERROR else "warning"


def _class_of(record: logging.LogRecord) -> str | None:
    """The class of the error that a record is about: its own, or one among its arguments."""
    if record.exc_info and record.exc_info[0]:
        return record.exc_info[0].__name__
    arguments = record.args if isinstance(record.args, tuple) else ()
    return next((type(one).__name__ for one in arguments if isinstance(one, BaseException)), None)


class _LibraryHandler(logging.Handler):
    """Writes libraries' warnings as JSON: logger, level, the fixed part of the message, the class of the error.

    What a chatty one goes on saying is one line until it was silent for `_SPELL` seconds; and of the connections that it
    discards it says the reason in the next line.
    """

    def __init__(self, process: str) -> None:
        super().__init__(logging.WARNING)
        self._log = structlog.get_logger("library").bind(process=process)
        self._said: dict[tuple[str, str, str | None], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        error = _class_of(record)
        key = (record.name, _plain(record), error)
        if record.name in _CHATTY:
            if error is None and key[1].startswith("discarding"):
                return
            before = self._said.get(key)
            self._said[key] = record.created
            if before is not None and record.created - before < _SPELL:
                return
        getattr(self._log, _level(record))(key[1], logger=record.name, error=error)


def configure_logs(process: str) -> None:
    """Sets up logging for this process; call it once, first."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_known,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)
    root = logging.getLogger()
    root.handlers[:] = [_LibraryHandler(process)]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(True)
