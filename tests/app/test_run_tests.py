# SPDX-License-Identifier: Apache-2.0
"""The runner behind `make test`, the rule against skips, and the shell steps of the set-up."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.run_tests import Check, checks, main, run, summary
from tests.conftest import LONGEST

ROOT = Path(__file__).resolve().parents[2]
CONFTEST = (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8")


def small_pytest(folder: Path, tests: str, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on a text of tests beside our conftest, in a folder without ../shared."""
    inside = folder / "repository" / "tests"
    inside.mkdir(parents=True, exist_ok=True)
    (inside / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (inside / "test_small.py").write_text(f"import pytest\n{tests}", encoding="utf-8")
    (folder / "repository" / "pytest.ini").write_text("[pytest]\nmarkers = contract_data\n")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "xdist.plugin", *arguments],
        cwd=folder / "repository",
        # The other plugins are not what is tested here, and take longer to load than the tests take to run.
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "CI": "", **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_quick_checks_come_first_and_the_browser_last() -> None:
    """A typing mistake is told in seconds, not after the browser."""
    assert [one.word for one in checks()] == ["style", "imports", "types", "widget", "unit", "bot", "browser"]


def test_all_checks_run_and_one_failure_fails_the_whole(capfd: pytest.CaptureFixture[str]) -> None:
    """Later checks run after a failed one; the closing lines say which."""
    good = Check(word="a", title="first", commands=((sys.executable, "-c", "print('one')"),))
    bad = Check(
        word="b", title="second", commands=((sys.executable, "-c", "raise SystemExit(3)"), (sys.executable, "-c", ""))
    )
    last = Check(word="c", title="third", commands=((sys.executable, "-c", "print('three')"),))
    results = run([good, bad, last])
    assert [passed for _, passed, _ in results] == [True, False, True]
    assert "three" in capfd.readouterr().out
    closing = summary(results, 90).splitlines()
    assert closing[-1] == "1 of 3 failed in 1.5 min"
    assert any(line.startswith("✗ second") for line in closing)


def test_checks_beside_one_another_run_at_once_and_speak_in_turn(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Each of the two waits for the other one's mark; what the second says, also of its errors, follows the first."""
    meet = (
        "import pathlib, sys, time\n"
        "mine, other = (pathlib.Path(sys.argv[1], name) for name in sys.argv[2:4])\n"
        "print(mine.name, 'speaks', flush=True)\n"
        "print(mine.name, 'complains', file=sys.stderr, flush=True)\n"
        "mine.touch()\n"
        "end = time.monotonic() + 30\n"
        "while not other.exists():\n"
        "    time.sleep(0.01)\n"
        "    assert time.monotonic() < end\n"
        "raise SystemExit(int(sys.argv[4]))"
    )
    command = (sys.executable, "-c", meet, str(tmp_path))
    first = Check(word="a", title="first", commands=((*command, "one", "two", "0"),))
    second = Check(word="b", title="second", commands=((*command, "two", "one", "3"),), beside=True)
    assert [(check.word, passed) for check, passed, _ in run([first, second])] == [("a", True), ("b", False)]
    said = capfd.readouterr().out
    assert said.split("━━ second")[0].count("two") == 0
    assert said.split("━━ second")[1].split() == ["two", "speaks", "two", "complains"]


def test_an_unknown_check_is_refused() -> None:
    """A misspelled word must not pass by running nothing."""
    with pytest.raises(SystemExit) as refused:
        main(["--only", "brwser"])
    assert refused.value.code == 2


@pytest.mark.parametrize(
    ("tests", "code"),
    [
        ("def test_a(): pass", 0),
        ("def test_a(): pass\ndef test_b(): pytest.skip('x')", 1),
        ("def test_a(): pass\n@pytest.mark.xfail\ndef test_b(): assert False", 1),
        ("def test_a(): pass\n@pytest.mark.xfail\ndef test_b(): pass", 1),
        ("def test_a(): pass\n@pytest.mark.skipif(True, reason='x')\ndef test_b(): pass", 1),
    ],
)
def test_a_skipped_test_fails_the_run(tmp_path: Path, tests: str, code: int) -> None:
    """`--no-skips`: what did not run did not pass."""
    assert small_pytest(tmp_path, tests, "--no-skips").returncode == code


def test_a_module_that_skips_itself_fails_the_run(tmp_path: Path) -> None:
    """Also a whole file that is skipped while it is collected."""
    tests = "pytest.importorskip('no_such_package')\ndef test_a(): pass"
    done = small_pytest(tmp_path, "def test_z(): pass", "--no-skips")
    assert done.returncode == 0
    (tmp_path / "repository" / "tests" / "test_other.py").write_text(f"import pytest\n{tests}")
    assert small_pytest(tmp_path, "def test_z(): pass", "--no-skips").returncode == 1


def test_a_word_that_no_story_has_fails(tmp_path: Path) -> None:
    """`make e2e K=…` with no match must not look like a success."""
    assert small_pytest(tmp_path, "def test_chain(): pass", "--no-skips", "-k", "chain").returncode == 0
    assert small_pytest(tmp_path, "def test_chain(): pass", "--no-skips", "-k", "lien").returncode != 0


def test_tests_on_missing_data_are_left_out_aloud_and_fail_in_ci(tmp_path: Path) -> None:
    """Without ../shared: one printed line on a developer's machine, an error in CI."""
    tests = "def test_a(): pass\n@pytest.mark.contract_data\ndef test_b(): pass"
    here = small_pytest(tmp_path, tests, "--no-skips")
    assert here.returncode == 0
    assert here.stdout.count("left out: 1 tests that need the data at ../shared") == 1
    in_ci = small_pytest(tmp_path, tests, "--no-skips", CI="true")
    assert in_ci.returncode != 0
    assert "needs the data at ../shared, which is missing" in in_ci.stdout + in_ci.stderr


def test_the_rules_hold_in_a_run_of_several_workers(tmp_path: Path) -> None:
    """What workers skip or leave out reaches the run, each once: a skipped test, a skipped file, missing data."""
    tests = "def test_a(): pass\n@pytest.mark.contract_data\ndef test_b(): assert False\n"
    left_out = small_pytest(tmp_path, tests, "--no-skips", "-n", "2")
    assert left_out.returncode == 0
    assert left_out.stdout.count("left out: 1 tests that need the data at ../shared") == 1
    (tmp_path / "repository" / "tests" / "test_other.py").write_text("import pytest\npytest.importorskip('no_such')")
    skipped = small_pytest(tmp_path, f"{tests}def test_c(): pytest.skip('x')", "--no-skips", "-n", "2")
    assert skipped.returncode == 1
    told = skipped.stdout.partition("--no-skips: 2 did not run: ")[2].splitlines()[0]
    assert sorted(told.split(", ")) == ["tests/test_other.py", "tests/test_small.py::test_c"]


def test_the_long_files_are_there() -> None:
    """Whoever renames one renames it in the list of those that begin too."""
    assert [name for name in LONGEST if not (ROOT / "tests" / name).is_file()] == []


def test_a_check_has_a_folder_of_its_own(tmp_path: Path) -> None:
    """What its tests leave in their temporary folders goes away with it."""
    told = tmp_path / "told"
    script = "import os, pathlib, sys; pathlib.Path(sys.argv[1]).write_text(os.environ['PYTEST_DEBUG_TEMPROOT'])"
    one = Check(word="a", title="first", commands=((sys.executable, "-c", script, str(told)),))
    assert [passed for _, passed, _ in run([one])] == [True]
    folder = Path(told.read_text())
    assert folder.is_absolute()
    assert not folder.exists()


def test_a_missing_browser_fails_with_the_way_out(tmp_path: Path) -> None:
    """No chromium on the PATH: a failure that says what to install."""
    done = small_pytest(tmp_path, "def test_a(chromium): pass", PATH=str(tmp_path), PRACHA_CHROMIUM="")
    assert done.returncode == 1
    assert "install Debian's `chromium`" in done.stdout


def test_a_python_that_is_too_old_is_told(tmp_path: Path) -> None:
    """Without Python 3.11 the set-up ends with one clear line."""
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", str(ROOT / "app" / "setup" / "find_python.sh")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "Python 3.11 or newer is needed (python3 on the PATH)\n"


def test_every_target_calls_what_exists() -> None:
    """Each module and script that the Makefile names is there, and `make help` names each target a user calls."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    modules = [name.replace(".", "/") for name in re.findall(r"-m ([\w.]+)", text)]
    missing = [
        name for name in modules if not ((ROOT / f"{name}.py").exists() or (ROOT / name / "__main__.py").exists())
    ]
    scripts = [name for name in re.findall(r"app/setup/\w+\.sh", text) if not (ROOT / name).exists()]
    assert (missing, scripts) == ([], [])
    phony = text.partition(".PHONY: ")[2].splitlines()[0].split()
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [target for target in phony if target not in ("help", "setup-dev") and target not in told] == []
