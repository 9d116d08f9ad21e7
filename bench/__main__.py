# SPDX-License-Identifier: Apache-2.0
"""`python -m bench`: our gateway end to end against Rasa's own REST channel, same model, same machine, one run."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from typing import Any

import psutil
import uvloop

from app.settings import load_settings
from bench.acknowledge import acknowledge, bare_insert
from bench.drivers import GatewayCitizen, RestCitizen, drive, lengths
from bench.figures import Load, as_json, rows_of, show
from bench.plain_rasa import plain_rasa
from tests.e2e.stack import Stack, running_stack

#: answered by a rule and an answer text
PLAIN = "ขอบคุณครับ"
#: answered by an action that asks the case store
ACTION = "เรื่อง 2569-7KMPX4 ถึงไหนแล้ว"
PARALLEL = (1, 8, 32)
_TURNS = {1: 150, 8: 600, 32: 800}


async def _loads(stack: Stack, rasa_url: str) -> list[Load]:
    loads: list[Load] = []
    for text, kind in ((PLAIN, "plain"), (ACTION, "action")):
        for parallel in PARALLEL:
            turns = _TURNS[parallel]
            # Alternating, so that a noisy minute of the machine meets both.
            loads.append(await drive(f"gateway, {kind}", lambda s: GatewayCitizen(s, stack.url), text, parallel, turns))
            loads.append(
                await drive(f"Rasa REST, {kind}", lambda s: RestCitizen(s, rasa_url), text, parallel, turns // 2)
            )
    return loads


async def _ratio(make: Any, conversations: int) -> dict[str, float]:
    found = await lengths(make, PLAIN, conversations, (5, 150))
    early, late = statistics.median(found[5]), statistics.median(found[150])
    return {"turn_5_ms": round(early, 1), "turn_150_ms": round(late, 1), "ratio": round(late / early, 2)}


async def _all(stack: Stack, rasa_url: str) -> dict[str, Any]:
    database = load_settings("demo", environ=dict(stack.environment)).database_url
    await drive("warm-up", lambda s: GatewayCitizen(s, stack.url), PLAIN, 8, 100)
    await drive("warm-up", lambda s: RestCitizen(s, rasa_url), PLAIN, 8, 50)
    loads = await _loads(stack, rasa_url)
    lengths_found = [
        {"what": "gateway", **await _ratio(lambda s: GatewayCitizen(s, stack.url), 10)},
        {"what": "Rasa REST", **await _ratio(lambda s: RestCitizen(s, rasa_url), 3)},
    ]
    acknowledged = [
        await bare_insert(database, PLAIN, 8, 2000),
        await acknowledge(stack.url, PLAIN, 8, 400),
    ]
    return {"loads": rows_of(loads), "lengths": lengths_found, "acknowledged": rows_of(acknowledged)}


def main() -> int:
    """Runs everything once; the JSON goes to build/bench.json too."""
    with running_stack() as stack, plain_rasa(stack, stack.ports["CONSOLE"]) as rasa_url:
        results = uvloop.run(_all(stack, rasa_url))
        results["resident_mb"] = {
            name: round(psutil.Process(stack.pid_of(name)).memory_info().rss / 2**20)
            for name in ("gateway", "bot", "actions")
        }
    show("Turns end to end", results["loads"])
    show("Turn 5 against turn 150, median of conversations", results["lengths"])
    show("Acknowledgement", results["acknowledged"])
    text = as_json(results)
    folder = Path("build")
    folder.mkdir(exist_ok=True)
    (folder / "bench.json").write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
