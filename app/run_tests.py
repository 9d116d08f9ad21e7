# SPDX-License-Identifier: Apache-2.0
"""Runs the checks of `make test`, the quick ones first, and ends with one summary: `python -m app.run_tests`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.settings import ROOT

_BIN = Path(sys.executable).parent
_PYTEST = ("-m", "pytest", "--no-skips", "-q")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: the word for --only, what it is, and its commands, each of which must end with 0."""

    word: str
    title: str
    commands: tuple[tuple[str, ...], ...]


def checks(word: str = "") -> list[Check]:
    """All checks in their order; `word` chooses the browser stories with this word in their name."""
    bot_python = str(ROOT / "bot" / ".venv" / "bin" / "python")
    npm = ("npm", "--prefix", str(ROOT / "widget"), "run", "--silent")
    stories = ("-k", word) if word else ()
    return [
        Check(
            word="style",
            title="style (ruff)",
            commands=((str(_BIN / "ruff"), "check"), (str(_BIN / "ruff"), "format", "--check")),
        ),
        Check(word="imports", title="import directions", commands=((str(_BIN / "lint-imports"),),)),
        Check(word="types", title="types (mypy)", commands=((str(_BIN / "mypy"),),)),
        Check(
            word="widget",
            title="web chat: types, tests, size",
            commands=tuple((*npm, script) for script in ("check", "test", "size")),
        ),
        Check(
            word="unit",
            title="tests of the application",
            commands=((sys.executable, *_PYTEST, "tests", "--ignore=tests/bot", "--ignore=tests/e2e"),),
        ),
        Check(
            word="bot",
            title="tests of the bot (Python 3.10)",
            commands=((bot_python, *_PYTEST, "tests/bot"),),
        ),
        Check(
            word="browser",
            title="browser stories" + (f" with “{word}”" if word else ""),
            commands=((sys.executable, *_PYTEST, "tests/e2e", *stories),),
        ),
    ]


def run(chosen: Sequence[Check]) -> list[tuple[Check, bool, float]]:
    """Run each check to its end, also after one failed: (check, passed, seconds)."""
    environment = {**os.environ, "PATH": f"{ROOT / '.node' / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    results = []
    for check in chosen:
        print(f"\n━━ {check.title}", flush=True)
        begun = time.monotonic()
        codes = [subprocess.run(one, cwd=ROOT, env=environment, check=False).returncode for one in check.commands]
        passed = not any(codes)
        results.append((check, passed, time.monotonic() - begun))
    return results


def summary(results: Sequence[tuple[Check, bool, float]]) -> str:
    """The closing lines."""
    lines = [f"{'✓' if passed else '✗'} {check.title} ({seconds:.0f} s)" for check, passed, seconds in results]
    failed = sum(not passed for _, passed, _ in results)
    total = sum(seconds for *_, seconds in results)
    verdict = f"{failed} of {len(results)} failed" if failed else f"all {len(results)} passed"
    return "\n".join(["", "━━ summary", *lines, f"{verdict} in {total / 60:.1f} min"])


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every chosen check passed."""
    parser = argparse.ArgumentParser(prog="python -m app.run_tests", description=__doc__)
    parser.add_argument("--only", default="", help="words of the checks to run, with commas")
    parser.add_argument("--word", default="", help="only browser stories whose name contains this word")
    asked = parser.parse_args(arguments)
    known = checks(asked.word.strip())
    words = [word for word in asked.only.split(",") if word]
    if unknown := set(words) - {check.word for check in known}:
        parser.error(f"no such check: {', '.join(sorted(unknown))} (there are {', '.join(one.word for one in known)})")
    results = run([check for check in known if not words or check.word in words])
    print(summary(results), flush=True)
    return 0 if all(passed for _, passed, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
