"""Somebody reports one danger again and again: the first letter leaves at once, the rest is joined in one.

Only reports of one person at one place are joined, to one office: what anybody else reports is never held by
it, there or elsewhere.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb
from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.catalogue.tables import Department
from nerirepo.database import jobs, sql
from nerirepo.notifications.tables import CauseKind, RecipientKind
from nerirepo.reports.tables import ReportEvent
from nerirepo.words.language import DEFAULT

WITHIN = timedelta(minutes=10)
"""From the letter that left at once."""
METRES = 50
JOINED = "joined"
"""In a delivery's facts: the events that its letter tells of."""

_IS_TOLD = """
    SELECT 1 FROM delivery
    WHERE cause_kind = 'event' AND recipient_kind = 'department' AND recipient_id = :department
        AND (cause_id = :event_id OR facts @> :joined)
"""
# Locked, so that two reports at the same moment do not each begin a letter.
_FIRST = """
    SELECT delivery.id, delivery.created_at
    FROM report AS this
    JOIN report_original AS own ON own.report_id = this.id
    JOIN report_original AS before ON before.reporter_id = own.reporter_id AND before.report_id <> this.id
    JOIN report AS other ON other.id = before.report_id AND ST_DWithin(other.location, this.location, :metres)
    JOIN delivery ON delivery.report_id = other.id
    WHERE this.id = :report_id AND delivery.created_at > :since
        AND delivery.recipient_kind = 'department' AND delivery.recipient_id = :department
        AND delivery.facts @> '{"urgent": true}'
    ORDER BY delivery.created_at DESC LIMIT 1 FOR UPDATE OF delivery
"""
_JOIN = """
    UPDATE delivery SET facts = jsonb_set(facts, '{joined}', facts -> 'joined' || :event)
    WHERE facts @> :after AND state = 'owed' RETURNING id
"""
_BEGIN = """
    INSERT INTO delivery (id, cause_kind, cause_id, channel, recipient_kind, recipient_id, address, template,
        locale, facts, state, tries, created_at, next_try_at)
    VALUES (:id, :cause_kind, :event_id, 'mail', :recipient_kind, :department, :address, 'department',
        :locale, :facts, 'owed', 0, :now, :due)
    ON CONFLICT DO NOTHING
"""


def joined(session: Session, event: ReportEvent, department: Department) -> bool:
    """Whether the letter about a new danger has gone into one that is owed anyway; else it leaves at once."""
    named = {
        "department": department.code,
        "event_id": str(event.id),
        "joined": Jsonb({JOINED: [str(event.id)]}),
    }
    if sql.first(session, _IS_TOLD, named):
        return True
    now = clock.now()
    asked = {
        "report_id": event.report_id,
        "department": department.code,
        "since": now - WITHIN,
        "metres": METRES,
    }
    first = sql.first(session, _FIRST, asked)
    if first is None:
        return False
    after: dict[str, Any] = {"after": str(first.id)}
    if sql.first(session, _JOIN, {"after": Jsonb(after), "event": Jsonb([str(event.id)])}):
        return True
    due, delivery_id = first.created_at + WITHIN, uuid4()
    sql.run(
        session,
        _BEGIN,
        {
            "id": delivery_id,
            "cause_kind": CauseKind.EVENT,
            "event_id": str(event.id),
            "recipient_kind": RecipientKind.DEPARTMENT,
            "department": department.code,
            "address": department.email,
            "locale": DEFAULT,
            # Of no one report: a later letter about one of them does not wait for it.
            "facts": Jsonb({"urgent": True, JOINED: [str(event.id)]} | after),
            "now": now,
            "due": due,
        },
    )
    jobs.enqueue(session, jobs.SEND_URGENT, at=due, delivery_id=str(delivery_id))
    return True


def events_of(facts: dict[str, Any]) -> list[UUID]:
    """The events that a letter tells of, where it is one that joins several."""
    return [UUID(each) for each in facts.get(JOINED, ())]
