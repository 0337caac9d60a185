"""Every table the bot has, as SQLAlchemy Core knows it.

No table outside ``slot`` is touched when somebody answers, and ``slot`` has no column that tells
who or when (privacy, protocol 2): only the round, an HMAC of the person under the round's key,
and a ciphertext of fixed length. How rows become domain types is told in the modules beside
this one.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An instant: aware UTC in Python, naive UTC where the database has no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive ``datetime``; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant carries its zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """Return an aware UTC ``datetime``."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _id() -> Column[str]:
    return Column("id", String(32), primary_key=True)


node = Table(
    "node",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("parent_id", String(64), ForeignKey("node.id"), nullable=True),
    Column("name", Text, nullable=False),
    Column("rules", JSON, nullable=False),
)

person = Table(
    "person",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=True, unique=True),
    Column("node_id", String(64), ForeignKey("node.id"), nullable=False, index=True),
    Column("language", String(2), nullable=True),
    Column("zone", Text, nullable=True),
    Column("working_days", JSON, nullable=True),
    Column("checkins_off", Boolean, nullable=False, default=False),
    Column("active", Boolean, nullable=False, default=True),
)

grant = Table(
    "role",
    metadata,
    Column("person_id", String(64), ForeignKey("person.id"), primary_key=True),
    Column("node_id", String(64), ForeignKey("node.id"), primary_key=True),
    Column("role", String(8), primary_key=True),
)

away = Table(
    "away",
    metadata,
    _id(),
    Column("person_id", String(64), ForeignKey("person.id"), nullable=True, index=True),
    Column("node_id", String(64), ForeignKey("node.id"), nullable=True, index=True),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
)

schedule = Table(
    "schedule",
    metadata,
    _id(),
    Column("scope", JSON, nullable=False),
    Column("scope_key", Text, nullable=False),
    Column("instrument", String(64), nullable=False),
    Column("cadence", JSON, nullable=False),
    Column("questions", Integer, nullable=True),
    Column("open_days", Integer, nullable=False),
    Column("active", Boolean, nullable=False, default=True),
    Column("version", Integer, nullable=False, default=1),
    Column("nominal", Date, nullable=True),
    Column("next_run_at", Instant, nullable=True),
    UniqueConstraint("scope_key", "instrument"),
    Index("ix_schedule_due", "next_run_at"),
)

round_ = Table(
    "round",
    metadata,
    _id(),
    Column("schedule_id", String(32), ForeignKey("schedule.id"), nullable=True),
    Column("local_date", Date, nullable=False),
    Column("scope_key", Text, nullable=False),
    Column("instrument", String(64), nullable=False),
    Column("frozen", JSON, nullable=False),
    Column("tree", JSON, nullable=False),
    Column("opens_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("publish_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=True),
    Column("state", String(8), nullable=False),
    Column("reached", JSON, nullable=True),
    Column("replaces", String(32), ForeignKey("round.id"), nullable=True, unique=True),
    Column("about", String(64), nullable=False, default=""),
    UniqueConstraint("schedule_id", "local_date"),
    Index("ix_round_due", "next_at"),
    Index("ix_round_history", "instrument", "scope_key", "opens_at"),
    Index("ix_round_about", "instrument", "about"),
)

round_member = Table(
    "round_member",
    metadata,
    Column("round_id", String(32), ForeignKey("round.id"), primary_key=True),
    Column("person_id", String(64), ForeignKey("person.id"), primary_key=True, index=True),
    Column("node_id", String(64), nullable=False),
    Column("lead", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

slot = Table(
    "slot",
    metadata,
    Column("round_id", String(32), ForeignKey("round.id"), primary_key=True),
    Column("slot", LargeBinary(32), primary_key=True),
    Column("ballot", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

figure = Table(
    "figure",
    metadata,
    _id(),
    Column("round_id", String(32), ForeignKey("round.id"), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("audience", String(16), nullable=False),
    Column("at_node", String(64), nullable=False),
    Column("nodes_key", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Index("ix_figure_nodes", "nodes_key", "audience"),
)

comment = Table(
    "comment",
    metadata,
    _id(),
    Column("round_id", String(32), ForeignKey("round.id"), nullable=False, index=True),
    Column("audience", String(16), nullable=False),
    Column("at_node", String(64), nullable=False),
    Column("nodes_key", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("held", Boolean, nullable=False, default=False),
    sqlite_with_rowid=False,
)

delivery = Table(
    "delivery",
    metadata,
    _id(),
    Column("purpose", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("note", JSON, nullable=False),
    Column("due_at", Instant, nullable=True),
    Column("first_due", Date, nullable=False),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("problem", Text, nullable=True),
    UniqueConstraint("purpose", "recipient"),
    Index("ix_delivery_due", "due_at"),
)

conversation = Table(
    "conversation",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("node_id", String(64), ForeignKey("node.id"), nullable=True, unique=True),
    Column("person_id", String(64), ForeignKey("person.id"), nullable=True, unique=True),
)

message = Table(
    "message",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", String(80), ForeignKey("conversation.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("author_id", String(64), ForeignKey("person.id"), nullable=True),
    Column("note", JSON, nullable=False),
    Column("delivery_id", String(32), nullable=True, unique=True),
    Index("ix_message_conversation", "conversation_id", "id"),
    sqlite_autoincrement=True,
)

action = Table(
    "action",
    metadata,
    _id(),
    Column("node_id", String(64), ForeignKey("node.id"), nullable=False, index=True),
    Column("responsible_id", String(64), ForeignKey("person.id"), nullable=False, index=True),
    Column("state", String(12), nullable=False),
    Column("due", Date, nullable=False),
    Column("follow_up", Date, nullable=False),
    Column("created_on", Date, nullable=False),
    Column("shared", Boolean, nullable=False, default=False),
    Column("details", JSON, nullable=False),
    Column("version", Integer, nullable=False, default=1),
    Column("told", JSON, nullable=False),
    Column("next_at", Instant, nullable=True),
    CheckConstraint("follow_up >= due", name="in_order"),
    CheckConstraint("responsible_id <> ''", name="responsible"),
    Index("ix_action_due", "next_at"),
)

action_event = Table(
    "action_event",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("action_id", String(32), ForeignKey("action.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("person_id", String(64), ForeignKey("person.id"), nullable=True),
    Column("kind", String(16), nullable=False),
    Column("item", JSON, nullable=False),
    UniqueConstraint("action_id", "version"),
)

escalation = Table(
    "escalation",
    metadata,
    _id(),
    Column("from_node", String(64), ForeignKey("node.id"), nullable=False, index=True),
    Column("to_node", String(64), ForeignKey("node.id"), nullable=False, index=True),
    Column("action_id", String(32), ForeignKey("action.id"), nullable=True),
    Column("wish", Text, nullable=False),
    Column("asked_by", String(64), ForeignKey("person.id"), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("state", String(8), nullable=False),
    Column("answer", Text, nullable=True),
    Column("answered_by", String(64), ForeignKey("person.id"), nullable=True),
    Column("answered_at", Instant, nullable=True),
    Column("version", Integer, nullable=False, default=1),
)

dialogue = Table(
    "dialogue",
    metadata,
    _id(),
    Column("node_id", String(64), nullable=False, index=True),  # it outlives its team
    Column("topic", Text, nullable=False),
    Column("source", JSON, nullable=False),
    Column("way", String(8), nullable=False),
    Column("naming", String(10), nullable=False),
    Column("phase", String(10), nullable=False),
    Column("started_by", String(64), ForeignKey("person.id"), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("moved_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=True),
    Column("until", Instant, nullable=True),
    Column("seconds_left", Integer, nullable=True),
    Column("next_at", Instant, nullable=True),
    Column("version", Integer, nullable=False, default=1),
    Index("ix_dialogue_due", "next_at"),
)

dialogue_vote = Table(
    "dialogue_vote",
    metadata,
    Column("round_id", String(32), ForeignKey("round.id"), primary_key=True),
    Column("dialogue_id", String(32), ForeignKey("dialogue.id"), nullable=False, index=True),
    Column("took_part", Integer, nullable=False),
    sqlite_with_rowid=False,
)

idea_group = Table(
    "idea_group",
    metadata,
    _id(),
    Column("dialogue_id", String(32), ForeignKey("dialogue.id"), nullable=False, index=True),
    Column("question", String(8), nullable=False),
    Column("name", Text, nullable=False),
    Column("factor", String(8), nullable=True),
    Column("place", Integer, nullable=True),
    Column("action_id", String(32), ForeignKey("action.id"), nullable=True),
    sqlite_with_rowid=False,
)

idea = Table(
    "idea",
    metadata,
    _id(),
    Column("dialogue_id", String(32), ForeignKey("dialogue.id"), nullable=False, index=True),
    Column("question", String(8), nullable=False),
    Column("text", Text, nullable=False),
    Column("factor", String(8), nullable=True),
    Column("author_id", String(64), ForeignKey("person.id"), nullable=True),
    Column("group_id", String(32), ForeignKey("idea_group.id"), nullable=True),
    Column("held", Boolean, nullable=False, default=False),
    sqlite_with_rowid=False,
)

meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", JSON, nullable=False),
)

# --- Slack: who is who there, which channel is whose, what was sent, and where the app is installed

slack_person = Table(
    "slack_person",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("user_id", String(32), primary_key=True),
    Column("person_id", String(64), ForeignKey("person.id"), nullable=False, index=True),
    Column("locale", Text, nullable=True),
    Column("zone", Text, nullable=True),
    Column("follows", Boolean, nullable=False, default=False),
)

slack_erased = Table(
    "slack_erased",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("account", String(64), primary_key=True),
)

slack_lead = Table(
    "slack_lead",
    metadata,
    Column("person_id", String(64), ForeignKey("person.id"), primary_key=True),
    Column("node_id", String(64), primary_key=True),
    Column("until", Instant, nullable=False),
)

slack_channel = Table(
    "slack_channel",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("channel_id", String(32), primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("conversation", String(80), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("held", String(16), nullable=True),
    Column("filled", Boolean, nullable=False, default=True),
)

slack_choice = Table(
    "slack_choice",
    metadata,
    Column("conversation", String(80), primary_key=True),
    Column("was", String(32), primary_key=True),
    Column("now", String(32), primary_key=True),
    Column("post", Boolean, nullable=False),
)

slack_sent = Table(
    "slack_sent",
    metadata,
    Column(
        "delivery_id",
        String(32),
        ForeignKey("delivery.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("begun_at", Instant, nullable=False),
    Column("channel_id", String(32), nullable=True),
    Column("message", String(32), nullable=True),
)

slack_picture = Table(
    "slack_picture",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("file_id", String(32), nullable=False),
    Column("kept_at", Instant, nullable=False, index=True),
)

slack_install = Table(
    "slack_install",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("team_id", String(32), nullable=True),
    Column("enterprise_id", String(32), nullable=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False, default=1),
)

slack_ticket = Table(
    "slack_ticket",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("until", Instant, nullable=False),
)

slack_heard = Table(
    "slack_heard",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("done", Boolean, nullable=False),
    sqlite_with_rowid=False,
)
