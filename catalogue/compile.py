# SPDX-License-Identifier: Apache-2.0
"""Compiles what authors wrote into the project that Rasa reads (docs/developers/wire.md §5)."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from catalogue import authored
from catalogue.answers import load_answers
from catalogue.authored import AuthoringError, Problem
from catalogue.corpus import Corpus, load_corpus, rules_of
from catalogue.domain import build_domain
from catalogue.lexicon import build_extractors, build_lexicon
from catalogue.load import load_drafts
from catalogue.places import build_places, fingerprint
from catalogue.rich_menu import menu_intents
from catalogue.rules import all_generated

_HEAD = "# Made by `pracha train` from nlu_data/; changes here are lost.\n"
#: Hand-written at the root of the repository and taken over as they are.
_TAKEN = ("config.yml", "endpoints.yml", "credentials.yml")
#: Test stories are Rasa's own name for conversation tests; they must not stand among the training data.
_TEST_STORY = "test_"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompileReport:
    """What was compiled: sha256 of every file by its path in `out`, and one hash of them all."""

    files: Mapping[str, str]
    changed: tuple[str, ...]
    data_hash: str
    services: int
    intents: int
    examples: int
    answers: int
    drafts: tuple[str, ...]
    """Ids of the services that were left out, because something in them is still to be written."""


class _Block(str):
    """A string that YAML writes as a `|` block."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(_Block, lambda dumper, data: dumper.represent_scalar("tag:yaml.org,2002:str", data, style="|"))


def _yaml(data: Any) -> bytes:
    written = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1_000_000)
    return (_HEAD + str(written)).encode()


def _json(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def examples_by_intent(corpus: Corpus) -> dict[str, list[str]]:
    """The training utterances: the labelled ones, then the services' own example questions, each once."""
    merged = {intent: list(utterances) for intent, utterances in corpus.examples.items()}
    for service in corpus.services.values():
        merged.setdefault(service.intent, []).extend(service.examples)
    return {intent: list(dict.fromkeys(utterances)) for intent, utterances in sorted(merged.items()) if utterances}


def _nlu_file(intent: str, utterances: Sequence[str]) -> bytes:
    block = _Block("".join(f"- {utterance}\n" for utterance in utterances))
    return _yaml({"version": "3.1", "nlu": [{"intent": intent, "examples": block}]})


def _base_domain(base: Path) -> Mapping[str, Any]:
    content = authored.read(base / "domain.yml")
    if not isinstance(content.data, Mapping):
        raise AuthoringError([content.problem((), "the base domain must be a block of fields")])
    return content.data


def _places(out: Path) -> bytes:
    """places.json; the one that is there is kept while its data packages are the same (building takes seconds)."""
    path = out / "places.json"
    if path.is_file():
        written = path.read_bytes()
        try:
            if json.loads(written).get("fingerprint") == fingerprint():
                return written
        except (ValueError, AttributeError):
            pass  # cut off or not ours: build it again
    return _json(build_places())


def _without(corpus: Corpus, intents: AbstractSet[str]) -> Corpus:
    """Without the questions of drafts: a bot that understood them could not answer."""
    return replace(corpus, examples={name: said for name, said in corpus.examples.items() if name not in intents})


def _project(nlu_data: Path, base: Path, out: Path) -> tuple[dict[str, bytes], Corpus, int]:
    """Every file of the project by its path; nothing is written yet. Raises AuthoringError."""
    corpus = _without(load_corpus(nlu_data), {draft.intent for draft in load_drafts(nlu_data / "services")})
    answers = load_answers(nlu_data / "answers")
    written = rules_of(corpus)
    generated = all_generated(corpus.services.values(), written)
    rules = [*written, *(rule for made in generated.values() for rule in made)]
    try:
        domain = build_domain(_base_domain(base), corpus, rules, answers.by_id)
    except ValueError as error:
        raise AuthoringError([Problem(file=str(base / "domain.yml"), line=1, message=str(error))]) from error
    places = _places(out)
    files = {
        "domain.yml": _yaml(domain),
        "places.json": places,
        "lexicon.json": _json(build_lexicon(corpus, json.loads(places))),
        "extractors.json": _json({**build_extractors(corpus), "menu": menu_intents(nlu_data)}),
        "data/rules/written.yml": _yaml({"version": "3.1", "rules": written}),
    }
    files |= {name: (base / name).read_bytes() for name in _TAKEN}
    files |= {f"data/rules/{name}.yml": _yaml({"version": "3.1", "rules": made}) for name, made in generated.items()}
    for intent, utterances in examples_by_intent(corpus).items():
        files[f"data/nlu/{intent}.yml"] = _nlu_file(intent, utterances)
    for path in corpus.stories:
        folder = "tests" if path.name.startswith(_TEST_STORY) else "data/stories"
        files[f"{folder}/{path.name}"] = path.read_bytes()
    return files, corpus, len(answers.by_id)


def _write(path: Path, content: bytes) -> bool:
    """Replaces a file in one step; False when it had this content already."""
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    # One name per process: two compiles at once end with one whole file, never a mixed one.
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return True


def _remove_others(out: Path, files: Mapping[str, bytes]) -> list[str]:
    """Removes files of an earlier compile that this one does not have; models are not touched."""
    stale = [
        path
        for folder in ("data", "tests")
        for path in sorted((out / folder).rglob("*.yml"))
        if path.relative_to(out).as_posix() not in files
    ]
    for path in stale:
        path.unlink()
    return [path.relative_to(out).as_posix() for path in stale]


def compile_project(nlu_data: Path, base: Path, out: Path) -> CompileReport:
    """Writes the Rasa project of `nlu_data` and the hand-written files of `base` into `out`.

    The same input gives the same bytes. Every file is replaced in one step, and nothing is written when anything is
    wrong. Raises AuthoringError (all problems at once) or OSError.
    """
    missing = [name for name in ("domain.yml", *_TAKEN) if not (base / name).is_file()]
    if missing:
        raise AuthoringError(
            [Problem(file=str(base / name), line=1, message="the file is missing") for name in missing]
        )
    files, corpus, answers = _project(nlu_data, base, out)
    changed = [name for name, content in sorted(files.items()) if _write(out / name, content)]
    changed += _remove_others(out, files)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    examples = examples_by_intent(corpus)
    return CompileReport(
        files=digests,
        changed=tuple(changed),
        data_hash=hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest(),
        services=len(corpus.services),
        intents=len(examples),
        examples=sum(len(utterances) for utterances in examples.values()),
        answers=answers,
        drafts=tuple(draft.id for draft in load_drafts(nlu_data / "services")),
    )
