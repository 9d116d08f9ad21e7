# SPDX-License-Identifier: Apache-2.0
"""What may stand in a log line: where and what class, never the text of a message or of an error."""

from __future__ import annotations

import json
import subprocess
import sys

SECRET = "บ้านเลขที่ 99 หมู่ 9"
PROGRAM = f"""
import logging, warnings
import structlog
from actions import logs
logs.configure()
try:
    raise KeyError({SECRET!r})
except KeyError as error:
    logging.getLogger("rasa_sdk.endpoint").error("Exception in request {SECRET}", exc_info=True)
    structlog.get_logger("ours").exception("ours_failed")
    structlog.get_logger("ours").error("ours_failed_too", exc_info=error)
logging.getLogger("aiohttp.server").warning("bad request %s", {SECRET!r})
logging.getLogger("rasa_sdk.executor").info("Registered function")
warnings.warn({SECRET!r})
"""


def test_lines_are_json_without_texts() -> None:
    """Libraries quote requests in their messages and exceptions quote values; neither gets out."""
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in run.stderr.splitlines()]
    assert SECRET not in run.stdout + run.stderr
    assert [line.get("logger", line.get("event")) for line in lines] == [
        "rasa_sdk.endpoint",
        "ours_failed",
        "ours_failed_too",
        "aiohttp.server",
        "py.warnings",
    ]
    assert [line.get("error") for line in lines] == ["KeyError", "KeyError", "KeyError", None, None]
    assert all(line["level"] and line["timestamp"] for line in lines)
