"""Is this what the same person has said a moment ago, with the same words about the same place?

Nothing is refused for it: it is flagged, and a person looks before a department does.
"""

import unicodedata
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from nerirepo.database import sql
from nerirepo.reports.submission import Submission

WITHIN = timedelta(hours=24)
METRES = 30
"""As far as a phone is wrong between two looks at the same thing."""
UNSEEN = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp"})
"""Unicode's categories of signs that nobody sees."""

_THERE = """
    SELECT original.description FROM report_original AS original
    JOIN report ON report.id = original.report_id
    WHERE original.reporter_id = :reporter_id AND report.category_code = :category
        AND report.received_at > :since
        AND ST_DWithin(report.location, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography, :metres)
"""


def folded(words: str) -> str:
    """What is left of words when width, case, spaces and invisible signs do not count."""
    folded = unicodedata.normalize("NFKC", words).casefold()
    return "".join(each for each in folded if unicodedata.category(each) not in UNSEEN)


def is_same_again(session: Session, reporter_id: UUID, submission: Submission, now: datetime) -> bool:
    """Whether this person has said so of this kind of thing here, within the day. Others never count."""
    words = folded(submission.description)
    if not words:
        return False
    asked = {
        "reporter_id": reporter_id,
        "category": submission.category,
        "since": now - WITHIN,
        "lat": submission.location.lat,
        "lon": submission.location.lon,
        "metres": METRES,
    }
    return any(folded(row.description) == words for row in sql.rows(session, _THERE, asked))
