"""Which reports does somebody ask for? The filters of the worklist, and what they are in SQL."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from nerirepo.database import sql
from nerirepo.reports.find import NUMBER, as_number
from nerirepo.reports.permissions import Actor
from nerirepo.reports.status import OPEN, EventKind, Status, Visibility
from nerirepo.staff.roles import Role


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
    """Empty or None: no matter. Good deeds, once thanked, are listed only when asked for by status."""

    statuses: frozenset[Status] = frozenset()
    department: str | None = None
    assignee: UUID | None = None
    near: Near | None = None
    overdue: bool = False
    to_screen: bool = False
    """The desk has not decided yet what the public may see of it, or of a photo that came later."""
    answered: bool = False
    """The resident has written something that nobody has read, whatever the status."""
    q: str | None = None
    """A part of the number, of the town's name or of the resident's words."""
    sort: Sort = Sort.NEWEST
    cursor: str | None = None
    limit: int = 50


DUE = "coalesce(r.expected_on, r.due_on)"
"""What has been promised to the resident counts for more than the ward's own aim."""

IS_OPEN = f"r.status IN ({sql.literals(OPEN)})"
"""As the index `report_open` has it."""

_LOOKED_AT = frozenset({EventKind.ACCEPT, EventKind.PUBLISH})
"""With these the desk has looked at all photos that were there."""
_TO_SCREEN = f"""(
    r.visibility = '{Visibility.PENDING}' AND r.status <> '{Status.WITHDRAWN}'
    OR r.visibility = '{Visibility.PUBLIC}' AND EXISTS (
        SELECT FROM report_photo late
        WHERE late.report_id = r.id AND late.role = 'before' AND NOT late.is_cleared
            AND late.event_seq > (SELECT max(seq) FROM report_event e
                                  WHERE e.report_id = r.id AND e.kind IN ({sql.literals(_LOOKED_AT)})))
)"""


def conditions(actor: Actor, filters: Filters) -> tuple[list[str], dict[str, Any]]:
    """Over `report r` and `report_original o`, with their values; `today` the caller has."""
    where, values = list[str](), dict[str, Any]()

    def only(condition: str, **named: Any) -> None:
        where.append(condition)
        values.update(named)

    if actor.role is Role.FIELD:  # as permissions.may_see
        only("(r.department_code = :own OR r.assignee_id = :me)", own=actor.department, me=actor.id)
    if filters.statuses:
        only("r.status = ANY(:statuses)", statuses=sorted(filters.statuses))
        if filters.statuses <= OPEN:
            only(IS_OPEN)
    elif not filters.answered:
        only(f"r.status <> '{Status.THANKED}'")
    if filters.department:
        only("r.department_code = :department", department=filters.department)
    if filters.assignee:
        only("r.assignee_id = :assignee", assignee=filters.assignee)
    if filters.near:
        only("r.location IS NOT NULL", here=f"SRID=4326;POINT({filters.near.lon} {filters.near.lat})")
        if filters.near.metres is not None:
            only("ST_DWithin(r.location, CAST(:here AS geography), :metres)", metres=filters.near.metres)
    if filters.overdue:
        only(f"{DUE} < :today AND {IS_OPEN}")
    if filters.answered:
        only("r.unread_seq IS NOT NULL")
    if filters.to_screen:
        only(_TO_SCREEN)
    if filters.q and NUMBER.fullmatch(as_number(filters.q)):
        only("r.number = :number", number=as_number(filters.q))
    elif filters.q:
        like = "%" + filters.q.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
        only("(r.number ILIKE :like OR r.town ILIKE :like OR o.description ILIKE :like)", like=like)
    return where, values
