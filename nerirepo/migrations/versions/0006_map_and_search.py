"""Cells, counts and a revision for the map; letters and pairs of letters for the search."""

import unicodedata
from itertools import pairwise
from math import asinh, pi, radians, tan

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from nerirepo.database.columns import Xid8

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_PUBLISHED = {"schema": "published"}
_NEW_COLUMNS = {
    "kind": sa.String(),
    "status_group": sa.String(),
    "map_x": sa.BigInteger(),
    "map_y": sa.BigInteger(),
    "cell": sa.BigInteger(),
    "searchable": sa.String(),
    "grams": postgresql.ARRAY(sa.String()),
    "glad_count": sa.Integer(),
}
_MAY_BE_NULL = {"map_x", "map_y", "cell"}

# In the database, so that no way of publishing or hiding can forget the map. Both run when the transaction
# commits: whoever publishes or hides holds these much wanted rows for a moment only, and waits for no other
# row while holding them.
_COUNT = """
CREATE FUNCTION published.count_on_map() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO published.cell_count AS there (level, cell, status_group, kind, count, map_x, map_y)
        SELECT level, CASE level WHEN 0 THEN 0 ELSE cell >> (2 * (24 - level)) END AS part,
            status_group, kind,
            sum(weight), sum(weight * coalesce(map_x, 0)), sum(weight * coalesce(map_y, 0))
        FROM (
            SELECT -1 AS weight, OLD.cell, OLD.status_group, OLD.kind, OLD.map_x, OLD.map_y
            WHERE TG_OP <> 'INSERT'
            UNION ALL
            SELECT 1, NEW.cell, NEW.status_group, NEW.kind, NEW.map_x, NEW.map_y WHERE TG_OP <> 'DELETE'
        ) AS change, unnest(ARRAY[0, 13, 14, 15, 16, 17, 18, 19]) AS level
        WHERE level = 0 OR cell IS NOT NULL
        GROUP BY level, part, status_group, kind
        ORDER BY level, part, status_group, kind
    ON CONFLICT (level, cell, status_group, kind) DO UPDATE SET
        count = there.count + excluded.count,
        map_x = there.map_x + excluded.map_x,
        map_y = there.map_y + excluded.map_y;
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM published.cell_count
        WHERE count = 0 AND status_group = OLD.status_group AND kind = OLD.kind
            AND (level, cell) IN (
                SELECT level, CASE level WHEN 0 THEN 0 ELSE OLD.cell >> (2 * (24 - level)) END
                FROM unnest(ARRAY[0, 13, 14, 15, 16, 17, 18, 19]) AS level);
    END IF;
    RETURN NULL;
END $$
"""
_REVISE = """
CREATE FUNCTION published.revise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO published.revision AS there (id, value, changed_by)
        VALUES (1, gen_random_uuid(), pg_current_xact_id())
        ON CONFLICT (id) DO UPDATE SET value = excluded.value, changed_by = excluded.changed_by
            WHERE there.changed_by <> excluded.changed_by;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "cell_count",
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=False),
        sa.Column("status_group", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("map_x", sa.BigInteger(), nullable=False),
        sa.Column("map_y", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("level", "cell", "status_group", "kind"),
        **_PUBLISHED,
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Uuid(), nullable=False),
        sa.Column("changed_by", Xid8(), nullable=False),
        sa.CheckConstraint("id = 1", name="one_revision"),
        sa.PrimaryKeyConstraint("id"),
        **_PUBLISHED,
    )
    op.execute(_REVISE)
    for name, kind in _NEW_COLUMNS.items():
        op.add_column("report", sa.Column(name, kind), **_PUBLISHED)
    op.execute(_COUNT)
    op.execute(
        """
        CREATE CONSTRAINT TRIGGER report_is_on_map AFTER INSERT OR UPDATE OR DELETE ON published.report
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION published.count_on_map()
        """
    )
    _fill()
    for name in _NEW_COLUMNS.keys() - _MAY_BE_NULL:
        op.alter_column("report", name, nullable=False, **_PUBLISHED)
    _create_indexes()
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'published'"
    for (table,) in op.get_bind().execute(sa.text(tables)).all():
        if table not in ("cell_count", "revision"):
            op.execute(
                f"CREATE CONSTRAINT TRIGGER {table}_revises AFTER INSERT OR UPDATE OR DELETE"
                f" ON published.{table} DEFERRABLE INITIALLY DEFERRED"
                " FOR EACH ROW EXECUTE FUNCTION published.revise()"
            )


def _fill() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            """
            SELECT report.id, words, town, status, ST_Y(point) AS lat, ST_X(point) AS lon,
                coalesce(category.parent_code, report.category_code) AS kind
            FROM published.report LEFT JOIN published.category ON category.code = report.category_code
            """
        )
    ).mappings()
    for row in rows.all():
        searchable = _folded(f"{row['words']} {row['town'] or ''}")
        on_map = _place(row["lat"], row["lon"]) if row["lat"] is not None else None
        values = {
            "kind": row["kind"],
            "status_group": _GROUPS[row["status"]],
            "searchable": searchable,
            "grams": _grams(searchable),
            "glad_count": 0,
        }
        if on_map:
            values |= dict(zip(("map_x", "map_y", "cell"), on_map, strict=True))
        changes = ", ".join(f"{name} = :{name}" for name in values)
        connection.execute(
            sa.text(f"UPDATE published.report SET {changes} WHERE id = :id"), values | {"id": row["id"]}
        )
    # Triggers that wait for the commit would forbid changing the table.
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.execute("SET CONSTRAINTS ALL DEFERRED")


def _create_indexes() -> None:
    op.drop_index("published_report_search", "report", **_PUBLISHED)
    op.create_index("published_report_search", "report", ["grams"], postgresql_using="gin", **_PUBLISHED)
    op.create_index("published_report_group", "report", ["status_group", "received_at", "id"], **_PUBLISHED)
    op.create_index("published_report_town", "report", ["town", "received_at", "id"], **_PUBLISHED)
    op.create_index(
        "published_report_closed",
        "report",
        ["closed_at", "id"],
        postgresql_where=sa.text("closed_at IS NOT NULL"),
        **_PUBLISHED,
    )
    op.create_index(
        "published_report_usual",
        "report",
        ["category_code", "closed_at"],
        postgresql_include=["received_at"],
        postgresql_where=sa.text("status = 'resolved'"),
        **_PUBLISHED,
    )
    op.create_index(
        "published_report_cell",
        "report",
        ["cell"],
        postgresql_include=["map_x", "map_y", "status_group", "kind", "category_code", "number"],
        **_PUBLISHED,
    )


def downgrade() -> None:
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'published'"
    for (table,) in op.get_bind().execute(sa.text(tables)).all():
        op.execute(f"DROP TRIGGER IF EXISTS {table}_revises ON published.{table}")
    op.execute("DROP TRIGGER report_is_on_map ON published.report")
    op.execute("DROP FUNCTION published.count_on_map")
    op.execute("DROP FUNCTION published.revise")
    for index in ("search", "group", "town", "closed", "usual", "cell"):
        op.drop_index(f"published_report_{index}", "report", **_PUBLISHED)
    for name in _NEW_COLUMNS:
        op.drop_column("report", name, **_PUBLISHED)
    op.create_index(
        "published_report_search",
        "report",
        ["words", "town"],
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops", "town": "gin_trgm_ops"},
        **_PUBLISHED,
    )
    op.drop_table("revision", **_PUBLISHED)
    op.drop_table("cell_count", **_PUBLISHED)


# --- as it was: what the service works out today may differ -------------------------------------------

_GROUPS = {
    "received": "before",
    "checking": "during",
    "in_progress": "during",
    "resolved": "after",
    "declined": "after",
    "handed_over": "after",
    "duplicate": "after",
    "withdrawn": "after",
    "thanked": "after",
}
_WORLD = 1 << 32
_FURTHEST_NORTH = 85.0511


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _grams(text: str) -> list[str]:
    found: set[str] = set()
    for word in text.split():
        found.update(word)
        found.update(one + other for one, other in pairwise(word))
    return sorted(found)


def _place(lat: float, lon: float) -> tuple[int, int, int]:
    """x, y in 2^32 units of the world, and the cell of 2^24 x 2^24 along a Morton curve."""
    lat = min(max(lat, -_FURTHEST_NORTH), _FURTHEST_NORTH)
    x = min(int((lon + 180) / 360 * _WORLD), _WORLD - 1)
    y = min(int((1 - asinh(tan(radians(lat))) / pi) / 2 * _WORLD), _WORLD - 1)
    return x, y, _spread(y >> 8) << 1 | _spread(x >> 8)


def _spread(value: int) -> int:
    """Its bits with a zero before each: binary digits, read as those of base four."""
    return int(f"{value:b}", 4)
