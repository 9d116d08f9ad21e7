# SPDX-License-Identifier: Apache-2.0
"""One tokenizer per dictionary in this process, shared by the components that need it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from bot.components.packed import BrokenModel
from thai.tokens import Tokenizer


def pack(words: Iterable[str]) -> dict[str, object]:
    """A dictionary as it is kept in a model: its words and the hash of everything that decides a cut."""
    kept = sorted(set(words))
    return {"words": kept, "version": _tokenizer(frozenset(kept)).version}


def unpack(content: dict[str, object]) -> Tokenizer:
    """The tokenizer of a packed dictionary. Raises BrokenModel when it would cut differently from then."""
    try:
        tokenizer = _tokenizer(frozenset(content["words"]))  # type: ignore[call-overload]
        version = content["version"]
    except (KeyError, TypeError) as error:
        raise BrokenModel("the model's dictionary has another form") from error
    if tokenizer.version != version:
        raise BrokenModel("the model's dictionary is another one than it was trained with: train it again")
    return tokenizer


@lru_cache(maxsize=2)
def _tokenizer(words: frozenset[str]) -> Tokenizer:
    return Tokenizer(words)
