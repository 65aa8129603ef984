"""Words, photos or an answer that the reporter adds to a report of their own."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlmodel import Session, select

from nerirepo.base import clock
from nerirepo.catalogue.most import MOST_PHOTOS
from nerirepo.database import rate_limit
from nerirepo.photos.tables import OwnerKind
from nerirepo.reports import history, once
from nerirepo.reports.own_photos import own_photos
from nerirepo.reports.status import EventKind
from nerirepo.reports.submission import LONGEST_DESCRIPTION, ReportEmpty
from nerirepo.reports.tables import ActorKind, PhotoRole, Report, ReportPhoto
from nerirepo.words.fields import Request, Text, Uuid7

COMMENTS = rate_limit.Limit("comment", times=60, window=timedelta(hours=1))
"""Of one person, with what they say of results."""


class Comment(Request):
    """Words, photos, or both. `id` makes repeating safe."""

    id: Uuid7 | None = None
    text: Annotated[Text, Field(max_length=LONGEST_DESCRIPTION)] = ""
    photo_ids: Annotated[tuple[Uuid7, ...], Field(max_length=MOST_PHOTOS)] = ()


def comment(session: Session, report: Report, reporter_id: UUID, words: Comment) -> bool:
    """Add to a report; False where the same was added before. Its photos wait to be screened.

    `report` is locked by the caller. Raises `ReportEmpty`, `SaidIdTaken`, `PhotoUnknown` and `TooMany`.
    """
    if once.answer_before(session, words, report.id, reporter_id) is not None:
        return False
    if not words.text and not words.photo_ids:
        raise ReportEmpty
    rate_limit.count(session, COMMENTS, str(reporter_id))
    own_photos(session, words.photo_ids, OwnerKind.REPORTER, reporter_id)
    report.updated_at = clock.now()
    event_seq = history.record(
        session,
        report,
        EventKind.COMMENT,
        actor=ActorKind.REPORTER,
        facts={"photo_ids": [str(each) for each in words.photo_ids]} if words.photo_ids else {},
        reporter_words=words.text,
        reporter_id=reporter_id,
    )
    add_photos(session, report.id, words.photo_ids, event_seq)
    once.store_answer(session, words, report.id, reporter_id, {})
    return True


def add_photos(session: Session, report_id: UUID, ids: tuple[UUID, ...], event_seq: int | None) -> None:
    """After those that are there; one that is there already stays where it is."""
    there = set(session.exec(select(ReportPhoto.photo_id).where(ReportPhoto.report_id == report_id)))
    session.add_all(
        ReportPhoto(
            report_id=report_id,
            photo_id=photo_id,
            role=PhotoRole.BEFORE,
            position=position,
            event_seq=event_seq,
        )
        for position, photo_id in enumerate(ids, start=len(there))
        if photo_id not in there
    )
