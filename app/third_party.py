# SPDX-License-Identifier: Apache-2.0
"""Writes `THIRD_PARTY.md`, the packages that we use and their licences, from the lock files: `python -m app.third_party`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path

from app.settings import ROOT

PAGE = ROOT / "THIRD_PARTY.md"
# Each lock with its title and the folder of the environment that it fills.
LOCKS: tuple[tuple[str, str, str], ...] = (
    ("Application", "locks/app.txt", ".venv"),
    ("Bot (Rasa, in an environment of its own)", "bot/requirements.lock", "bot/.venv"),
    ("Tests and tools, not part of a running system", "locks/dev.txt", ".venv"),
    ("Tests of the bot", "bot/requirements-dev.lock", "bot/.venv"),
    ("Set-up, only where the machine has no uv", "locks/uv.txt", ".venv"),
    ("Set-up, only where the machine has no Node.js", "locks/node.txt", ".venv"),
)
NPM_LOCK = "widget/package-lock.json"
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
_SHORT = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "ISC License (ISCL)": "ISC",
}


def pinned(lock: str) -> dict[str, str]:
    """Name → version of every package of a lock file's text; one name may have two versions for two Pythons."""
    found: dict[str, str] = {}
    for name, version in _PIN.findall(lock):
        key = _canonical(name)
        found[key] = f"{found[key]}, {version}" if key in found and version not in found[key] else version
    return found


def npm_packages(lock: str) -> list[tuple[str, str, str]]:
    """(name, version, licence) of every package of a package-lock.json's text."""
    packages: Mapping[str, Mapping[str, str]] = json.loads(lock)["packages"]
    return sorted(
        (path.rpartition("node_modules/")[2], entry["version"], entry.get("license", "not stated"))
        for path, entry in packages.items()
        if path
    )


def page(root: Path = ROOT) -> str:
    """The text of THIRD_PARTY.md; licences come from the installed packages' own metadata."""
    parts = [
        "<!-- Made from the lock files by `make docs`. -->\n# Third-party packages\n\n"
        "Installed as packages, unmodified; no third-party code stands in this repository. Their notices come with them.\n"
    ]
    seen: dict[str, str] = {}
    for title, lock, environment in LOCKS:
        packages = {
            name: version for name, version in pinned((root / lock).read_text()).items() if seen.get(name) != version
        }
        seen |= packages
        licences = {_canonical(one.name): licence(one) for one in _installed(root / environment)}
        parts.append(
            _section(title, lock, ((n, v, licences.get(n, "not installed here")) for n, v in packages.items()))
        )
    parts.append(_section("Web chat", NPM_LOCK, npm_packages((root / NPM_LOCK).read_text())))
    return "".join(parts)


def licence(package: Distribution) -> str:
    """The licence as the package states it, in one short line."""
    stated = package.metadata.json
    if expression := stated.get("license_expression"):
        return str(expression)
    classified = [line.rpartition(" :: ")[2] for line in stated.get("classifier", []) if line.startswith("License ::")]
    names = [_SHORT.get(name, name) for name in classified if name != "OSI Approved"]
    if names:
        return ", ".join(names)
    text = str(stated.get("license", "")).strip()
    return text if text and len(text) <= 60 and "\n" not in text else "see its notice"


def _section(title: str, lock: str, rows: Iterable[tuple[str, str, str]]) -> str:
    lines = "".join(f"| {name} | {version} | {licence} |\n" for name, version, licence in rows)
    return f"\n## {title}\n\nFrom `{lock}`.\n\n| package | version | licence |\n|---|---|---|\n{lines}"


def _installed(environment: Path) -> Iterable[Distribution]:
    return distributions(path=[str(path) for path in environment.glob("lib/python*/site-packages")])


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> None:
    """Writes the page."""
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))


if __name__ == "__main__":
    main()
