# SPDX-License-Identifier: Apache-2.0
"""psql on the stack's database, its address and password by environment: `python -m app.psql [argument of psql...]`."""

from __future__ import annotations

import os
import sys

from app.backup import libpq_environment
from app.embedded_postgres import BINARIES
from app.settings import SettingsError, load_settings
from store.engine import plain_url


def main(arguments: list[str]) -> None:
    """Becomes psql; does not return."""
    try:
        settings = load_settings(keys=())
    except SettingsError as error:
        sys.exit(str(error))
    program = str(BINARIES / "psql")
    # As arguments every user of the machine could read them.
    environment = {**os.environ, **libpq_environment(plain_url(settings.database_url))}
    os.execve(program, [program, *arguments], environment)  # noqa: S606  the operator's own command as a list, no shell


if __name__ == "__main__":
    main(sys.argv[1:])
