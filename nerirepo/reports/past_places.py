"""Where was something reported, and of which kind? For trying new geometry on what has happened."""

from sqlmodel import Session

from nerirepo.database import sql
from nerirepo.places.try_layer import Past

_NEWEST = """
    SELECT number, ST_Y(location::geometry) AS lat, ST_X(location::geometry) AS lon, category_code,
        coalesce(original.answers, '{}') AS answers
    FROM report LEFT JOIN report_original AS original ON original.report_id = report.id
    WHERE location IS NOT NULL
    ORDER BY received_at DESC, id DESC LIMIT :most
"""


def past_places(session: Session, most: int) -> list[Past]:
    """Of the newest reports, at most `most`; without those whose point was erased."""
    return [
        Past(row.number, row.lat, row.lon, row.category_code, row.answers)
        for row in sql.rows(session, _NEWEST, {"most": most})
    ]
