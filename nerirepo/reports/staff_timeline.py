"""What happened to a report, as colleagues read it: internal notes and names included."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Session

from nerirepo.database import sql
from nerirepo.reports.tables import ActorKind
from nerirepo.reports.worklist_item import Colleague


class TimelineEvent(BaseModel):
    """One line of the history. `facts` holds codes, days and ids; see `reports/act.py`."""

    seq: int
    kind: str
    at: datetime
    actor: ActorKind
    member: Colleague | None
    from_status: str | None
    to_status: str
    version: int
    facts: dict[str, Any]
    assignee: Colleague | None
    """Into whose hands it came by this event."""
    public_note: str | None
    internal_note: str | None
    reporter_words: str | None


_LINES = """
    SELECT e.seq, e.kind, e.at, e.actor_kind, m.id AS member_id, m.name AS member_name,
        a.id AS assignee_id, a.name AS assignee_name, e.from_status, e.to_status, e.version, e.facts,
        t.public_note, t.internal_note, t.reporter_words
    FROM report_event AS e
    LEFT JOIN event_text AS t ON t.event_seq = e.seq
    LEFT JOIN member AS m ON m.id = e.member_id
    LEFT JOIN member AS a ON a.id = CAST(e.facts ->> 'assignee' AS uuid)
    WHERE e.report_id = :report_id
    ORDER BY e.seq
"""


def timeline(session: Session, report_id: UUID) -> list[TimelineEvent]:
    """Oldest first."""
    return [
        TimelineEvent(
            seq=row.seq,
            kind=row.kind,
            at=row.at,
            actor=row.actor_kind,
            member=Colleague(id=row.member_id, name=row.member_name) if row.member_id else None,
            from_status=row.from_status,
            to_status=row.to_status,
            version=row.version,
            facts=row.facts,
            assignee=Colleague(id=row.assignee_id, name=row.assignee_name) if row.assignee_id else None,
            public_note=row.public_note,
            internal_note=row.internal_note,
            reporter_words=row.reporter_words,
        )
        for row in sql.rows(session, _LINES, {"report_id": report_id})
    ]
