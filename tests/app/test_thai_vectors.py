# SPDX-License-Identifier: Apache-2.0
"""`pracha thai vectors`: one answer per line, in the contract's form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from app.thai_vectors import KINDS, summed_up
from thai.found import Found

BASE = "2026-11-22T09:00:00+07:00"
SAMPLE = Path(__file__).resolve().parents[3] / "shared" / "data" / "thai_vectors.jsonl"


def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the command answers to the lines."""
    path = tmp_path / "vectors.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    assert main(["thai", "vectors", str(path), "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("kind", "text", "values", "certainty"),
    [
        ("number", "สองพันห้า", [2500, 2005], "confirm"),
        ("number", "สองพันห้าร้อยบาทห้าสิบสตางค์", [2500.5], "certain"),
        ("number", "มีสามคน", [3], "certain"),
        ("number", "ไม่รู้", [], "reject"),
        ("number", "5 กับ 7", [5, 7], "confirm"),
        ("money", "ประมาณ 500 บาท", [500], "confirm"),
        ("national_id", "1-2345-67890-12-1", ["1234567890121"], "certain"),
        ("national_id", "123456789012", [], "reject"),
        ("juristic_id", "0105536112014", ["0105536112014"], "certain"),
        ("passport", "AA1234567", ["AA1234567"], "certain"),
        ("phone", "081-234-5678 ต่อ 12", ["+66812345678;ext=12"], "certain"),
        ("phone", "1669", ["hotline:1669"], "certain"),
        ("plate", "1กก1234 กทม", [["1กก", "1234", "กรุงเทพมหานคร"]], "certain"),
        ("plate", "1กก 1234", [["1กก", "1234", None]], "certain"),
        ("parcel", "EY123456785TH", ["EY123456785TH"], "certain"),
        ("case_number", "2569-6MXVTH", ["2569-6MXVTH"], "certain"),
        ("case_number", "2569-6MXVTJ", [], "reject"),
        ("layout", "l;ylfu8iy[", ["สวัสดีครับ"], "certain"),
        ("layout", "mevtwi", ["ทำอะไร", "mevtwi"], "confirm"),
        ("layout", "้ำสสน", ["hello"], "certain"),
        ("layout", "pm2.5", ["pm2.5"], "certain"),
        ("normalize", "มากกกกกก", ["มาก"], "certain"),
        ("dialect", "ไปไส", ["ไปไหน"], "certain"),
        ("date", "พรุ่งนี้", ["2026-11-23"], "certain"),
        ("date", "31 กุมภาพันธ์ 2567", [], "reject"),
        ("time", "เก้าโมง", ["09:00"], "certain"),
        ("time", "ตอนเช้า", ["part:morning"], "confirm"),
    ],
)
def test_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, text: str, values: list[Any], certainty: str
) -> None:
    """Values in the written forms of the contract, numbers as JSON numbers, plates as lists."""
    [line] = run(tmp_path, capsys, [{"kind": kind, "base": BASE, "text": text}])
    assert line == {"kind": kind, "text": text, "values": values, "certainty": certainty}


def test_every_kind_answers_anything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each kind gives one line for nonsense, without `base` too, and never a value that is certain of nothing."""
    lines = [{"kind": kind, "text": text} for kind in KINDS for text in ("", "ๆ\u200b/", "☃" * 30)]
    answers = run(tmp_path, capsys, lines)
    assert [(one["kind"], one["text"]) for one in answers] == [(one["kind"], one["text"]) for one in lines]
    for one in answers:
        counts = {"certain": len(one["values"]) == 1, "confirm": one["values"] != [], "reject": one["values"] == []}
        assert counts[one["certainty"]]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "not JSON"),
        ("[1]", "not an object"),
        ('{"kind": "colour", "text": "แดง"}', "kind is none of"),
        ('{"kind": "date"}', "text is missing"),
        ('{"kind": "date", "text": 5}', "text is missing"),
        ('{"kind": ["date"], "text": "5"}', "kind is none of"),
        ('{"kind": "date", "text": "วันนี้", "base": "soon"}', "base is no ISO 8601 moment"),
        ('{"kind": "date", "text": "วันนี้", "base": 5}', "base is no ISO 8601 moment"),
        ('{"kind": "date", "text": "วันนี้", "base": "2026-11-22T09:00:00"}', "base has no time zone"),
    ],
)
def test_a_bad_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, problem: str) -> None:
    """One clear line that names file and line, nothing printed, and a code that is not zero."""
    path = tmp_path / "bad.jsonl"
    path.write_text(f'{{"kind": "number", "text": "5"}}\n\n{line}\n', encoding="utf-8")
    assert main(["thai", "vectors", str(path), "--json"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"pracha: {path}:3: {problem}")
    assert len(shown.err.splitlines()) == 1


def test_files_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing file and one in another encoding are told apart, in one line each."""
    assert main(["thai", "vectors", str(tmp_path / "none.jsonl")]) == 2
    assert "does not exist" in capsys.readouterr().err
    path = tmp_path / "latin.jsonl"
    path.write_bytes(b"\xe9\xff")
    assert main(["thai", "vectors", str(path)]) == 1
    assert capsys.readouterr().err == f"pracha: {path}: not UTF-8\n"


def test_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --json it is a table for people."""
    path = tmp_path / "vectors.jsonl"
    path.write_text('{"kind": "number", "text": "พันห้า"}\n', encoding="utf-8")
    assert main(["thai", "vectors", str(path)]) == 0
    assert "1500 | 1005" in capsys.readouterr().out


def test_summing_up() -> None:
    """Several findings are certain only when they agree; a refused one beside a good one is a question."""
    five, again = Found("number", (5,), 0, 1, "certain"), Found("number", (5,), 2, 3, "certain")
    refused: Found[int] = Found("number", (), 4, 5, "reject")
    assert summed_up([five, again]).certainty == "certain"
    assert summed_up([five, refused]).certainty == "confirm"
    assert summed_up([refused]).certainty == "reject"


@pytest.mark.contract_data
def test_sample(capsys: pytest.CaptureFixture[str]) -> None:
    """Every sample vector is met exactly: values, order and certainty."""
    assert main(["thai", "vectors", str(SAMPLE), "--json"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    wanted = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    wrong = []
    for row, found in zip(wanted, answers, strict=True):
        expected = row["expect"]
        if expected is None:
            met = (found["values"], found["certainty"]) == ([], "reject")
        elif row.get("confirm"):
            met = (found["values"], found["certainty"]) == (expected, "confirm")
        else:
            met = (found["values"], found["certainty"]) == ([expected], "certain")
        wrong += [] if met else [(row, found)]
    assert wrong == []
