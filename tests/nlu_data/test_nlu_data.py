# SPDX-License-Identifier: Apache-2.0
"""The training utterances are complete, clean, unambiguous and kept apart from those that judge the model."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml
from rapidfuzz import fuzz, process

from catalogue.rich_menu import menu_intents

NLU_DATA = Path(__file__).resolve().parents[2] / "nlu_data"
LICENCE = "# SPDX-License-Identifier: Apache-2.0"

GUIDES = (
    "id_card", "house_registration", "driving_licence", "passport", "birth_certificate",
    "marriage_registration", "name_change", "elderly_allowance", "disability_card", "property_tax",
)  # fmt: skip
MAIN = ("report_problem", "track_case", "ask_air_quality", "list_guides", *(f"guide_{guide}" for guide in GUIDES))
OTHER = (
    "greet", "goodbye", "thanks", "bot_identity", "help", "ask_human", "affirm", "deny", "cancel", "skip",
    "correct", "repeat", "guide_more", "erase_my_data", "export_my_data", "ask_privacy", "change_language",
    "emergency", "complaint_about_bot", "abuse",
)  # fmt: skip
BACKGROUND = "out_of_scope"
MIN_TRAINED = {**dict.fromkeys(MAIN, 60), **dict.fromkeys(OTHER, 25), BACKGROUND: 120}
MIN_MUST_PASS = {**dict.fromkeys(MAIN, 25), **dict.fromkeys(OTHER, 8), BACKGROUND: 8}
MIN_HELD_OUT = 150
MIN_ENGLISH_SHARE = 0.08
SAME_SENTENCE = 95  # rapidfuzz ratio, 0–100, from which two sentences count as one

ACCEPTANCE = {
    "ฝุ่นแถวเชียงใหม่วันนี้เป็นยังไง": "ask_air_quality",
    "pm2.5 โคราช": "ask_air_quality",
    "ไฟถนนดับหน้าโรงเรียนบ้านหนองแวง มืดมากกก": "report_problem",
    "เรื่อง 2569-7KMPX4 ถึงไหนแล้ว": "track_case",
    "บัตรปชชหายต้องใช้อะไรบ้าง": "guide_id_card",
}

PERSONAL = {
    "phone": re.compile(r"(?<!\d)(?:\+?66|0)[\s-]?\d{1,2}[\s-]?\d{3}[\s-]?\d{3,4}(?!\d)"),
    "national id": re.compile(r"(?<!\d)\d[\s-]?\d{4}[\s-]?\d{5}[\s-]?\d{2}[\s-]?\d(?!\d)"),
    "bank account": re.compile(r"(?<!\d)\d{3}-\d-\d{5}-\d(?!\d)"),
    "passport": re.compile(r"(?<![A-Za-z])[A-Za-z]{1,2}\d{6,7}(?!\d)"),
    "email": re.compile(r"\S+@\S+\.\w+"),
    "long number": re.compile(r"\d{8,}"),
}
HANDLE = re.compile(r"⟦(?:thai_id|passport|phone|email|bank_account|private):[a-z0-9]{4}⟧")


@dataclass(frozen=True, slots=True)
class Utterance:
    """One labelled sentence and the file, relative to nlu_data, in which it stands."""

    text: str
    intent: str
    file: str

    @property
    def is_trained(self) -> bool:
        return self.file.startswith("nlu/")


def canonical(text: str) -> str:
    """What is left of a sentence when spelling habits that no model should see are taken away."""
    text = unicodedata.normalize("NFC", text).lower()
    text = text.translate(str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")).replace("เเ", "แ")
    squeezed = re.sub(r"[\s.,!?\"'()…ๆ]+", "", text)
    return re.sub(r"(.)\1{2,}", r"\1\1", squeezed) or text


def trained_in(path: Path) -> Iterator[Utterance]:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    for line in document["examples"].splitlines():
        yield Utterance(line.removeprefix("- "), document["intent"], f"nlu/{path.name}")


def listed_in(path: Path, intent: str) -> Iterator[Utterance]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield Utterance(line, intent, str(path.relative_to(NLU_DATA)))


@cache
def trained() -> tuple[Utterance, ...]:
    return tuple(u for path in sorted((NLU_DATA / "nlu").glob("*.yml")) for u in trained_in(path))


@cache
def must_pass() -> tuple[Utterance, ...]:
    paths = sorted((NLU_DATA / "must_pass").glob("*.txt"))
    return tuple(u for path in paths for u in listed_in(path, path.stem))


@cache
def held_out() -> tuple[Utterance, ...]:
    return tuple(listed_in(NLU_DATA / "out_of_scope" / "held_out.txt", BACKGROUND))


def everything() -> tuple[Utterance, ...]:
    return trained() + must_pass() + held_out()


def data_files() -> list[Path]:
    folders = ("nlu", "must_pass", "out_of_scope")
    return sorted(p for folder in folders for p in (NLU_DATA / folder).rglob("*") if p.is_file())


def test_exactly_the_learned_intents_have_a_file() -> None:
    assert {path.stem for path in (NLU_DATA / "nlu").iterdir()} == set(MIN_TRAINED)
    assert {path.stem for path in (NLU_DATA / "must_pass").iterdir()} == set(MIN_MUST_PASS)


@pytest.mark.parametrize("intent", MIN_TRAINED)
def test_training_file_has_the_agreed_shape(intent: str) -> None:
    raw = (NLU_DATA / "nlu" / f"{intent}.yml").read_text(encoding="utf-8")
    document = yaml.safe_load(raw)
    assert set(document) == {"version", "intent", "purpose", "examples"}
    assert (document["version"], document["intent"]) == ("1", intent)
    assert document["purpose"].endswith(".")
    assert all(line.startswith("- ") and line[2:].strip() for line in document["examples"].splitlines())


@pytest.mark.parametrize(("intent", "least"), MIN_TRAINED.items())
def test_enough_training_utterances(intent: str, least: int) -> None:
    assert sum(u.intent == intent for u in trained()) >= least


@pytest.mark.parametrize(("intent", "least"), MIN_MUST_PASS.items())
def test_enough_must_pass_phrases(intent: str, least: int) -> None:
    assert sum(u.intent == intent for u in must_pass()) >= least


def test_a_tap_on_the_menu_means_what_it_says() -> None:
    """The compiled project has each entry's words with their intent."""
    said = menu_intents(NLU_DATA)
    assert said["แจ้งปัญหาเมือง"] == "report_problem"
    assert said["ติดตามเรื่องที่แจ้งไว้"] == said["Track my case"] == "track_case"
    assert (len(said), set(said.values())) == (
        10,
        {"report_problem", "track_case", "ask_air_quality", "list_guides", "ask_human"},
    )


def test_enough_held_out_sentences() -> None:
    assert len(held_out()) >= MIN_HELD_OUT


@pytest.mark.parametrize("intent", MIN_TRAINED)
def test_foreigners_are_served_too(intent: str) -> None:
    texts = [u.text for u in trained() if u.intent == intent]
    english = [t for t in texts if re.search("[a-zA-Z]", t) and not re.search("[ก-๛]", t)]
    assert len(english) / len(texts) >= MIN_ENGLISH_SHARE


def test_acceptance_sentences_are_must_pass_and_never_trained() -> None:
    judged = {u.text: u.intent for u in must_pass()}
    assert {text: judged.get(text) for text in ACCEPTANCE} == ACCEPTANCE
    assert {canonical(u.text) for u in trained()}.isdisjoint(map(canonical, ACCEPTANCE))


def test_no_sentence_stands_twice() -> None:
    first: dict[str, Utterance] = {}
    twice = [(u, first[c]) for u in everything() if first.setdefault(c := canonical(u.text), u) is not u]
    assert twice == []


def nearly_the_same(
    judged: tuple[Utterance, ...], others: tuple[Utterance, ...]
) -> Iterator[tuple[Utterance, Utterance]]:
    choices = [canonical(u.text) for u in others]
    for one in judged:
        hits = process.extract(canonical(one.text), choices, scorer=fuzz.ratio, score_cutoff=SAME_SENTENCE, limit=None)
        yield from ((one, others[index]) for _, _, index in hits if others[index] is not one)


def test_no_sentence_has_two_labels() -> None:
    sentences = everything()
    assert [(a, b) for a, b in nearly_the_same(sentences, sentences) if a.intent != b.intent] == []


def test_nothing_that_judges_the_model_was_trained() -> None:
    assert list(nearly_the_same(must_pass() + held_out(), trained())) == []


@pytest.mark.parametrize("path", data_files(), ids=lambda path: str(path.relative_to(NLU_DATA)))
def test_file_is_clean_utf8(path: Path) -> None:
    raw = path.read_bytes()
    text = raw.decode("utf-8")
    assert text.startswith(LICENCE + "\n")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert b"\r" not in raw
    assert "\t" not in text
    assert text == unicodedata.normalize("NFC", text)
    # Cf (zero-width, direction, BOM), Co and Cn have no place; a variation selector after an emoji is Mn.
    odd = {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Co", "Cn", "Cs"} and c != "\n"}
    assert odd == set()


def test_sentences_are_trimmed_and_short_enough_for_a_chat() -> None:
    assert [u for u in everything() if u.text != u.text.strip() or not 1 <= len(u.text) <= 300] == []


def personal_data(text: str) -> list[str]:
    """The kinds of personal data found in the text; handles such as ⟦phone:k3f9⟧ are none."""
    digits = HANDLE.sub(" ", text).translate(str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789"))
    return [kind for kind, pattern in PERSONAL.items() if pattern.search(digits)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("โทร 081-000-0000", "phone"),
        ("โทร ๐๘๑๐๐๐๐๐๐๐", "phone"),
        ("เลข 1-0000-00000-00-0 ค่ะ", "national id"),
        ("บัญชี 000-0-00000-0", "bank account"),
        ("เล่ม AA0000000", "passport"),
        ("ส่งมาที่ someone@example.org", "email"),
        ("เลข 00000000", "long number"),
    ],
)
def test_the_search_for_personal_data_finds_it(text: str, kind: str) -> None:
    assert kind in personal_data(text)


def test_no_personal_data() -> None:
    assert [(u, kinds) for u in everything() if (kinds := personal_data(u.text))] == []


def test_handles_are_well_formed() -> None:
    assert [u for u in everything() if re.search("[⟦⟧]", HANDLE.sub("", u.text))] == []
