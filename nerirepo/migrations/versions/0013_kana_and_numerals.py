"""Words are found in both kana, and towns by both ways to write their number: all copies are folded anew."""

import unicodedata
from collections.abc import Callable
from itertools import pairwise

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _fold(_folded)


def downgrade() -> None:
    _fold(lambda text: unicodedata.normalize("NFKC", text).casefold())


def _fold(fold: Callable[[str], str]) -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, words, town, searchable FROM published.report")).all()
    changed = []
    for report_id, words, town, searchable in rows:
        anew = fold(f"{words} {town or ''}")
        if anew != searchable:
            changed.append({"id": report_id, "searchable": anew, "grams": _grams(anew)})
    if changed:
        update = "UPDATE published.report SET searchable = :searchable, grams = :grams WHERE id = :id"
        connection.execute(sa.text(update), changed)
        # Triggers that wait for the commit would forbid changing the table.
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
        op.execute("SET CONSTRAINTS ALL DEFERRED")


# --- as it was: what the service works out today may differ -------------------------------------------

_KATAKANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_ALIKE = _KATAKANA | {ord(numeral): str(digit) for digit, numeral in enumerate("一二三四五六七八九", 1)}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_ALIKE)


def _grams(text: str) -> list[str]:
    found: set[str] = set()
    for word in text.split():
        found.update(word)
        found.update(one + other for one, other in pairwise(word))
    return sorted(found)
