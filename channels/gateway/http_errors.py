# SPDX-License-Identifier: Apache-2.0
"""Errors as a browser gets them: a status, a code for programs and a sentence for the citizen; and never a trace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler
from sqlalchemy.exc import DataError, SQLAlchemyError

from channels.gateway.context import GATEWAY, Gateway
from channels.gateway.limits import TooMany
from channels.web.parse import MAX_TEXT, Refused
from core.errors import Forged

_log = structlog.get_logger(__name__)

#: code → the answer that explains it; any other code gets the general one
_ANSWERS: Mapping[str, str] = {
    "empty": "system_empty",
    "too_long": "system_too_long",
    "too_many": "system_rate_limited",
    "bad_upload": "system_bad_media",
    "unknown_media": "system_bad_media",
}


def refusal(gateway: Gateway, status: int, code: str, locale: str = "th", **arguments: Any) -> web.Response:
    """`{"error": code, "message": sentence}`."""
    gateway.metrics.refused.labels(code).inc()
    message = gateway.answers.sentence(
        _ANSWERS.get(code, "system_request_failed"), {"limit": MAX_TEXT, "seconds": None, **arguments}, locale
    )
    return web.json_response({"error": code, "message": message}, status=status)


@web.middleware
async def errors_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns what handlers raise into refusals. Whatever is not foreseen is a 500 without a word of detail."""
    gateway = request.app[GATEWAY]
    locale = "en" if request.query.get("lang") == "en" else "th"
    try:
        return await handler(request)
    except Refused as error:
        return refusal(gateway, error.status, error.code, locale)
    except Forged:
        gateway.metrics.forged.inc()
        return refusal(gateway, 401, "unauthorised", locale)
    except TooMany as error:
        response = refusal(gateway, 429, "too_many", locale, seconds=error.seconds)
        response.headers["Retry-After"] = str(error.seconds)
        return response
    except (web.RequestPayloadError, HttpProcessingError):
        return refusal(gateway, 400, "bad_body", locale)  # no gzip, no multipart, cut off
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return refusal(gateway, error.status, f"http_{error.status}", locale)
    except DataError:
        return refusal(gateway, 400, "bad_value", locale)  # what no column can hold: the database is well
    except (SQLAlchemyError, OSError) as error:
        # Not stored, and said so: the browser keeps the message and sends it again with the same id.
        _log.warning("storage_away", path=_path(request), error=type(error).__name__)
        return refusal(gateway, 503, "storage_away", locale)
    except Exception as error:
        _log.error("request_failed", path=_path(request), error=type(error).__name__)
        return refusal(gateway, 500, "internal", locale)


def _path(request: web.Request) -> str:
    """The route, not the path: a path can hold an id."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "(none)"
