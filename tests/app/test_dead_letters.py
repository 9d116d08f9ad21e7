# SPDX-License-Identifier: Apache-2.0
"""`pracha dead`: events without an answer and answers that did not get through, side by side, and both replayed."""

from __future__ import annotations

import asyncio
import base64
import io
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import psycopg
import pytest

from app.cli import main
from core.messages import Event, Message
from core.outcomes import Outcome
from store import answers, deliveries, inbox, outbox, turns
from store.conversations import open_conversation
from store.engine import open_engine
from store.migrate import migrate
from store.sealing import Seal
from tests.conftest import new_database


@dataclass(frozen=True, slots=True)
class Dead:
    """A database with one dead event and one dead answer, by their ids."""

    url: str
    event: int
    answer: int


@pytest.fixture
def letters(database_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dead]:
    """Settings with which `pracha` finds them."""
    key = os.urandom(32)
    for name in [name for name in os.environ if name.startswith(("PRACHA_", "DATABASE_URL"))]:
        monkeypatch.delenv(name)
    with new_database(database_server) as url:
        migrate(url)
        monkeypatch.setenv("PRACHA_ENV_FILE", "")
        monkeypatch.setenv("PRACHA_STATE_DIR", str(tmp_path / "state"))
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("PRACHA_VAULT_KEY", base64.b64encode(key).decode())
        yield asyncio.run(_fill(url, Seal(key)))


async def _fill(url: str, seal: Seal) -> Dead:
    engine = open_engine(url, 2)
    try:
        conversation = await open_conversation(engine, seal, b"pseudonyms", "line", f"U{uuid.uuid4().hex}")
        owner = uuid.uuid4()
        event = Event("line", "e1", Message("ไฟดับทั้งซอย"), datetime.now(timezone.utc))
        received = await inbox.receive_and_claim(engine, seal, conversation.id, event, owner, 30.0)
        assert received.claimed is not None
        failed = turns.Finished(outcome=Outcome.FAILED, answers=(), reason="action", dead=True)
        await turns.finish(engine, seal, owner, received.claimed, failed, pulled=False)
        await outbox.say(engine, seal, conversation.id, [{"type": "text", "text": "ข่าวของคุณ"}], pulled=False)
        [answer] = await answers.claim_answers(engine, owner, 1, 30.0, ["line"])
        [call] = await deliveries.prepare(engine, seal, answer, [[{"type": "text", "text": "ข่าวของคุณ"}]])
        assert await deliveries.trying(engine, call.id, "push")
        await deliveries.not_sent(engine, call.id, unsure=False, reason="status 400")
        await answers.end(engine, answer.id, state="dead", reason="status 400")
        return Dead(url, received.claimed.inbox_id, answer.id)
    finally:
        await engine.dispose()


def test_both_kinds_are_listed_and_replayed(letters: Dead, capsys: pytest.CaptureFixture[str]) -> None:
    """Each by its own id, once; nothing that anybody said is shown."""
    assert main(["dead", "list"]) == 0
    shown = capsys.readouterr().out
    lines = {line.split()[0]: line.split() for line in shown.splitlines()[1:]}
    assert set(lines) == {str(letters.event), f"a{letters.answer}"}
    assert (lines[str(letters.event)][3], lines[f"a{letters.answer}"][3]) == ("message", "answer")
    assert "status 400" in shown
    assert not any(words in shown for words in ("ไฟดับทั้งซอย", "ข่าวของคุณ"))
    assert main(["dead", "replay", f"a{letters.answer}"]) == 0
    assert capsys.readouterr().out == f"a{letters.answer} will be delivered\n"
    assert main(["dead", "replay", f"a{letters.answer}"]) == 1
    assert f"there is no dead letter a{letters.answer} that can be replayed" in capsys.readouterr().err
    assert main(["dead", "replay", str(letters.event)]) == 0
    assert capsys.readouterr().out == f"{letters.event} will be answered\n"
    with psycopg.connect(letters.url) as connection:
        found = connection.execute("SELECT o.state, d.state FROM outbox o JOIN deliveries d ON d.outbox_id = o.id")
        assert found.fetchall() == [("todo", "todo")]
        assert connection.execute("SELECT state FROM inbox").fetchall() == [("todo",)]
    assert main(["dead", "list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) <= 1


@pytest.mark.parametrize("identifier", ["a", "1a", "b1", "a" + "9" * 30, "๑"])
def test_what_is_no_id_is_one_clear_line(letters: Dead, capsys: pytest.CaptureFixture[str], identifier: str) -> None:
    """And nothing is asked of the database."""
    assert main(["dead", "replay", identifier]) == 2
    assert "is no id of `pracha dead list` (12 or a12)" in capsys.readouterr().err


def test_without_its_words_an_answer_is_not_replayed(letters: Dead, capsys: pytest.CaptureFixture[str]) -> None:
    """Their time is over: it is listed, and cannot be delivered any more."""
    with psycopg.connect(letters.url) as connection:
        connection.execute("UPDATE outbox SET blocks = NULL")
        connection.execute("UPDATE deliveries SET messages = NULL")
    assert main(["dead", "list"]) == 0
    [line] = [one for one in capsys.readouterr().out.splitlines() if one.startswith(f"a{letters.answer} ")]
    assert line.split()[-1] == "no"
    assert main(["dead", "replay", f"a{letters.answer}"]) == 1


def test_several_are_replayed_at_once(letters: Dead, capsys: pytest.CaptureFixture[str]) -> None:
    """Each says what becomes of it; one that is not there does not hold up the others."""
    assert main(["dead", "replay", "a999999", f"a{letters.answer}", str(letters.event), str(letters.event)]) == 1
    shown = capsys.readouterr()
    assert shown.out == f"a{letters.answer} will be delivered\n{letters.event} will be answered\n"
    assert "there is no dead letter a999999 that can be replayed" in shown.err
    assert _states(letters) == ("todo", "todo")


def test_all_of_one_reason_are_replayed(letters: Dead, capsys: pytest.CaptureFixture[str]) -> None:
    """As after a month's quota came back: those of that reason that still have their words, and no others."""
    with psycopg.connect(letters.url) as connection:
        connection.execute("UPDATE outbox SET reason = 'quota_spent'")
    assert main(["dead", "replay", "--reason", "quota_spent", "--yes"]) == 0
    assert capsys.readouterr().out == f"a{letters.answer} will be delivered\n"
    assert _states(letters) == ("dead", "todo")
    assert main(["dead", "replay", "--reason", "quota_spent", "--yes"]) == 1
    assert "there is no dead letter with the reason quota_spent that can be replayed" in capsys.readouterr().err
    assert main(["dead", "replay", "--reason", "action", "--yes"]) == 0
    assert _states(letters) == ("todo", "todo")


@pytest.mark.parametrize(("said", "code", "state"), [("n\n", 130, "dead"), ("y\n", 0, "todo")])
def test_all_of_a_reason_are_confirmed_by_their_number(
    letters: Dead,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    code: int,
    state: str,
) -> None:
    """Who says no changes nothing."""
    monkeypatch.setattr("sys.stdin", io.StringIO(said))
    assert main(["dead", "replay", "--reason", "status 400"]) == code
    assert "Replay 1 with the reason status 400? [y/N]" in capsys.readouterr().out
    assert _states(letters) == ("dead", state)


@pytest.mark.parametrize("arguments", [[], ["12", "--reason", "quota_spent"]])
def test_ids_or_a_reason(letters: Dead, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    """Never both, never nothing: that would be all."""
    assert main(["dead", "replay", *arguments]) == 2
    assert "name ids of `pracha dead list`, or one --reason" in capsys.readouterr().err


def _states(letters: Dead) -> tuple[str, str]:
    """Of the event and of the answer."""
    with psycopg.connect(letters.url) as connection:
        ((event,),) = connection.execute("SELECT state FROM inbox").fetchall()
        ((answer,),) = connection.execute("SELECT state FROM outbox").fetchall()
    return event, answer
