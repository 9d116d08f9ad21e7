# SPDX-License-Identifier: Apache-2.0
"""A case's photo stays when its contact is forgotten; without a row nobody would ever remove the bytes."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _refer("SET NULL")
    op.execute("ALTER TABLE media ALTER COLUMN conversation_id DROP NOT NULL")


def downgrade() -> None:
    op.execute("DELETE FROM media WHERE conversation_id IS NULL")
    op.execute("ALTER TABLE media ALTER COLUMN conversation_id SET NOT NULL")
    _refer("CASCADE")


def _refer(on_delete: str) -> None:
    op.execute("ALTER TABLE media DROP CONSTRAINT media_conversation_id_fkey")
    op.execute(
        "ALTER TABLE media ADD CONSTRAINT media_conversation_id_fkey "
        f"FOREIGN KEY (conversation_id) REFERENCES conversations (id) ON DELETE {on_delete}"
    )
