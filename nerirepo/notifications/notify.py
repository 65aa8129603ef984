"""Which letters are owed? Writes a delivery for each, once, and asks for it to be sent.

May run twice and at the same moment: a delivery is unique for its cause and its recipient.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from nerirepo.base import clock
from nerirepo.catalogue.offered import offered
from nerirepo.catalogue.tables import Department
from nerirepo.database import jobs
from nerirepo.notifications import danger_again
from nerirepo.notifications.office import office_of
from nerirepo.notifications.overtaken import Later, is_overtaken
from nerirepo.notifications.recipients import (
    FOLLOWERS_HEAR,
    SENDERS_OF_DUPLICATES_HEAR,
    Happened,
    Told,
    told,
)
from nerirepo.notifications.tables import CauseKind, Delivery, DeliveryState, RecipientKind
from nerirepo.reporters.tables import Challenge, Reporter
from nerirepo.reports import merging, unread
from nerirepo.reports.status import EventKind, Status, Visibility
from nerirepo.reports.tables import ActorKind, EventText, Follow, Report, ReportEvent, ReportOriginal
from nerirepo.words.language import DEFAULT


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
        is_public=report.visibility == Visibility.PUBLIC,
        is_hidden=report.visibility == Visibility.HIDDEN,
        is_overtaken=event.kind == EventKind.MERGE and is_overtaken(event.kind, later(session, event)),
    )
    for letter in told(happened, department_has_digest=department.digest):
        is_new_danger = (
            letter.recipient is RecipientKind.DEPARTMENT and letter.urgent and event.kind == EventKind.SUBMIT
        )
        if is_new_danger and danger_again.joined(session, event, department):
            continue
        for report_id, recipient_id, address, locale in _recipients(session, letter, event, department):
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
                report_id=report_id,
            )
    if event.kind == EventKind.MERGE and not happened.is_overtaken:
        _catch_up(session, event)


def _catch_up(session: Session, merged: ReportEvent) -> None:
    """What came of the parent while the merge could be taken back is told after the merge, and not before."""
    meanwhile = select(ReportEvent.id).where(
        ReportEvent.report_id == UUID(merged.facts["parent_id"]),
        col(ReportEvent.kind).in_(FOLLOWERS_HEAR | SENDERS_OF_DUPLICATES_HEAR),
        ReportEvent.at >= merged.at,
    )
    for event_id in session.exec(meanwhile.order_by(col(ReportEvent.seq))).all():
        notify(session, event_id)


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
    written = session.exec(row.on_conflict_do_nothing().returning(col(Delivery.id))).scalar_one_or_none()
    if written:
        jobs.enqueue(session, jobs.SEND_URGENT if urgent else jobs.SEND, delivery_id=str(written))


def _recipients(
    session: Session, letter: Told, event: ReportEvent, department: Department
) -> Iterator[tuple[UUID, str, str, str]]:
    """(report that it is about, id, address, language) of each recipient of a letter who wants it."""
    if letter.recipient is RecipientKind.DEPARTMENT:
        yield event.report_id, department.code, department.email, DEFAULT
        return
    people = select(Reporter).where(col(Reporter.mail_updates))
    own = select(ReportOriginal.reporter_id).where(ReportOriginal.report_id == event.report_id)
    not_own = col(Reporter.id).not_in(own.where(col(ReportOriginal.reporter_id).is_not(None)))
    about: dict[UUID, UUID] = {}
    if letter.of_duplicates:
        waiting = merging.not_yet_told(session, event.report_id)
        senders = merging.senders(session, event.report_id)
        about = {sender: report for report, sender in senders if sender not in waiting}
        people = people.where(col(Reporter.id).in_(about), not_own)
    elif letter.recipient is RecipientKind.REPORTER:
        people = people.where(col(Reporter.id).in_(own))
    else:
        waiting = merging.not_yet_told(session, event.report_id)
        people = people.join(Follow, col(Follow.reporter_id) == Reporter.id).where(
            Follow.report_id == event.report_id,
            Follow.since <= event.at,
            not_own,
            # They follow it by nothing but that merge.
            *(
                or_(col(Reporter.id) != person, col(Follow.since) < merged_at)
                for person, merged_at in waiting.items()
            ),
        )
    for person in session.exec(people.order_by(col(Reporter.created_at))):
        yield (
            about.get(person.id, event.report_id),
            str(person.id),
            person.email,
            offered().spoken(person.locale),
        )


def _is_said(session: Session, event: ReportEvent) -> bool:
    words = session.get(EventText, event.seq)
    return unread.asks_to_be_read(
        event.kind,
        by_reporter=event.actor_kind == ActorKind.REPORTER,
        has_words=bool(words and words.reporter_words),
        facts=event.facts,
    )


def later(session: Session, event: ReportEvent) -> list[Later]:
    """What has happened to the report since."""
    lines = select(ReportEvent).where(
        ReportEvent.report_id == event.report_id, col(ReportEvent.seq) > event.seq
    )
    return [Later(line.kind, Status(line.to_status)) for line in session.exec(lines)]
