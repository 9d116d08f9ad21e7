# SPDX-License-Identifier: Apache-2.0
"""What to make of a classification: answer it, ask which was meant, or say that it is out of scope. Free of Rasa."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["answer", "clarify", "out_of_scope"]

EMERGENCY = "emergency"
OUT_OF_SCOPE = "out_of_scope"
CLARIFY = "nlu_clarify"


@dataclass(frozen=True)
class Bands:
    """Limits of the probability 0–1 that the best intent is the right one, measured on texts never trained
    (nlu_data/must_pass, nlu_data/out_of_scope/held_out.txt)."""

    #: from here on the best intent is answered
    sure: float = 0.67
    #: below this there is nothing worth asking back about
    guess: float = 0.3
    #: below this there is not, either, when the second best is that it is none of our services
    doubt: float = 0.5
    #: an emergency with a word of danger counts from here on; one said in certain words always (bot.evidence)
    emergency: float = 0.4
    #: without a word of danger it counts from here on only, in a message of at least `alarm_words` words
    alarm: float = 0.9
    alarm_words: int = 3
    #: share of the best one's probability below which another meaning is not worth offering
    worth_asking: float = 0.05


@dataclass(frozen=True)
class Decision:
    """The intent to act on and how it was reached."""

    intent: str
    confidence: float
    verdict: Verdict


def without_false_alarm(
    ranking: Sequence[tuple[str, float]], danger: bool, words: int, exact: bool = False, bands: Bands = Bands()
) -> list[tuple[str, float]]:
    """The ranking without an emergency that only a classifier in doubt says; the others share what it had.

    danger: the message has a word of danger; words: how many it has; exact: it is an example of the best intent.
    Few letters look like anything: "เด็ก" is in many a cry for help. The best of the others is never sure after that.
    """
    chance = dict(ranking).get(EMERGENCY, 0.0)
    sure = chance >= bands.alarm and words >= bands.alarm_words
    if danger or sure or (exact and ranking[0][0] == EMERGENCY):
        return list(ranking)
    limit = bands.sure - 0.01
    return [(name, max(each, min(each / max(1 - chance, 1e-9), limit))) for name, each in ranking if name != EMERGENCY]


def worth_offering(ranking: Sequence[tuple[str, float]], bands: Bands = Bands()) -> list[tuple[str, float]]:
    """The part of a ranking from which a citizen may be asked to choose."""
    limit = ranking[0][1] * bands.worth_asking if ranking else 0.0
    return [(name, chance) for name, chance in ranking if chance >= limit]


def decide(
    ranking: Sequence[tuple[str, float]], exact: bool = False, bands: Bands = Bands(), grounded: bool = True
) -> Decision:
    """The decision for a ranking (best first, probabilities); exact: the text is an example of the best intent;
    grounded: the text has what the best intent cannot do without."""
    if not ranking:
        return Decision(OUT_OF_SCOPE, 0.0, "out_of_scope")
    best, chance = ranking[0]
    for name, probability in ranking:
        if name == EMERGENCY and probability >= bands.emergency:
            # Somebody may be in danger: the hotlines come first, even if it was something else.
            return Decision(EMERGENCY, probability, "answer")
    if best == OUT_OF_SCOPE or (chance < bands.guess and not exact):
        return Decision(OUT_OF_SCOPE, chance, "out_of_scope")
    if not exact and chance < bands.doubt and len(ranking) > 1 and ranking[1][0] == OUT_OF_SCOPE:
        return Decision(OUT_OF_SCOPE, chance, "out_of_scope")
    if exact or (grounded and chance >= bands.sure):
        return Decision(best, chance, "answer")
    return Decision(CLARIFY, chance, "clarify")
