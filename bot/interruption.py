# SPDX-License-Identifier: Apache-2.0
"""Decides whether a message in the middle of a form answers its question or interrupts it.

Rasa's `from_text` mapping takes anything as the value ("ยกเลิก" becomes the place), and its `not_intent` blocks true
values for ever when the classifier is weak ("หน้าวัด" read as a greeting). So confidence decides, here, once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

INFORM = "inform"
#: Set by the decision component when it is not sure; inside a form that simply means: probably the answer.
UNSURE = frozenset({"nlu_clarify", "out_of_scope"})
#: Answers to a question. They mean something only where the question takes them.
REPLIES = frozenset({"affirm", "deny", "skip"})

#: How sure the classifier must be that a message interrupts. Low where missing it is worse than asking again.
THRESHOLDS: Mapping[str, float] = {
    "cancel": 0.62,
    "ask_human": 0.65,
    "erase_my_data": 0.7,
    "correct": 0.7,
    "repeat": 0.7,
    "help": 0.75,
    "abuse": 0.8,
    "greet": 0.85,
    "goodbye": 0.85,
    "thanks": 0.85,
}
#: For every other intent, another service say.
OTHERS = 0.8
#: What is answered before anything else, however the form stands.
EMERGENCY = "emergency"
#: A reply that the question takes needs less.
TAKEN = 0.5
#: Share of the message that what the question asks for must cover to be the answer whatever the classifier thinks.
MOSTLY = 0.7


@dataclass(frozen=True)
class Question:
    """What a form is asking: the intents that answer it, whether free text does, and the form's own intents (those
    whose words describe the same matter, as another "ไฟดับ" inside the report of a problem)."""

    form: str
    slot: str
    takes_text: bool
    takes_intents: frozenset[str] = frozenset()
    takes_entities: frozenset[str] = frozenset()
    own_intents: frozenset[str] = frozenset()

    @property
    def reads_back(self) -> bool:
        """Whether it asks for a yes or no to what was read back; its text is then a correction."""
        return self.takes_text and {"affirm", "deny"} <= self.takes_intents


@dataclass(frozen=True)
class Reading:
    """How a message was understood without the form.

    intent, confidence: the classifier's best, confidence 0–1; decided: what the decision component made of it;
    exact: the message is word for word a known phrase of that intent; covered: share 0–1 of the message that lies in
    entities which the question takes; certain: its words alone say that it is an emergency; named: it has a word of
    what the intent is about, where a place alone would look like it; corrects: it says more than yes or no; menu: the
    intent of the menu entry that the message is word for word, "" when it is none.
    """

    intent: str
    confidence: float
    decided: str
    exact: bool = False
    covered: float = 0.0
    certain: bool = False
    named: bool = True
    corrects: bool = False
    menu: str = ""


def settle(question: Question, reading: Reading) -> str:
    """The intent that the message has inside the form: its own when it interrupts, `inform` when it answers."""
    if reading.certain or reading.decided == EMERGENCY:
        return EMERGENCY
    if reading.menu:
        # Tapped, not typed: it answers no question, whatever the form asks.
        return reading.menu
    if question.reads_back and reading.corrects and not reading.exact and not _interrupts(question, reading):
        # "ใช่ แต่เพิ่มว่า…" is no plain yes: what was read back is not what is to be filed.
        return INFORM
    if reading.intent in question.takes_intents and (reading.exact or reading.confidence >= TAKEN):
        return reading.intent
    if reading.covered >= MOSTLY:
        return INFORM
    if not reading.named and not reading.exact and reading.intent not in question.own_intents:
        # However sure the classifier is: "อำเภอเมืองขอนแก่น" is a place of this form, not a question about its air.
        return INFORM
    if not question.takes_text or question.reads_back:
        # Nothing to be lost: words cannot fill this slot. What was understood is answered, then the form asks again.
        return reading.decided
    if reading.intent in question.own_intents:
        return INFORM
    return reading.intent if _interrupts(question, reading) else INFORM


def _interrupts(question: Question, reading: Reading) -> bool:
    """Whether the classifier is sure enough that the message is about something else than the form."""
    if reading.intent in question.own_intents | REPLIES | UNSURE or not (reading.named or reading.exact):
        return False
    if question.reads_back and reading.intent == "correct":
        return False
    return reading.exact or reading.confidence >= THRESHOLDS.get(reading.intent, OTHERS)
