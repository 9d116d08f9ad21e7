# SPDX-License-Identifier: Apache-2.0
"""Starts the bot that is not live, sends new turns to it once it is ready, and stops the old one when its last has ended.

Whatever goes wrong before the gateway sends turns to the new bot leaves the old one live, and the new one stopped.
"""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import socket
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ProtocolError, ServerProxy

from prometheus_client.parser import text_string_to_metric_families
from supervisor.states import RUNNING_STATES, STOPPED_STATES, ProcessStates
from supervisor.xmlrpc import SupervisorTransport

from app.live_bot import BOTS, bot_port, bot_url, live_bot, set_live_bot
from app.progress import working
from app.settings import Settings
from app.state_paths import log_dir, run_dir, supervisor_socket

_LOOK_EVERY = 0.2  # seconds


class CannotSwitch(Exception):
    """Why the live bot is the same as before: one line, Thai · English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds that a switch waits at most."""

    #: for the new bot to be ready
    ready: float = 120.0
    #: for a gateway that restarts just then
    taken: float = 30.0
    #: for the old bot's turns. It ends each at its deadline of 20 s, and the gateway gives it two more
    ended: float = 25.0
    #: for a process that is being stopped; supervisor kills it sooner
    stopped: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BotState:
    """One bot as supervisor and its own door tell. `process` is 0 when there is none."""

    name: str
    live: bool
    state: str
    process: int
    port: int
    ready: bool


def bots(settings: Settings) -> list[BotState]:
    """Both bots of the running stack. Raises CannotSwitch when no stack runs."""
    live = live_bot(settings.state_dir)
    found = []
    for name in BOTS:
        info = _info(settings, name)
        found.append(
            BotState(
                name=name,
                live=name == live,
                state=str(info["statename"]).lower(),
                process=int(info["pid"]),
                port=bot_port(settings, name),
                ready=_runs(info) and _is_ready(settings, name),
            )
        )
    return found


def switch(settings: Settings, patience: Patience = Patience()) -> str:
    """Makes the other bot the live one and returns its name. Raises CannotSwitch."""
    with _alone(settings):
        old = live_bot(settings.state_dir)
        new = next(name for name in BOTS if name != old)
        try:
            with working(f"{new} เริ่มทำงาน · {new} starts"):
                _start_afresh(settings, new, patience)
                _wait_ready(settings, new, old, patience.ready)
            _make_live(settings, new, old, patience.taken)
        except BaseException:  # Ctrl-C too
            with contextlib.suppress(CannotSwitch):
                _stop(settings, new, patience.stopped)
            raise
        with working(f"รอให้ {old} ตอบที่ค้างอยู่จนจบ · {old} ends its turns and stops"):
            _wait_ended(settings, old, patience.ended)
            _stop(settings, old, patience.stopped)
    return new


def _start_afresh(settings: Settings, name: str, patience: Patience) -> None:
    """Start it anew even when it runs, for instance by hand: it could be from before the change that one switches for."""
    _stop(settings, name, patience.stopped)
    port = bot_port(settings, name)
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        raise CannotSwitch(f"พอร์ต {port} มีโปรแกรมอื่นใช้อยู่ · port {port}, which {name} needs, is in use")
    _ask(settings, "startProcess", name, False)


def _wait_ready(settings: Settings, new: str, old: str, seconds: float) -> None:
    log = log_dir(settings.state_dir) / f"{new}.log"
    first, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        info = _info(settings, new)
        first = first or int(info["pid"])
        # A bot whose database or model is away answers 503. One that ends has settings or packages that do not work.
        if info["state"] not in (ProcessStates.STARTING, ProcessStates.RUNNING) or info["pid"] != first:
            raise CannotSwitch(
                f"{new} เริ่มไม่สำเร็จ {old} ยังทำงานต่อตามเดิม · {new} ended at its start, {old} stays live (log: {log})"
            )
        if _is_ready(settings, new):
            return
        time.sleep(_LOOK_EVERY)
    raise CannotSwitch(
        f"{new} ไม่พร้อมภายใน {seconds:.0f} วินาที {old} ยังทำงานต่อตามเดิม · "
        f"{new} was not ready within {seconds:.0f} s, {old} stays live (log: {log})"
    )


def _make_live(settings: Settings, new: str, old: str, seconds: float) -> None:
    """Returns once the gateway says that its next call goes to the new bot."""
    set_live_bot(settings.state_dir, new)
    until = time.monotonic() + seconds
    try:
        while _figures(settings).get("pracha_bot_port", {}).get("") != bot_port(settings, new):
            if time.monotonic() > until:
                raise CannotSwitch(
                    f"เกตเวย์ไม่ตอบรับการสลับ {old} ยังทำงานต่อตามเดิม · "
                    f"the gateway did not take {new} within {seconds:.0f} s, {old} stays live"
                )
            time.sleep(_LOOK_EVERY)
    except BaseException:
        set_live_bot(settings.state_dir, old)
        raise


def _wait_ended(settings: Settings, old: str, seconds: float) -> None:
    """Until no call to the old bot is under way. One that hangs is cut: the gateway tries its turn again at the new bot."""
    port, until = str(bot_port(settings, old)), time.monotonic() + seconds
    while time.monotonic() < until:
        figures = _figures(settings)
        # Without an answer one cannot know: the gateway may be busy as well as gone.
        if figures and not figures.get("pracha_bot_calls", {}).get(port):
            return
        time.sleep(_LOOK_EVERY)


def _stop(settings: Settings, name: str, seconds: float) -> None:
    """Returns once it does not run. Raises CannotSwitch."""
    until = time.monotonic() + seconds
    if _runs(_info(settings, name)):
        _ask(settings, "stopProcess", name, False)
    while _info(settings, name)["state"] not in STOPPED_STATES:
        if time.monotonic() > until:
            raise CannotSwitch(f"หยุด {name} ไม่ได้ · {name} cannot be stopped")
        time.sleep(_LOOK_EVERY)


def _runs(info: Mapping[str, Any]) -> bool:
    return info["state"] in RUNNING_STATES


def _info(settings: Settings, name: str) -> Mapping[str, Any]:
    info: Mapping[str, Any] = _ask(settings, "getProcessInfo", name)
    return info


def _ask(settings: Settings, method: str, *arguments: object) -> Any:
    """One order to the supervisor of this state directory. Raises CannotSwitch."""
    transport = SupervisorTransport(serverurl=f"unix://{supervisor_socket(settings.state_dir)}")
    try:
        return getattr(ServerProxy("http://127.0.0.1", transport=transport).supervisor, method)(*arguments)
    except Fault as fault:
        said = f"{arguments[0]}: {fault.faultString}" if arguments else fault.faultString
        raise CannotSwitch(f"ตัวคุมระบบไม่ทำตามคำสั่ง · the supervisor refused: {said}") from fault
    except (OSError, http.client.HTTPException, ProtocolError) as error:
        raise CannotSwitch(f"ไม่มีระบบทำงานอยู่ที่ · no stack answers on {settings.state_dir}: start it first") from error
    finally:
        transport.close()


def _is_ready(settings: Settings, name: str) -> bool:
    try:
        with urllib.request.urlopen(f"{bot_url(settings, name)}/webhooks/turns/ready", timeout=2) as response:  # noqa: S310  loopback
            return bool(response.status == 200)
    except (OSError, http.client.HTTPException):
        return False


def _figures(settings: Settings) -> dict[str, dict[str, float]]:
    """The gateway's figures of its bots: by name, then by port, which is "" where there is none. Empty: no answer."""
    try:
        with urllib.request.urlopen(f"{settings.internal_url}/metrics", timeout=5) as response:  # noqa: S310  loopback
            text = response.read().decode()
    except (OSError, http.client.HTTPException):
        return {}
    figures: dict[str, dict[str, float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name.startswith("pracha_bot_"):
                figures.setdefault(sample.name, {})[sample.labels.get("port", "")] = sample.value
    return figures


@contextlib.contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """One switch at a time on a state directory with a running stack. Raises CannotSwitch."""
    for name in BOTS:
        _info(settings, name)
    path: Path = run_dir(settings.state_dir) / "switch.lock"
    with path.open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotSwitch("กำลังสลับบอตอยู่แล้ว · another switch is under way") from None
        yield
