"""Which letters went out about a report, and did they arrive? For staff: states, never an address."""

import re
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Session

from nerirepo.database import sql
from nerirepo.notifications.recipients import DEPARTMENT_HEARS, DEPARTMENT_TEMPLATE
from nerirepo.notifications.tables import DeliveryState, RecipientKind

_ADDRESS = re.compile(r"[^\s<>,;:\"']+@[^\s<>,;:\"']+")


class DeliveryView(BaseModel):
    template: str
    """A letter to a department about a resident's answer is a `department_reply`."""
    recipient: RecipientKind
    channel: str
    state: DeliveryState
    tries: int
    created_at: datetime
    finished_at: datetime | None
    problem: str | None
    """What the mail server said, when it failed for good."""


_DELIVERIES = """
    SELECT CASE WHEN template = :to_department AND event.kind <> ALL(:is_new) THEN 'department_reply'
            ELSE template END AS template,
        recipient_kind AS recipient, channel, state, tries, created_at, finished_at, problem
    FROM delivery
    LEFT JOIN report_event AS event
        ON event.report_id = delivery.report_id AND cause_kind = 'event' AND event.id::text = cause_id
    WHERE delivery.report_id = :report_id ORDER BY created_at
"""


def deliveries(session: Session, report_id: UUID) -> list[DeliveryView]:
    """Oldest first."""
    asked = {
        "report_id": report_id,
        "to_department": DEPARTMENT_TEMPLATE,
        "is_new": sorted(DEPARTMENT_HEARS),
    }
    return [
        DeliveryView(
            template=row.template,
            recipient=row.recipient,
            channel=row.channel,
            state=row.state,
            tries=row.tries,
            created_at=row.created_at,
            finished_at=row.finished_at,
            problem=_without_address(row.problem) if row.state == DeliveryState.FAILED else None,
        )
        for row in sql.rows(session, _DELIVERIES, asked)
    ]


def _without_address(problem: str | None) -> str | None:
    # Mail servers repeat the address that they refuse.
    return _ADDRESS.sub("…", problem) if problem else problem
