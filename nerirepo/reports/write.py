"""Writing a new report: its rows in one statement, since posting waits for each round trip.

By hand, since SQLAlchemy would need three, and more time for each than the database. Columns and defaults are
those of the tables; the statement is put together once.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, cast
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import JSON, Table, inspect
from sqlmodel import Session, SQLModel

from nerirepo.database import sql
from nerirepo.reports.receipt import Receipt
from nerirepo.reports.status import Status, Visibility
from nerirepo.reports.submission import Location
from nerirepo.reports.tables import PhotoRole, Report, ReportOriginal


class Written(NamedTuple):
    """What its history begins with."""

    id: UUID
    status: Status
    visibility: Visibility
    version: int


class _Row:
    """A row to write: all columns but those that the database fills by itself."""

    def __init__(self, of: type[SQLModel], **written: str) -> None:
        table = cast(Table, inspect(of).local_table)
        columns = [each for each in table.columns if each.server_default is None]
        values = ", ".join(written.get(each.name, f":{each.name}") for each in columns)
        self.insert = (
            f"INSERT INTO {table.name} ({', '.join(each.name for each in columns)}) VALUES ({values})"
        )
        self.names = frozenset(each.name for each in columns)
        self.json = [each.name for each in columns if isinstance(each.type, JSON)]
        self.defaults = {
            name: field.get_default(call_default_factory=True)
            for name, field in of.model_fields.items()
            if name in self.names and not field.is_required()
        }

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        assert given.keys() <= self.names
        values = {**self.defaults, **given}
        return values | {name: Jsonb(values[name]) for name in self.json}


_REPORT = _Row(Report, location="ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography")
_ORIGINAL = _Row(ReportOriginal)
_WRITE = f"""
    WITH original AS ({_ORIGINAL.insert}), photos AS (
        INSERT INTO report_photo (report_id, photo_id, role, position, is_cleared)
        SELECT :id, photo_id, '{PhotoRole.BEFORE}', position - 1, false
        FROM unnest(CAST(:photo_ids AS uuid[])) WITH ORDINALITY AS sent (photo_id, position)
    ), receipt AS (
        UPDATE report_submission SET receipt = :receipt WHERE report_id = :id
    )
    {_REPORT.insert}
"""


def write(
    session: Session,
    report: Mapping[str, Any],
    original: Mapping[str, Any],
    *,
    place: Location,
    photo_ids: tuple[UUID, ...],
    receipt: Receipt,
) -> Written:
    """Write a report whose id is claimed: columns of `Report` and of `ReportOriginal` that have a value."""
    values = _REPORT.values(report) | _ORIGINAL.values(original)
    values |= {"lat": place.lat, "lon": place.lon, "photo_ids": list(photo_ids), "receipt": Jsonb(receipt)}
    sql.run(session, _WRITE, values)
    return Written._make(values[name] for name in Written._fields)
