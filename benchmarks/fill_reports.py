"""A ward full of reports as the service itself holds them, with whom they came from and what happened.

Written by SQL in seconds, always the same ones; triggers sleep meanwhile. What the public sees of them is
another table: `fill.py`.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from benchmarks.fill import EAST, KINDS, NORTH, SOUTH, WEST, WORDS

YEARS = timedelta(days=3650)
REPORTS_OF_A_PERSON = 20
_STEPS = (("accept", "checking"), ("start", "in_progress"), ("resolve", "resolved"))
_OFFICES = {"road": "roads", "lamp": "lamps", "park": "parks", "waste": "waste"}
_OPEN = 2000
"""Reports that are not closed yet: a ward works on a few weeks, however long its history is."""


def fill(superuser_url: str, count: int, *, seed: int = 7) -> None:
    """Replace whatever reports and people there are by so many that are always the same."""
    dice = random.Random(seed)
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("TRUNCATE reporter, report, report_submission CASCADE")
        people = [_any_id(dice) for _ in range(max(count // REPORTS_OF_A_PERSON, 1))]
        now = datetime.now(UTC)
        _copy(
            connection,
            "reporter (id, email, eligibility, locale, mail_updates, created_at, last_seen_at)",
            ((each, f"{each}@example.jp", "lives", "ja", True, now - YEARS, now) for each in people),
        )
        rows = list(_reports(count, dice, now))
        _copy(
            connection,
            "report (id, number, category_code, status, visibility, version, department_code, location, town,"
            " routing_reason, routing_confidence, flags, is_danger, is_deed, hides_point, public_text,"
            " received_at, updated_at, due_on, closed_at)",
            rows,
        )
        _copy(
            connection,
            "report_original (report_id, reporter_id, description, answers, location_confirmed, locale)",
            (
                (row[0], dice.choice(people), " ".join(dice.sample(WORDS, 3)), Jsonb({}), False, "ja")
                for row in rows
            ),
        )
        _copy(
            connection,
            "report_submission (report_id, content_sha256, receipt)",
            ((row[0], "0" * 64, Jsonb({"report_id": str(row[0])})) for row in rows),
        )
        _copy(
            connection,
            "report_event (id, report_id, kind, at, actor_kind, from_status, to_status, version, facts)",
            _events(rows, dice),
        )
        connection.execute("SELECT setval('report_number', greatest(%s, 2))", [count])
        for table in ("reporter", "report", "report_original", "report_submission", "report_event"):
            connection.execute(f"VACUUM ANALYZE {table}".encode())


def _copy(connection: psycopg.Connection, table: str, rows: Iterator[tuple] | list[tuple]) -> None:
    with connection.cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)


def _reports(count: int, dice: random.Random, now: datetime) -> Iterator[tuple]:
    for index in range(count):
        received = now - YEARS * ((count - index) / count)
        kind = dice.choice(KINDS)
        is_open = index >= count - _OPEN and dice.random() < 0.9
        lat, lon = dice.uniform(SOUTH, NORTH), dice.uniform(WEST, EAST)
        yield (
            UUID(int=int(received.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62 | index),
            f"NR-{received.year}-{index:06d}",
            kind,
            dice.choice(("received", "checking", "in_progress")) if is_open else "resolved",
            "public",
            4,
            _OFFICES.get(kind.partition(".")[0], "desk"),
            f"SRID=4326;POINT({lon} {lat})",
            "豊玉北六丁目",
            Jsonb({"ja": "区道の上です。"}),
            0.9,
            [],
            False,
            False,
            False,
            "道路に穴があいています。",
            received,
            received,
            (received + timedelta(days=14)).date(),
            None if is_open else received + timedelta(days=dice.expovariate(1 / 9)),
        )


def _events(rows: list[tuple], dice: random.Random) -> Iterator[tuple]:
    for row in rows:
        received = row[16]
        yield _event(dice, row[0], "submit", received, "reporter", None, "received", 1)
        before = "received"
        for version, (kind, status) in enumerate(_STEPS, 2):
            received += timedelta(days=1)
            yield _event(dice, row[0], kind, received, "member", before, status, version)
            before = status


def _event(
    dice: random.Random,
    report: UUID,
    kind: str,
    at: datetime,
    actor: str,
    before: str | None,
    after: str,
    version: int,
) -> tuple:
    return _any_id(dice), report, kind, at, actor, before, after, version, Jsonb({})


def _any_id(dice: random.Random) -> UUID:
    return UUID(int=dice.getrandbits(128), version=4)
