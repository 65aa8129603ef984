"""What a new report is filed under: the next number, and its category as the ward has it now."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.base.errors import FieldFault, Unavailable
from nerirepo.catalogue.profile import Profile, understood
from nerirepo.catalogue.read import CategoryUnknown, WardNotLoaded
from nerirepo.database import sql

# One statement for all, since posting waits for each round trip.
_CATEGORY_AND_NUMBER = """
    SELECT category.code, category.questions, category.target_days, category.valid_until,
        category.is_danger, category.is_deed, ward.posting_open, nextval('report_number') AS number,
        ward.profile::text AS profile,
        EXISTS (SELECT FROM category AS child WHERE child.parent_code = :code) AS is_only_a_group
    FROM ward LEFT JOIN category ON category.code = :code
"""


class PostingClosed(Unavailable):
    """Posting is closed at the moment. Keep the report and send it later."""

    code = "posting_closed"


class Filed(NamedTuple):
    """A category's columns, and the ward's."""

    number: str
    code: str
    questions: list[dict[str, Any]]
    target_days: int | None
    valid_until: date | None
    is_danger: bool
    is_deed: bool
    profile: Profile


def file_under(session: Session, category: str, now: datetime) -> Filed:
    """A number such as NR-2026-000123, and the category; a number that is not used after all is a gap.

    Raises `WardNotLoaded`, `PostingClosed` and `CategoryUnknown`.
    """
    found = sql.first(session, _CATEGORY_AND_NUMBER, {"code": category})
    if found is None:
        raise WardNotLoaded
    if not found.posting_open:
        raise PostingClosed(retry_after=3600)
    if found.code is None or found.is_only_a_group:
        raise CategoryUnknown(faults=(FieldFault("category", "category_unknown", category),))
    profile = understood(found.profile)
    return Filed(
        f"{profile.number_prefix}-{clock.in_japan(now).year}-{found.number:06d}",
        found.code,
        found.questions,
        found.target_days,
        found.valid_until,
        found.is_danger,
        found.is_deed,
        profile,
    )
