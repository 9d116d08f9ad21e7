# SPDX-License-Identifier: Apache-2.0
"""The keys of a demo stack, made once and kept under its state directory."""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Collection
from pathlib import Path


def demo_keys(state_dir: Path, names: Collection[str]) -> dict[str, str]:
    """The key of each name, from STATE_DIR/keys.json (0600), which gets the names that it lacks: 32 bytes in base64.

    Raises OSError when the folder cannot be written, ValueError when the file is not what we wrote.
    """
    if not names:
        return {}
    path = state_dir / "keys.json"
    if not path.exists():
        _write_once(path, {name: base64.b64encode(secrets.token_bytes(32)).decode() for name in sorted(names)})
    kept = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(kept, dict) or not all(isinstance(kept.get(name), str) for name in names):
        raise ValueError(f"a key of {', '.join(sorted(names))} is missing")
    return {name: kept[name] for name in names}


def _write_once(path: Path, keys: dict[str, str]) -> None:
    """Written whole or not at all; of two processes at once the first one's keys hold."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".keys.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(keys, file, indent=1)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
