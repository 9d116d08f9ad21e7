# SPDX-License-Identifier: Apache-2.0
"""Runs a model's components one after another.

Rasa gives the graph to dask for every message and every prediction, which plans it anew and simulates a thread pool:
1–2 ms each time for a list of ten function calls.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner


class SequentialGraphRunner(DaskGraphRunner):
    """Rasa's runner with the order worked out once per set of targets."""

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The targets' outputs by name. Raises what a component raises, and GraphRunError for an unknown input."""
        wanted = tuple(targets or self._graph_schema.target_names)
        done: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name in self._order(wanted):
            needed = self._graph_schema.nodes[name].needs.values()
            done[name] = self._instantiated_nodes[name](*(done.get(each, each) for each in needed))
        return dict(done[target] for target in wanted)

    def _order(self, targets: tuple[str, ...]) -> list[str]:
        orders: dict[tuple[str, ...], list[str]] = self.__dict__.setdefault("_orders", {})
        if targets not in orders:
            order: list[str] = []
            for target in targets:
                self._visit(target, order, ())
            orders[targets] = order
        return orders[targets]

    def _visit(self, name: str, order: list[str], path: tuple[str, ...]) -> None:
        if name in order or name not in self._graph_schema.nodes:
            return  # what is no node is an input
        if name in path:
            raise GraphRunError("the graph has a circle")
        for needed in self._graph_schema.nodes[name].needs.values():
            self._visit(needed, order, (*path, name))
        order.append(name)
