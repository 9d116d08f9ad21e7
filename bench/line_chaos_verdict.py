# SPDX-License-Identifier: Apache-2.0
"""What people saw on their phones and what it cost, told from what the LINE platform knows; nothing of ours is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from bench.chaos import PROVINCES
from sandbox.line.state import Platform

#: milliseconds after a delivery within which a reply is expected; LINE takes one for 60 s
_REPLY_BUDGET = 50_000
#: milliseconds after it within which a refused token says that it was used, and not that it is too old
_TOKEN_TELLS = 56_000


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asked, and the event by which LINE told it."""

    user: str
    place: str
    event_id: str
    reply_token: str


@dataclass(slots=True)
class Verdict:
    """How a storm ended; every list but `doubtful` is one of faults."""

    messages: int = 0
    missing: list[str] = field(default_factory=list)
    seen_twice: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    needless_pushes: list[str] = field(default_factory=list)
    #: seen twice, because a reply's fate was not known and its token had lapsed before it could be tried again
    doubtful: list[str] = field(default_factory=list)
    #: answered after a newer question that had reached us before it, because LINE had to deliver it again
    late: int = 0
    replies: int = 0
    pushes: int = 0
    redeliveries: int = 0

    @property
    def wrong(self) -> list[str]:
        return [*self.missing, *self.seen_twice, *self.out_of_order, *self.needless_pushes]


def verdict_on(platform: Platform, asked: Sequence[Question]) -> Verdict:
    """Every question must be answered once, in order, and by reply wherever one was possible."""
    made = Verdict(messages=len(asked))
    answers: dict[str, list[str]] = {}
    for user in {one.user for one in asked}:
        titles = list(_titles(_seen(platform, user)))
        answers[user] = [place for title in titles if (place := _place_in(title))]
        for title, count in Counter(titles).items():
            if count > 1:
                excused = _unknown_and_lapsed(platform, asked, user, _place_in(title))
                (made.doubtful if excused else made.seen_twice).append(f"{title} seen {count} times by {user}")
        places = {one.place for one in asked if one.user == user}
        made.missing += [f"{place} not answered to {user}" for place in places - set(answers[user])]
        made.seen_twice += [f"{place} answered to {user}, who did not ask" for place in set(answers[user]) - places]
    _order(platform, asked, answers, made)
    _cost(platform, asked, made)
    return made


def _seen(platform: Platform, user: str) -> list[Any]:
    """The messages of the bot on a person's phone, in order."""
    journal = platform.chat(user).journal
    return [one["message"] for one in journal if one["kind"] == "message" and one["sender"] == "bot"]


def _titles(messages: Sequence[Any]) -> Iterator[str]:
    """The first line of each card; an answer may have two cards about its province, each with a title of its own."""
    return (one["altText"].split("\n")[0] for one in messages if one["type"] == "flex")


def _place_in(title: str) -> str | None:
    return next((place for place in PROVINCES if place in title), None)


def _order(platform: Platform, asked: Sequence[Question], answers: Mapping[str, Sequence[str]], made: Verdict) -> None:
    """An older question may be answered after a newer one only if it was still on its way when the newer one came."""
    came = _deliveries(platform)
    for older, newer in combinations(asked, 2):
        places = answers[older.user]
        if older.user != newer.user or older.place not in places or newer.place not in places:
            continue
        if places.index(older.place) < places.index(newer.place):
            continue
        taken = min((end for _, end, good in came[older.event_id] if good), default=float("inf"))
        if taken <= min(begun for begun, _, _ in came[newer.event_id]):
            made.out_of_order.append(f"{older.place} after {newer.place} for {older.user}")
        else:
            made.late += 1


def _deliveries(platform: Platform) -> dict[str, list[tuple[int, int, bool]]]:
    """Event → its requests to the webhook: (begun, ended, acknowledged), milliseconds since 1970."""
    made: dict[str, list[tuple[int, int, bool]]] = {}
    for one in platform.deliveries:
        for event_id in one["event_ids"]:
            made.setdefault(event_id, []).append((one["at"], one["at"] + one["milliseconds"], one["reason"] == "ok"))
    return made


def _unknown_and_lapsed(platform: Platform, asked: Sequence[Question], user: str, place: str | None) -> bool:
    """Whether LINE's answer to the reply never arrived, and the push came when a reply could tell nothing any more."""
    about = next((one for one in asked if (one.user, one.place) == (user, place)), None)
    if about is None:
        return False
    replies = [one for one in platform.calls if (one.get("body") or {}).get("replyToken") == about.reply_token]
    pushes = [one for one in platform.calls if one["operation"] == "push" and _about(one, asked) == about]
    unknown = bool(replies) and replies[0]["fault"] is not None
    return (
        unknown and len(pushes) == 1 and pushes[0]["at"] - _delivered(platform, about, pushes[0]["at"]) > _TOKEN_TELLS
    )


def _about(push: Mapping[str, Any], asked: Sequence[Question]) -> Question | None:
    body = push.get("body") or {}
    place = next(filter(None, map(_place_in, _titles(body.get("messages", ())))), None)
    return next((one for one in asked if (one.user, one.place) == (body.get("to"), place)), None)


def _delivered(platform: Platform, question: Question, before: int) -> int:
    """When the question's event was last delivered, milliseconds since 1970."""
    return max((begun for begun, _, _ in _deliveries(platform)[question.event_id] if begun <= before), default=0)


def _cost(platform: Platform, asked: Sequence[Question], made: Verdict) -> None:
    """Counts calls; a push is needless when its event's token was young and no reply had been tried with it.

    A push without a card (that one must wait) is about the oldest question that was not answered yet.
    """
    made.redeliveries = sum(one["redelivery"] for one in platform.deliveries)
    tried: set[str] = set()
    answered: list[Question] = []
    for call in platform.calls:
        body = call.get("body") or {}
        if call["operation"] == "reply":
            tried.add(str(body.get("replyToken")))
            made.replies += call.get("effect_status", call["status"]) == 200
            cards = list(_titles(body.get("messages", ())))
            answered += [one for one in asked if one.reply_token == body.get("replyToken") and cards]
        if call["operation"] != "push":
            continue
        made.pushes += 1
        waiting = (one for one in asked if one.user == body.get("to") and one not in answered)
        about = _about(call, asked) or next(waiting, None)
        if about is None:
            made.needless_pushes.append(f"a push about nothing that was asked by {body.get('to')}")
            continue
        answered += [about] if _about(call, asked) else []
        age = call["at"] - _delivered(platform, about, call["at"])
        if about.reply_token not in tried and age <= _REPLY_BUDGET:
            made.needless_pushes.append(f"{about.place} pushed {age / 1000:.1f} s after its delivery")
