"""Words are found in both kana, and towns by both ways to write their number: all copies are folded anew."""

import unicodedata
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from nerirepo.publication.grams import folded, grams

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _fold(folded)


def downgrade() -> None:
    _fold(lambda text: unicodedata.normalize("NFKC", text).casefold())


def _fold(fold: Callable[[str], str]) -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, words, town, searchable FROM published.report")).all()
    changed = []
    for report_id, words, town, searchable in rows:
        anew = fold(f"{words} {town or ''}")
        if anew != searchable:
            changed.append({"id": report_id, "searchable": anew, "grams": grams(anew)})
    if changed:
        update = "UPDATE published.report SET searchable = :searchable, grams = :grams WHERE id = :id"
        connection.execute(sa.text(update), changed)
        # Triggers that wait for the commit would forbid changing the table.
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
        op.execute("SET CONSTRAINTS ALL DEFERRED")
