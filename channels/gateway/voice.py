# SPDX-License-Identifier: Apache-2.0
"""The bot's voice: the answers are written with ค่ะ and คะ; an agency may have it speak with ครับ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import regex

#: คะ is also the beginning of words such as คะแนน: a particle is never followed by another Thai letter
_PARTICLE = regex.compile(r"ค่ะ|คะ(?![\u0e01-\u0e3a\u0e40-\u0e4e])")
#: what a machine reads is no speech
_SILENT = frozenset({"type", "payload", "url", "path", "media", "name"})


def spoken(block: Any, persona: str) -> Any:
    """A block with the particles of `persona` (`kha` or `khrap`); the value itself for `kha`."""
    if persona != "khrap":
        return block
    if isinstance(block, str):
        return _PARTICLE.sub("ครับ", block)
    if isinstance(block, Mapping):
        return {key: value if key in _SILENT else spoken(value, persona) for key, value in block.items()}
    if isinstance(block, (list, tuple)):
        return [spoken(one, persona) for one in block]
    return block
