# SPDX-License-Identifier: Apache-2.0
"""YAML that people write: what is refused, and on which line."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.authored import AuthoringError, parse, read, yaml_files


def test_words_that_yaml_likes_to_change_stay_words() -> None:
    """`no`, `on`, `yes` and dates are text; `true` and numbers are not."""
    data = parse("a: no\nb: on\nc: 2026-11-22\nd: true\ne: 3\nf: yes", "f.yml").data
    assert data == {"a": "no", "b": "on", "c": "2026-11-22", "d": True, "e": 3, "f": "yes"}


def test_every_value_knows_its_line() -> None:
    """Keys, list items and what stands inside them; an unknown route points at what is around it."""
    content = parse("a: 1\nb:\n  - x: 1\n  - x: 2\n", "f.yml")
    assert content.line_of(("a",)) == 1
    assert content.line_of(("b", 1, "x")) == 4
    assert content.line_of(("b", 1, "missing", "deeper")) == 4
    assert content.line_of(("nothing",)) == 1


def test_a_key_that_stands_twice_is_refused() -> None:
    """YAML would silently keep the second."""
    with pytest.raises(AuthoringError) as caught:
        parse("a: 1\nb: 2\na: 3\n", "f.yml")
    assert str(caught.value) == "f.yml:3: error: 'a' stands twice here"


@pytest.mark.parametrize("text", ["a: [1", "a: {x: y?, z}\nb: ]", "\t- a"])
def test_no_yaml_is_one_problem_with_its_line(text: str) -> None:
    """A broken file gives a line, not a stack trace."""
    with pytest.raises(AuthoringError) as caught:
        parse(text, "f.yml")
    assert [problem.file for problem in caught.value.problems] == ["f.yml"]
    assert "not YAML" in str(caught.value)


def test_other_encodings_are_named(tmp_path: Path) -> None:
    """A file saved as TIS-620 says so."""
    path = tmp_path / "a.yml"
    path.write_bytes("ก: ข".encode("cp874"))
    with pytest.raises(AuthoringError, match="UTF-8"):
        read(path)


def test_files_come_in_order_and_a_missing_folder_has_none(tmp_path: Path) -> None:
    """The order of files must not depend on the disk."""
    for name in ("b.yml", "a.yml", "c.txt"):
        (tmp_path / name).write_text("x: 1")
    assert [path.name for path in yaml_files(tmp_path)] == ["a.yml", "b.yml"]
    assert yaml_files(tmp_path / "none") == []
