# SPDX-License-Identifier: Apache-2.0
"""JSON logs of the action server without a word of any message: events, code places, classes of errors."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import datetime, timezone
from typing import Any

import structlog
from structlog.typing import EventDict

_FRAMES = 3


def configure(level: int = logging.INFO) -> None:
    """Send structlog's and every library's records to standard error, one JSON object a line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_WithoutMessages())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    # It tells each registered action at info level, which says nothing.
    logging.getLogger("rasa_sdk").setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _facts_of_exception,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


class _WithoutMessages(logging.Formatter):
    """Records of libraries: where and how bad, never the text, which may quote a request as rasa-sdk's do."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "timestamp": datetime.fromtimestamp(record.created, timezone.utc).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "at": f"{record.module}:{record.lineno}",
        }
        if record.exc_info and record.exc_info[1] is not None:
            entry |= error_facts(record.exc_info[1])
        return json.dumps(entry)


def error_facts(error: BaseException) -> dict[str, Any]:
    """The class of an exception and its last frames; never its text, which may quote a citizen."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return {
        "error": type(error).__name__,
        "frames": [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames],
    }


def _facts_of_exception(_logger: object, _method: str, event: EventDict) -> EventDict:
    info = event.pop("exc_info", None)
    error = sys.exception() if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event.update(error_facts(error))
    return event
