# SPDX-License-Identifier: Apache-2.0
"""The gateway's vault and choices on a real database: what the bot may read, what a token or a typed word means."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from channels.gateway import choices
from channels.gateway.metrics import Metrics
from channels.gateway.privacy import Vault
from core.messages import Event, Message
from core.outcomes import Outcome
from store import inbox, outbox, turns
from store.conversations import open_conversation
from store.engine import open_engine
from store.sealing import Seal
from tests.store.copies import copy_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

KEY = b"a key for fingerprints"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def engine(template_url: str) -> AsyncIterator[AsyncEngine]:
    with copy_of(template_url) as url:
        engine = open_engine(url, 4)
        yield engine
        await engine.dispose()


@pytest.fixture(scope="module")
def seal() -> Seal:
    return Seal(os.urandom(32))


@pytest.fixture
def vault(engine: AsyncEngine, seal: Seal) -> Vault:
    return Vault(engine, seal, KEY, Metrics(), {"report_contact"}, ["ยกเลิก", "ข้าม", "ไม่เอาแล้วค่ะ", "cancel"])


@pytest_asyncio.fixture(loop_scope="session")
async def conversation(engine: AsyncEngine, seal: Seal) -> int:
    return (await open_conversation(engine, seal, KEY, "web", str(uuid.uuid4()))).id


@pytest.mark.parametrize(
    ("words", "kind", "hidden", "shown"),
    [
        ("บัตร 1234567890121 ค่ะ", "thai_id", "1234567890121", "1-XXXX-XXXXX-XX-1"),
        ("บัตร 1-2345-67890-12-1 ค่ะ", "thai_id", "67890", "1-XXXX-XXXXX-XX-1"),
        ("บัตร ๑๒๓๔๕๖๗๘๙๐๑๒๑ ค่ะ", "thai_id", "๑๒๓๔๕", "1-XXXX-XXXXX-XX-1"),
        ("โทร 0812345678 ครับ", "phone", "0812345678", "08X-XXX-5678"),
        ("โทร ๐๘๑-๒๓๔-๕๖๗๘ ครับ", "phone", "๐๘๑", "08X-XXX-5678"),
        ("โทร +66 81 234 5678 ครับ", "phone", "234 5678", "08X-XXX-5678"),
        ("เมล somsri@example.com นะ", "email", "somsri", "s…@example.com"),
        ("พาสปอร์ต AB1234567 ค่ะ", "passport", "AB1234567", "AXXXXXX67"),
        ("บัญชี 123-4-56789-0 กสิกร", "bank_account", "56789", None),
    ],
)
async def test_each_kind_of_identifier(
    vault: Vault, conversation: int, words: str, kind: str, hidden: str, shown: str | None
) -> None:
    """An identifier becomes a handle where it stood; the other words stay; masked, its owner recognises it."""
    sealed = await vault.sealed(conversation, words, None)
    assert f"⟦{kind}:" in sealed
    assert hidden not in sealed
    assert sealed.split("⟦")[0] == words[: len(sealed.split("⟦")[0])]
    assert sealed.rsplit("⟧", 1)[1] == words[len(words) - len(sealed.rsplit("⟧", 1)[1]) :]
    [block] = await vault.shown(conversation, [{"type": "text", "text": sealed}])
    assert "⟦" not in block["text"]
    assert hidden not in block["text"]
    if shown is not None:
        assert shown in block["text"]


@pytest.mark.parametrize(
    "words", ["เรื่อง 2569-7KMPX4", "โทร 1669", "เลขทะเบียน 0105512345678", "หมู่ 5 ซอย 12", "ราคา 1,234,567 บาท"]
)
async def test_what_is_nobodys_stays(vault: Vault, conversation: int, words: str) -> None:
    """Case numbers, hotlines, companies' numbers and plain numbers are words."""
    assert await vault.sealed(conversation, words, None) == words


async def test_the_same_number_has_one_handle(vault: Vault, conversation: int, engine: AsyncEngine, seal: Seal) -> None:
    """However it is written, in one conversation; in another it has another."""
    first = await vault.sealed(conversation, "0812345678", None)
    assert await vault.sealed(conversation, "081-234-5678", None) == first
    other = (await open_conversation(engine, seal, KEY, "web", str(uuid.uuid4()))).id
    assert await vault.sealed(other, "0812345678", None) != first


async def test_the_database_does_not_hold_it(vault: Vault, conversation: int, engine: AsyncEngine) -> None:
    """Neither the value nor a plain hash of it is in the table."""
    await vault.sealed(conversation, "0812345678", None)
    async with engine.connect() as connection:
        row = (
            await connection.execute(text("SELECT * FROM vault WHERE conversation_id = :id"), {"id": conversation})
        ).one()
    assert b"812345678" not in bytes(row.value)
    assert "812345678" not in str(tuple(row))


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("สมศรี ใจดี", "private"),
        ("0812", "private"),
        ("0812345678", "phone"),
        (" 081-234-5678. ", "phone"),
        ("เบอร์ 0812223333", "phone"),
        ("โทร 0812223333 ครับ", "phone"),
        ("x" * 2_000, "private"),
    ],
)
async def test_a_private_answer_is_one_handle(vault: Vault, conversation: int, words: str, kind: str) -> None:
    """Asked for something private: the whole answer is sealed; a bare number keeps its kind."""
    sealed = await vault.sealed(conversation, words, "report_contact")
    assert sealed.startswith(f"⟦{kind}:")
    assert sealed.endswith("⟧")
    assert sealed.count("⟦") == 1


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("บ้านเลขที่ 99/9 โทร 0812345678 ถามหาสมศรี", "phone"),
        ("สมศรี somsri@example.com", "email"),
        ("ไลน์ somsri99", "account"),
        ("line id: somsri99", "account"),
        ("@somsri99", "account"),
        ("ไม่มีเบอร์ ใช้ไลน์ somsri99", "account"),
    ],
)
async def test_what_reaches_its_citizen_follows_the_whole(
    vault: Vault, conversation: int, words: str, kind: str
) -> None:
    """The bot learns that there is a way to reach somebody, and still reads none of the words."""
    whole, reach = (await vault.sealed(conversation, words, "report_contact")).split(" ")
    assert whole.startswith("⟦private:")
    assert reach.startswith(f"⟦{kind}:")


@pytest.mark.parametrize(
    "words",
    [
        "ไม่บอก",
        "ไม่ให้",
        "ไม่อยากให้",
        "ไม่เป็นไร",
        "ขอบคุณค่ะ",
        "thanks",
        "no thanks",
        "ทำไมต้องขอเบอร์",
        "เอาไปทำอะไรคะ",
        "why?",
    ],
)
async def test_a_refusal_or_a_question_is_no_private_answer(vault: Vault, conversation: int, words: str) -> None:
    """Sealed, it would be kept as the contact; the bot has to understand it."""
    assert await vault.sealed(conversation, words, "report_contact") == words


async def test_danger_is_not_sealed_away(vault: Vault, conversation: int) -> None:
    """The bot must read it also where a contact was asked for; a number in it is still sealed."""
    assert await vault.sealed(conversation, "พ่อหมดสติ", "report_contact") == "พ่อหมดสติ"
    sealed = await vault.sealed(conversation, "พ่อหมดสติ โทร 0812345678", "report_contact")
    assert sealed.startswith("พ่อหมดสติ โทร ⟦phone:")


@pytest.mark.parametrize("words", ["ยกเลิก", " ยกเลิก ", "ข้าม", "ไม่เอาแล้วค่ะ", "cancel"])
async def test_words_of_command_are_not_sealed(vault: Vault, conversation: int, words: str) -> None:
    """Who wants out of a private question must be understood."""
    assert await vault.sealed(conversation, words, "report_contact") == words


async def test_other_questions_seal_identifiers_only(vault: Vault, conversation: int) -> None:
    """The answer to a question that is not private stays words."""
    assert await vault.sealed(conversation, "หน้าวัด", "report_place") == "หน้าวัด"


async def test_handles_cannot_be_written(vault: Vault, conversation: int) -> None:
    """Brackets of handles are replaced, whole or broken, and then show nothing."""
    handle = await vault.sealed(conversation, "0812345678", None)
    for forged in (handle, handle[1:], "⟦private:aaaaaa⟧", "⟦⟦phone:aaaaaa⟧⟧"):
        sealed = await vault.sealed(conversation, forged, None)
        assert "⟦" not in sealed
        assert "⟧" not in sealed


async def test_a_masked_answer_keeps_its_payloads(vault: Vault, conversation: int) -> None:
    """In an answer every text is masked, deep inside too; a payload keeps the handle; the blocks given stay as they were."""
    handle = await vault.sealed(conversation, "สมศรี ใจดี", "report_contact")
    given: list[dict[str, Any]] = [
        {
            "type": "choices",
            "text": f"ติดต่อ {handle}",
            "choices": [{"label": handle, "payload": f'/inform{{"x": "{handle}"}}'}],
        },
        {
            "type": "carousel",
            "cards": [{"type": "card", "title": handle, "fields": [{"label": "ผู้แจ้ง", "value": handle}]}],
        },
        {"type": "text", "text": "⟦phone:zzzzzz⟧"},
    ]
    shown = await vault.shown(conversation, given)
    assert shown[0]["text"] == "ติดต่อ ส•••"
    assert shown[0]["choices"] == [{"label": "ส•••", "payload": f'/inform{{"x": "{handle}"}}'}]
    assert shown[1]["cards"][0]["fields"][0]["value"] == "ส•••"
    assert shown[2]["text"] == "•••"
    assert given[0]["text"] == f"ติดต่อ {handle}"


# ---- choices ----------------------------------------------------------------------------------------------------


async def offer(engine: AsyncEngine, seal: Seal, conversation: int, *labels: str, text: str = "เลือกค่ะ") -> int:
    blocks: list[dict[str, Any]] = [
        {"type": "text", "text": text},
        {
            "type": "choices",
            "text": "",
            "choices": [{"label": label, "payload": f"/{n}"} for n, label in enumerate(labels)],
        },
    ]
    seq = await outbox.say(engine, seal, conversation, blocks, author="bot", pulled=True)
    assert seq is not None
    return seq


async def test_a_token_means_what_was_offered(engine: AsyncEngine, seal: Seal, conversation: int) -> None:
    """Answer, block, choice: exactly that one; anything else means nothing."""
    seq = await offer(engine, seal, conversation, "ใช่", "ไม่")
    meant = await choices.look_up(engine, seal, conversation, f"{seq}.1.1")
    assert meant == choices.Meant(payload="/1", label="ไม่")
    for token in (
        f"{seq}.1.2",
        f"{seq}.0.0",
        f"{seq}.2.0",
        f"{seq + 1}.1.0",
        "",
        "x",
        "1.1",
        f"-{seq}.1.0",
        f"{seq}.1.0.0",
        "9" * 60,
    ):
        assert await choices.look_up(engine, seal, conversation, token) is None, token


async def test_a_token_of_another_conversation_means_nothing(
    engine: AsyncEngine, seal: Seal, conversation: int
) -> None:
    """The same numbers elsewhere are other choices or none."""
    seq = await offer(engine, seal, conversation, "ยืนยัน")
    other = (await open_conversation(engine, seal, KEY, "web", str(uuid.uuid4()))).id
    assert await choices.look_up(engine, seal, other, f"{seq}.1.0") is None


async def test_a_typed_label_is_found_in_what_was_offered(engine: AsyncEngine, seal: Seal, conversation: int) -> None:
    """As typed with other spaces or digits; labels of other answers are words, and so is everything when none is open."""
    older = await offer(engine, seal, conversation, "เก่า")
    newest = await offer(engine, seal, conversation, "แจ้งปัญหา", "เบอร์ 2")

    async def typed(seq: int | None, words: str) -> choices.Meant | None:
        """As the turn worker does it, which gets the offered answer's blocks with its event."""
        async with engine.connect() as connection:
            await connection.execute(
                text("UPDATE conversations SET offer_seq = :seq WHERE id = :id"), {"seq": seq, "id": conversation}
            )
        event = Event("web", str(uuid.uuid4()), Message(words), datetime.now(UTC))
        owner = uuid.uuid4()
        received = await inbox.receive_and_claim(engine, seal, conversation, event, owner, 9.0)
        assert received.claimed is not None
        content, _ = inbox.open_payload(seal, conversation, received.claimed.payload or b"")
        assert isinstance(content, Message)
        ended = turns.Finished(outcome=Outcome.ANSWERED, answers=(), keep_form=True)
        assert await turns.finish(engine, seal, owner, received.claimed, ended, pulled=True)
        return choices.typed(seal, conversation, received.claimed.offered, content.text)

    assert await typed(newest, " แจ้งปัญหา ") == choices.Meant(payload="/0", label="แจ้งปัญหา")
    assert await typed(newest, "เบอร์ ๒") == choices.Meant(payload="/1", label="เบอร์ 2")
    assert await typed(newest, "เก่า") is None
    assert await typed(newest, "แจ้ง") is None
    assert await typed(older, "แจ้งปัญหา") is None
    assert await typed(None, "แจ้งปัญหา") is None
    assert await typed(newest + 1, "แจ้งปัญหา") is None
