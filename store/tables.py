# SPDX-License-Identifier: Apache-2.0
"""The tables as SQLAlchemy Core sees them; the migrations make them, and a test compares the two."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

metadata = MetaData()
_now = text("now()")


def _time(name: str, *, required: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=not required, server_default=_now if required else None)


#: One account of one person on one channel. The address is what the channel needs to reach it, sealed.
contacts = Table(
    "contacts",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("channel", Text, nullable=False),
    Column("pseudonym", Text, nullable=False, unique=True),
    Column("address", LargeBinary),
    Column("state", Text, nullable=False, server_default="active"),
    _time("created_at", required=True),
)

#: The thread of one contact. Its row carries the lease of the worker that is answering it.
conversations = Table(
    "conversations",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("contact_id", BigInteger, ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("locale", Text, nullable=False, server_default="th"),
    Column("last_seq", BigInteger, nullable=False, server_default="0"),
    Column("pending", Integer, nullable=False, server_default="0"),
    _time("wake_at"),
    Column("lease_owner", UUID(as_uuid=True)),
    _time("lease_until"),
    Column("with_officer", Boolean, nullable=False, server_default=text("false")),
    _time("noticed_privacy_at"),
    _time("told_waiting_at"),
    _time("erase_requested_at"),
    Column("active_form", Text),
    Column("requested_slot", Text),
    Column("offer_seq", BigInteger),
    _time("greeted_at"),
    _time("created_at", required=True),
    _time("last_event_at", required=True),
    _time("answered_until"),
    Index(
        "conversations_ready",
        "wake_at",
        postgresql_where=text("wake_at IS NOT NULL AND NOT with_officer"),
    ),
)

#: What arrived. The payload is sealed and wiped some days after its turn.
inbox = Table(
    "inbox",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("channel", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", LargeBinary),
    _time("occurred_at", required=True),
    _time("received_at", required=True),
    _time("finished_at"),
    Column("state", Text, nullable=False, server_default="todo"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("reason", Text),
    Column("turn_id", UUID(as_uuid=True), nullable=False, unique=True, server_default=text("gen_random_uuid()")),
    Column("message_id", Text),
    _time("token_at"),
    _time("token_used_at"),
    UniqueConstraint("channel", "event_id", name="inbox_channel_event_id_key"),
    Index("inbox_conversation_seq", "conversation_id", "seq", unique=True),
    Index(
        "inbox_one_doing",
        "conversation_id",
        unique=True,
        postgresql_where=text("state = 'doing'"),
    ),
    Index(
        "inbox_open",
        "conversation_id",
        "occurred_at",
        "seq",
        postgresql_where=text("state IN ('todo', 'doing')"),
    ),
    Index("inbox_dead", "id", postgresql_where=text("state = 'dead'")),
    Index("inbox_message", "conversation_id", "message_id", postgresql_where=text("message_id IS NOT NULL")),
)

#: One event answered. `understanding` holds names and figures, never the text.
turns = Table(
    "turns",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("inbox_id", BigInteger, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("intent", Text),
    Column("confidence", Float),
    Column("understanding", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("reason", Text),
    Column("bot_ms", Float),
    _time("finished_at", required=True),
    Column("late", Boolean, nullable=False, server_default=text("false")),
    Index("turns_conversation", "conversation_id", "finished_at"),
)

#: What is to be said: the reply blocks of one answer, sealed, with their place in the conversation.
outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("turn_id", UUID(as_uuid=True)),
    Column("seq", BigInteger, nullable=False),
    Column("author", Text, nullable=False),
    Column("blocks", LargeBinary),
    Column("state", Text, nullable=False, server_default="todo"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("reason", Text),
    _time("created_at", required=True),
    _time("available_at", required=True),
    _time("finished_at"),
    Column("lease_owner", UUID(as_uuid=True)),
    _time("lease_until"),
    Index("outbox_conversation_seq", "conversation_id", "seq", unique=True),
    Index("outbox_todo", "available_at", postgresql_where=text("state = 'todo'")),
    Index("outbox_dead", "id", postgresql_where=text("state = 'dead'")),
)

#: One call to a channel that has to be called: what it carries while it is under way, and what became of it.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("outbox_id", BigInteger, ForeignKey("outbox.id", ondelete="CASCADE"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("messages", LargeBinary),
    Column("retry_key", UUID(as_uuid=True), nullable=False, server_default=text("gen_random_uuid()")),
    Column("state", Text, nullable=False, server_default="todo"),
    Column("method", Text),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("unsure", Boolean, nullable=False, server_default=text("false")),
    _time("tried_at"),
    Column("request_id", Text),
    Column("accepted_request_id", Text),
    Column("reason", Text),
    _time("created_at", required=True),
    _time("finished_at"),
    _time("key_at", required=True),
    UniqueConstraint("outbox_id", "ordinal", name="deliveries_outbox_ordinal_key"),
    Index("deliveries_conversation", "conversation_id"),
    Index("deliveries_dead", "id", postgresql_where=text("state = 'dead'")),
)

#: Rasa's trackers: one row a conversation, a window of its last turns. The bot reads and writes it, nobody else.
trackers = Table(
    "trackers",
    metadata,
    Column("conversation", Text, primary_key=True),
    Column("body", JSONB, nullable=False),
    _time("updated_at", required=True),
)

#: Originals of the personal identifiers that were replaced by handles.
vault = Table(
    "vault",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("handle", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("value", LargeBinary, nullable=False),
    _time("created_at", required=True),
    UniqueConstraint("conversation_id", "handle", name="vault_conversation_handle_key"),
    UniqueConstraint("conversation_id", "fingerprint", name="vault_conversation_fingerprint_key"),
)

#: Who opened, changed or erased what, and why. Rows are only ever added.
audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    _time("at", required=True),
    Column("actor", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("reason", Text),
)

#: Requests and complaints with a number and a state; names of columns and states are Traffy Fondue's.
cases = Table(
    "cases",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("ticket_id", Text, nullable=False, unique=True),
    Column("idempotency_key", Text, nullable=False, unique=True),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="SET NULL")),
    Column("problem_type", Text, nullable=False),
    Column("state_type_latest", Text, nullable=False, server_default="start"),
    Column("description", LargeBinary),
    Column("contact", LargeBinary),
    Column("address", Text),
    Column("subdistrict", Text),
    Column("district", Text),
    Column("province", Text),
    Column("lat", Float),
    Column("lon", Float),
    Column("note", Text),
    _time("timestamp", required=True),
    _time("last_activity", required=True),
    _time("timestamp_inprogress"),
    _time("timestamp_finished"),
    Index("cases_conversation", "conversation_id", "id"),
    Index("cases_state", "state_type_latest", "id"),
)

#: Each change of a case's state: actor and reason.
case_changes = Table(
    "case_changes",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("case_id", BigInteger, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    _time("at", required=True),
    Column("actor", Text, nullable=False),
    Column("state_from", Text),
    Column("state_to", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index("case_changes_case", "case_id", "id"),
)

#: Files that citizens sent; the bytes lie in the media store under `id`.
media = Table(
    "media",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="SET NULL")),
    Column("content_type", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("case_id", BigInteger, ForeignKey("cases.id", ondelete="SET NULL")),
    _time("created_at", required=True),
    Column("set_id", Text),
    Column("message_id", Text),
    Index("media_conversation", "conversation_id"),
    Index(
        "media_message",
        "conversation_id",
        "message_id",
        unique=True,
        postgresql_where=text("message_id IS NOT NULL"),
    ),
)

#: A few facts that all replicas share, such as which bot is live.
runtime = Table(
    "runtime",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", JSONB, nullable=False),
    _time("updated_at", required=True),
)
