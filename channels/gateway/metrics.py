# SPDX-License-Identifier: Apache-2.0
"""Figures for Prometheus. No label ever holds anything of a citizen."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The gateway's own registry, so that two gateways in one process (tests) do not share figures."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.events = Counter("pracha_events", "Events received", ["channel", "kind"], registry=self.registry)
        self.duplicates = Counter(
            "pracha_duplicate_events",
            "Events that had been received before",
            ["channel"],
            registry=self.registry,
        )
        self.late = Counter(
            "pracha_late_events",
            "Events answered after one that happened later",
            ["channel"],
            registry=self.registry,
        )
        self.turns = Counter("pracha_turns", "Turns by outcome", ["channel", "outcome"], registry=self.registry)
        self.verdicts = Counter("pracha_bot_verdicts", "Failed calls of the bot", ["verdict"], registry=self.registry)
        self.turn_seconds = Histogram(
            "pracha_turn_seconds",
            "From arrival to stored answer",
            ["channel"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.bot_seconds = Histogram("pracha_bot_seconds", "The bot's part", buckets=_SECONDS, registry=self.registry)
        self.refused = Counter("pracha_refused_requests", "Requests refused, by code", ["code"], registry=self.registry)
        self.forged = Counter("pracha_forged_requests", "Wrong tokens and foreign origins", registry=self.registry)
        self.sealed = Counter(
            "pracha_sealed_identifiers", "Personal identifiers replaced", ["kind"], registry=self.registry
        )
        self.waiting = Gauge("pracha_inbox_waiting", "Events waiting or in work", registry=self.registry)
        self.oldest = Gauge("pracha_inbox_oldest_seconds", "Age of the oldest waiting event", registry=self.registry)
        self.dead = Gauge("pracha_dead_letters", "Events that could not be answered", registry=self.registry)
        self.bot_port = Gauge("pracha_bot_port", "Port of the bot that turns go to", registry=self.registry)
        self.bot_calls = Gauge(
            "pracha_bot_calls", "Calls under way, by the bot's port", ["port"], registry=self.registry
        )
        self.answer_mistakes = Gauge(
            "pracha_answer_mistakes", "Errors in the files of answers and services", registry=self.registry
        )
        self.deliveries = Counter(
            "pracha_deliveries", "Calls to channels", ["channel", "method", "result"], registry=self.registry
        )
        self.undelivered = Gauge(
            "pracha_undelivered_answers",
            "Answers on their way to a channel that must be called",
            registry=self.registry,
        )
        self.oldest_undelivered = Gauge(
            "pracha_undelivered_oldest_seconds", "Age of the oldest of these answers", registry=self.registry
        )
        self.dead_deliveries = Gauge(
            "pracha_dead_deliveries", "Answers that could not be delivered", registry=self.registry
        )
        #: what is read from the database when somebody looks, and is no number while that is away
        self.of_the_database = (
            self.waiting,
            self.oldest,
            self.dead,
            self.undelivered,
            self.oldest_undelivered,
            self.dead_deliveries,
        )
        self.polls = Gauge("pracha_long_polls", "Citizens waiting for an answer", registry=self.registry)
        self.mended = Counter(
            "pracha_mended_counts", "Counts of waiting events that were wrong", registry=self.registry
        )
