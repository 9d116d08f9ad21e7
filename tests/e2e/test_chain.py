# SPDX-License-Identifier: Apache-2.0
"""The whole chain: what citizens type, through gateway, bot and actions to an emulated agency and back."""

from __future__ import annotations

import json
import os
import re
import signal
import time
import urllib.request
from collections.abc import Callable

import psycopg
import pytest

from tests.e2e.citizen import Citizen, choice, words
from tests.e2e.stack import Stack

LABEL = "ข้อมูลสมมติ (โหมดทดลอง)"
NUMBER = re.compile(r"\b25\d{2}-[0-9A-Z]{6}\b")
#: Invented: the check digit is right, the person does not exist.
NATIONAL_ID = "1101700230708"
PHONE = "0812345670"


def report(citizen: Citizen, first: str = "ไฟถนนดับหน้าโรงเรียนบ้านหนองแวง มืดมากกก", contact: str = "ข้าม") -> str:
    """Reports a problem, answering whatever is asked; returns the case number."""
    blocks = citizen.says(first)
    for _ in range(8):
        said = words(blocks)
        if found := NUMBER.search(said):
            return found.group(0)
        labels = [one["label"] for block in blocks for one in block.get("choices") or ()]
        if any("ยืนยัน" in label or label.startswith("ใช่") for label in labels):
            blocks = citizen.says("ใช่ค่ะ")
        elif any(block["type"] == "photo_request" for block in blocks):
            blocks = citizen.says("ข้าม")
        elif any(block["type"] == "location_request" for block in blocks):
            blocks = citizen.says("หน้าโรงเรียนบ้านหนองแวง อำเภอเมือง ขอนแก่น")
        else:
            blocks = citizen.says(contact)
    raise AssertionError(f"no case number: {words(blocks)}")


def test_chain_air_quality_of_a_province(citizen: Citizen) -> None:
    """PM2.5 comes with its station, value, band, time and source, and with the label of the demonstration."""
    said = words(citizen.says("ฝุ่นแถวเชียงใหม่วันนี้เป็นยังไง"))
    assert "เชียงใหม่" in said
    assert re.search(r"PM2\.5", said)
    assert LABEL in said
    assert re.search(r"\d{1,2}[:.]\d{2}", said), "no time of observation"


def test_chain_air_quality_by_nickname(citizen: Citizen) -> None:
    """โคราช is นครราชสีมา."""
    assert "นครราชสีมา" in words(citizen.says("pm2.5 โคราช"))


def test_chain_report_and_follow(citizen: Citizen, stack: Stack) -> None:
    """A report gets a number; its state can be asked for; each change of state is told on the same channel."""
    number = report(citizen)
    asked = words(citizen.says(f"เรื่อง {number} ถึงไหนแล้ว"))
    assert number in asked
    assert "รอรับเรื่อง" in asked
    for state, thai in (("inprogress", "กำลังดำเนินการ"), ("finish", "เสร็จสิ้น")):
        done = stack.pracha("case", "set-state", number, state, "--actor", "officer-1", "--reason", "ทดสอบการแจ้งผล")
        assert done.returncode == 0, done.stderr
        told = words([event["blocks"] for event in citizen.events(10) if event["from"] != "citizen"])
        assert number in told
        assert thai in told
    assert "เสร็จสิ้น" in words(citizen.says(f"เรื่อง {number} ถึงไหนแล้ว"))
    listed = stack.pracha("case", "list")
    assert number in listed.stdout
    shown = stack.pracha("case", "show", number, "--actor", "officer-1")
    assert "officer-1" in shown.stdout
    assert "ไฟถนนดับ" in shown.stdout


def test_chain_a_change_at_the_read_back_is_filed(citizen: Citizen, stack: Stack) -> None:
    """A yes with more, another place, a bare yes after "what to correct": nothing is filed that was not read back."""
    for text in ("ไฟถนนดับหน้าวัดใหม่", "ข้าม"):
        citizen.says(text)
    refused = words(citizen.says("0812"))
    assert "ตรวจสอบก่อนส่ง" not in refused, "half a number was taken for a contact"
    assert "ติดต่อกลับ" not in words(citizen.says("ไม่อยากให้"))
    changes = {
        "ผิดแล้ว สถานที่คือหน้าโรงเรียน": "หน้าโรงเรียน",
        "ใช่ แต่เพิ่มว่าดับมา 2 คืนแล้ว": "ดับมา 2 คืนแล้ว",
        "ประเภทเป็นสายไฟ": "สายไฟ",
    }
    for said, told in changes.items():
        answer = words(citizen.says(said))
        assert not NUMBER.search(answer), said
        assert told in answer
    citizen.says("แก้ไข")
    assert not NUMBER.search(words(citizen.says("ใช่")))
    filed = NUMBER.search(words(citizen.says("ใช่")))
    assert filed is not None
    shown = stack.pracha("case", "show", filed.group(0), "--actor", "officer-1").stdout
    assert "สายไฟ" in shown
    assert "ดับมา 2 คืนแล้ว" in shown
    assert "0812" not in shown


def test_chain_after_words_of_despair_the_report_waits(citizen: Citizen) -> None:
    """The mental health hotline comes first, nothing is asked, and the report goes on when it is told to."""
    citizen.says("ไฟถนนดับหน้าวัดใหม่")
    answer = citizen.says("อยากตาย")
    numbers = re.findall(r"tel:(\d+)", words(answer))
    assert numbers[0] == "1323"
    assert not any(block["type"] in ("photo_request", "choices") for block in answer)
    offered = citizen.says("มันหนักเกินไปแล้ว")
    assert any(block["type"] == "photo_request" for block in citizen.says(choice=choice(offered, "ทำต่อ")))


def test_chain_a_live_wire_is_warned_of_first(citizen: Citizen) -> None:
    """Before the form asks anything."""
    blocks = citizen.says("สายไฟขาดห้อยลงมาบนถนน มีประกายไฟ")
    said = words(blocks)
    assert "1129" in said
    assert said.index("อย่าเข้าใกล้") < said.index("ที่ไหน")


def test_chain_guide_of_a_lost_id_card(citizen: Citizen) -> None:
    """What a lost ID card needs, with the date of the facts."""
    said = words(citizen.says("บัตรปชชหายต้องใช้อะไรบ้าง"))
    assert "บัตรประชาชน" in said or "บัตรประจำตัวประชาชน" in said
    assert "ข้อมูล ณ วันที่" in said


def test_chain_wrong_keyboard_layout(citizen: Citizen) -> None:
    """l;ylfu is สวัสดี typed with the wrong layout, and is answered so."""
    assert "สวัสดี" in words(citizen.says("l;ylfu"))


def test_chain_out_of_scope(citizen: Citizen) -> None:
    """What it cannot do is said, with a way to a person."""
    said = words(citizen.says("อยากได้สูตรทำต้มยำกุ้งอร่อยๆ"))
    assert "1111" in said or "เจ้าหน้าที่" in said
    assert LABEL not in said


def test_chain_privacy_notice_stands_in_the_first_answer_only(citizen: Citizen) -> None:
    """Two lines and a link, once."""
    first, second = citizen.says("สวัสดีครับ"), citizen.says("ขอบคุณครับ")
    assert "/privacy" in words(first)
    assert "/privacy" not in words(second)


def test_chain_personal_data_stay_out_of_logs_trackers_and_metrics(citizen: Citizen, stack: Stack) -> None:
    """An ID number and a phone number typed anywhere are in the vault and nowhere else."""
    citizen.says(f"บัตรหาย เลข {NATIONAL_ID} โทร {PHONE} ต้องทำไง")
    trackers = _trackers(stack)
    assert "⟦thai_id:" in trackers
    assert "⟦phone:" in trackers
    number = report(citizen, contact=f"สมมุติ {PHONE}")
    trackers += _trackers(stack)

    metrics = urllib.request.urlopen(f"http://127.0.0.1:{stack.ports['INTERNAL']}/metrics", timeout=10).read().decode()
    logs = "".join(
        file.read_text(encoding="utf-8", errors="replace")
        for file in (stack.state_dir / "log").rglob("*")
        if file.is_file()
    ) + stack.output.read_text(encoding="utf-8", errors="replace")
    with psycopg.connect(_database_url(stack)) as connection:
        turns = json.dumps(
            [row[0] for row in connection.execute("SELECT understanding FROM turns")], ensure_ascii=False
        )
    assert logs
    for place in (metrics, logs, trackers, turns):
        for secret in (NATIONAL_ID, PHONE, "สมมุติ"):
            assert secret not in place
    shown = stack.pracha("case", "show", number, "--actor", "officer-1").stdout
    assert PHONE in shown.replace("-", "")


def test_chain_erasing(citizen: Citizen, stack: Stack) -> None:
    """ลบข้อมูลของฉัน asks once, then nothing of the conversation is left."""
    citizen.says("ฝุ่นเชียงใหม่วันนี้")
    asked = citizen.says("ลบข้อมูลของฉัน")
    done = citizen.says(choice=choice(asked, "ลบ"))
    assert "ลบ" in words(done)
    citizen.after = 0
    until = time.monotonic() + 10
    left = citizen.events()
    while len(left) > 1 and time.monotonic() < until:
        time.sleep(0.1)
        citizen.after = 0
        left = citizen.events()
    assert "ฝุ่น" not in words(left)


@pytest.mark.parametrize("mode", ["down", "html", "error", "redirect", "garbage", "slow"])
def test_chain_trouble_at_the_agency_is_told_honestly(
    new_citizen: Callable[[], Citizen], stack: Stack, mode: str
) -> None:
    """Whatever the agency does instead of answering, the citizen gets a true Thai sentence in time."""
    # A new action server remembers nothing: an old answer that is still true is no trouble.
    os.kill(stack.pid_of("actions"), signal.SIGKILL)
    for agency in ("air4thai", "gistda-pm25"):
        stack.sandbox(agency, mode, seconds=30)
    try:
        said = words(new_citizen().says("ฝุ่นที่ขอนแก่นวันนี้เท่าไหร่", by=("bot",), patience=40))
    finally:
        for agency in ("air4thai", "gistda-pm25"):
            stack.sandbox(agency, "ok")
    assert re.search("ขออภัย|ยังไม่|ไม่ได้|ข้อมูลเมื่อ|ไม่ตอบ", said), said
    assert "Traceback" not in said
    assert "Error" not in said


def _trackers(stack: Stack) -> str:
    with psycopg.connect(_database_url(stack)) as connection:
        return json.dumps([row[0] for row in connection.execute("SELECT body FROM trackers")], ensure_ascii=False)


def _database_url(stack: Stack) -> str:
    from app.settings import load_settings

    return load_settings("demo", environ=dict(stack.environment)).database_url
