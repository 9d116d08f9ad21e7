# SPDX-License-Identifier: Apache-2.0
"""The short form of `python -m bench.line_chaos`."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from bench.line_chaos import line_and_stack, run
from bench.line_chaos_steps import SHORT
from bench.line_chaos_storm import Storm
from bench.line_chaos_verdict import Question, Verdict, verdict_on
from sandbox.line import people
from sandbox.line.events import note_delivery
from sandbox.line.state import Json, Platform, new_platform
from sandbox.line.webhooks import Outcome, note


async def _storm() -> tuple[Storm, Verdict]:
    async with line_and_stack() as (platform, stack):
        return await run(stack, platform, SHORT, users=8, each=8, pause=0.5)


@pytest.mark.timeout(400)
def test_g_03_on_line_every_message_is_answered_once_whatever_dies() -> None:
    """kill -9 at every step of a message's life while LINE delivers again: all answered, once, in order, by reply."""
    # In a thread of its own: the browser of the other stories has an event loop in this one.
    with ThreadPoolExecutor(1) as thread:
        storm, verdict = thread.submit(asyncio.run, _storm()).result()
    assert verdict.wrong == []
    # Three are asked by people whom a step brings along.
    assert verdict.messages == 8 * 8 + 3
    assert storm.kills == {"gateway": 5, "bot": 1, "postgres": 1}


# ---- the judge, who must see what is wrong ----------------------------------------------------------------------


@dataclass(slots=True)
class _Case:
    """One person and a platform without a bot: what the bot would do is done by hand."""

    platform: Platform = field(default_factory=new_platform)
    asked: list[Question] = field(default_factory=list)

    def asks(self, place: str, *, after: float = 0.0, taken: bool = True) -> Question:
        """Asks about a province `after` more seconds; whether the first delivery is acknowledged."""
        self.platform.clock.advance(after)
        user = self.platform.users.get("U" + "0" * 32) or people.new_user(
            self.platform, "คนเดียว", id="U" + "0" * 32, friend=True
        )
        people.say(self.platform, user, {"type": "text", "text": place})
        event = next(reversed(self.platform.events.values()))
        self.asked.append(Question(user.id, place, event["webhookEventId"], event["replyToken"]))
        note_delivery(self.platform, event)
        outcome = Outcome(status=200 if taken else 503, reason="ok" if taken else "error", detail="", milliseconds=5)
        note(self.platform, [event], outcome, redelivery=False, at=self.platform.clock.now_ms())
        return self.asked[-1]

    def answers(self, question: Question, how: str = "reply", after: float = 0.0, fault: str | None = None) -> None:
        """The bot shows a card about the question's province."""
        self.platform.clock.advance(after)
        bubble: Json = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": []}}
        body: Json = {"messages": [{"type": "flex", "altText": f"ฝุ่น {question.place}\nดี", "contents": bubble}]}
        body |= {"replyToken": question.reply_token} if how == "reply" else {"to": question.user}
        line = {"operation": how, "status": 200, "fault": fault, "body": body, "at": self.platform.clock.now_ms()}
        self.platform.calls.append(line)
        self.platform.write(question.user, "message", sender="bot", via=how, message=body["messages"][0])

    def verdict(self) -> Verdict:
        return verdict_on(self.platform, self.asked)


def test_the_judge_is_content_with_replies_in_order() -> None:
    case = _Case()
    first, second = case.asks("ระยอง"), case.asks("ยะลา", after=1)
    case.answers(first)
    case.answers(second)
    assert (case.verdict().wrong, case.verdict().replies, case.verdict().late) == ([], 2, 0)


def test_the_judge_misses_what_was_not_answered() -> None:
    case = _Case()
    case.answers(case.asks("ระยอง"))
    case.asks("ยะลา")
    assert [len(case.verdict().missing), len(case.verdict().wrong)] == [1, 1]


def test_the_judge_sees_an_answer_twice_and_one_that_nobody_asked_for() -> None:
    case = _Case()
    first = case.asks("ระยอง")
    for _ in range(2):
        case.answers(first)
    case.answers(Question(first.user, "สตูล", "", ""))
    assert len(case.verdict().seen_twice) == 2


@pytest.mark.parametrize(("taken", "wrong", "late"), [(True, 1, 0), (False, 0, 1)])
def test_the_judge_knows_which_order_was_ours_to_keep(taken: bool, wrong: int, late: int) -> None:
    """What LINE had to deliver again may come late; what we had taken may not."""
    case = _Case()
    first, second = case.asks("ระยอง", taken=taken), case.asks("ยะลา", after=1)
    case.answers(second)
    case.answers(first)
    assert (len(case.verdict().out_of_order), case.verdict().late) == (wrong, late)


@pytest.mark.parametrize(("after", "needless"), [(20, 1), (55, 0)])
def test_the_judge_counts_pushes_that_a_reply_would_have_saved(after: float, needless: int) -> None:
    case = _Case()
    case.answers(case.asks("ระยอง"), "push", after=after)
    assert (case.verdict().pushes, len(case.verdict().needless_pushes)) == (1, needless)


@pytest.mark.parametrize(("after", "doubtful"), [(20, 0), (55, 0), (58, 1)])
def test_the_judge_excuses_a_second_copy_only_when_nobody_could_know(after: float, doubtful: int) -> None:
    """LINE's answer was lost and the token has lapsed since: a reply could not tell any more."""
    case = _Case()
    first = case.asks("ระยอง")
    case.answers(first, fault="lost")
    case.answers(first, "push", after=after)
    verdict = case.verdict()
    assert (len(verdict.doubtful), len(verdict.seen_twice)) == (doubtful, 1 - doubtful)
