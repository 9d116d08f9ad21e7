# SPDX-License-Identifier: Apache-2.0
"""A conversation knows which answer offered choices last, so that a typed label is looked up only where there is one."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("ALTER TABLE conversations ADD COLUMN offer_seq BIGINT")


def downgrade() -> None:
    op.execute("ALTER TABLE conversations DROP COLUMN offer_seq")
