# SPDX-License-Identifier: Apache-2.0
"""The environment of the bot's command-line tools: the settings without any secret."""

from __future__ import annotations

import os

from app.processes import SECRET_NAMES
from app.settings import Settings


def bot_environment(settings: Settings) -> dict[str, str]:
    """The process's own environment with the settings, minus every secret and pointer to one."""
    secret = SECRET_NAMES | {f"{name}_FILE" for name in SECRET_NAMES}
    merged = {**os.environ, **settings.environment, "RASA_TELEMETRY_ENABLED": "false", "PYTHONUNBUFFERED": "1"}
    return {name: value for name, value in merged.items() if name not in secret}
