"""Erasing a person: the fact that something was broken stays, and nobody is left in it.

Number, category, town, status, dates and the ward's words remain, and an open report stays in the worklist.
Words, place, photos and whoever sent them go; from our public pages at once, in this very transaction.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import String, cast, delete, or_, update
from sqlmodel import Session, col, select

from nerirepo.base import clock
from nerirepo.database import jobs
from nerirepo.gateways import storage
from nerirepo.notifications.send import UNFINISHED
from nerirepo.notifications.tables import Delivery, DeliveryState
from nerirepo.photos.tables import OwnerKind, Photo
from nerirepo.privacy import audit, erasures
from nerirepo.publication.rewrite import rewrite
from nerirepo.reporters.tables import Challenge, Reporter
from nerirepo.reports.history import ask_to_publish
from nerirepo.reports.tables import (
    EventText,
    Report,
    ReportEvent,
    ReportOriginal,
    ReportPhoto,
    ReportSubmission,
)
from nerirepo.staff import drafts

RENDERING_MAY_TAKE = timedelta(hours=1)
"""A photo that is being made ready when its owner leaves is written once more: it is deleted again then."""


def erase(session: Session, reporter_id: UUID) -> None:
    """Erase this person; nothing happens where there is none."""
    # The lock keeps a report that is being sent at this moment from being missed.
    reporter = session.get(Reporter, reporter_id, with_for_update=True)
    if reporter is None:
        return
    erasures.ask_to_record(session, reporter_id)
    own = _own_reports(session, reporter_id)
    shown_in = _erase_photos(session, reporter_id)
    _erase_words(session, reporter_id, own)
    _erase_words_of_staff(session, own)
    _erase_letters(session, reporter)
    _erase_drafts(session, own)
    session.exec(delete(Challenge).where(col(Challenge.email) == reporter.email))
    session.delete(reporter)  # devices, follows and feedback go with it
    session.flush()
    for report_id in sorted(own | shown_in):
        rewrite(session, report_id)
        ask_to_publish(session, report_id)


def erase_again(session: Session) -> int:
    """After a restore: whoever had been erased by then, and is there again; how many."""
    there = session.exec(select(Reporter.id).where(col(Reporter.id).in_(erasures.recorded()))).all()
    for reporter_id in there:
        erase(session, reporter_id)
    return len(there)


def _own_reports(session: Session, reporter_id: UUID) -> set[UUID]:
    own = session.exec(
        select(Report)
        .join(ReportOriginal, col(ReportOriginal.report_id) == Report.id)
        .where(ReportOriginal.reporter_id == reporter_id)
        .order_by(col(Report.id))
        .with_for_update(of=Report)
    ).all()
    for report in own:
        report.location = None
        report.hides_point = True
        report.public_text = ""
        report.unread_seq = None
        report.version += 1
        report.updated_at = clock.now()
    return {report.id for report in own}


def _erase_words(session: Session, reporter_id: UUID, own: set[UUID]) -> None:
    session.exec(delete(ReportOriginal).where(col(ReportOriginal.report_id).in_(own)))
    # The hash of the content stays: a phone that still sends the report must learn that it is gone.
    session.exec(
        update(ReportSubmission)
        .where(col(ReportSubmission.report_id).in_(own))
        .values(receipt=None, erased_at=clock.now())
    )
    session.exec(
        update(EventText).where(col(EventText.reporter_id) == reporter_id).values(reporter_words=None)
    )


def _erase_drafts(session: Session, own: set[UUID]) -> None:
    """What staff were writing about these reports, and had not done yet."""
    numbers = session.exec(select(Report.number).where(col(Report.id).in_(own))).all()
    drafts.forget_page(session, [f"reports/{each}" for each in numbers])


def _erase_words_of_staff(session: Session, own: set[UUID]) -> None:
    """What colleagues told each other of these reports: the person's name and number stand just there.

    The words that the ward has published are the ward's, and stay.
    """
    events = select(ReportEvent.seq).where(col(ReportEvent.report_id).in_(own))
    session.exec(
        update(EventText)
        .where(col(EventText.event_seq).in_(events), col(EventText.internal_note).is_not(None))
        .values(internal_note=None)
    )
    audit.clear_disclosure_reasons(session, own)


def _erase_photos(session: Session, reporter_id: UUID) -> set[UUID]:
    """Delete the person's photos; returns the reports that they stood in, which may be other people's."""
    mine = select(Photo.id).where(Photo.owner_kind == OwnerKind.REPORTER, Photo.owner_id == reporter_id)
    photos = session.exec(select(Photo).where(col(Photo.id).in_(mine))).all()
    detached = delete(ReportPhoto).where(col(ReportPhoto.photo_id).in_([photo.id for photo in photos]))
    shown_in = set(session.exec(detached.returning(col(ReportPhoto.report_id))).scalars())
    for photo in photos:
        for at in (None, clock.now() + RENDERING_MAY_TAKE):
            jobs.enqueue(
                session, jobs.DELETE_OBJECTS, at=at, bucket=storage.private_bucket(), prefix=photo.prefix
            )
        session.delete(photo)
    session.flush()
    return shown_in


def _erase_letters(session: Session, reporter: Reporter) -> None:
    """That a letter was sent stays; to whom does not. One that is still owed is dropped."""
    hers = or_(col(Delivery.recipient_id) == str(reporter.id), col(Delivery.address) == reporter.email)
    session.exec(
        update(Delivery)
        .where(hers, col(Delivery.state).in_(UNFINISHED))
        .values(state=DeliveryState.DROPPED, finished_at=clock.now())
    )
    session.exec(
        update(Delivery)
        .where(hers)
        .values(address=None, problem=None, recipient_id=cast(Delivery.id, String))
    )
