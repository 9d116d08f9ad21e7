# SPDX-License-Identifier: Apache-2.0
"""Small arithmetic over measured times, and the way in which results are printed."""

from __future__ import annotations

import json
import math
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One measured load: turns a second and milliseconds."""

    name: str
    parallel: int
    turns: int
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    failed: int


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile (`share` from 0 to 1) of at least one value."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1 if share > 0 else 0)]


def load_of(name: str, parallel: int, seconds: float, latencies: Sequence[float], failed: int) -> Load:
    """Sums up a run: latencies in seconds."""
    return Load(
        name=name,
        parallel=parallel,
        turns=len(latencies),
        per_second=round(len(latencies) / seconds, 1),
        p50_ms=round(percentile(latencies, 0.5) * 1000, 1) if latencies else 0.0,
        p95_ms=round(percentile(latencies, 0.95) * 1000, 1) if latencies else 0.0,
        p99_ms=round(percentile(latencies, 0.99) * 1000, 1) if latencies else 0.0,
        failed=failed,
    )


def show(title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Prints rows of equal keys as a table."""
    table = Table(title=title)
    for name in rows[0]:
        table.add_column(name, justify="left" if isinstance(rows[0][name], str) else "right")
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    Console(width=110).print(table)


def rows_of(loads: Sequence[Load]) -> list[dict[str, Any]]:
    return [asdict(load) for load in loads]


def as_json(results: Mapping[str, Any]) -> str:
    """One line with the results and the machine that they are from."""
    machine = {"cpus": os.cpu_count(), "python": platform.python_version(), "load_before": os.getloadavg()[0]}
    return json.dumps({"machine": machine, **results}, ensure_ascii=False)
