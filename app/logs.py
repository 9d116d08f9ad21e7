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
        "answers",
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
        "age_seconds",
    }
)


def _only_known(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: value for key, value in event.items() if key in _KNOWN}


def _plain(record: logging.LogRecord) -> str:
    """A library's record without its message's arguments, which can quote anything."""
    return str(record.msg).split("%")[0].strip()[:120]


class _LibraryHandler(logging.Handler):
    """Writes libraries' warnings as JSON: logger, level, the fixed part of the message, the class of the error."""

    def __init__(self, process: str) -> None:
        super().__init__(logging.WARNING)
        self._log = structlog.get_logger("library").bind(process=process)

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        level = "error" if record.levelno >= logging.ERROR else "warning"
        getattr(self._log, level)(_plain(record), logger=record.name, error=error)


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
