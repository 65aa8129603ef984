"""Every table and index, as `nerirepo/tables.py` had them at the first release."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geography, Geometry
from sqlalchemy.dialects import postgresql

from nerirepo.database.columns import Xid8

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "challenge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_challenge_expires_at"), "challenge", ["expires_at"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("cause_kind", sa.String(), nullable=False),
        sa.Column("cause_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("recipient_kind", sa.String(), nullable=False),
        sa.Column("recipient_id", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("facts", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.CheckConstraint(
            "cause_kind IN ('event', 'challenge', 'follow', 'digest')", name="cause_kind_known"
        ),
        sa.CheckConstraint(
            "recipient_kind IN ('reporter', 'follower', 'department', 'address')", name="recipient_kind_known"
        ),
        sa.CheckConstraint("state IN ('owed', 'sending', 'sent', 'failed', 'dropped')", name="state_known"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("cause_kind", "cause_id", "channel", "recipient_kind", "recipient_id"),
    )
    op.create_index("delivery_of_report", "delivery", ["report_id"], unique=False)
    op.create_index(
        "delivery_unfinished",
        "delivery",
        ["next_try_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('owed', 'sending')"),
    )
    op.create_index(op.f("ix_delivery_created_at"), "delivery", ["created_at"], unique=False)
    op.create_table(
        "department",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("names", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("is_triage", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "layer_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("layer", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("features", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_approximate", sa.Boolean(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "layer IN ('boundary', 'neighbours', 'towns', 'parks', 'roads', 'facilities')", name="layer_known"
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "layer_version_active", "layer_version", ["layer"], unique=True, postgresql_where=sa.text("is_active")
    )
    op.create_table(
        "manager",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("names", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("contact", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "kind IN ('tokyo', 'national', 'private', 'utility', 'neighbour')", name="kind_known"
        ),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_kind", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("renditions", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("suggestion", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("owner_kind IN ('reporter', 'member')", name="owner_kind_known"),
        sa.CheckConstraint("state IN ('awaiting', 'received', 'ready', 'rejected')", name="state_known"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_photo_announced_at"), "photo", ["announced_at"], unique=False)
    op.create_index("photo_owner", "photo", ["owner_id"], unique=False)
    op.create_index(
        "photo_unfinished",
        "photo",
        ["received_at"],
        unique=False,
        postgresql_where=sa.text("state = 'received'"),
    )
    op.create_table(
        "category",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("parent_code", sa.String(), nullable=True),
        sa.Column("names", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("icon", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
        schema="published",
    )
    op.create_geospatial_table(
        "line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("layer", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "shape",
            Geometry(
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id"),
        schema="published",
    )
    op.create_geospatial_index(
        "published_line_shape",
        "line",
        ["shape"],
        unique=False,
        schema="published",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_table(
        "office",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("is_department", sa.Boolean(), nullable=False),
        sa.Column("names", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("contact", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("code", "is_department"),
        schema="published",
    )
    op.create_geospatial_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("category_code", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("town", sa.String(), nullable=True),
        sa.Column(
            "point",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("department_code", sa.String(), nullable=False),
        sa.Column("manager_code", sa.String(), nullable=True),
        sa.Column("is_deed", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_fixed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parent_number", sa.String(), nullable=True),
        sa.Column("timeline", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("photos", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("media_prefix", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
        schema="published",
    )
    op.create_index(
        "published_report_filter",
        "report",
        ["category_code", "status", "received_at"],
        unique=False,
        schema="published",
    )
    op.create_index(
        "published_report_newest", "report", ["received_at", "id"], unique=False, schema="published"
    )
    op.create_geospatial_index(
        "published_report_point",
        "report",
        ["point"],
        unique=False,
        schema="published",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index(
        "published_report_search",
        "report",
        ["words", "town"],
        unique=False,
        schema="published",
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops", "town": "gin_trgm_ops"},
    )
    op.create_table(
        "ward",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("profile", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("texts", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("code"),
        schema="published",
    )
    op.create_table(
        "withdrawn",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("media_prefix", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
        schema="published",
    )
    op.create_table(
        "rate_count",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("happened", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(op.f("ix_rate_count_began_at"), "rate_count", ["began_at"], unique=False)
    op.create_table(
        "reporter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("nickname", sa.String(), nullable=True),
        sa.Column("eligibility", sa.String(), nullable=True),
        sa.Column("terms_version", sa.String(), nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("mail_updates", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("eligibility IN ('lives', 'works', 'studies')", name="eligibility_known"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
    )
    op.create_index(op.f("ix_reporter_last_seen_at"), "reporter", ["last_seen_at"], unique=False)
    op.create_table(
        "routing_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rule", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("position"),
    )
    op.create_table(
        "ward",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("profile", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("texts", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("posting_open", sa.Boolean(), nullable=False),
        sa.Column(
            "posting_closed_reason", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "category",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("parent_code", sa.String(), nullable=True),
        sa.Column("names", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("icon", sa.String(), nullable=False),
        sa.Column("department_code", sa.String(), nullable=True),
        sa.Column("questions", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column(
            "emergency_text", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("target_days", sa.Integer(), nullable=True),
        sa.Column("is_danger", sa.Boolean(), nullable=False),
        sa.Column("is_deed", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["department_code"],
            ["department.code"],
        ),
        sa.ForeignKeyConstraint(
            ["parent_code"],
            ["category.code"],
        ),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "device",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reporter_id"], ["reporter.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index(op.f("ix_device_expires_at"), "device", ["expires_at"], unique=False)
    op.create_index(op.f("ix_device_reporter_id"), "device", ["reporter_id"], unique=False)
    op.create_table(
        "member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("department_code", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("totp_secret", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('field', 'desk', 'admin')", name="role_known"),
        sa.ForeignKeyConstraint(
            ["department_code"],
            ["department.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
    )
    op.create_geospatial_table(
        "place_feature",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("layer", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("properties", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column(
            "shape",
            Geometry(
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["version_id"], ["layer_version.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_place_feature_version_id"), "place_feature", ["version_id"], unique=False)
    op.create_index(
        "place_feature_metres",
        "place_feature",
        [sa.literal_column("(shape::geography)")],
        unique=False,
        postgresql_using="gist",
        postgresql_where=sa.text("layer IN ('parks', 'roads', 'facilities')"),
    )
    op.create_table(
        "media",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["published.report.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key"),
        schema="published",
    )
    op.create_index(
        op.f("ix_published_media_report_id"), "media", ["report_id"], unique=False, schema="published"
    )
    op.create_table(
        "contact_disclosure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_contact_disclosure_report_id"), "contact_disclosure", ["report_id"], unique=False
    )
    op.create_geospatial_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("category_code", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("visibility", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("department_code", sa.String(), nullable=False),
        sa.Column("manager_code", sa.String(), nullable=True),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column(
            "location",
            Geography(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeogFromText",
                name="geography",
            ),
            nullable=True,
        ),
        sa.Column("town", sa.String(), nullable=True),
        sa.Column(
            "routing_reason", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False
        ),
        sa.Column("routing_confidence", sa.Float(), nullable=False),
        sa.Column("flags", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("is_danger", sa.Boolean(), nullable=False),
        sa.Column("is_deed", sa.Boolean(), nullable=False),
        sa.Column("hides_point", sa.Boolean(), nullable=False),
        sa.Column("public_text", sa.String(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_fixed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('received', 'checking', 'in_progress', 'resolved', 'declined', 'handed_over', 'duplicate', 'withdrawn', 'thanked')",
            name="status_known",
        ),
        sa.CheckConstraint("visibility IN ('pending', 'public', 'hidden')", name="visibility_known"),
        sa.ForeignKeyConstraint(
            ["assignee_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["category_code"],
            ["category.code"],
        ),
        sa.ForeignKeyConstraint(
            ["department_code"],
            ["department.code"],
        ),
        sa.ForeignKeyConstraint(
            ["manager_code"],
            ["manager.code"],
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["report.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    op.create_index(op.f("ix_report_parent_id"), "report", ["parent_id"], unique=False)
    op.create_index(
        "report_assignee",
        "report",
        ["assignee_id"],
        unique=False,
        postgresql_where=sa.text("assignee_id IS NOT NULL"),
    )
    op.create_geospatial_index(
        "report_location", "report", ["location"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_index("report_received", "report", ["received_at", "id"], unique=False)
    op.create_index("report_worklist", "report", ["department_code", "status", "received_at"], unique=False)
    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index(op.f("ix_staff_session_expires_at"), "staff_session", ["expires_at"], unique=False)
    op.create_index(op.f("ix_staff_session_member_id"), "staff_session", ["member_id"], unique=False)
    op.create_table(
        "feedback",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=False),
        sa.Column("is_fixed", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
        ),
        sa.ForeignKeyConstraint(["reporter_id"], ["reporter.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("report_id", "reporter_id"),
    )
    op.create_index(op.f("ix_feedback_reporter_id"), "feedback", ["reporter_id"], unique=False)
    op.create_table(
        "follow",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
        ),
        sa.ForeignKeyConstraint(["reporter_id"], ["reporter.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("report_id", "reporter_id"),
    )
    op.create_index(op.f("ix_follow_reporter_id"), "follow", ["reporter_id"], unique=False)
    op.create_table(
        "report_event",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("from_status", sa.String(), nullable=True),
        sa.Column("to_status", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("facts", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("written_by", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.CheckConstraint("actor_kind IN ('reporter', 'member', 'system')", name="actor_kind_known"),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
        ),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("report_event_of_report", "report_event", ["report_id", "seq"], unique=False)
    op.create_table(
        "report_original",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=True),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("answers", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        sa.Column("location_source", sa.String(), nullable=True),
        sa.Column("location_confirmed", sa.Boolean(), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"],
            ["reporter.id"],
        ),
        sa.PrimaryKeyConstraint("report_id"),
    )
    op.create_index(op.f("ix_report_original_reporter_id"), "report_original", ["reporter_id"], unique=False)
    op.create_table(
        "report_photo",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("event_seq", sa.BigInteger(), nullable=True),
        sa.Column("is_cleared", sa.Boolean(), nullable=False),
        sa.CheckConstraint("role IN ('before', 'after')", name="role_known"),
        sa.ForeignKeyConstraint(
            ["photo_id"],
            ["photo.id"],
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
        ),
        sa.PrimaryKeyConstraint("report_id", "photo_id"),
    )
    op.create_index(op.f("ix_report_photo_photo_id"), "report_photo", ["photo_id"], unique=False)
    op.create_table(
        "report_submission",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("content_sha256", sa.String(), nullable=False),
        sa.Column("receipt", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("report_id"),
    )
    op.create_table(
        "staff_action",
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("content_sha256", sa.String(), nullable=False),
        sa.Column("event_seq", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
        ),
        sa.PrimaryKeyConstraint("action_id"),
    )
    op.create_table(
        "event_text",
        sa.Column("event_seq", sa.BigInteger(), nullable=False),
        sa.Column("public_note", sa.String(), nullable=True),
        sa.Column("internal_note", sa.String(), nullable=True),
        sa.Column("reporter_words", sa.String(), nullable=True),
        sa.Column("reporter_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_seq"],
            ["report_event.seq"],
        ),
        sa.ForeignKeyConstraint(["reporter_id"], ["reporter.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("event_seq"),
    )
    op.create_index(op.f("ix_event_text_reporter_id"), "event_text", ["reporter_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_event_text_reporter_id"), table_name="event_text")
    op.drop_table("event_text")
    op.drop_table("staff_action")
    op.drop_table("report_submission")
    op.drop_index(op.f("ix_report_photo_photo_id"), table_name="report_photo")
    op.drop_table("report_photo")
    op.drop_index(op.f("ix_report_original_reporter_id"), table_name="report_original")
    op.drop_table("report_original")
    op.drop_index("report_event_of_report", table_name="report_event")
    op.drop_table("report_event")
    op.drop_index(op.f("ix_follow_reporter_id"), table_name="follow")
    op.drop_table("follow")
    op.drop_index(op.f("ix_feedback_reporter_id"), table_name="feedback")
    op.drop_table("feedback")
    op.drop_index(op.f("ix_staff_session_member_id"), table_name="staff_session")
    op.drop_index(op.f("ix_staff_session_expires_at"), table_name="staff_session")
    op.drop_table("staff_session")
    op.drop_index("report_worklist", table_name="report")
    op.drop_index("report_received", table_name="report")
    op.drop_geospatial_index(
        "report_location", table_name="report", postgresql_using="gist", column_name="location"
    )
    op.drop_index("report_assignee", table_name="report", postgresql_where=sa.text("assignee_id IS NOT NULL"))
    op.drop_index(op.f("ix_report_parent_id"), table_name="report")
    op.drop_geospatial_table("report")
    op.drop_index(op.f("ix_contact_disclosure_report_id"), table_name="contact_disclosure")
    op.drop_table("contact_disclosure")
    op.drop_index(op.f("ix_published_media_report_id"), table_name="media", schema="published")
    op.drop_table("media", schema="published")
    op.drop_index(
        "place_feature_metres",
        table_name="place_feature",
        postgresql_using="gist",
        postgresql_where=sa.text("layer IN ('parks', 'roads', 'facilities')"),
    )
    op.drop_index(op.f("ix_place_feature_version_id"), table_name="place_feature")
    op.drop_geospatial_table("place_feature")
    op.drop_table("member")
    op.drop_index(op.f("ix_device_reporter_id"), table_name="device")
    op.drop_index(op.f("ix_device_expires_at"), table_name="device")
    op.drop_table("device")
    op.drop_table("category")
    op.drop_table("ward")
    op.drop_table("routing_rule")
    op.drop_index(op.f("ix_reporter_last_seen_at"), table_name="reporter")
    op.drop_table("reporter")
    op.drop_index(op.f("ix_rate_count_began_at"), table_name="rate_count")
    op.drop_table("rate_count")
    op.drop_table("withdrawn", schema="published")
    op.drop_table("ward", schema="published")
    op.drop_index(
        "published_report_search",
        table_name="report",
        schema="published",
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops", "town": "gin_trgm_ops"},
    )
    op.drop_geospatial_index(
        "published_report_point",
        table_name="report",
        schema="published",
        postgresql_using="gist",
        column_name="point",
    )
    op.drop_index("published_report_newest", table_name="report", schema="published")
    op.drop_index("published_report_filter", table_name="report", schema="published")
    op.drop_geospatial_table("report", schema="published")
    op.drop_table("office", schema="published")
    op.drop_geospatial_index(
        "published_line_shape",
        table_name="line",
        schema="published",
        postgresql_using="gist",
        column_name="shape",
    )
    op.drop_geospatial_table("line", schema="published")
    op.drop_table("category", schema="published")
    op.drop_index("photo_unfinished", table_name="photo", postgresql_where=sa.text("state = 'received'"))
    op.drop_index("photo_owner", table_name="photo")
    op.drop_index(op.f("ix_photo_announced_at"), table_name="photo")
    op.drop_table("photo")
    op.drop_table("manager")
    op.drop_index("layer_version_active", table_name="layer_version", postgresql_where=sa.text("is_active"))
    op.drop_table("layer_version")
    op.drop_table("department")
    op.drop_index(op.f("ix_delivery_created_at"), table_name="delivery")
    op.drop_index(
        "delivery_unfinished", table_name="delivery", postgresql_where=sa.text("state IN ('owed', 'sending')")
    )
    op.drop_index("delivery_of_report", table_name="delivery")
    op.drop_table("delivery")
    op.drop_index(op.f("ix_challenge_expires_at"), table_name="challenge")
    op.drop_table("challenge")
