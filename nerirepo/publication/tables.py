"""Schema `published`: the only tables that the public side can read, and all that it needs.

Rows are copies, made by `publish.py` from what the desk has cleared. A trigger on `report` deletes the copy
and leaves a `withdrawn` line in the very transaction in which a report stops being public.
"""
# SQLModel declares __tablename__ as a descriptor.
# pyright: reportAssignmentType=false

from datetime import date, datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry
from pydantic import ConfigDict
from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, String, false, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from nerirepo.database.columns import JSONB, MOMENT, Xid8

SCHEMA = {"schema": "published"}


class PublishedReport(SQLModel, table=True):
    __tablename__ = "report"
    __table_args__ = (
        Index("published_report_newest", "received_at", "id"),
        Index("published_report_point", "point", postgresql_using="gist"),
        Index("published_report_filter", "category_code", "status", "received_at"),
        Index("published_report_changed", "changed_at", "id"),
        Index("published_report_group", "status_group", "received_at", "id"),
        Index("published_report_town", "town", "received_at", "id"),
        Index(
            "published_report_closed",
            "closed_at",
            "id",
            postgresql_where=text("closed_at IS NOT NULL"),
        ),
        Index(
            "published_report_usual",
            "category_code",
            "closed_at",
            postgresql_include=["received_at"],
            postgresql_where=text("status = 'resolved'"),
        ),
        Index("published_report_search", "grams", postgresql_using="gin"),
        Index(
            "published_report_cell",
            "cell",
            postgresql_include=[
                "map_x",
                "map_y",
                "status_group",
                "kind",
                "category_code",
                "number",
                "status",
            ],
        ),
        SCHEMA,
    )
    model_config = ConfigDict(arbitrary_types_allowed=True)  # type: ignore[assignment]

    id: UUID = Field(primary_key=True)
    number: str = Field(unique=True)
    category_code: str
    kind: str
    """The top category."""
    status: str
    status_group: str
    town: str | None = None
    point: Any = Field(default=None, sa_type=Geometry("POINT", srid=4326, spatial_index=False), nullable=True)
    """NULL where only the town is shown."""
    map_x: int | None = Field(default=None, sa_type=BigInteger)
    map_y: int | None = Field(default=None, sa_type=BigInteger)
    cell: int | None = Field(default=None, sa_type=BigInteger)
    """The point as `grid.py` has it, for map tiles."""
    words: str
    searchable: str
    """Words and town, folded for comparison: see `grams.py`."""
    grams: list[str] = Field(sa_type=ARRAY(String))
    department_code: str
    manager_code: str | None = None
    is_deed: bool
    received_at: datetime = Field(sa_type=MOMENT)
    expected_on: date | None = None
    closed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    confirmed_fixed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    glad_count: int = 0
    """How many people have said that they are glad it is fixed."""
    is_featured: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Chosen by the desk as an improvement case."""
    changed_at: datetime = Field(sa_type=MOMENT)
    """Of the copy: feeds ETag and Last-Modified."""
    parent_number: str | None = None
    timeline: list[dict[str, Any]] = Field(sa_type=JSONB)
    """[{kind, at, status, note, facts}]: the public events, oldest first."""
    photos: list[dict[str, Any]] = Field(sa_type=JSONB)
    """[{role: before|after, renditions: {name: {path, width, height, content_type}}}]: the cleared ones."""
    media_prefix: str
    """Unguessable; where its pictures lie in the published bucket."""


class PublishedCount(SQLModel, table=True):
    """How many reports lie in a cell of the map: triggers on `report` keep it, so that a map of the
    whole ward reads some hundred rows whatever there is. Level 0 has one cell, and counts also what has no
    point."""

    __tablename__ = "cell_count"
    __table_args__ = (SCHEMA,)

    level: int = Field(primary_key=True, sa_type=SmallInteger)
    """The world is cut into 2^level x 2^level cells."""
    cell: int = Field(primary_key=True, sa_type=BigInteger)
    status_group: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    count: int
    map_x: int = Field(sa_type=BigInteger)
    map_y: int = Field(sa_type=BigInteger)
    """Sums; divided by `count` they are the middle."""


class PublishedRevision(SQLModel, table=True):
    """One row, whose value is another after each transaction that changed what is published."""

    __tablename__ = "revision"
    __table_args__ = (CheckConstraint("id = 1", name="one_revision"), SCHEMA)

    id: int = Field(primary_key=True)
    value: UUID
    changed_by: str = Field(sa_type=Xid8)
    changed_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")})
    """Never earlier than it was: `Last-Modified` of the data."""


class PublishedMedia(SQLModel, table=True):
    """A picture that may be served. No row, no picture, whatever the bucket still holds."""

    __tablename__ = "media"
    __table_args__ = (SCHEMA,)

    key: str = Field(primary_key=True)
    report_id: UUID = Field(foreign_key="published.report.id", ondelete="CASCADE", index=True)
    content_type: str
    bytes: int
    sha256: str


class Withdrawn(SQLModel, table=True):
    """Was public once: answers 410."""

    __tablename__ = "withdrawn"
    __table_args__ = (SCHEMA,)

    id: UUID = Field(primary_key=True)
    number: str = Field(unique=True)
    media_prefix: str
    withdrawn_at: datetime = Field(sa_type=MOMENT)


class PublishedCategory(SQLModel, table=True):
    __tablename__ = "category"
    __table_args__ = (SCHEMA,)

    code: str = Field(primary_key=True)
    parent_code: str | None = None
    names: dict[str, str] = Field(sa_type=JSONB)
    icon: str = ""
    position: int = 0


class PublishedOffice(SQLModel, table=True):
    """A department or another manager: who does the work."""

    __tablename__ = "office"
    __table_args__ = (SCHEMA,)

    code: str = Field(primary_key=True)
    is_department: bool = Field(primary_key=True)
    names: dict[str, str] = Field(sa_type=JSONB)
    contact: dict[str, Any] = Field(sa_type=JSONB)


class PublishedWard(SQLModel, table=True):
    __tablename__ = "ward"
    __table_args__ = (SCHEMA,)

    code: str = Field(primary_key=True)
    profile: dict[str, Any] = Field(sa_type=JSONB)
    texts: dict[str, dict[str, str]] = Field(sa_type=JSONB)


class PublishedFeature(SQLModel, table=True):
    """Simplified lines of a layer for maps that need no outside tiles."""

    __tablename__ = "line"
    __table_args__ = (Index("published_line_shape", "shape", postgresql_using="gist"), SCHEMA)
    model_config = ConfigDict(arbitrary_types_allowed=True)  # type: ignore[assignment]

    id: int | None = Field(default=None, primary_key=True)
    layer: str
    name: str
    shape: Any = Field(sa_type=Geometry(srid=4326, spatial_index=False))


class PublishedTally(SQLModel, table=True):
    """How many published reports, by one property; and roughly how many are not published: `tallies.py`."""

    __tablename__ = "tally"
    __table_args__ = (SCHEMA,)

    by: str = Field(primary_key=True)
    """all, month, category, department, town, deeds, or unpublished."""
    key: str = Field(primary_key=True)
    """2026-11, a code, a name; empty for reports without a town. Of `unpublished` the day before which
    they came."""
    received: int
    """Of `unpublished` rounded down to a multiple of `tallies.STEP`, once a week."""
    open: int | None
    resolved: int | None
    handed_over: int | None
    declined: int | None
    otherwise: int | None
    """Duplicates and those taken back."""
    joined: int
    """Always 0: once a sum of numbers that were not told alone."""
    confirmed: int | None
    reopened: int | None
    silent: int | None
    half_fixed_days: int | None
    """Days until half of the reports were fixed, where unfixed ones count; NULL until half of them are."""
    most_fixed_days: int | None
    """Until 80 % were."""
    published: dict[str, int] = Field(sa_type=JSONB, sa_column_kwargs={"server_default": text("'{}'")})
    """The same numbers, for the release before this, which reads them here."""
    counted_at: datetime = Field(sa_type=MOMENT)
