# SPDX-License-Identifier: Apache-2.0
"""Runs the checks of `make test`, the quick ones first, and ends with one summary: `python -m app.run_tests`."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.settings import ROOT

_BIN = Path(sys.executable).parent
_PYTEST = ("-m", "pytest", "--no-skips", "-q")
# Most of these tests wait for processes and databases, so two at once is the least also on one core. A file stays with
# one worker, which shares its fixtures; tests/conftest.py has put the long files first.
_PARALLEL = ("-n", str(max(2, os.cpu_count() or 2)), "--dist", "loadfile", "--no-loadscope-reorder")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: the word for --only, what it is, and its commands, each of which must end with 0.

    `beside`: it runs at the same time as the check before it, and says what it has to say after that one.
    """

    word: str
    title: str
    commands: tuple[tuple[str, ...], ...]
    beside: bool = False


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
            commands=((sys.executable, *_PYTEST, *_PARALLEL, "tests", "--ignore=tests/bot", "--ignore=tests/e2e"),),
        ),
        Check(
            word="bot",
            title="tests of the bot (Python 3.10)",
            commands=((bot_python, *_PYTEST, "tests/bot"),),
            beside=True,
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
    for together in _at_the_same_time(chosen):
        results += _run_together(together, environment)
    return results


def _at_the_same_time(chosen: Sequence[Check]) -> list[list[Check]]:
    """The checks in their order, those that run beside one another in one list."""
    found: list[list[Check]] = []
    for check in chosen:
        if check.beside and found:
            found[-1].append(check)
        else:
            found.append([check])
    return found


def _run_together(together: Sequence[Check], environment: Mapping[str, str]) -> list[tuple[Check, bool, float]]:
    """Run these at once; the first one speaks as it goes, what the others say is kept and follows."""
    first, *others = together
    with ExitStack() as files, ThreadPoolExecutor() as threads:
        kept = [files.enter_context(tempfile.TemporaryFile()) for _ in others]
        running = [
            threads.submit(_run_one, check, environment, output) for check, output in zip(others, kept, strict=True)
        ]
        print(f"\n━━ {first.title}", flush=True)
        results = [_run_one(first, environment, None)]
        for check, output, one in zip(others, kept, running, strict=True):
            results.append(one.result())
            print(f"\n━━ {check.title}", flush=True)
            output.seek(0)
            shutil.copyfileobj(output, sys.stdout.buffer)
            sys.stdout.flush()
    return results


def _run_one(check: Check, environment: Mapping[str, str], output: IO[bytes] | None) -> tuple[Check, bool, float]:
    """Run all commands of a check, also after one failed; `output` takes what they say, None leaves it to the terminal."""
    begun = time.monotonic()
    # A folder of its own, which goes away: in the one that all pytest runs share, each run that begins takes away the
    # way in that the embedded PostgreSQL of another run, whose user is not root, was given.
    with tempfile.TemporaryDirectory(prefix="tests-", ignore_cleanup_errors=True) as folder:
        own = {**environment, "PYTEST_DEBUG_TEMPROOT": folder}
        errors = output and subprocess.STDOUT
        codes = [
            subprocess.run(one, cwd=ROOT, env=own, stdout=output, stderr=errors, check=False).returncode
            for one in check.commands
        ]
    return check, not any(codes), time.monotonic() - begun


def summary(results: Sequence[tuple[Check, bool, float]], seconds: float) -> str:
    """The closing lines of a run that took so many seconds."""
    lines = [f"{'✓' if passed else '✗'} {check.title} ({taken:.0f} s)" for check, passed, taken in results]
    failed = sum(not passed for _, passed, _ in results)
    verdict = f"{failed} of {len(results)} failed" if failed else f"all {len(results)} passed"
    return "\n".join(["", "━━ summary", *lines, f"{verdict} in {seconds / 60:.1f} min"])


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
    begun = time.monotonic()
    results = run([check for check in known if not words or check.word in words])
    print(summary(results, time.monotonic() - begun), flush=True)
    return 0 if all(passed for _, passed, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
