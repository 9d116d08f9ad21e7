# SPDX-License-Identifier: Apache-2.0
"""Runs what staff asked for; what can go wrong outside this program becomes one line."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from app.cli import CannotDo
from app.staff import UnknownConversation
from core.errors import Verdict
from store.cases import UnknownCase
from store.sealing import Unsealable

Result = TypeVar("Result")


def done(work: Coroutine[Any, Any, Result]) -> Result:
    """Its result. Raises CannotDo."""
    try:
        return asyncio.run(work)
    except UnknownCase as error:
        raise CannotDo(f"there is no case {error}") from error
    except UnknownConversation as error:
        raise CannotDo(f"there is no conversation {error}") from error
    except Unsealable as error:
        raise CannotDo(
            "sealed with another vault key than PRACHA_VAULT_KEY: it cannot be read with this one"
        ) from error
    except OperationalError as error:
        raise CannotDo("the database does not answer: is the stack running?") from error
    except ProgrammingError as error:
        raise CannotDo("the database has no tables yet: start the stack once") from error
    except Verdict as verdict:
        raise CannotDo(f"a process of the stack does not answer ({verdict.reason}): is it running?") from verdict
    except DBAPIError as error:
        raise CannotDo(f"the database refused ({type(error.orig).__name__})") from error
    except FileExistsError as error:
        raise CannotDo(f"{error} is there already") from error
    except OSError as error:
        raise CannotDo(f"{error.filename}: {error.strerror}") from error
