"""What is there to do? The reports that a member may see, filtered, sorted and in pages.

One SQL statement, whatever is asked for and however long the page.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel

from nerirepo.reports.status import Status, Visibility

LONGEST_PAGE = 100
EXCERPT = 120
"""Characters of the resident's words: two lines on a phone."""


class Sort(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    DUE = "due"
    """Dangers first, then by the day that was promised or is aimed at."""
    DISTANCE = "distance"
    """From `near`."""


@dataclass(frozen=True)
class Near:
    """WGS 84 degrees; `metres` None for any distance."""

    lat: float
    lon: float
    metres: int | None = None


@dataclass(frozen=True)
class Filters:
    """Empty or None: no matter. Good deeds that have been thanked are listed only when asked for by status."""

    statuses: frozenset[Status] = frozenset()
    department: str | None = None
    assignee: UUID | None = None
    near: Near | None = None
    overdue: bool = False
    to_screen: bool = False
    """The desk has not decided yet what the public may see of it, or of a photo that came later."""
    q: str | None = None
    """A number or its last digits, or a part of the town's name or of the resident's words."""
    sort: Sort = Sort.NEWEST
    cursor: str | None = None
    limit: int = 50


class Named(BaseModel):
    code: str
    name: str


class Colleague(BaseModel):
    id: UUID
    name: str


class Point(BaseModel):
    lat: float
    lon: float


class Item(BaseModel):
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
    thumbnail: str | None
    """URL of a small rendition."""
    words: str
    """The beginning of what the resident wrote."""


class Page(BaseModel):
    items: list[Item]
    next_cursor: str | None


DUE = "coalesce(r.expected_on, r.due_on)"
"""What has been promised to the resident counts for more than the ward's own aim."""
DISTANCE = "ST_Distance(r.location, CAST(:here AS geography))"

_ORDERS: dict[Sort, tuple[str, tuple[str, ...], tuple[type, ...]]] = {
    Sort.NEWEST: ("DESC", ("r.received_at",), (str,)),
    Sort.OLDEST: ("ASC", ("r.received_at",), (str,)),
    Sort.DUE: (
        "ASC",
        ("CASE WHEN r.is_danger THEN 0 ELSE 1 END", f"coalesce({DUE}, date '9999-12-31')", "r.received_at"),
        (int, str, str),
    ),
    Sort.DISTANCE: ("ASC", (DISTANCE,), (float,)),
}
"""Direction, keys (the id breaks ties) and their types in a cursor."""

_TYPES = {str: "timestamptz", int: "int", float: "float8"}

_TO_SCREEN = """
    (r.visibility = 'pending' AND r.status <> 'withdrawn'
     OR r.visibility = 'public' AND EXISTS (
        SELECT FROM report_photo late
        WHERE late.report_id = r.id AND late.role = 'before' AND NOT late.is_cleared
          AND late.event_seq > (SELECT max(seq) FROM report_event e
                                WHERE e.report_id = r.id AND e.kind IN ('accept', 'publish'))))
"""

_PAGE = """
    WITH page AS (
        SELECT r.*, {distance} AS distance_m, ARRAY[{keys}] AS keys
        FROM report r LEFT JOIN report_original o ON o.report_id = r.id
        WHERE {where}
        ORDER BY {order}
        LIMIT :limit
    )
    SELECT r.id, r.number, r.category_code, c.names AS category_names, r.status, r.visibility, r.version,
        r.department_code, d.names AS department_names, r.assignee_id, m.name AS assignee_name,
        r.town, ST_Y(r.location::geometry) AS lat, ST_X(r.location::geometry) AS lon, r.distance_m,
        r.received_at, r.due_on, r.expected_on, {due} < :today AND r.status = ANY(:open) AS overdue,
        r.is_danger, r.flags, left(o.description, :excerpt) AS words, r.keys,
        (SELECT p.id FROM report_photo rp JOIN photo p ON p.id = rp.photo_id
         WHERE rp.report_id = r.id AND p.state = 'ready'
         ORDER BY rp.role DESC, rp.position LIMIT 1) AS photo_id
    FROM page r
    JOIN category c ON c.code = r.category_code
    JOIN department d ON d.code = r.department_code
    LEFT JOIN member m ON m.id = r.assignee_id
    LEFT JOIN report_original o ON o.report_id = r.id
    ORDER BY {order}
"""
