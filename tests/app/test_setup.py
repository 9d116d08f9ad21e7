# SPDX-License-Identifier: Apache-2.0
"""The steps of a set-up: what they say, and that two set-ups of one folder do not meet."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def step(label: str, script: str) -> subprocess.Popen[str]:
    command = ["sh", "app/setup/step.sh", label, "sh", "-c", script]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_step_tells_what_it_does_and_how_long_it_took() -> None:
    """One line at the start, one at the end, the command's own words kept away."""
    done = step("making it", "echo noise")
    said, _ = done.communicate(timeout=30)
    assert done.returncode == 0
    assert re.fullmatch(r"→ making it\n✓ making it \(\d+ s\)\n", said)


def test_two_set_ups_do_one_step_at_a_time(tmp_path: Path) -> None:
    """Five at once, each of which fails when it meets another one, as `rm -rf .uv` would; who waits says so."""
    script = f"mkdir {tmp_path}/busy && sleep 0.3 && rmdir {tmp_path}/busy"
    running = [step(f"number {number}", script) for number in range(5)]
    said = [one.communicate(timeout=60) for one in running]
    assert [one.returncode for one in running] == [0] * 5, said
    assert sum("another set-up works in this folder" in out for out, _ in said) == 4


def test_a_step_that_was_killed_blocks_nobody(tmp_path: Path) -> None:
    """The lock ends with its process; nothing has to be removed by hand."""
    mark = tmp_path / "mark"
    command = ["sh", "-c", f"touch {mark} && exec sleep 60"]
    with subprocess.Popen(["python3", "app/setup/alone.py", *command], cwd=ROOT) as killed:
        while not mark.exists():
            assert killed.poll() is None
        killed.kill()
    next_one = step("after it", "true")
    assert next_one.wait(30) == 0


def test_a_failed_step_shows_its_last_words_and_its_status() -> None:
    """Under its name, on the error stream."""
    failed = step("what fails", "echo too bad; exit 7")
    out, err = failed.communicate(timeout=30)
    assert failed.returncode == 7
    assert out.startswith("→ what fails")
    assert "too bad" in err
    assert "✗ what fails: failed" in err
