"""Bringing the public copy of a report up to date, or clearing away what is left of it.

A moderator who hides a report waits for nobody: a trigger deletes the copy in the moderator's own
transaction, and this job touches the object store only while it holds no lock that the moderator needs.
"""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from nerirepo.database import jobs, sql
from nerirepo.gateways import storage
from nerirepo.publication import policy
from nerirepo.publication.rewrite import is_erased, keys, prefix_for, rewrite, shown_keys
from nerirepo.publication.tables import Withdrawn
from nerirepo.reports.history import ask_to_publish
from nerirepo.reports.photos_of import photos_of
from nerirepo.reports.status import Visibility
from nerirepo.reports.tables import Report

COUNTED_WITHIN = timedelta(seconds=3)
"""The numbers of the statistics follow what is published: each opens exactly its rows."""
REPORTS_A_SECOND = 20_000
"""And a second later for so many reports: a million take 8 s of a processor to count, and however much is
published, counting shall not take more than a quarter of one."""


def publish(session: Session, report_id: UUID) -> None:
    """Make the public copy as the report is now; where it is not public, delete its pictures.

    The handler of job PUBLISH: may run twice, and at once with itself. Photos that are not ready yet are left
    out; whoever makes them ready asks again.
    """
    _one_at_a_time(session, report_id)
    prefix = prefix_for(session, report_id)
    pictures = shown_keys(session, report_id)
    if _is_public(session, report_id):
        pictures |= _copy_pictures(session, report_id, prefix, there=pictures)
    _clear_away(session, report_id, prefix, keep=pictures)
    was_taken_down = rewrite(session, report_id, pictures)
    if was_taken_down:
        # Its objects are deleted by the next run, once no row names them for anybody.
        ask_to_publish(session, report_id)
    jobs.enqueue_debounced(session, jobs.COUNT, wait=_until_counted(session))


def _until_counted(session: Session) -> timedelta:
    # The planner's estimate: counting them for this would be what is to be avoided.
    asked = "SELECT greatest(reltuples, 0) AS reports FROM pg_class WHERE oid = 'public.report'::regclass"
    return COUNTED_WITHIN + timedelta(seconds=sql.first(session, asked).reports / REPORTS_A_SECOND)


def _one_at_a_time(session: Session, report_id: UUID) -> None:
    # A lock among these jobs only: whoever changes or hides the report never waits for it.
    lock = "SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"
    sql.run(session, lock, {"name": f"publish:{report_id}"})


def _is_public(session: Session, report_id: UUID) -> bool:
    asked = select(Report.visibility).where(Report.id == report_id)
    return session.exec(asked).first() == Visibility.PUBLIC


def _copy_pictures(
    session: Session, report_id: UUID, prefix: str, *, there: Collection[str]
) -> frozenset[str]:
    """Copy what may be shown and is not there yet; the keys of all that may be shown."""
    photos = policy.public_photos(
        photos_of(session, report_id, anew=True), is_erased=is_erased(session, report_id)
    )
    wanted = {key: (photo, name) for photo in photos for key, name in keys(prefix, photo).items()}
    for key, (photo, name) in wanted.items():
        if key not in there:
            made = photo.renditions[name]
            picture = storage.get(storage.private_bucket(), f"{photo.photo.prefix}{name}", made["sha256"])
            storage.put(storage.published_bucket(), key, picture, made["content_type"])
    return frozenset(wanted)


def _clear_away(session: Session, report_id: UUID, prefix: str, *, keep: Collection[str]) -> None:
    storage.delete_below(storage.published_bucket(), prefix, keep=keep)
    if not keep:
        session.exec(update(Withdrawn).where(col(Withdrawn.id) == report_id).values(media_prefix=""))
