# SPDX-License-Identifier: Apache-2.0
"""The words of the house: verdicts, messages, outcomes and retry rules, all pure."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import VERDICTS, Forged, RecipientGone, Rejected, Unauthorised, Unavailable, Verdict
from core.messages import (
    Choice,
    Content,
    Location,
    Media,
    Message,
    content_from_json,
    content_to_blocks,
    content_to_json,
    texts_of,
)
from core.outcomes import Outcome, outcome_of
from core.retry import BOT_AWAY, DELIVERY, TURN_FAILED, GiveUp, Retry, RetryRule, decide, delay_before

CONTENT = st.one_of(
    st.text().map(Message),
    st.text().map(Choice),
    st.text().map(Media),
    st.builds(Location, st.floats(-90, 90), st.floats(-180, 180)),
)


@settings(max_examples=60, deadline=None)
@given(CONTENT)
def test_content_survives_storage(content: Content) -> None:
    """What is sealed into the inbox comes out the same."""
    assert content_from_json(json.loads(json.dumps(content_to_json(content)))) == content


@pytest.mark.parametrize(
    "wrong", [{}, {"kind": "pigeon"}, {"kind": "message"}, {"kind": "location", "lat": "x", "lon": 1}]
)
def test_other_content_is_an_error(wrong: dict[str, object]) -> None:
    """Nothing else can be read back by accident."""
    with pytest.raises((KeyError, ValueError)):
        content_from_json(wrong)


def test_what_holds_words_does_not_show_them() -> None:
    """A message or a pin in a log or a traceback shows no text and no place."""
    assert "ลับ" not in repr(Message("ความลับ"))
    assert "18.79" not in repr(Location(18.79, 98.98))


def test_a_citizens_own_lines() -> None:
    """Text as text, a choice as its label, a pin as a pin, a photo as a picture."""
    assert content_to_blocks(Message("ก")) == [{"type": "text", "text": "ก"}]
    assert content_to_blocks(Choice("1.0.0"), "ใช่") == [{"type": "text", "text": "ใช่"}]
    assert content_to_blocks(Choice("1.0.0")) == [{"type": "text", "text": ""}]
    assert content_to_blocks(Location(1, 2)) == [{"type": "location", "lat": 1, "lon": 2}]
    assert content_to_blocks(Media("m_1")) == [{"type": "image", "media": "m_1", "alt": ""}]


def test_texts_are_found_however_deep() -> None:
    """Every string inside blocks, and nothing that is none."""
    assert list(texts_of([{"a": "x", "n": 5}, ("y", {"b": ["z", None]})])) == ["x", "y", "z"]


@pytest.mark.parametrize(
    ("decision", "intent", "outcome"),
    [
        ("answer", "greet", Outcome.ANSWERED),
        ("clarify", "nlu_clarify", Outcome.CLARIFIED),
        ("out_of_scope", None, Outcome.OUT_OF_SCOPE),
        ("answer", "ask_human", Outcome.HANDED_OFF),
        ("something new", None, Outcome.ANSWERED),
    ],
)
def test_outcomes(decision: str, intent: str | None, outcome: Outcome) -> None:
    """The bot's decision becomes one of the closed list."""
    assert outcome_of(decision, intent) is outcome


def test_there_are_five_verdicts() -> None:
    """Each has a name of its own for tables and metrics; the reason is for staff."""
    assert len({verdict.verdict for verdict in VERDICTS}) == len(VERDICTS) == 5
    assert Unavailable("busy", 3.0).retry_after == 3.0
    assert str(Rejected()) == "The other side understood and refused: trying again cannot help, staff must look."
    assert Rejected("code 7").reason == "code 7"


@pytest.mark.parametrize("verdict", [Rejected("x"), RecipientGone("x"), Unauthorised("x")])
@pytest.mark.parametrize("rule", [BOT_AWAY, TURN_FAILED, DELIVERY])
def test_what_cannot_help_is_not_tried_again(rule: RetryRule, verdict: Verdict) -> None:
    """Refused, gone, not allowed: no second try under any rule."""
    assert decide(rule, verdict, 1) == GiveUp(verdict.verdict)


def test_a_failed_turn_is_tried_twice() -> None:
    """Once more, then staff."""
    assert decide(TURN_FAILED, Unavailable("x"), 1) == Retry(0.2)
    assert decide(TURN_FAILED, Unavailable("x"), 2) == GiveUp("unavailable after 2 attempts")


def test_a_bot_that_is_away_is_asked_for_ever() -> None:
    """Messages wait as long as it takes, and are tried at least every two seconds."""
    assert all(
        decide(BOT_AWAY, Unavailable("x"), tries) == Retry(delay_before(BOT_AWAY, tries)) for tries in (1, 9, 10_000)
    )
    assert delay_before(BOT_AWAY, 10_000) == 2.0


def test_the_other_side_may_ask_for_more_time() -> None:
    """Retry-After is kept to when it is longer."""
    assert decide(DELIVERY, Unavailable("x", retry_after=60), 1) == Retry(60)
    assert decide(DELIVERY, Unavailable("x", retry_after=0.1), 1) == Retry(1.0)
    assert decide(DELIVERY, Forged("x"), 1) == Retry(1.0)


@settings(max_examples=60, deadline=None)
@given(st.integers(-5, 10**9))
def test_delays_grow_and_end(attempts: int) -> None:
    """Never shorter than before, never longer than the longest, never an overflow."""
    assert (
        DELIVERY.first_delay
        <= delay_before(DELIVERY, attempts)
        <= delay_before(DELIVERY, attempts + 1)
        <= DELIVERY.longest_delay
    )


def test_core_needs_nothing() -> None:
    """The package loads with the standard library alone, without our other packages."""
    root = Path(__file__).parents[2]
    modules = ", ".join(f"core.{file.stem}" for file in (root / "core").glob("*.py") if file.stem != "__init__")
    program = f"import sys; sys.path.insert(0, {str(root)!r}); import {modules}"
    subprocess.run([sys.executable, "-I", "-S", "-c", program], check=True, cwd="/")


def test_l_out_05_a_delivery_is_tried_for_as_long_as_its_key_lasts() -> None:
    """Growing pauses, ten minutes at most, about a day in all, and the last try within LINE's 24 hours."""
    age = 0.0
    waits: list[float] = []
    while isinstance(decision := decide(DELIVERY, Unavailable("x"), len(waits) + 1, age), Retry):
        waits.append(decision.delay)
        age += decision.delay + 10  # a call that hangs
    assert waits == sorted(waits)
    assert waits[:4] == [1, 2, 4, 8]
    assert max(waits) == 600
    assert 23 * 3600 < age < 24 * 3600
    assert len(waits) < 200
    assert decide(DELIVERY, Unavailable("x", retry_after=7200), 1, 22.5 * 3600) == GiveUp(
        "unavailable after 1 attempts"
    )
