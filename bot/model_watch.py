# SPDX-License-Identifier: Apache-2.0
"""Keeps the live model in use: fetches it at start until there is one, and again whenever it changes."""

from __future__ import annotations

import asyncio
import gc
import logging
import tempfile
import time
from pathlib import Path

from bot.failures import StoreFailed
from bot.model_source import Fetched, ModelUnavailable, NoModel, fetch
from bot.quiet_logs import error_classes
from bot.serving import Parts
from bot.turn_processor import TurnProcessor

logger = logging.getLogger("bot.model_watch")


class UnusableModel(Exception):
    """A model that loads but understands nothing."""


async def watch(parts: Parts, trial: str, every: float, retry: float) -> None:
    """Run for ever. `every`: seconds between two questions for a newer model; `retry`: between two tries at start."""
    refused: str | None = None
    complained: str | None = None
    while True:
        current = parts.turns.processor
        try:
            if current is None:
                await parts.store.check()
            refused = await _renew(parts, current, trial, refused)
            complained = None
        except (ModelUnavailable, StoreFailed) as error:
            reason = f"{type(error).__name__} {error}"
            if reason != complained:  # once, not twice a second while another process starts
                logger.warning("no model fetched", extra={"fields": {"reason": reason}})
                complained = reason
        except Exception as error:  # noqa: BLE001  (the watch outlives whatever a model does)
            logger.error("the model could not be renewed", extra={"fields": {"error": error_classes(error)}})
        await asyncio.sleep(every if parts.turns.processor is not None else retry)


async def _renew(parts: Parts, current: TurnProcessor | None, trial: str, refused: str | None) -> str | None:
    """Use a newer model if there is one; gives the sha256 of a model that was tried and refused, else None."""
    with tempfile.TemporaryDirectory(prefix="pracha-model-") as folder:
        known = refused or (current.fingerprint if current else None)
        found = await fetch(parts.models, known, Path(folder))
        if found is None:
            return refused
        if isinstance(found, NoModel):
            if current is None:
                parts.turns.waiting_for = "no_model"
            return None
        began = time.monotonic()
        try:
            # In a thread: loading takes half a second and more, and turns go on meanwhile.
            processor = await asyncio.to_thread(load, parts, found, trial)
        except Exception as error:
            logger.error(
                "a model was refused",
                extra={"fields": {"model": found.sha256, "error": error_classes(error)}},
                exc_info=error,
            )
            return found.sha256
    parts.turns.use(processor)
    gc.unfreeze()  # the model that was in use until now is rubbish too
    gc.collect()
    gc.freeze()
    seconds = round(time.monotonic() - began, 2)
    logger.info("model in use", extra={"fields": {"model": processor.fingerprint, "seconds": seconds}})
    return None


def load(parts: Parts, found: Fetched, trial: str) -> TurnProcessor:
    """A processor with the model of this very file, after it has understood one sentence (which also loads its
    dictionaries: the first citizen would wait more than a second for them).

    Raises UnusableModel, or what Rasa or a component raises.
    """
    if not found.path.is_file():
        # Rasa would look for any other model in the folder.
        raise UnusableModel("the model's file is missing")
    processor = TurnProcessor(
        model_path=str(found.path),
        fingerprint=found.sha256,
        tracker_store=parts.store,
        generator=parts.answers,
        action_endpoint=parts.actions,
    )
    if processor.model_filename != found.path.name:
        raise UnusableModel("another file was loaded")
    if processor.model_metadata.core_target is None or processor.model_metadata.nlu_target is None:
        raise UnusableModel("the model lacks understanding or dialogue")
    parse = asyncio.run(processor.parse_text(trial))
    if not (parse.get("intent") or {}).get("name"):
        raise UnusableModel("the model understands nothing")
    return processor
