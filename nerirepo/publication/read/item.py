"""A published report, as everybody reads it: in a list, near a place, and as a part of its own page."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from nerirepo.photos.renditions import Picture
from nerirepo.reports.status import GROUPS, Status
from nerirepo.words import language
from nerirepo.words.fields import Coordinates
from nerirepo.words.language import Named


class PublicPhoto(TypedDict):
    """`role`: before or after. `renditions`: large, medium, small."""

    role: str
    url: str
    width: int
    height: int
    renditions: dict[str, Picture]


class PublicReport(TypedDict):
    """`status_group`: before, during or after. `point` is null where a home is near."""

    id: str
    number: Annotated[str, Field(examples=["NR-2026-000123"])]
    category: Named
    status: str
    status_group: str
    town: str | None
    point: Coordinates | None
    words: str
    photos: list[PublicPhoto]
    received_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    expected_on: date | None
    department: Named
    confirmed_fixed: bool
    is_deed: bool


COLUMNS = """
    report.number, report.id, report.category_code, category.names AS category_names, report.status,
    report.town, ST_Y(report.point) AS lat, ST_X(report.point) AS lon, report.words, report.photos,
    report.received_at, report.changed_at, report.closed_at, report.expected_on, report.department_code,
    office.names AS department_names, report.confirmed_fixed_at, report.is_deed
"""
"""What `item` shows, of `FROM`."""
NAMES = """
    LEFT JOIN published.category AS category ON category.code = report.category_code
    LEFT JOIN published.office AS office ON office.code = report.department_code AND office.is_department
"""
FROM = f"published.report AS report {NAMES}"


def item(row: Any, lang: str) -> PublicReport:
    return {
        "number": row.number,
        "id": str(row.id),
        "category": _named(row.category_code, row.category_names, lang),
        "status": row.status,
        "status_group": GROUPS[Status(row.status)].value,
        "town": row.town,
        "point": None if row.lat is None else {"lat": row.lat, "lon": row.lon},
        "words": row.words,
        "photos": [_photo(photo) for photo in row.photos],
        "received_at": row.received_at,
        "updated_at": row.changed_at,
        "closed_at": row.closed_at,
        "expected_on": row.expected_on,
        "department": _named(row.department_code, row.department_names, lang),
        "confirmed_fixed": row.confirmed_fixed_at is not None,
        "is_deed": row.is_deed,
    }


def _named(code: str, names: dict[str, str] | None, lang: str) -> Named:
    # A name is missing only between a change of the ward's data and its copy.
    return language.named(code, names, lang) if names else {"code": code, "name": code}


def _photo(photo: dict[str, Any]) -> PublicPhoto:
    """Each `url` is a path on the one address."""
    renditions: dict[str, Picture] = {
        size: {
            "url": f"/media/{made['path']}",
            "width": made["width"],
            "height": made["height"],
            "content_type": made["content_type"],
        }
        for size, made in photo["renditions"].items()
    }
    largest = renditions["large"]
    return {
        "role": photo["role"],
        "url": largest["url"],
        "width": largest["width"],
        "height": largest["height"],
        "renditions": renditions,
    }
