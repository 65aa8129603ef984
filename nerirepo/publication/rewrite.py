"""Writing the rows of a report's public copy, as the report is at this moment."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry, WKTElement
from sqlalchemy import ColumnElement, cast, delete, func, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from nerirepo.base import clock
from nerirepo.catalogue.tables import Category
from nerirepo.publication import grid, media, policy
from nerirepo.publication.bigrams import folded, grams
from nerirepo.publication.policy import PublicPhoto
from nerirepo.publication.tables import PublishedMedia, PublishedReport, Withdrawn
from nerirepo.reports.photos_of import photos_of
from nerirepo.reports.status import GROUPS, REPAIRED, Visibility
from nerirepo.reports.tables import EventText, Feedback, Report, ReportEvent, ReportSubmission

Shown = list[tuple[PublicPhoto, dict[str, str]]]
"""Each photo with its keys: key of the object to name of the rendition."""


def rewrite(session: Session, report_id: UUID, copied: Collection[str] = ()) -> bool:
    """Make the rows of the public copy anew; whether a picture was taken down.

    Moves no object: it shows the pictures that were shown before or whose keys are in `copied`, as far as
    they may still be shown. So erasure may call it in its own transaction, and nobody waits for a job.
    """
    session.flush()
    report = session.get(Report, report_id, with_for_update={"read": True}, populate_existing=True)
    if report is None or report.visibility != Visibility.PUBLIC:
        return False
    prefix = prefix_for(session, report_id)
    before = shown_keys(session, report_id)
    erased = is_erased(session, report_id)
    shown = [
        (photo, keys(prefix, photo))
        for photo in policy.public_photos(photos_of(session, report_id, anew=True), is_erased=erased)
        if keys(prefix, photo).keys() <= before | set(copied)
    ]
    _write_report(session, report, prefix, shown, erased=erased)
    _write_media(session, report_id, shown)
    session.exec(delete(Withdrawn).where(col(Withdrawn.id) == report_id))
    return not before <= {key for _, each in shown for key in each}


def prefix_for(session: Session, report_id: UUID) -> str:
    """Where the report's pictures are, were, or will be."""
    standing = select(PublishedReport.media_prefix).where(PublishedReport.id == report_id)
    withdrawn = select(Withdrawn.media_prefix).where(Withdrawn.id == report_id)
    return session.exec(standing).first() or session.exec(withdrawn).first() or media.prefix_of(report_id)


def shown_keys(session: Session, report_id: UUID) -> set[str]:
    return set(session.exec(select(PublishedMedia.key).where(PublishedMedia.report_id == report_id)))


def is_erased(session: Session, report_id: UUID) -> bool:
    erased_at = select(ReportSubmission.erased_at).where(ReportSubmission.report_id == report_id)
    return session.exec(erased_at).first() is not None


def keys(prefix: str, photo: PublicPhoto) -> dict[str, str]:
    return {media.key(prefix, photo.photo.id, name): name for name in photo.renditions}


def _write_report(session: Session, report: Report, prefix: str, shown: Shown, *, erased: bool) -> None:
    words = policy.public_words(report, is_erased=erased)
    searchable = folded(f"{words} {report.town or ''}")
    content = {
        "number": report.number,
        "category_code": report.category_code,
        "kind": _kind(session, report.category_code),
        "status": str(report.status),
        "status_group": GROUPS[report.status].value,
        "town": report.town,
        **_place(session, report, is_shown=policy.shows_point(report, is_erased=erased)),
        "words": words,
        "searchable": searchable,
        "grams": grams(searchable),
        "department_code": report.department_code,
        "manager_code": report.manager_code,
        "is_deed": report.is_deed,
        "received_at": report.received_at,
        "expected_on": report.expected_on,
        "closed_at": report.closed_at,
        "confirmed_fixed_at": report.confirmed_fixed_at if report.status in REPAIRED else None,
        "glad_count": _glad_count(session, report),
        "is_featured": report.is_featured,
        "parent_number": session.exec(select(Report.number).where(Report.id == report.parent_id)).first(),
        "timeline": policy.public_timeline(_events(session, report.id)),
        "photos": [_public_form(photo, named) for photo, named in shown],
        "media_prefix": prefix,
    }
    copy = insert(PublishedReport).values(id=report.id, changed_at=clock.now(), **content)
    differs = (getattr(PublishedReport, name).is_distinct_from(copy.excluded[name]) for name in content)
    session.exec(
        copy.on_conflict_do_update(
            index_elements=["id"],
            set_={name: copy.excluded[name] for name in (*content, "changed_at")},
            where=or_(*differs),  # a second run changes nothing, not even the time of the change
        )
    )


def _kind(session: Session, category_code: str) -> str:
    parent = select(Category.parent_code).where(Category.code == category_code)
    return session.exec(parent).first() or category_code


def _place(session: Session, report: Report, *, is_shown: bool) -> dict[str, Any]:
    if not is_shown:
        return {"point": None, "map_x": None, "map_y": None, "cell": None}
    place: ColumnElement[Any] = cast(Report.location, Geometry("POINT", srid=4326))
    exact = session.exec(select(func.ST_X(place), func.ST_Y(place)).where(Report.id == report.id)).one()
    lon, lat = (round(each, policy.POINT_DIGITS) for each in exact)
    on_map = grid.place(lat, lon)
    point = WKTElement(f"POINT({lon} {lat})", srid=4326)
    return {"point": point, "map_x": on_map.x, "map_y": on_map.y, "cell": on_map.cell}


def _glad_count(session: Session, report: Report) -> int:
    if report.closed_at is None or report.status not in REPAIRED:
        return 0
    glad = select(func.count()).where(
        Feedback.report_id == report.id, col(Feedback.is_fixed), col(Feedback.at) >= report.closed_at
    )
    return session.exec(glad).one()


def _events(session: Session, report_id: UUID) -> list[tuple[ReportEvent, str | None]]:
    lines = (
        select(ReportEvent, EventText.public_note)
        .join(EventText, col(EventText.event_seq) == ReportEvent.seq, isouter=True)
        .where(ReportEvent.report_id == report_id)
        .order_by(col(ReportEvent.seq))
    )
    return list(session.exec(lines))


def _public_form(photo: PublicPhoto, named: dict[str, str]) -> dict[str, Any]:
    told = ("content_type", "width", "height")
    renditions = {
        name: {"path": key} | {each: photo.renditions[name][each] for each in told}
        for key, name in named.items()
    }
    return {"role": photo.role, "renditions": renditions}


def _write_media(session: Session, report_id: UUID, shown: Shown) -> None:
    told = ("content_type", "bytes", "sha256")
    rows = [
        {"key": key, "report_id": report_id} | {each: photo.renditions[name][each] for each in told}
        for photo, named in shown
        for key, name in named.items()
    ]
    session.exec(
        delete(PublishedMedia).where(
            col(PublishedMedia.report_id) == report_id,
            col(PublishedMedia.key).not_in([row["key"] for row in rows]),
        )
    )
    if rows:
        session.exec(insert(PublishedMedia).on_conflict_do_nothing(), params=rows)
