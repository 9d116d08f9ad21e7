# SPDX-License-Identifier: Apache-2.0
"""Starts the file of a new service: the work behind `pracha services new <id>`."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from string import Template

_ID = re.compile(r"[a-z][a-z0-9_]*")
_TEMPLATE = Path(__file__).parent / "schema" / "guide.template.yml"
_REVIEW_AFTER = timedelta(days=180)


def new_service(folder: Path, service_id: str, today: date) -> Path:
    """Writes a commented guide that passes the check and returns its path.

    Raises ValueError for an id that is no lower-case name and FileExistsError when the service exists.
    """
    if not _ID.fullmatch(service_id):
        raise ValueError(f"'{service_id}' is no id: use lower-case letters, digits and _, beginning with a letter")
    path = folder / f"{service_id}.yml"
    text = Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        id=service_id, today=today.isoformat(), review_by=(today + _REVIEW_AFTER).isoformat()
    )
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    return path
