# SPDX-License-Identifier: Apache-2.0
"""`make serve`: live, nothing of the demonstration can be seen."""

from __future__ import annotations

import base64
import secrets
import socket
import subprocess
import sys

import pytest

from tests.e2e.citizen import Citizen, words
from tests.e2e.stack import ROOT, Stack, running_stack
from tests.e2e.test_chain import LABEL, report

#: Agencies are off: nothing outside this machine may be asked in a test.
OFF = {"PRACHA_AIR4THAI_URL": "off", "PRACHA_GISTDA_PM25_URL": "off"}


def keys() -> dict[str, str]:
    """Keys of an office that nobody else has."""
    return {
        "PRACHA_VAULT_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        **{f"PRACHA_{name}": secrets.token_urlsafe(32) for name in ("PSEUDONYM_KEY", "SESSION_KEY", "INTERNAL_TOKEN")},
    }


@pytest.mark.timeout(240)
def test_live_shows_neither_the_label_nor_a_sandbox_value() -> None:
    """Every service is asked; no answer carries the label, and no sandbox listens."""
    with running_stack("live", **keys(), **OFF) as stack:
        citizen = Citizen(stack.url)
        said = [words(citizen.says(text)) for text in ("ฝุ่นแถวเชียงใหม่วันนี้เป็นยังไง", "บัตรปชชหายต้องใช้อะไรบ้าง")]
        number = report(citizen)
        said.append(words(citizen.says(f"เรื่อง {number} ถึงไหนแล้ว")))
        citizen.after = 0
        everything = "\n".join([*said, words(citizen.events())])
        assert number in everything
        assert LABEL not in everything
        assert "PM2.5 เฉลี่ย" not in everything
        assert not _listens(stack)


def _listens(stack: Stack) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", stack.ports["SANDBOX"])) == 0


def test_live_refuses_a_sandbox_address_and_missing_keys_together(tmp_path: object) -> None:
    """All problems are named at once, and nothing starts."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "PRACHA_STATE_DIR": str(tmp_path),
        "PRACHA_AIR4THAI_URL": "http://127.0.0.1:8090/air4thai",
        "PRACHA_ENV_FILE": "",
    }
    ended = subprocess.run(
        [sys.executable, "-m", "app.supervise", "live"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    for name in ("PRACHA_AIR4THAI_URL", "PRACHA_VAULT_KEY", "PRACHA_SESSION_KEY", "PRACHA_INTERNAL_TOKEN"):
        assert name in ended.stderr
