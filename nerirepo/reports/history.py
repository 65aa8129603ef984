"""The only way into a report's history. A line once written stays as it is.

Whoever writes a line asks, in the same transaction, for what follows from it: letters and the public copy.
What those are is decided later, by domains that this one does not know.
"""

from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.base.ids import uuid7
from nerirepo.database import jobs, sql
from nerirepo.reports import unread
from nerirepo.reports.status import EventKind, Status, Visibility
from nerirepo.reports.tables import ActorKind, EventText

UNDO_MERGE = timedelta(minutes=10)
"""A merge may be taken back so long, before anybody hears of it."""


_RECORD = """
    INSERT INTO report_event (id, report_id, kind, at, actor_kind, member_id, from_status, to_status, version,
        facts)
    VALUES (:id, :report_id, :kind, :at, :actor_kind, :member_id, :from_status, :to_status, :version, :facts)
    RETURNING seq
"""


_UNREAD = "UPDATE report SET unread_seq = :seq WHERE id = :report_id"


class Subject(Protocol):
    """What is recorded of a report itself."""

    @property
    def id(self) -> UUID: ...
    @property
    def status(self) -> Status: ...
    @property
    def visibility(self) -> Visibility: ...
    @property
    def version(self) -> int: ...


def record(
    session: Session,
    report: Subject,
    kind: EventKind,
    *,
    actor: ActorKind,
    member_id: UUID | None = None,
    from_status: str | None = None,
    facts: dict[str, Any] | None = None,
    public_note: str | None = None,
    internal_note: str | None = None,
    reporter_words: str | None = None,
    reporter_id: UUID | None = None,
) -> int:
    """Write one line; its place in the history, `seq`.

    `report` already is as it is after the event; `facts` are codes, dates, ids (JSON). `reporter_id` says
    whose `reporter_words` are.
    """
    event: dict[str, Any] = {
        "id": uuid7(),
        "report_id": report.id,
        "kind": kind,
        "at": clock.now(),
        "actor_kind": actor,
        "member_id": member_id,
        "from_status": from_status,
        "to_status": report.status,
        "version": report.version,
        "facts": Jsonb(facts or {}),
    }
    session.flush()
    seq: int = sql.first(session, _RECORD, event).seq
    if public_note or internal_note or reporter_words:
        session.add(
            EventText(
                event_seq=seq,
                public_note=public_note,
                internal_note=internal_note,
                reporter_words=reporter_words,
                reporter_id=reporter_id,
            )
        )
    if unread.asks_to_be_read(
        kind, by_reporter=actor is ActorKind.REPORTER, has_words=bool(reporter_words), facts=facts or {}
    ):
        sql.run(session, _UNREAD, {"report_id": report.id, "seq": seq})
    if kind == EventKind.MERGE:
        # Outside the report's order, or each later letter would wait with it. What could come between is a
        # reopening, and then nobody hears of the merge.
        jobs.enqueue(session, jobs.NOTIFY, at=event["at"] + UNDO_MERGE, event_id=str(event["id"]))
    else:
        # In order, so that letters are.
        jobs.enqueue(session, jobs.NOTIFY, lock=f"notify:{report.id}", event_id=str(event["id"]))
    if report.visibility is not Visibility.PENDING:
        ask_to_publish(session, report.id)
    return seq


def ask_to_publish(session: Session, report_id: UUID) -> None:
    """Ask for the public copy to be brought up to date; one at a time for each report."""
    jobs.enqueue(session, jobs.PUBLISH, lock=f"publish:{report_id}", report_id=str(report_id))
