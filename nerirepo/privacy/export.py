"""Telling a person everything that we hold about them, in a form that a program can read."""

import json
from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from geoalchemy2 import Geometry
from pydantic import Field
from sqlalchemy import ColumnElement, cast, func, or_
from sqlmodel import Session, SQLModel, col, select
from typing_extensions import TypeAliasType

from nerirepo.base import clock
from nerirepo.notifications.tables import Delivery
from nerirepo.photos.tables import OwnerKind, Photo
from nerirepo.reporters.profile import of
from nerirepo.reporters.tables import Challenge, Device
from nerirepo.reports.tables import (
    EventText,
    Feedback,
    Follow,
    Report,
    ReportEvent,
    ReportOriginal,
    ReportPhoto,
    ReportSubmission,
)
from nerirepo.staff.tables import ContactDisclosure

PHOTO = (
    "id",
    "sha256",
    "bytes",
    "content_type",
    "state",
    "reason",
    "suggestion",
    "announced_at",
    "received_at",
)
LETTER = ("template", "address", "report_id", "state", "problem", "created_at", "finished_at")


Export = TypeAliasType(
    "Export",
    Annotated[
        dict[str, Any],
        Field(
            description="Everything we hold about the person, table by table.",
            json_schema_extra={"properties": {}},  # an object to programs that make clients, and no bare map
        ),
    ],
)


def export(session: Session, reporter_id: UUID) -> Export:
    """JSON-ready; times in RFC 3339. Raises `ReporterErased`. Photos themselves are fetched by their ids."""
    reporter = of(session, reporter_id)
    devices = select(Device).where(Device.reporter_id == reporter_id)
    sign_ins = select(Challenge).where(Challenge.email == reporter.email)
    photos = select(Photo).where(Photo.owner_kind == OwnerKind.REPORTER, Photo.owner_id == reporter_id)
    follows = select(Follow).where(Follow.reporter_id == reporter_id)
    feedback = select(Feedback).where(Feedback.reporter_id == reporter_id)
    hers = or_(col(Delivery.recipient_id) == str(reporter_id), col(Delivery.address) == reporter.email)
    letters = select(Delivery).where(hers).order_by(col(Delivery.seq))
    own = select(ReportOriginal.report_id).where(ReportOriginal.reporter_id == reporter_id)
    readings = select(ContactDisclosure).where(col(ContactDisclosure.report_id).in_(own))
    return {
        "made_at": clock.now().isoformat(),
        "profile": reporter.model_dump(mode="json"),
        "devices": _rows(session.exec(devices), "created_at", "expires_at"),
        "sign_ins": _rows(session.exec(sign_ins), "created_at", "expires_at", "used_at", "tries", "locale"),
        "reports": _reports(session, reporter_id),
        "words": _words(session, reporter_id),
        "photos": _rows(session.exec(photos), *PHOTO),
        "follows": _rows(session.exec(follows), "report_id", "since"),
        "feedback": _rows(session.exec(feedback), "report_id", "is_fixed", "helped", "comment", "at"),
        "letters": _rows(session.exec(letters), *LETTER),
        "contact_read_by_staff": _rows(session.exec(readings), "report_id", "reason", "at"),
    }


def _rows(rows: Iterable[SQLModel], *columns: str) -> list[dict[str, Any]]:
    return [row.model_dump(mode="json", include=set(columns)) for row in rows]


def _reports(session: Session, reporter_id: UUID) -> list[dict[str, Any]]:
    point: ColumnElement[Any] = cast(Report.location, Geometry)
    found = session.exec(
        select(Report, ReportOriginal, ReportSubmission, func.ST_AsGeoJSON(point))
        .join(ReportOriginal, col(ReportOriginal.report_id) == Report.id)
        .join(ReportSubmission, col(ReportSubmission.report_id) == Report.id)
        .where(ReportOriginal.reporter_id == reporter_id)
        .order_by(col(Report.received_at))
    ).all()
    facts = {"id", "number", "category_code", "status", "visibility", "town", "public_text", "received_at"}
    return [
        report.model_dump(mode="json", include=facts)
        | original.model_dump(mode="json", exclude={"report_id", "reporter_id"})
        | {
            "location": json.loads(place) if place else None,
            "receipt": submission.receipt,
            "photo_ids": [
                str(each)
                for each in session.exec(
                    select(ReportPhoto.photo_id)
                    .join(Photo, col(Photo.id) == ReportPhoto.photo_id)
                    .where(ReportPhoto.report_id == report.id, Photo.owner_id == reporter_id)
                )
            ],
        }
        for report, original, submission, place in found
    ]


def _words(session: Session, reporter_id: UUID) -> list[dict[str, Any]]:
    said = session.exec(
        select(ReportEvent, EventText.reporter_words)
        .join(EventText, col(EventText.event_seq) == ReportEvent.seq)
        .where(EventText.reporter_id == reporter_id)
        .order_by(col(ReportEvent.seq))
    )
    return [
        event.model_dump(mode="json", include={"report_id", "kind", "at"}) | {"words": words}
        for event, words in said
    ]
