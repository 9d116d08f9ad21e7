# SPDX-License-Identifier: Apache-2.0
"""LINE's Node SDK for the tests that ask it: its packages, installed once from the lock."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

NODE_FOLDER = Path(__file__).resolve().parent / "node"


@pytest.fixture(scope="session")
def node_peer() -> Path:
    """The folder with the SDK's packages as locked. A missing node or npm fails the test."""
    for name in ("node", "npm"):
        if shutil.which(name) is None:
            pytest.fail(f"no {name} for this test: install Node.js 20 or newer")
    if not _is_installed():
        command = ["npm", "--prefix", str(NODE_FOLDER), "ci", "--no-audit", "--no-fund"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
        assert done.returncode == 0, done.stderr
    return NODE_FOLDER


def _is_installed() -> bool:
    """Whether node_modules holds the versions of the lock."""
    installed = NODE_FOLDER / "node_modules" / ".package-lock.json"
    return installed.is_file() and _versions(installed) == _versions(NODE_FOLDER / "package-lock.json")


def _versions(lock: Path) -> dict[str, str]:
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return {name: package["version"] for name, package in packages.items() if name}
