# SPDX-License-Identifier: Apache-2.0
"""The pure parts of understanding: entities by rule, features, the linear model, and the bands of the decision."""

from __future__ import annotations

import json

import numpy as np
import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components import dictionary
from bot.components.bands import Bands, decide
from bot.components.decision import Decision
from bot.components.entities import Found, Rules, original_span
from bot.components.features import char_features, word_features, words_of
from bot.components.intent_model import IntentModel, learn
from bot.components.packed import BrokenModel
from bot.components.rule_extractor import MENU
from bot.components.text_matrix import matrix_of
from bot.components.trust import DEFAULT_TRUST, Trust, coverage, learn_trust
from tests.bot.conftest import PROJECT
from thai.normalise import normalise
from thai.places import Gazetteer
from thai.tokens import Tokenizer


def _project(name: str) -> dict[str, object]:
    content: dict[str, object] = json.loads((PROJECT / name).read_text(encoding="utf-8"))
    return content


TOKENIZER = Tokenizer(_project("lexicon.json")["words"])  # type: ignore[arg-type]
SYNONYMS = {kind: table for kind, table in _project("extractors.json").items() if kind != MENU}
RULES = Rules(Gazetteer.from_dict(_project("places.json")), SYNONYMS, TOKENIZER)  # type: ignore[arg-type]


def words(text: str) -> list[list[object]]:
    return [[token.text, token.start, token.end] for token in TOKENIZER.tokens(text)]


def found(text: str) -> list[tuple[str, object]]:
    normal = normalise(text)
    return [
        (each.kind, each.value["text"] if isinstance(each.value, dict) else each.value)
        for each in RULES.find(normal, words(normal))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ไฟถนนดับหน้าโรงเรียนบ้านหนองแวง มืดมากกก", [("problem_type", "แสงสว่าง"), ("landmark", "หน้าโรงเรียนบ้านหนองแวง")]),
        ("โทร ⟦phone:k3f9⟧ นะคะ", [("phone", "⟦phone:k3f9⟧")]),
        ("บัตร ⟦thai_id:a1⟧ ⟦private:b2⟧", [("thai_id", "⟦thai_id:a1⟧"), ("private", "⟦private:b2⟧")]),
        ("เรื่อง ๒๕๖๙-7kmpx4 ถึงไหนแล้ว", [("case_number", "2569-7KMPX4")]),
        ("เลข 2569-7KMPX5 ค่ะ", [("case_number", "2569-7KMPX5")]),
        ("ฝุ่นโคราชวันนี้", [("place", "โคราช")]),
        ("ค่าธรรมเนียมกี่บาท บัตรหาย", [("aspect", "fee"), ("situation", "lost")]),
        ("ถนนพัง", [("problem_type", "ถนน")]),
        ("หายใจไม่ออก", []),
        ("สวัสดี", []),
        ("", []),
    ],
)
def test_entities(text: str, expected: list[tuple[str, object]]) -> None:
    """Each kind of rule, alone and together."""
    assert found(text) == expected


def test_a_handle_is_one_entity_and_nothing_else() -> None:
    """Nothing is looked for inside a handle, not even letters that look like a case number."""
    assert found("⟦phone:2569-7KMPX4⟧") == [("phone", "⟦phone:2569-7KMPX4⟧")]


def test_offsets_are_those_of_the_text_as_written() -> None:
    """Normalising moves letters; a span is found again, or it is the whole text."""
    text = "มากกกกกก  โคราช โคราช"
    normal = normalise(text)
    places = [each for each in RULES.find(normal, words(normal)) if each.kind == "place"]
    spans = [original_span(text, normal, each) for each in places]
    assert all(text[start:end].startswith("โคราช") for start, end in spans)
    assert len(set(spans)) == len(spans)
    assert original_span("กกกก", "xyz", Found("k", "v", 0, 3)) == (0, 4)


def test_what_says_nothing_about_the_request_is_no_feature() -> None:
    """Particles, laughter, marks, spaces and the place's own name do not count."""
    plain = words_of("ค่าฝุ่น", words("ค่าฝุ่น"), [])
    for text in ("ค่าฝุ่นค่ะ", "ค่าฝุ่น 555", "ค่าฝุ่น!!! 😀", "ค่าฝุ่นนะครับ"):
        assert words_of(text, words(text), []) == plain, text
    one, other = "ฝุ่นโคราช", "ฝุ่นเชียงใหม่"
    assert words_of(one, words(one), [["place", 4, 9]]) == words_of(other, words(other), [["place", 4, 13]])
    assert words_of(one, words(one), [["place", 4, 9]])[-1] == "⟦place⟧"


def test_features_count() -> None:
    """Words, pairs with the ends, and letter runs over the borders of Thai words."""
    assert word_features(["ไฟ", "ดับ"]) == {"ไฟ": 1, "ดับ": 1, "< ไฟ": 1, "ไฟ ดับ": 1, "ดับ >": 1}
    runs = char_features(["ไฟ", "ดับ"])
    assert runs["ไฟดับ"] == runs["ฟด"] == 1
    assert not any("⟦" in run for run in char_features(["⟦place⟧", "ไฟ"]))
    assert char_features([]) == {}


def test_a_matrix_row_is_what_a_single_text_gets() -> None:
    """What was learned from holds for a text that comes alone, and each family has length 1."""
    texts = [["ไฟ", "ดับ"], ["ไฟ", "ไฟ", "ไหม้"], ["น้ำ"]]
    vocabulary, matrix = matrix_of(texts, (word_features, char_features), (1, 2))
    assert list(vocabulary.features[0]) == sorted(vocabulary.features[0])
    assert "ไหม้" not in vocabulary.features[1]  # one text only has it
    assert "ไฟ" in vocabulary.features[1]
    for number, text in enumerate(texts):
        rows, values = vocabulary.row([word_features(text), char_features(text)])
        alone = np.zeros(matrix.shape[1])
        alone[rows] = values
        assert np.allclose(matrix[number].toarray()[0], alone, atol=1e-6)
    split = len(vocabulary.features[0])
    assert np.linalg.norm(matrix[0].toarray()[0][:split]) == pytest.approx(1)


def _texts(*lines: str) -> list[list[str]]:
    return [line.split() for line in lines]


def test_the_model_learns_and_survives_packing() -> None:
    """What was learned comes back from JSON and arrays with the same probabilities, without a pickle."""
    lines = ["เปิด ไฟ", "เปิด ประตู", "ปิด ไฟ", "ปิด ประตู"] * 3
    model = learn(_texts(*lines), ["on", "on", "off", "off"] * 3)
    ranked = model.rank(["เปิด", "หน้าต่าง"], None)
    assert ranked[0][0] == "on"
    content, arrays = model.to_packed()
    again = IntentModel.from_packed(json.loads(json.dumps(content)), arrays)
    assert again.rank(["เปิด", "หน้าต่าง"], None) == ranked
    assert all(array.dtype != np.dtype(object) for array in arrays.values())


def test_parts_of_different_models_do_not_load() -> None:
    """Weights that do not fit the vocabulary or the labels are refused."""
    model = learn(_texts("เปิด ไฟ", "ปิด ไฟ"), ["on", "off"])
    content, arrays = model.to_packed()
    with pytest.raises(ValueError, match="labels"):
        IntentModel.from_packed({**content, "labels": ["on", "off", "more"]}, arrays)
    content["features"][0].append("more")
    with pytest.raises(ValueError, match="fit"):
        IntentModel.from_packed(content, arrays)


def test_probabilities_are_ordered_and_sum_to_one_at_most() -> None:
    """For every text, also one without a known feature."""
    labels = ["a", "b", "c", "d"]
    model = learn(_texts("หนึ่ง", "สอง", "สาม", "สี่"), labels)
    for text in ("หนึ่ง", "สอง สาม", "xyz", ""):
        chances = [chance for _, chance in model.rank(text.split(), None)]
        assert chances == sorted(chances, reverse=True)
        assert 0 <= sum(chances) <= 1 + 1e-9
        assert len(chances) == 4


def test_a_label_with_one_example_does_not_stop_learning() -> None:
    """Left out, its label has no example at all; it is still there in the end."""
    lines = ["เปิด ไฟ", "เปิด ประตู", "ปิด ไฟ", "ปิด ประตู"] * 8
    model = learn(_texts(*lines, "สวัสดี"), [*["on", "on", "off", "off"] * 8, "greet"])
    assert model.rank(["สวัสดี"], None)[0][0] == "greet"
    assert model.rank(["เปิด", "ไฟ"], None)[0][0] == "on"


def test_trust_grows_with_lead_and_known_words() -> None:
    """The further ahead and the better known, the surer."""
    assert DEFAULT_TRUST(0.5, -0.9, 1.0) > 0.9 > DEFAULT_TRUST(0.0, -0.1, 1.0)
    assert Trust(0, 0, 2, 0)(0, 0, 1.0) > Trust(0, 0, 2, 0)(0, 0, 0.0)
    assert coverage(word_features(["ไฟ", "ดับ"]), {"ไฟ"}) == pytest.approx(2 / 5)
    assert coverage(word_features([]), {"ไฟ"}) == 0


def test_one_label_is_no_classifier() -> None:
    """A project with a single intent is told so."""
    with pytest.raises(ValueError, match="two intents"):
        learn(_texts("เปิด"), ["on"])


def test_trust_is_learned_from_mistakes() -> None:
    """A classifier that is right when it leads is believed when it leads; without mistakes the default holds."""
    random = np.random.default_rng(1)
    leads = random.random(400)
    scores = np.c_[leads, np.zeros(400)]
    target = (random.random(400) > 0.5 + leads / 2).astype(int)
    trust = learn_trust(scores, target, np.ones(400))
    assert trust != DEFAULT_TRUST
    assert trust(0.9, 0.0, 1.0) > 0.8 > 0.7 > trust(0.1, 0.0, 1.0)
    assert learn_trust(scores, np.zeros(400, dtype=int), np.ones(400)) == DEFAULT_TRUST


@pytest.mark.parametrize(
    ("ranking", "exact", "intent", "verdict"),
    [
        ([], False, "out_of_scope", "out_of_scope"),
        ([("greet", 0.67)], False, "greet", "answer"),
        ([("greet", 0.66)], False, "nlu_clarify", "clarify"),
        ([("greet", 0.3)], False, "nlu_clarify", "clarify"),
        ([("greet", 0.29)], False, "out_of_scope", "out_of_scope"),
        ([("greet", 0.1)], True, "greet", "answer"),
        ([("out_of_scope", 0.9)], False, "out_of_scope", "out_of_scope"),
        ([("out_of_scope", 0.99)], True, "out_of_scope", "out_of_scope"),
        ([("guide_birth_certificate", 0.49), ("out_of_scope", 0.1)], False, "out_of_scope", "out_of_scope"),
        ([("guide_birth_certificate", 0.5), ("out_of_scope", 0.1)], False, "nlu_clarify", "clarify"),
        ([("guide_birth_certificate", 0.49), ("greet", 0.2), ("out_of_scope", 0.1)], False, "nlu_clarify", "clarify"),
        ([("guide_birth_certificate", 0.4), ("out_of_scope", 0.1)], True, "guide_birth_certificate", "answer"),
        ([("emergency", 0.4)], False, "emergency", "answer"),
        ([("report_problem", 0.45), ("emergency", 0.4)], False, "emergency", "answer"),
        ([("emergency", 0.39)], False, "nlu_clarify", "clarify"),
    ],
)
def test_bands(ranking: list[tuple[str, float]], exact: bool, intent: str, verdict: str) -> None:
    """Both sides of every limit; an emergency comes first."""
    made = decide(ranking, exact)
    assert (made.intent, made.verdict) == (intent, verdict)


def test_what_lacks_its_matter_is_asked_back_unless_it_is_known_by_heart() -> None:
    """However sure the classifier is."""
    assert decide([("ask_air_quality", 0.99)], grounded=False).verdict == "clarify"
    assert decide([("ask_air_quality", 0.99)], exact=True, grounded=False).verdict == "answer"


@pytest.mark.parametrize(
    ("text", "spans", "entities", "intent", "certain"),
    [
        ("ฝุ่นที่นี่", [], [], "ask_air_quality", None),
        ("แล้วโคราชล่ะ", [["place", 4, 9]], [], "ask_air_quality", None),
        ("ที่พักริมน้ำอัมพวา", [["place", 12, 18]], [], "nlu_clarify", None),
        ("ไม่อยากมีชีวิตอยู่แล้ว", [], [], "emergency", True),
        ("ไฟไหม้บ้าน", [], [], "emergency", True),
        ("ไฟไหม้บ้าน", [], [{"entity": "service", "value": "id_card"}], "nlu_clarify", None),
    ],
)
def test_words_count_beside_the_classifier(
    text: str, spans: list[list[object]], entities: list[dict[str, str]], intent: str, certain: bool | None
) -> None:
    """A classifier that is sure of the air whatever it reads is not followed without a word of it."""
    message = Message(
        data={
            "text": text,
            "normal": text,
            "words": [[text, 0, len(text)]],
            "spans": spans,
            "entities": entities,
            "intent_ranking": [{"name": "ask_air_quality", "confidence": 0.99}],
        }
    )
    Decision(Bands()).process([message])
    assert message.get("intent")["name"] == intent
    assert message.get("certain") is certain
    assert message.get("intent_ranking")[0]["name"] == "ask_air_quality"


def test_bands_can_be_set() -> None:
    """config.yml may move the limits."""
    assert decide([("greet", 0.5)], bands=Bands(sure=0.4)).verdict == "answer"


def test_a_dictionary_that_would_cut_differently_is_refused() -> None:
    """The hash covers the domain's words and the library's dictionary, and a change of either is noticed."""
    content = dictionary.pack(["ไฟถนนดับ"])
    assert [token.text for token in dictionary.unpack(content).tokens("ไฟถนนดับ")] == ["ไฟถนนดับ"]
    for broken in ({**content, "version": "0" * 64}, {**content, "words": ["อื่น"]}, {"words": []}, {}):
        with pytest.raises(BrokenModel):
            dictionary.unpack(broken)


def test_both_engines_cut_alike() -> None:
    """Where nlpo3 is missing newmm takes over, with the same tokens and the same hash."""
    slow = Tokenizer(_project("lexicon.json")["words"], engine="newmm")  # type: ignore[arg-type]
    assert TOKENIZER.engine == "nlpo3"
    assert slow.version == TOKENIZER.version
    for text in ("ไฟถนนดับหน้าโรงเรียน", "บัตรปชชหายต้องใช้อะไรบ้าง", "ค่าฝุ่น pm2.5 โคราช"):
        assert [t.text for t in slow.tokens(text)] == [t.text for t in TOKENIZER.tokens(text)]
