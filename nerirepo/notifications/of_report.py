"""Which letters went out about a report, and did they arrive? For staff: states, never an address."""

import re
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Session

from nerirepo import sql
from nerirepo.notifications.tables import DeliveryState, RecipientKind

_ADDRESS = re.compile(r"[^\s<>,;:\"']+@[^\s<>,;:\"']+")


class DeliveryView(BaseModel):
    template: str
    recipient: RecipientKind
    channel: str
    state: DeliveryState
    tries: int
    created_at: datetime
    finished_at: datetime | None
    problem: str | None
    """What the mail server said, when it failed for good."""


_DELIVERIES = """
    SELECT template, recipient_kind AS recipient, channel, state, tries, created_at, finished_at, problem
    FROM delivery WHERE report_id = :report_id ORDER BY created_at
"""


def deliveries(session: Session, report_id: UUID) -> list[DeliveryView]:
    """Oldest first."""
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
        for row in sql.rows(session, _DELIVERIES, {"report_id": report_id})
    ]


def _without_address(problem: str | None) -> str | None:
    # Mail servers repeat the address that they refuse.
    return _ADDRESS.sub("…", problem) if problem else problem
