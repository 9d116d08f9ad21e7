# SPDX-License-Identifier: Apache-2.0
"""The ledger, contacts, cases and the vault, from nothing."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

_CHECKS = """
ALTER TABLE inbox ADD CONSTRAINT inbox_state CHECK (state IN ('todo', 'doing', 'done', 'dead', 'cancelled'));
ALTER TABLE outbox ADD CONSTRAINT outbox_state CHECK (state IN ('todo', 'doing', 'sent', 'dead', 'cancelled'));
ALTER TABLE outbox ADD CONSTRAINT outbox_author CHECK (author IN ('bot', 'officer', 'system'));
ALTER TABLE turns ADD CONSTRAINT turns_outcome CHECK
    (outcome IN ('answered', 'clarified', 'out_of_scope', 'handed_off', 'failed', 'cancelled'));
ALTER TABLE cases ADD CONSTRAINT cases_state_type CHECK
    (state_type_latest IN ('start', 'inprogress', 'forward', 'follow', 'finish', 'irrelevant'));
ALTER TABLE contacts ADD CONSTRAINT contacts_state CHECK (state IN ('active', 'blocked', 'erased'));
ALTER TABLE conversations ADD CONSTRAINT conversations_pending CHECK (pending >= 0);
-- Rows of these tables are short-lived or rewritten at every turn: room on the page keeps the updates cheap.
ALTER TABLE conversations SET (fillfactor = 70);
ALTER TABLE trackers SET (fillfactor = 50);
ALTER TABLE inbox SET (fillfactor = 80);
"""


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    op.execute(_CHECKS)


def downgrade() -> None:
    for table in (
        "runtime",
        "media",
        "case_changes",
        "cases",
        "audit",
        "vault",
        "trackers",
        "outbox",
        "turns",
        "inbox",
        "conversations",
        "contacts",
    ):
        op.execute(f"DROP TABLE {table} CASCADE")
