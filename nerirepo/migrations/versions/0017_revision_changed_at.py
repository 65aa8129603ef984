"""The revision says since when it stands, for whoever asks by date whether the data has changed."""

import sqlalchemy as sa
from alembic import op

from nerirepo.database.columns import MOMENT

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_PUBLISHED = {"schema": "published"}

# The moment is taken when the row is locked, so in the order of the commits, and never goes back, even if the
# clock does: what was read before a change is older than the change.
_REVISE = """
CREATE OR REPLACE FUNCTION published.revise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO published.revision AS there (id, value, changed_by{column})
        VALUES (1, gen_random_uuid(), pg_current_xact_id(){inserted})
        ON CONFLICT (id) DO UPDATE SET value = excluded.value, changed_by = excluded.changed_by{updated}
            WHERE there.changed_by <> excluded.changed_by;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.add_column(
        "revision",
        sa.Column("changed_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        **_PUBLISHED,
    )
    op.execute(
        _REVISE.format(
            column=", changed_at",
            inserted=", clock_timestamp()",
            updated=", changed_at = greatest(clock_timestamp(), there.changed_at)",
        )
    )


def downgrade() -> None:
    op.execute(_REVISE.format(column="", inserted="", updated=""))
    op.drop_column("revision", "changed_at", **_PUBLISHED)
