# SPDX-License-Identifier: Apache-2.0
"""The learned slot tagger: words, cuts and spans, what it learns, and that a rule's entity wins."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import packed
from bot.components.guesses import guesses
from bot.components.packed import BrokenModel
from bot.components.slot_features import Unit, features, shape
from bot.components.slot_model import Annotated, BrokenTagger, Slots, Span, learn, recut, spans_of, tags_of
from bot.components.slot_tagger import ThaiSlotTagger
from thai.tokens import Tokenizer

TOKENIZER = Tokenizer()
CONTEXT = ExecutionContext(GraphSchema({}))


def units(text: str) -> list[Unit]:
    return [Unit(token.text, token.start, token.end) for token in TOKENIZER.tokens(text)]


def annotated(text: str, *slots: tuple[str, str], intent: str = "ask") -> Annotated:
    """A text with (words of the slot, its kind) in it."""
    spans = [(text.index(words), text.index(words) + len(words), kind) for words, kind in slots]
    return Annotated(text, units(text), intent, spans)


def examples() -> list[Annotated]:
    cities = ["เชียงใหม่", "ขอนแก่น", "ภูเก็ต", "สงขลา", "ลำปาง", "ระยอง"]
    days = ["พรุ่งนี้", "วันนี้", "วันศุกร์", "คืนนี้"]
    return [annotated(f"อากาศ{city}{day}เป็นยังไง", (city, "city"), (day, "day")) for city in cities for day in days] + [
        annotated(f"ปลุก{day}", (day, "alarm"), intent="wake") for day in days
    ]


def found(slots: Slots, text: str, intent: str = "ask") -> list[tuple[str, str]]:
    return [(text[start:end], kind) for start, end, kind in slots.tagger()(text, units(text), intent)]


def test_slots_are_found_in_new_texts() -> None:
    """In another order and beside other words."""
    slots = learn(examples())
    assert found(slots, "อากาศน่านพรุ่งนี้เป็นยังไง") == [("น่าน", "city"), ("พรุ่งนี้", "day")]
    assert found(slots, "สวัสดี") == []
    assert found(slots, "") == []


def test_the_intent_decides_between_slots() -> None:
    """The same text has one slot or another."""
    both = [
        annotated(f"ขอ{day}", (day, kind), intent=kind) for day in ("พรุ่งนี้", "วันนี้", "คืนนี้") for kind in ("alarm", "visit")
    ]
    slots = learn(both * 3)
    assert found(slots, "ขอวันศุกร์", "alarm")[0][1] == "alarm"
    assert found(slots, "ขอวันศุกร์", "visit")[0][1] == "visit"


def test_the_same_examples_give_the_same_model() -> None:
    """Nothing random is in it."""
    assert learn(examples()).crf == learn(examples()).crf


def test_without_annotations_nothing_is_learned_and_nothing_found() -> None:
    """A project without slots has an empty tagger."""
    slots = learn([annotated("สวัสดี"), annotated("ขอบคุณ")])
    assert slots == Slots({}, b"")
    assert found(slots, "อากาศเชียงใหม่") == []


def test_many_kinds_are_learned_with_the_quicker_method() -> None:
    """With more kinds than the thorough one can take in time, slots are found too."""
    many = [annotated(f"เปิด{word}ที", (word, f"kind{number % 25}")) for number, word in enumerate(["ไฟ", "พัดลม"] * 50)]
    assert found(learn(many), "เปิดไฟที")[0][0] == "ไฟ"


def test_bytes_that_are_no_model_are_refused() -> None:
    """Before a citizen's message meets them."""
    with pytest.raises(BrokenTagger):
        Slots({}, b"no model").tagger()


def test_words_are_cut_where_slots_began() -> None:
    """The dictionary's word may be longer than the slot; it is cut everywhere from then on."""
    text = "ตอนบ่าย"
    whole = [Unit(text, 0, len(text))]
    slots = learn([Annotated(text, whole, "ask", [(3, 7, "day")]), *examples()])
    assert slots.cuts[text] == (3,)
    assert [unit.text for unit in recut(whole, slots.cuts)] == ["ตอน", "บ่าย"]
    assert [(unit.start, unit.end) for unit in recut([Unit(text, 5, 12)], {text: (3,)})] == [(5, 8), (8, 12)]


@pytest.mark.parametrize(
    "spans",
    [
        [],
        [(0, 4, "a")],
        [(0, 2, "a"), (2, 4, "a")],
        [(0, 2, "a"), (2, 4, "b")],
        [(2, 6, "a")],
    ],
)
def test_tags_say_which_spans(spans: Sequence[Span]) -> None:
    """There and back: neighbours of one kind stay two."""
    cut = [Unit("กข", start, start + 2) for start in (0, 2, 4)]
    assert spans_of(cut, tags_of(cut, spans)) == list(spans)


def test_a_tag_inside_that_follows_nothing_begins_a_slot() -> None:
    """The best path may start in the middle."""
    cut = [Unit("ก", start, start + 1) for start in range(3)]
    assert spans_of(cut, ["I-a", "I-b", "O"]) == [(0, 1, "a"), (1, 2, "b")]


def test_spaces_and_letters_are_features() -> None:
    """Where the writer put spaces is seen, and what kind of letters a word has."""
    text = "ปลุก ตอน 7:30"
    rows = features(text, units(text), "wake")
    assert "opens" in rows[0]
    assert "first" in rows[0]
    assert "closes" in rows[0]
    assert "closes" not in features("ไฟดับแล้ว", [Unit("ไฟ", 0, 2), Unit("ดับแล้ว", 2, 9)], "")[0]
    assert "s=7:30" in rows[-1]
    assert "shape=0:0" in rows[-1]
    assert all("i=wake" in row for row in rows)
    assert not any(each.startswith("s=") for row in features("ปลุก", units("ปลุก"), "") for each in row)
    assert shape("A380") == "x0"


def test_guesses_have_the_mistakes_of_what_was_not_seen() -> None:
    """A word that only one example has cannot be known from the others."""
    texts = [["เปิด", "ไฟ"], ["ปิด", "ไฟ"]] * 20
    labels = ["on", "off"] * 20
    assert guesses(texts, labels) == labels
    odd = guesses([*texts, ["เปิด", "ประตู"]], [*labels, "door"])
    assert odd[-1] == "on"
    assert guesses([["ก"]], ["one"]) == ["one"]


def _message(text: str, **more: Any) -> Message:
    tokens = [Token(token.text, token.start, token.end) for token in TOKENIZER.tokens(text)]
    return Message({"text": text, "text_tokens": tokens, **more})


def _training() -> TrainingData:
    return TrainingData(
        [
            _message(
                one.text,
                intent=one.intent,
                entities=[{"start": start, "end": end, "entity": kind} for start, end, kind in one.spans],
            )
            for one in examples()
        ]
    )


def _loaded(folder: Path) -> ThaiSlotTagger:
    storage, resource = LocalModelStorage(folder), Resource("tagger")
    ThaiSlotTagger.create({}, storage, resource, CONTEXT).train(_training())
    return ThaiSlotTagger.load({}, storage, resource, CONTEXT)


def test_the_component_trains_persists_and_loads(tmp_path: Path) -> None:
    """From annotated messages to entities with exact offsets."""
    text = "อากาศ น่าน พรุ่งนี้"
    [message] = _loaded(tmp_path).process([_message(text, intent={"name": "ask", "confidence": 0.9})])
    [city, day] = message.get("entities")
    assert city == {"entity": "city", "value": "น่าน", "start": 6, "end": 10, "extractor": "ThaiSlotTagger"}
    assert (day["entity"], text[day["start"] : day["end"]]) == ("day", "พรุ่งนี้")
    assert not list(tmp_path.rglob("*.pkl"))
    assert ThaiSlotTagger.supported_languages() == ["th"]


def test_what_a_rule_found_wins(tmp_path: Path) -> None:
    """An overlapping slot is dropped, another stays beside it."""
    text = "อากาศเชียงใหม่พรุ่งนี้เป็นยังไง"
    rule = {"entity": "place", "value": {"code": "50"}, "start": 5, "end": 14, "extractor": "RuleExtractor"}
    message = _message(text, entities=[rule], intent={"name": "ask", "confidence": 0.9})
    _loaded(tmp_path).process([message])
    assert [each["entity"] for each in message.get("entities")] == ["place", "day"]


def test_a_tagger_that_was_not_trained_or_is_broken_is_not_used(tmp_path: Path) -> None:
    """It says so, instead of finding nothing."""
    storage, resource = LocalModelStorage(tmp_path), Resource("tagger")
    with pytest.raises(BrokenModel):
        ThaiSlotTagger.create({}, storage, resource, CONTEXT).process([_message("ก")])
    packed.write(storage, resource, {"cuts": {}}, {"crf": np.frombuffer(b"nonsense", dtype=np.uint8)})
    with pytest.raises(BrokenModel, match="belong together"):
        ThaiSlotTagger.load({}, storage, resource, CONTEXT)
