# SPDX-License-Identifier: Apache-2.0
"""LINE's Node SDK as a judge that shares no code with us: its types for what we send, its check for what is signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from channels.line.limits import shorten
from channels.line.signature import verify
from core.errors import Forged
from tests.channels.line.line_rules import graphemes
from tests.channels.line.samples import kinds_drawn, shipped_drawn

Json = dict[str, Any]
SECRET = "0123456789abcdef0123456789abcdef"
THAI = [
    '{"destination":"Uffffffffffffffffffffffffffffffff","events":[]}',
    '{"events":[{"message":{"type":"text","text":"ขอคัดสำเนาทะเบียนบ้านค่ะ 🙏"}}]}',
    '{"events":[{"message":{"text":"\\u0e02\\u0e2d \\ud83d\\ude4f"}}]}',
    '{ "events" : [ ] }\n',
    '{"events":[{"message":{"text":"น้ำท่วม\r\n\tที่นี่"}}]}',
    "",
]


def type_checked(node_peer: Path, folder: Path, name: str, source: str) -> str:
    """What `tsc --strict` complains about in one file that uses the SDK; empty when it does not."""
    modules = folder / "node_modules"
    if not modules.exists():
        modules.symlink_to(node_peer / "node_modules")
    path = folder / f"{name}.ts"
    path.write_text(source, encoding="utf-8")
    compiler = str(node_peer / "node_modules" / "typescript" / "bin" / "tsc")
    options = [
        "--strict",
        "--noEmit",
        "--target",
        "es2022",
        "--module",
        "nodenext",
        "--skipLibCheck",
        "--types",
        "node",
    ]
    done = subprocess.run(
        ["node", compiler, *options, str(path)], cwd=folder, capture_output=True, text=True, check=False, timeout=110
    )
    assert bool(done.returncode) is bool(done.stdout), done.stderr
    return done.stdout


def typescript(payloads: dict[str, list[Json]]) -> str:
    """One constant of the SDK's type for each payload; as literals, so that unknown properties are seen."""
    lines = ['import type { messagingApi } from "@line/bot-sdk";']
    for number, (name, messages) in enumerate(payloads.items()):
        literal = json.dumps(messages, ensure_ascii=False)
        lines.append(f"// {name}\nexport const payload{number}: messagingApi.Message[] = {literal};")
    return "\n".join(lines) + "\n"


def asked(node_peer: Path, script: str, questions: Any) -> Any:
    """What one of the scripts beside package.json answers."""
    done = subprocess.run(
        ["node", str(node_peer / script)],
        input=json.dumps(questions),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout)


def test_l_out_17_each_kind_of_object_is_the_sdks_type(node_peer: Path, tmp_path: Path) -> None:
    """Every kind of block of the wire, and one of each shipped answer and guide, type-checks as `messagingApi.Message[]`."""
    payloads = kinds_drawn() | shipped_drawn()
    assert type_checked(node_peer, tmp_path, "payloads", typescript(payloads)) == ""


def test_what_is_no_message_is_refused_by_the_sdks_types(node_peer: Path, tmp_path: Path) -> None:
    """So that a pass means something: each of these is an error of its own."""
    box = {"type": "box", "layout": "diagonal", "contents": []}
    share = {"items": [{"type": "action", "action": {"type": "share", "label": "ก"}}]}
    wrong: list[Json] = [
        {"type": "text"},
        {"type": "html", "text": "ก"},
        {"type": "text", "text": "ก", "colour": "#000000"},
        {"type": "flex", "altText": "ก", "contents": {"type": "bubble", "size": "huge"}},
        {"type": "flex", "altText": "ก", "contents": {"type": "bubble", "body": box}},
        {"type": "text", "text": "ก", "quickReply": share},
    ]
    source = typescript({str(number): [message] for number, message in enumerate(wrong)})
    constants = [line for line, words in enumerate(source.splitlines(), start=1) if words.startswith("export const")]
    complaints = type_checked(node_peer, tmp_path, "wrong", source)
    assert {int(line) for line in re.findall(r"wrong\.ts\((\d+),\d+\): error TS", complaints)} == set(constants)


@pytest.mark.parametrize("body", THAI)
def test_l_in_01_the_sdk_and_we_accept_and_refuse_the_same_bodies(node_peer: Path, body: str) -> None:
    """The exact bytes with the right signature; not one byte more, less or other; not another secret."""
    raw = body.encode()
    signature = base64.b64encode(hmac.digest(SECRET.encode(), raw, hashlib.sha256)).decode()
    other = base64.b64encode(hmac.digest(b"another secret", raw, hashlib.sha256)).decode()
    tried = [(raw, signature), (raw + b"\n", signature), (b" " + raw, signature), (raw, other)]
    tried += [(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :], signature) for at in range(0, len(raw), 7)]
    questions = [{"secret": SECRET, "body": base64.b64encode(one).decode(), "signature": sign} for one, sign in tried]
    ours = [_accepted(one, sign) for one, sign in tried]
    assert asked(node_peer, "signatures.mjs", questions) == ours
    assert ours == [True] + [False] * (len(tried) - 1)


def _accepted(body: bytes, signature: str) -> bool:
    try:
        verify(SECRET.encode(), body, signature)
    except Forged:
        return False
    return True


def test_l_out_11_node_counts_labels_as_we_do(node_peer: Path) -> None:
    """A label of 20 clusters by our library is one of at most 20 by ICU, which LINE's apps are likely to count with."""
    parts = ["ขอคัดสำเนาทะเบียนบ้าน", "น้ำ", "👨‍👩‍👧‍👦", "🇹🇭", "👍🏽", "a\u0301", " ", "เก่า ", "ญี่ปุ่น", "1️⃣", "ๆ", "ABC", "한"]
    dice = random.Random(20)
    labels = [shorten("".join(dice.choices(parts, k=dice.randint(1, 30))), 20) for _ in range(2000)]
    counts = asked(node_peer, "graphemes.mjs", labels)
    assert max(counts) == 20
    assert counts == [graphemes(label) for label in labels]
