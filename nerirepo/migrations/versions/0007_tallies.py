"""A table of how many reports there are, published or not, for the public statistics."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NUMBERS_THAT_MAY_BE_NULL = (
    "open",
    "resolved",
    "handed_over",
    "declined",
    "otherwise",
    "confirmed",
    "reopened",
    "silent",
    "half_fixed_days",
    "most_fixed_days",
)


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("joined", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in _NUMBERS_THAT_MAY_BE_NULL),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("by", "key"),
        schema="published",
    )
    op.execute(
        "CREATE CONSTRAINT TRIGGER tally_revises AFTER INSERT OR UPDATE OR DELETE ON published.tally"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION published.revise()"
    )


def downgrade() -> None:
    op.drop_table("tally", schema="published")
