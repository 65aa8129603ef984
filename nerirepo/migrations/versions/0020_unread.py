"""What residents write waits to be read, what staff type is kept, and an assignee is of the department."""

import sqlalchemy as sa
from alembic import op

from nerirepo.database.columns import JSONB, MOMENT

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_UNANSWERED = """
    UPDATE report SET unread_seq = said.seq
    FROM (
        SELECT report_id, max(seq) AS seq FROM report_event
        WHERE kind = 'comment' AND actor_kind = 'reporter' GROUP BY report_id
    ) AS said
    JOIN report_submission AS sent USING (report_id)
    WHERE said.report_id = report.id AND sent.erased_at IS NULL AND NOT EXISTS (
        SELECT FROM report_event AS later
        WHERE later.report_id = report.id AND later.actor_kind = 'member' AND later.seq > said.seq
    )
"""
"""Residents' comments after which nobody of the ward has done anything: most were never read."""

_ELSEWHERE = """
    UPDATE report SET assignee_id = NULL
    FROM member
    WHERE member.id = report.assignee_id
        AND (NOT member.is_active OR member.department_code <> report.department_code)
"""


def upgrade() -> None:
    op.add_column("report", sa.Column("unread_seq", sa.BigInteger(), nullable=True))
    op.create_index(
        "report_unread", "report", ["department_code"], postgresql_where=sa.text("unread_seq IS NOT NULL")
    )
    op.create_table(
        "staff_draft",
        sa.Column("form_id", sa.Uuid(), primary_key=True),
        sa.Column("member_id", sa.Uuid(), sa.ForeignKey("member.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("typed", JSONB, nullable=False),
        sa.Column("photo_ids", JSONB, nullable=False),
        sa.Column("kept_at", MOMENT, nullable=False),
    )
    op.create_index("ix_staff_draft_member_id", "staff_draft", ["member_id"])
    op.create_index("ix_staff_draft_kept_at", "staff_draft", ["kept_at"])
    op.execute(_UNANSWERED)
    op.execute(_ELSEWHERE)


def downgrade() -> None:
    op.drop_table("staff_draft")
    op.drop_index("report_unread", "report")
    op.drop_column("report", "unread_seq")
