# SPDX-License-Identifier: Apache-2.0
"""Checks at the start that no piece of work can outlast the lock that guards it.

Rasa's own lock lapses under a turn that takes longer, and the next message of the citizen overtakes it. Here the bot
holds a conversation until the turn's deadline ends it, the gateway renews its lease while it waits for the bot, and
takes an answer anew for each call to a channel. That holds as long as each limit is within the next.
"""

from __future__ import annotations

from channels.gateway.config import GatewayConfig
from channels.gateway.deliveries import CALL, LEASE
from channels.line.delivery import REPLY_BUDGET

#: seconds that the bot accepts as a turn's deadline (docs/developers/wire.md §2)
LONGEST_DEADLINE = 120.0
#: seconds; a lease is renewed each third of it, which a busy database must be able to do
SHORTEST_LEASE = 1.0


class WrongTimes(ValueError):
    """Time limits that do not fit together: one line that names all of them."""


def check_times(config: GatewayConfig) -> None:
    """Raises WrongTimes."""
    problems = [words for wrong, words in _rules(config) if wrong]
    if problems:
        raise WrongTimes("time limits that do not fit together: " + "; ".join(problems))


def _rules(config: GatewayConfig) -> list[tuple[bool, str]]:
    """(whether it is broken, in words) for every rule."""
    deadline, lease = config.turn_deadline, config.lease
    inside = config.action_seconds + config.answer_seconds
    return [
        (
            not 0 < deadline <= LONGEST_DEADLINE,
            f"a turn may take {deadline:g} s, and the bot takes more than 0 and at most {LONGEST_DEADLINE:g}",
        ),
        (
            not inside <= deadline,
            f"an action ({config.action_seconds:g} s) and an answer ({config.answer_seconds:g} s; `seconds` in endpoints.yml)"
            f" do not fit into a turn ({deadline:g} s)",
        ),
        (
            not lease >= SHORTEST_LEASE,
            f"a lease of {lease:g} s cannot be renewed in time: {SHORTEST_LEASE:g} s or more",
        ),
        (not CALL < LEASE, f"a call to a channel ({CALL:g} s) outlasts the lease on its answer ({LEASE:g} s)"),
        (
            config.line is not None and not config.tell_waiting_on_push_after < REPLY_BUDGET,
            f"the word about waiting comes after {config.tell_waiting_on_push_after:g} s, and LINE takes no reply after "
            f"{REPLY_BUDGET:g}",
        ),
    ]
