"""Forgetting in time: each night, whatever has reached the end of its retention. See `docs/privacy.md`."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import delete, exists, or_, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from nerirepo.base.clock import JST
from nerirepo.database import jobs
from nerirepo.database.rate_limit import RateCount, RateLog
from nerirepo.gateways import storage
from nerirepo.notifications.tables import CauseKind, Delivery
from nerirepo.photos.tables import OwnerKind, Photo
from nerirepo.privacy import audit
from nerirepo.privacy.erase import erase
from nerirepo.reporters.tables import Challenge, Device, Reporter
from nerirepo.reports import changes, status
from nerirepo.reports.tables import (
    EventText,
    Feedback,
    Report,
    ReportEvent,
    ReportOriginal,
    ReportPhoto,
    Unfollowed,
)
from nerirepo.staff import drafts
from nerirepo.staff.tables import ContactDisclosure, StaffSession

SIGN_IN = timedelta(days=1)
"""Challenges, counters and the addresses of code letters: enough to look into a complaint of the same day."""
ADDRESS = timedelta(days=90)
"""Of a letter that is done with: people ask after a letter for a season, not for years."""
UNUSED_PHOTO = timedelta(days=30)
"""A phone may stay without a network for a holiday."""
ORIGINAL = timedelta(days=365)
"""Original words and photos after closing: a season's damage comes back within a year, if it does."""
INACTIVE = timedelta(days=3 * 365)
"""A person who has not come back for three years is erased as if they had asked."""
DISCLOSURE = timedelta(days=3 * 365)
"""Who read contact data, and why: for as long as somebody may ask."""
BATCH = 500
"""Of what is done row by row in one night; the rest waits for the next."""


def expire(session: Session, today: date) -> None:
    """Forget what was due by the beginning of `today` in Japan. May run twice."""
    now = datetime.combine(today, time.min, JST)
    session.exec(delete(Challenge).where(col(Challenge.created_at) < now - SIGN_IN))
    session.exec(delete(RateCount).where(col(RateCount.began_at) < now - SIGN_IN))
    session.exec(delete(RateLog).where(col(RateLog.forget_at) < now))
    session.exec(delete(Device).where(col(Device.expires_at) < now))
    session.exec(delete(StaffSession).where(col(StaffSession.expires_at) < now))
    drafts.expire(session, now)
    audit.expire_disclosures(session, now - DISCLOSURE)
    session.exec(delete(Unfollowed).where(col(Unfollowed.at) < now - changes.REMEMBERS))
    _addresses(session, now)
    _unused_photos(session, now)
    _originals(session, now)
    inactive = select(Reporter.id).where(col(Reporter.last_seen_at) < now - INACTIVE).limit(BATCH)
    for reporter_id in session.exec(inactive).all():
        erase(session, reporter_id)


def _addresses(session: Session, now: datetime) -> None:
    is_over = or_(
        col(Delivery.finished_at) < now - ADDRESS,
        col(Delivery.cause_kind).in_((CauseKind.CHALLENGE, CauseKind.FOLLOW))
        & (col(Delivery.finished_at) < now - SIGN_IN),
    )
    session.exec(update(Delivery).where(is_over, col(Delivery.address).is_not(None)).values(address=None))


def _unused_photos(session: Session, now: datetime) -> None:
    is_used = exists().where(col(ReportPhoto.photo_id) == Photo.id)
    unused = session.exec(
        select(Photo).where(col(Photo.announced_at) < now - UNUSED_PHOTO, ~is_used).limit(BATCH)
    ).all()
    for photo in unused:
        _delete_objects(session, photo)
        session.delete(photo)
    session.flush()


def _originals(session: Session, now: datetime) -> None:
    """Of reports closed long ago: what the public sees stays, and whose it is, so that it can be erased."""
    closed = select(Report.id).where(
        col(Report.status).in_(status.CLOSED), col(Report.closed_at) < now - ORIGINAL
    )
    events = select(ReportEvent.seq).where(col(ReportEvent.report_id).in_(closed))
    session.exec(
        update(ReportOriginal)
        .where(
            col(ReportOriginal.report_id).in_(closed),
            or_(col(ReportOriginal.description) != "", col(ReportOriginal.answers) != {}),
        )
        .values(description="", answers={}, accuracy_m=None, location_source=None, observed_at=None)
    )
    written = or_(col(EventText.reporter_words).is_not(None), col(EventText.internal_note).is_not(None))
    session.exec(
        update(EventText)
        .where(col(EventText.event_seq).in_(events), written)
        .values(reporter_words=None, internal_note=None)
    )
    with_reasons = select(ContactDisclosure.report_id).where(
        col(ContactDisclosure.report_id).in_(closed), ContactDisclosure.reason != ""
    )
    audit.clear_disclosure_reasons(session, set(session.exec(with_reasons).all()))
    session.exec(
        update(Feedback)
        .where(col(Feedback.report_id).in_(closed), col(Feedback.comment) != "")
        .values(comment="")
    )
    _original_photos(session, closed)


def _original_photos(session: Session, closed: SelectOfScalar[UUID]) -> None:
    """What was cleared stays as pictures without the original; what was not goes altogether."""
    rows = session.exec(
        select(ReportPhoto, Photo)
        .join(Photo, col(Photo.id) == ReportPhoto.photo_id)
        .where(
            Photo.owner_kind == OwnerKind.REPORTER,
            col(ReportPhoto.report_id).in_(closed),
            or_(~col(ReportPhoto.is_cleared), col(Photo.suggestion).is_not(None)),
        )
        .limit(BATCH)
    ).all()
    for shown, photo in rows:
        if shown.is_cleared:
            # The camera's place goes with the original; that it is empty says that both have gone.
            photo.suggestion = None
            _delete_objects(session, photo, keep=[f"{photo.prefix}{name}" for name in photo.renditions])
            continue
        session.delete(shown)
        session.flush()
        if session.exec(select(ReportPhoto).where(ReportPhoto.photo_id == photo.id)).first() is None:
            _delete_objects(session, photo)
            session.delete(photo)
    session.flush()


def _delete_objects(session: Session, photo: Photo, keep: Sequence[str] = ()) -> None:
    bucket = storage.private_bucket()
    jobs.enqueue(session, jobs.DELETE_OBJECTS, bucket=bucket, prefix=photo.prefix, keep=list(keep))
