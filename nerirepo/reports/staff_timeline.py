"""What happened to a report, as colleagues read it: internal notes and names included."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from nerirepo.reports.tables import ActorKind, EventText, ReportEvent
from nerirepo.reports.worklist_item import Colleague
from nerirepo.staff.tables import Member


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
    public_note: str | None
    internal_note: str | None
    reporter_words: str | None


_LINES = (
    select(ReportEvent, EventText, Member)
    .join(EventText, col(EventText.event_seq) == ReportEvent.seq, isouter=True)
    .join(Member, col(Member.id) == ReportEvent.member_id, isouter=True)
    .where(col(ReportEvent.report_id) == bindparam("report_id"))
    .order_by(col(ReportEvent.seq))
)


def timeline(session: Session, report_id: UUID) -> list[TimelineEvent]:
    """Oldest first."""
    rows = session.execute(_LINES, {"report_id": report_id})
    return [
        TimelineEvent(
            seq=event.seq or 0,
            kind=event.kind,
            at=event.at,
            actor=event.actor_kind,
            member=Colleague(id=member.id, name=member.name) if member else None,
            from_status=event.from_status,
            to_status=event.to_status,
            version=event.version,
            facts=event.facts,
            public_note=words.public_note if words else None,
            internal_note=words.internal_note if words else None,
            reporter_words=words.reporter_words if words else None,
        )
        for event, words, member in rows
    ]
