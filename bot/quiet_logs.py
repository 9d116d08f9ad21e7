# SPDX-License-Identifier: Apache-2.0
"""Logs as JSON lines that never hold what a citizen wrote.

Rasa and its libraries put message texts, slots, whole requests and trackers into log messages and into exception
texts. So of a foreign record only its level, logger, place, exception classes and last frames are written. Our own
loggers (`bot.…`) may write their message, because it is a constant, and the values given as `extra={"fields": …}`.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

_OURS = "bot."
_FRAMES = 3


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, where; for our own also event and fields; for errors their
    classes and last three frames."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON without its arguments and without any exception's text."""
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "process": "bot",
            "logger": record.name,
            "where": f"{record.module}:{record.lineno}",
        }
        if record.name.startswith(_OURS):
            line["event"] = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
            line.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = error_classes(record.exc_info[1])
            line["frames"] = _frames(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def error_classes(error: BaseException) -> list[str]:
    """The classes of an exception and of what caused it, outermost first; never their texts."""
    names: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(names) < 5:
        names.append(f"{type(seen).__module__}.{type(seen).__qualname__}")
        seen = seen.__cause__ or seen.__context__
    return names


def install(level: int = logging.INFO) -> None:
    """Send every record of this process to standard error as JSON lines; foreign ones from ERROR on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    handler.addFilter(_worth_writing)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)
    _quieten_structlog()


def _worth_writing(record: logging.LogRecord) -> bool:
    """A foreign warning without its words would only tell that there was one."""
    return record.name.startswith(_OURS) or record.levelno >= logging.ERROR


def _frames(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


def _quieten_structlog() -> None:
    """structlog prints by itself, with every value, unless it is told otherwise: Rasa's debug events carry texts."""
    import structlog

    def only_the_event(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {"event": event.get("event", ""), "exc_info": event.get("exc_info")}

    structlog.configure(
        processors=[only_the_event, structlog.stdlib.render_to_log_kwargs],
        # Below the level the call returns at once, before any processor runs.
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
