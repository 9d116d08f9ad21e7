# SPDX-License-Identifier: Apache-2.0
"""What happened before something that was answered already is known to be late; a retry key has an age; dead answers show."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE conversations ADD COLUMN answered_until TIMESTAMPTZ;
        ALTER TABLE turns ADD COLUMN late BOOLEAN NOT NULL DEFAULT false;
        ALTER TABLE deliveries ADD COLUMN key_at TIMESTAMPTZ NOT NULL DEFAULT now();
        UPDATE deliveries SET key_at = created_at WHERE state IN ('todo', 'dead');
        CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead';
        """
    )


def downgrade() -> None:
    op.execute(
        """
        DROP INDEX outbox_dead;
        ALTER TABLE deliveries DROP COLUMN key_at;
        ALTER TABLE turns DROP COLUMN late;
        ALTER TABLE conversations DROP COLUMN answered_until;
        """
    )
