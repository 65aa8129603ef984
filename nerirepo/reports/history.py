"""The only way into a report's history. A line once written stays as it is.

Whoever writes a line asks, in the same transaction, for what follows from it: letters and the public copy.
What those are is decided later, by domains that this one does not know.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from nerirepo import clock, jobs
from nerirepo.ids import uuid7
from nerirepo.reports.status import Action, Visibility
from nerirepo.reports.tables import ActorKind, EventText, Report, ReportEvent

UNDO_MERGE = timedelta(minutes=10)
"""A merge may be taken back so long, before anybody hears of it."""


def record(
    session: Session,
    report: Report,
    kind: str,
    *,
    actor: ActorKind,
    member_id: UUID | None = None,
    from_status: str | None = None,
    facts: dict[str, Any] | None = None,
    public_note: str | None = None,
    internal_note: str | None = None,
    reporter_words: str | None = None,
    reporter_id: UUID | None = None,
) -> ReportEvent:
    """Write one line. `report` already is as it is after the event; `facts` are codes, dates, ids (JSON).

    `reporter_id` says whose `reporter_words` are.
    """
    event = ReportEvent(
        id=uuid7(),
        report_id=report.id,
        kind=kind,
        at=clock.now(),
        actor_kind=actor,
        member_id=member_id,
        from_status=from_status,
        to_status=report.status,
        version=report.version,
        facts=facts or {},
    )
    session.add(event)
    session.flush()
    assert event.seq is not None
    if public_note or internal_note or reporter_words:
        session.add(
            EventText(
                event_seq=event.seq,
                public_note=public_note,
                internal_note=internal_note,
                reporter_words=reporter_words,
                reporter_id=reporter_id,
            )
        )
    wait = clock.now() + UNDO_MERGE if kind == Action.MERGE else None
    # In order, so that letters are: what follows a merge waits with it.
    jobs.ask(session, jobs.NOTIFY, at=wait, lock=f"notify:{report.id}", event_id=str(event.id))
    if report.visibility is not Visibility.PENDING:
        ask_to_publish(session, report.id)
    return event


def ask_to_publish(session: Session, report_id: UUID) -> None:
    """Ask for the public copy to be brought up to date; one at a time for each report."""
    jobs.ask(session, jobs.PUBLISH, lock=f"publish:{report_id}", report_id=str(report_id))
