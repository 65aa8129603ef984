"""The map shows a declined report otherwise than a repaired one: its index has the status, too."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_BEFORE = ["map_x", "map_y", "status_group", "kind", "category_code", "number"]


def upgrade() -> None:
    _made_with([*_BEFORE, "status"])


def downgrade() -> None:
    _made_with(_BEFORE)


def _made_with(columns: list[str]) -> None:
    op.drop_index("published_report_cell", "report", schema="published")
    op.create_index(
        "published_report_cell", "report", ["cell"], schema="published", postgresql_include=columns
    )
