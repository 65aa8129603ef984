"""What staff see of a report in a list.

Plain dataclasses: to check a hundred of our own items again would take half of a request's time.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from nerirepo.photos.links import rendition_url
from nerirepo.reports.status import Status, Visibility
from nerirepo.words import language


@dataclass(slots=True)
class Named:
    code: str
    name: str


@dataclass(slots=True)
class Colleague:
    id: UUID
    name: str


@dataclass(slots=True)
class Point:
    lat: float
    lon: float


@dataclass(slots=True)
class Item:
    id: UUID
    number: str
    category: Named
    status: Status
    visibility: Visibility
    version: int
    department: Named
    assignee: Colleague | None
    town: str | None
    location: Point | None
    distance_m: int | None
    received_at: datetime
    due_on: date | None
    expected_on: date | None
    overdue: bool
    is_danger: bool
    flags: list[str]
    answered: bool
    """The resident has written something that nobody has read."""
    thumbnail: str | None
    """URL of a small rendition."""
    words: str
    """The beginning of what the resident wrote."""


@dataclass(slots=True)
class Page:
    items: list[Item]
    next_cursor: str | None


def item(row: Row[Any], locale: str) -> Item:
    """From a row of the worklist's statement."""
    return Item(
        id=row.id,
        number=row.number,
        category=Named(code=row.category_code, name=language.name(row.category_names, locale)),
        status=Status(row.status),
        visibility=Visibility(row.visibility),
        version=row.version,
        department=Named(code=row.department_code, name=language.name(row.department_names, locale)),
        assignee=Colleague(id=row.assignee_id, name=row.assignee_name) if row.assignee_id else None,
        town=row.town,
        location=Point(lat=row.lat, lon=row.lon) if row.lat is not None else None,
        distance_m=round(row.distance) if row.distance is not None else None,
        received_at=row.received_at,
        due_on=row.due_on,
        expected_on=row.expected_on,
        overdue=row.is_overdue,
        is_danger=row.is_danger,
        flags=row.flags,
        answered=row.unread_seq is not None,
        thumbnail=rendition_url(row.photo_id, "small") if row.photo_id else None,
        words=row.words or "",
    )
