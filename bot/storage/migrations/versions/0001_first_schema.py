"""First schema."""

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_due", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("purpose", "recipient", name=op.f("uq_delivery_purpose_recipient")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_due", ["due_at"], unique=False)

    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "node",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("parent_id", sa.String(length=64), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["node.id"], name=op.f("fk_node_parent_id_node")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_node")),
    )
    op.create_table(
        "schedule",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("scope_key", sa.Text(), nullable=False),
        sa.Column("instrument", sa.String(length=64), nullable=False),
        sa.Column("cadence", sa.JSON(), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=True),
        sa.Column("open_days", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("nominal", sa.Date(), nullable=True),
        sa.Column("next_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
        sa.UniqueConstraint(
            "scope_key", "instrument", name=op.f("uq_schedule_scope_key_instrument")
        ),
    )
    with op.batch_alter_table("schedule", schema=None) as batch_op:
        batch_op.create_index("ix_schedule_due", ["next_run_at"], unique=False)

    op.create_table(
        "slack_channel",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("held", sa.String(length=16), nullable=True),
        sa.Column("filled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "channel_id", name=op.f("pk_slack_channel")),
        sa.UniqueConstraint("conversation", name=op.f("uq_slack_channel_conversation")),
        sa.UniqueConstraint("id", name=op.f("uq_slack_channel_id")),
    )
    op.create_table(
        "slack_choice",
        sa.Column("conversation", sa.String(length=80), nullable=False),
        sa.Column("was", sa.String(length=32), nullable=False),
        sa.Column("now", sa.String(length=32), nullable=False),
        sa.Column("post", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", "was", "now", name=op.f("pk_slack_choice")),
    )
    op.create_table(
        "slack_erased",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "account", name=op.f("pk_slack_erased")),
    )
    op.create_table(
        "slack_heard",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_heard")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("slack_heard", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slack_heard_at"), ["at"], unique=False)

    op.create_table(
        "slack_install",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=True),
        sa.Column("enterprise_id", sa.String(length=32), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_install")),
    )
    op.create_table(
        "slack_picture",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("file_id", sa.String(length=32), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "name", name=op.f("pk_slack_picture")),
    )
    with op.batch_alter_table("slack_picture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slack_picture_kept_at"), ["kept_at"], unique=False)

    op.create_table(
        "slack_ticket",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_ticket")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("node_id", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("working_days", sa.JSON(), nullable=True),
        sa.Column("checkins_off", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_person_node_id_node")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_node_id"), ["node_id"], unique=False)

    op.create_table(
        "round",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("schedule_id", sa.String(length=32), nullable=True),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("scope_key", sa.Text(), nullable=False),
        sa.Column("instrument", sa.String(length=64), nullable=False),
        sa.Column("frozen", sa.JSON(), nullable=False),
        sa.Column("tree", sa.JSON(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reached", sa.JSON(), nullable=True),
        sa.Column("replaces", sa.String(length=32), nullable=True),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["replaces"], ["round.id"], name=op.f("fk_round_replaces_round")),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedule.id"], name=op.f("fk_round_schedule_id_schedule")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("replaces", name=op.f("uq_round_replaces")),
        sa.UniqueConstraint(
            "schedule_id", "local_date", name=op.f("uq_round_schedule_id_local_date")
        ),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_index("ix_round_about", ["instrument", "about"], unique=False)
        batch_op.create_index("ix_round_due", ["next_at"], unique=False)
        batch_op.create_index(
            "ix_round_history", ["instrument", "scope_key", "opens_at"], unique=False
        )

    op.create_table(
        "slack_sent",
        sa.Column("delivery_id", sa.String(length=32), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=True),
        sa.Column("message", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_slack_sent_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_slack_sent")),
    )
    op.create_table(
        "action",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("node_id", sa.String(length=64), nullable=False),
        sa.Column("responsible_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("follow_up", sa.Date(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("responsible_id <> ''", name=op.f("ck_action_responsible")),
        sa.CheckConstraint("follow_up >= due", name=op.f("ck_action_in_order")),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_action_node_id_node")),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["person.id"], name=op.f("fk_action_responsible_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
    )
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.create_index("ix_action_due", ["next_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_node_id"), ["node_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_action_responsible_id"), ["responsible_id"], unique=False
        )

    op.create_table(
        "away",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=True),
        sa.Column("node_id", sa.String(length=64), nullable=True),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_away_node_id_node")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_away_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_away")),
    )
    with op.batch_alter_table("away", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_away_node_id"), ["node_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_away_person_id"), ["person_id"], unique=False)

    op.create_table(
        "comment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("at_node", sa.String(length=64), nullable=False),
        sa.Column("nodes_key", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_comment_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_round_id"), ["round_id"], unique=False)

    op.create_table(
        "conversation",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("node_id", sa.String(length=64), nullable=True),
        sa.Column("person_id", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["node_id"], ["node.id"], name=op.f("fk_conversation_node_id_node")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_conversation_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("node_id", name=op.f("uq_conversation_node_id")),
        sa.UniqueConstraint("person_id", name=op.f("uq_conversation_person_id")),
    )
    op.create_table(
        "dialogue",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("node_id", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("naming", sa.String(length=10), nullable=False),
        sa.Column("phase", sa.String(length=10), nullable=False),
        sa.Column("started_by", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds_left", sa.Integer(), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["started_by"], ["person.id"], name=op.f("fk_dialogue_started_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue")),
    )
    with op.batch_alter_table("dialogue", schema=None) as batch_op:
        batch_op.create_index("ix_dialogue_due", ["next_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_dialogue_node_id"), ["node_id"], unique=False)

    op.create_table(
        "figure",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("at_node", sa.String(length=64), nullable=False),
        sa.Column("nodes_key", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_figure_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure")),
    )
    with op.batch_alter_table("figure", schema=None) as batch_op:
        batch_op.create_index("ix_figure_nodes", ["nodes_key", "audience"], unique=False)
        batch_op.create_index(batch_op.f("ix_figure_round_id"), ["round_id"], unique=False)

    op.create_table(
        "role",
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("node_id", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_role_node_id_node")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_role_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "node_id", "role", name=op.f("pk_role")),
    )
    op.create_table(
        "round_member",
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("node_id", sa.String(length=64), nullable=False),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_round_member_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_round_member_round_id_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "person_id", name=op.f("pk_round_member")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("round_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_member_person_id"), ["person_id"], unique=False)

    op.create_table(
        "slack_lead",
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("node_id", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_slack_lead_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "node_id", name=op.f("pk_slack_lead")),
    )
    op.create_table(
        "slack_person",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("follows", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_slack_person_person_id_person")
        ),
        sa.PrimaryKeyConstraint("team_id", "user_id", name=op.f("pk_slack_person")),
    )
    with op.batch_alter_table("slack_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slack_person_person_id"), ["person_id"], unique=False)

    op.create_table(
        "slot",
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("slot", sa.LargeBinary(length=32), nullable=False),
        sa.Column("ballot", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_slot_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", "slot", name=op.f("pk_slot")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "action_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("action_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("item", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["action.id"], name=op.f("fk_action_event_action_id_action")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_action_event_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_event")),
        sa.UniqueConstraint("action_id", "version", name=op.f("uq_action_event_action_id_version")),
    )
    op.create_table(
        "dialogue_vote",
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("dialogue_id", sa.String(length=32), nullable=False),
        sa.Column("took_part", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dialogue_id"], ["dialogue.id"], name=op.f("fk_dialogue_vote_dialogue_id_dialogue")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_dialogue_vote_round_id_round")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_dialogue_vote")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("dialogue_vote", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dialogue_vote_dialogue_id"), ["dialogue_id"], unique=False
        )

    op.create_table(
        "escalation",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("from_node", sa.String(length=64), nullable=False),
        sa.Column("to_node", sa.String(length=64), nullable=False),
        sa.Column("action_id", sa.String(length=32), nullable=True),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(length=64), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["action.id"], name=op.f("fk_escalation_action_id_action")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_escalation_answered_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["person.id"], name=op.f("fk_escalation_asked_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["from_node"], ["node.id"], name=op.f("fk_escalation_from_node_node")
        ),
        sa.ForeignKeyConstraint(["to_node"], ["node.id"], name=op.f("fk_escalation_to_node_node")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
    )
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalation_from_node"), ["from_node"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_to_node"), ["to_node"], unique=False)

    op.create_table(
        "idea_group",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("dialogue_id", sa.String(length=32), nullable=False),
        sa.Column("question", sa.String(length=8), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("factor", sa.String(length=8), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("action_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["action_id"], ["action.id"], name=op.f("fk_idea_group_action_id_action")
        ),
        sa.ForeignKeyConstraint(
            ["dialogue_id"], ["dialogue.id"], name=op.f("fk_idea_group_dialogue_id_dialogue")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_group")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("idea_group", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_idea_group_dialogue_id"), ["dialogue_id"], unique=False
        )

    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.String(length=64), nullable=True),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.Column("delivery_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_message_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_message_conversation_id_conversation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_message_delivery_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_conversation", ["conversation_id", "id"], unique=False)

    op.create_table(
        "idea",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("dialogue_id", sa.String(length=32), nullable=False),
        sa.Column("question", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("factor", sa.String(length=8), nullable=True),
        sa.Column("author_id", sa.String(length=64), nullable=True),
        sa.Column("group_id", sa.String(length=32), nullable=True),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_idea_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["dialogue_id"], ["dialogue.id"], name=op.f("fk_idea_dialogue_id_dialogue")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["idea_group.id"], name=op.f("fk_idea_group_id_idea_group")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("idea", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idea_dialogue_id"), ["dialogue_id"], unique=False)
