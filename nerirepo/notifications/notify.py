"""Which letters are owed? Writes a delivery for each, once, and asks for it to be sent.

May run twice and at the same moment: a delivery is unique for its cause and its recipient.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from nerirepo import clock, jobs
from nerirepo.catalogue.tables import Department
from nerirepo.language import DEFAULT
from nerirepo.notifications import danger_again
from nerirepo.notifications.office import office_of
from nerirepo.notifications.recipients import SUBMIT, Happened, told
from nerirepo.notifications.tables import CauseKind, Delivery, DeliveryState, RecipientKind
from nerirepo.reporters.tables import Challenge, Reporter
from nerirepo.reports import unread
from nerirepo.reports.history import UNDO_MERGE
from nerirepo.reports.status import Action, Visibility
from nerirepo.reports.tables import ActorKind, EventText, Follow, Report, ReportEvent, ReportOriginal


def notify(session: Session, event_id: UUID) -> None:
    """Write the deliveries that an event owes, and ask for each."""
    event = session.exec(select(ReportEvent).where(ReportEvent.id == event_id)).one()
    report = session.get_one(Report, event.report_id)
    department = office_of(session, report.department_code)
    happened = Happened(
        kind=event.kind,
        changes_department="department" in event.facts,
        is_danger=report.is_danger,
        becomes_danger="danger" in event.facts,
        is_said=_is_said(session, event),
        is_hidden=report.visibility == Visibility.HIDDEN,
        was_undone=_was_undone(session, event),
    )
    for letter in told(happened, department_has_digest=department.digest):
        is_new_danger = (
            letter.recipient is RecipientKind.DEPARTMENT and letter.urgent and event.kind == SUBMIT
        )
        if is_new_danger and danger_again.joined(session, event, department):
            continue
        for recipient_id, address, locale in _recipients(session, letter.recipient, event, department):
            owe(
                session,
                urgent=letter.urgent,
                cause_kind=CauseKind.EVENT,
                cause_id=str(event.id),
                recipient_kind=letter.recipient,
                recipient_id=recipient_id,
                address=address,
                template=letter.template,
                locale=locale,
                report_id=report.id,
            )


def send_code(session: Session, challenge_id: UUID) -> None:
    """Owe the letter with the code of a sign-in."""
    challenge = session.get(Challenge, challenge_id)
    if challenge is None:
        return  # erased, or long past
    owe(
        session,
        urgent=True,
        cause_kind=CauseKind.CHALLENGE,
        cause_id=str(challenge.id),
        recipient_kind=RecipientKind.ADDRESS,
        recipient_id=str(challenge.id),
        address=challenge.email,
        template="code",
        locale=challenge.locale,
    )


def owe(session: Session, *, urgent: bool = False, **delivery: Any) -> None:
    """Write one delivery, unless it is there already, and ask for it to be sent."""
    now = clock.now()
    row = insert(Delivery).values(
        id=uuid4(),
        channel="mail",
        state=DeliveryState.OWED,
        tries=0,
        facts={"urgent": True} if urgent else {},
        created_at=now,
        next_try_at=now,
        **delivery,
    )
    written = session.execute(row.on_conflict_do_nothing().returning(col(Delivery.id))).scalar_one_or_none()
    if written:
        jobs.ask(session, jobs.SEND_URGENT if urgent else jobs.SEND, delivery_id=str(written))


def _recipients(
    session: Session, kind: RecipientKind, event: ReportEvent, department: Department
) -> Iterator[tuple[str, str, str]]:
    """(id, address, language) of each recipient of this kind who wants letters."""
    if kind is RecipientKind.DEPARTMENT:
        yield department.code, department.email, DEFAULT
        return
    people = select(Reporter).where(col(Reporter.mail_updates))
    own = select(ReportOriginal.reporter_id).where(ReportOriginal.report_id == event.report_id)
    if kind is RecipientKind.REPORTER:
        people = people.where(col(Reporter.id).in_(own))
    else:
        people = people.join(Follow, col(Follow.reporter_id) == Reporter.id).where(
            Follow.report_id == event.report_id,
            Follow.since <= event.at,
            col(Reporter.id).not_in(own.where(col(ReportOriginal.reporter_id).is_not(None))),
        )
    for person in session.exec(people.order_by(col(Reporter.created_at))):
        yield str(person.id), person.email, person.locale


def _is_said(session: Session, event: ReportEvent) -> bool:
    words = session.get(EventText, event.seq)
    return unread.asks_to_be_read(
        event.kind,
        by_reporter=event.actor_kind == ActorKind.REPORTER,
        has_words=bool(words and words.reporter_words),
        facts=event.facts,
    )


def _was_undone(session: Session, event: ReportEvent) -> bool:
    """Whether this is a merge that was taken back in time, or the reopening that did so."""
    others = select(ReportEvent).where(ReportEvent.report_id == event.report_id)
    if event.kind == Action.MERGE:
        later = others.where(ReportEvent.kind == Action.REOPEN, col(ReportEvent.seq) > event.seq)
        reopened = session.exec(later.order_by(col(ReportEvent.seq))).first()
        return reopened is not None and reopened.at < event.at + UNDO_MERGE
    if event.kind == Action.REOPEN:
        closings = others.where(
            ReportEvent.to_status != ReportEvent.from_status, col(ReportEvent.seq) < event.seq
        )
        closed = session.exec(closings.order_by(col(ReportEvent.seq).desc())).first()
        return closed is not None and closed.kind == Action.MERGE and event.at < closed.at + UNDO_MERGE
    return False
