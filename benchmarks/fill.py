"""A town full of published reports, written by SQL in seconds: for measuring, and not for looking at.

The rows are those that `nerirepo/publication/rewrite.py` would write; triggers sleep meanwhile, and the
counts of the map are made afterwards in one go.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from nerirepo.publication import grid
from nerirepo.publication.bigrams import folded, grams
from nerirepo.publication.read.tiles import COUNTED_LEVELS
from nerirepo.reports.status import GROUPS, Status

WEST, SOUTH, EAST, NORTH = 139.563, 35.711, 139.681, 35.780
"""About the ward."""
_FIRST = datetime(2016, 10, 1, tzinfo=UTC)
_YEARS = timedelta(days=3650)
_STATUSES = [Status.RESOLVED] * 12 + [Status.RECEIVED] * 2
_STATUSES += [Status.CHECKING, Status.IN_PROGRESS, Status.DECLINED]
KINDS = (
    "lamp.out",
    "road.pothole",
    "road.crack",
    "park.equipment",
    "park.tree",
    "waste.dumping",
    "graffiti",
)
WORDS = (
    "街路灯が消えていて夜は暗いです。",
    "道路に穴があいています。",
    "公園の遊具がこわれています。",
    "木の枝がのびて見通しが悪い。",
    "ごみが捨てられています。",
    "歩道の段差につまずきました。",
    "落書きがあります。",
    "側溝のふたが割れています。",
    "通学路なので早めにお願いします。",
    "昨日の雨のあとからです。",
    "自転車が通るとき危ないです。",
    "前にも知らせたことがあります。",
)
_RARE = "椅子のねじ"
"""In one of a thousand."""

_COLUMNS = (
    "id",
    "number",
    "category_code",
    "kind",
    "status",
    "status_group",
    "town",
    "point",
    "map_x",
    "map_y",
    "cell",
    "words",
    "searchable",
    "grams",
    "department_code",
    "is_deed",
    "received_at",
    "closed_at",
    "glad_count",
    "changed_at",
    "timeline",
    "photos",
    "media_prefix",
)


def fill(superuser_url: str, count: int, *, seed: int = 7) -> None:
    """Replace whatever is published by `count` reports that are always the same."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        parents = dict(
            connection.execute("SELECT code, coalesce(parent_code, code) FROM published.category").fetchall()
        )
        names = connection.execute("SELECT name FROM published.line WHERE layer = 'towns'")
        towns = [name for (name,) in names]
        connection.execute("SET session_replication_role = replica")
        connection.execute("TRUNCATE published.report CASCADE")
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute("DROP INDEX published.published_report_search")  # faster made at the end
        connection.execute("TRUNCATE published.cell_count")
        with connection.cursor().copy(f"COPY published.report ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
            for row in _rows(count, random.Random(seed), parents, towns):
                copy.write_row(row)
        connection.execute("CREATE INDEX published_report_search ON published.report USING gin (grams)")
        for level in (0, *COUNTED_LEVELS):
            connection.execute(_COUNT, {"level": level})
        connection.execute(
            "INSERT INTO published.revision VALUES (1, gen_random_uuid(), pg_current_xact_id())"
            " ON CONFLICT (id) DO UPDATE SET value = excluded.value"
        )
        connection.execute("VACUUM ANALYZE published.report")
        connection.execute("VACUUM ANALYZE published.cell_count")


_COUNT = """
    INSERT INTO published.cell_count
    SELECT %(level)s, CASE %(level)s WHEN 0 THEN 0 ELSE cell >> (2 * (24 - %(level)s)) END AS part,
        status_group, kind, count(*), sum(map_x), sum(map_y)
    FROM published.report WHERE cell IS NOT NULL GROUP BY part, status_group, kind
"""


def _rows(count: int, dice: random.Random, parents: dict[str, str], towns: list[str]) -> Iterator[tuple]:
    for index in range(count):
        lat, lon = dice.uniform(SOUTH, NORTH), dice.uniform(WEST, EAST)
        on_map = grid.place(lat, lon)
        status, kind = dice.choice(_STATUSES), dice.choice(KINDS)
        received = _FIRST + _YEARS * ((index + 1) / count)
        closed = received + timedelta(days=dice.expovariate(1 / 9)) if status == Status.RESOLVED else None
        town = dice.choice(towns)
        words = " ".join(dice.sample(WORDS, 3)) + (_RARE if index % 1000 == 500 else "")
        searchable = folded(f"{words} {town}")
        at = received.isoformat(timespec="seconds")
        timeline = [{"kind": "submit", "at": at, "status": "received", "note": None, "facts": {}}]
        yield (
            UUID(int=(7 << 76) | (2 << 62) | (index << 80) | dice.getrandbits(32)),
            f"NR-{received.year}-{index:06d}",
            kind,
            parents.get(kind, kind),
            status.value,
            GROUPS[status].value,
            town,
            f"SRID=4326;POINT({lon} {lat})",
            on_map.x,
            on_map.y,
            on_map.cell,
            words,
            searchable,
            grams(searchable),
            "roads",
            False,
            received,
            closed,
            0,
            received,
            Jsonb(timeline),
            Jsonb([]),
            "",
        )
