"""A letter tells residents which of their photos could not be opened, or came in part only."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

KNOWN = "'event', 'challenge', 'follow', 'digest'"


def upgrade() -> None:
    _know(f"{KNOWN}, 'photos'")


def downgrade() -> None:
    op.execute("DELETE FROM delivery WHERE cause_kind = 'photos'")
    _know(KNOWN)


def _know(kinds: str) -> None:
    op.drop_constraint("cause_kind_known", "delivery")
    # Letters that stand there are not read through: what they are caused by was allowed before.
    op.execute(
        f"ALTER TABLE delivery ADD CONSTRAINT cause_kind_known CHECK (cause_kind IN ({kinds})) NOT VALID"
    )
    op.execute("ALTER TABLE delivery VALIDATE CONSTRAINT cause_kind_known")
