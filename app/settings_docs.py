# SPDX-License-Identifier: Apache-2.0
"""Writes `.env.example` and `docs/settings.md` from the table of settings: `python -m app.settings_docs`."""

from __future__ import annotations

from pathlib import Path

from app.settings import ROOT
from app.settings_table import Row, all_sections

_HEAD = """\
# SPDX-License-Identifier: Apache-2.0
# Settings, all optional in the demo. Copy to .env and take away the # of what you set; the environment wins over .env.
# A secret may also be given as a file: NAME_FILE=/path/to/it. Made by `make docs`; the same as docs/settings.md.
"""
_INTRODUCTION = """\
<!-- Made from app/settings_table.py by `make docs`; change it there. -->
# Settings

Read from the environment, then from `.env` in the project's folder (`PRACHA_ENV_FILE` names another file; empty: none).
Every secret may also be given as a file: `NAME_FILE=/path`. Nothing needs to be set for the demo (`make up`): its keys are
made once and kept in `STATE_DIR/keys.json`, and agencies and platforms whose address is not set are the sandbox.

Live (`make serve`) needs the four keys below, and refuses to start, with all reasons at once, on a missing key, an example
secret or an address of the sandbox. A random text: `openssl rand -base64 32`.
"""


def env_example() -> str:
    """The text of `.env.example`: every setting with its meaning and default, nothing set."""
    parts = [_HEAD]
    for title, rows in all_sections().items():
        parts.append(f"\n# ---- {title} ----\n")
        for row in rows:
            shown = f" Default: {row.shown}." if row.shown else ""
            parts.append(f"# {_sentence(row.meaning)}{shown}\n#{row.name}={'' if row.shown else row.default}\n")
    return "".join(parts)


def settings_page() -> str:
    """The text of `docs/settings.md`: one table per section."""
    parts = [_INTRODUCTION]
    for title, rows in all_sections().items():
        parts.append(f"\n## {title}\n\n| name | meaning | default |\n|---|---|---|\n")
        parts.extend(
            f"| `{row.name}` | {row.meaning.replace('|', chr(92) + '|')} | {_default(row)} |\n" for row in rows
        )
    return "".join(parts)


def pages() -> dict[Path, str]:
    """What must stand in which file."""
    return {ROOT / ".env.example": env_example(), ROOT / "docs" / "settings.md": settings_page()}


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _default(row: Row) -> str:
    if row.generated:
        return "made in the demo; live needs it"
    return row.shown or (f"`{row.default}`" if row.default else "not set")


def main() -> None:
    """Writes both files."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
