# SPDX-License-Identifier: Apache-2.0
"""Runs the action server with the settings: `python -m app.run_actions`."""

from __future__ import annotations

import sys

from actions.server import ActionsConfig, run
from app.settings import Settings, SettingsError, load_settings


def actions_config(settings: Settings) -> ActionsConfig:
    """What the action server is told; an agency that is off has an empty address."""
    air, satellite = settings.agencies["air4thai"], settings.agencies["gistda_pm25"]
    return ActionsConfig(
        internal_url=settings.internal_url,
        internal_token=settings.internal_token,
        air4thai_url=air.url,
        gistda_pm25_url=satellite.url,
        air4thai_sandbox=air.sandbox,
        gistda_pm25_sandbox=satellite.sandbox,
    )


def main() -> None:
    """Serves until it is stopped. It asks for no key but the internal token: it has no right to the others."""
    try:
        settings = load_settings(keys={"PRACHA_INTERNAL_TOKEN"})
    except SettingsError as error:
        sys.exit(str(error))
    run(actions_config(settings), host="127.0.0.1", port=settings.actions_port)


if __name__ == "__main__":
    main()
