# SPDX-License-Identifier: Apache-2.0
"""A conditional random field over the words of a text, free of Rasa; learned and used with CRFsuite.

CRFsuite keeps a model in a format of its own, which is data and no code.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pycrfsuite

from bot.components.slot_features import Unit, features

#: Start, end, entity; characters, end exclusive.
Span = tuple[int, int, str]

#: Finds the slots of (text, its words, its intent).
Find = Callable[[str, Sequence[Unit], str], list[Span]]

_OUTSIDE = "O"
#: More tags than this and the probabilities that L-BFGS needs take minutes; the averaged perceptron only looks for
#: the best path.
_FEW_TAGS = 40


class BrokenTagger(ValueError):
    """Bytes that are no model of CRFsuite."""


@dataclass(frozen=True)
class Slots:
    """What was learned. `cuts`: words of the tokenizer inside which a slot began or ended, with those places; `crf`:
    CRFsuite's own bytes, empty when there was nothing to learn."""

    cuts: Mapping[str, tuple[int, ...]]
    crf: bytes

    def tagger(self) -> Find:
        """What finds the slots of a text, given its words and its intent. Raises BrokenTagger."""
        if not self.crf:
            return lambda text, words, intent: []
        tagger = pycrfsuite.Tagger()
        try:
            tagger.open_inmemory(self.crf)
            tagger.labels()
        except (ValueError, RuntimeError) as error:
            raise BrokenTagger("the slot tagger's model cannot be read") from error

        def find(text: str, words: Sequence[Unit], intent: str) -> list[Span]:
            units = recut(words, self.cuts)
            return spans_of(units, tagger.tag(features(text, units, intent))) if units else []

        return find


@dataclass(frozen=True)
class Annotated:
    """A text to learn from. intent: what a classifier that has not seen the text takes it for, mistakes included;
    with the right one everywhere, the tagger would believe too much in it."""

    text: str
    words: Sequence[Unit]
    intent: str
    spans: Sequence[Span]


def learn(examples: Iterable[Annotated]) -> Slots:
    """Learn from annotated texts. Without any slot, nothing is learned and nothing will be found.

    Deterministic: the same examples in the same order give the same model.
    """
    kept = [example for example in examples if example.words]
    kinds = {kind for example in kept for _, _, kind in example.spans}
    if not kinds:
        return Slots({}, b"")
    cuts = _cuts(kept)
    if 2 * len(kinds) + 1 <= _FEW_TAGS:
        trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
        trainer.set_params({"c1": 0.05, "c2": 0.05, "max_iterations": 60})
    else:
        trainer = pycrfsuite.Trainer(algorithm="ap", verbose=False)
        # More rounds learn the spaces of the examples by heart: worse on texts without any.
        trainer.set_params({"max_iterations": 10})
    for example in kept:
        units = recut(example.words, cuts)
        trainer.append(features(example.text, units, example.intent), tags_of(units, example.spans))
    with tempfile.TemporaryDirectory(prefix="pracha-slots-") as folder:
        path = Path(folder) / "slots.crfsuite"
        trainer.train(str(path))
        return Slots(cuts, path.read_bytes())


def tags_of(units: Sequence[Unit], spans: Iterable[Span]) -> list[str]:
    """One tag per unit: `B-` where a slot begins, `I-` inside, `O` elsewhere. A unit that a slot only touches is in."""
    tags = [_OUTSIDE] * len(units)
    for start, end, kind in sorted(spans):
        inside = [index for index, unit in enumerate(units) if unit.start < end and start < unit.end]
        for place, index in enumerate(inside):
            tags[index] = f"{'I' if place else 'B'}-{kind}"
    return tags


def spans_of(units: Sequence[Unit], tags: Sequence[str]) -> list[Span]:
    """The inverse of `tags_of`; an `I-` without its `B-` begins a slot."""
    found: list[Span] = []
    is_open = False
    for unit, tag in zip(units, tags, strict=True):
        if tag == _OUTSIDE:
            is_open = False
            continue
        begin, kind = tag.split("-", 1)
        if is_open and begin == "I" and found[-1][2] == kind:
            found[-1] = (found[-1][0], unit.end, kind)
        else:
            found.append((unit.start, unit.end, kind))
        is_open = True
    return found


def recut(words: Sequence[Unit], cuts: Mapping[str, Sequence[int]]) -> list[Unit]:
    """The words, cut further where slots have begun or ended inside them."""
    units: list[Unit] = []
    for word in words:
        first = 0
        for last in (*cuts.get(word.text, ()), len(word.text)):
            units.append(Unit(word.text[first:last], word.start + first, word.start + last))
            first = last
    return units


def _cuts(examples: Iterable[Annotated]) -> dict[str, tuple[int, ...]]:
    seen: dict[str, set[int]] = {}
    for example in examples:
        borders = sorted({border for start, end, _ in example.spans for border in (start, end)})
        for word in example.words:
            for border in borders:
                if word.start < border < word.end:
                    seen.setdefault(word.text, set()).add(border - word.start)
    return {word: tuple(sorted(places)) for word, places in sorted(seen.items())}
