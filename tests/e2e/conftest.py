# SPDX-License-Identifier: Apache-2.0
"""One running stack for all stories, and citizens of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.e2e.citizen import Citizen
from tests.e2e.stack import Stack, running_stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with running_stack() as running:
        yield running


@pytest.fixture
def new_citizen(stack: Stack) -> Callable[[], Citizen]:
    """Makes a citizen whom the bot has never met."""
    return lambda: Citizen(stack.url)


@pytest.fixture
def citizen(new_citizen: Callable[[], Citizen]) -> Citizen:
    return new_citizen()
