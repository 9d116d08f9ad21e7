# SPDX-License-Identifier: Apache-2.0
"""Fetches the live model from the gateway and refuses a file that is not the one it was announced as.

Rasa's own puller logs every failure and goes on, at start even without any model, and takes whatever bytes came.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from rasa.utils.endpoints import EndpointConfig

_SECONDS = 60.0
_SHA256 = re.compile(r"[0-9a-f]{64}")


class ModelUnavailable(Exception):
    """The gateway cannot be asked, or what it gave is not the model that it named."""


@dataclass(frozen=True)
class Fetched:
    """A model's file and its sha256."""

    path: Path
    sha256: str


class NoModel:
    """The gateway says that there is no model yet."""


async def fetch(endpoint: EndpointConfig, known: str | None, folder: Path) -> Fetched | NoModel | None:
    """The live model as a file in `folder`; None when it is still the one with the sha256 `known`.

    Raises ModelUnavailable.
    """
    headers = {**endpoint.headers, "If-None-Match": f'"{known}"' if known else '""'}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS)) as session,
            session.get(endpoint.url, headers=headers) as response,
        ):
            if response.status == 304:
                return None
            if response.status == 204:
                return NoModel()
            if response.status != 200:
                raise ModelUnavailable(f"status {response.status}")
            announced = response.headers.get("ETag", "").removeprefix("W/").strip('"')
            path = folder / "model.tar.gz"
            digest = hashlib.sha256()
            with path.open("wb") as file:
                async for chunk in response.content.iter_chunked(1 << 16):
                    digest.update(chunk)
                    file.write(chunk)
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
        raise ModelUnavailable(type(error).__name__) from error
    found = digest.hexdigest()
    if _SHA256.fullmatch(announced) and announced != found:
        raise ModelUnavailable("the file is not the announced model")
    if found == known:
        return None
    return Fetched(path, found)
