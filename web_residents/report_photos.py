"""Which photos of a plain form are kept, and what is said of each that is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session
from starlette.datastructures import FormData

from nerirepo.base.errors import ServiceError
from nerirepo.base.links import Link
from nerirepo.catalogue.offered import offered
from nerirepo.photos import from_form, view
from nerirepo.photos.announce import Owner
from nerirepo.photos.tables import OwnerKind, Photo
from nerirepo.reporters import profile
from web.large_form import chosen

LARGEST_FORM = 150_000_000
"""Bytes: all photos of a report at their largest, with room for some that are left out."""


@dataclass(frozen=True)
class LeftOut:
    """A photo's name in the person's album, and the key of what is said of it."""

    name: str
    said: str


def limits() -> dict[str, int]:
    """What is said beside the field."""
    ward = offered()
    return {"count": ward.photos_per_report, "megabytes": ward.photo_bytes // 1_000_000}


def store(session: Session, link: Link, form: FormData, room: int) -> tuple[list[UUID], list[LeftOut]]:
    """Keep as many as there is room for; one that cannot be taken costs no other."""
    reporter = profile.of(session, link.reporter_id)
    owner = Owner(OwnerKind.REPORTER, reporter.id, is_registered=reporter.eligibility is not None)
    kept: list[UUID] = []
    left_out: list[LeftOut] = []
    for each in chosen(form, "photos"):
        name = each.filename or ""
        if len(kept) >= room:
            left_out.append(LeftOut(name, "posting.plain.photos_too_many"))
            continue
        try:
            kept.append(from_form.store(owner, link.report_id, each.file, each.size or 0))
        except ServiceError as error:
            left_out.append(LeftOut(name, f"error.{error.faults[0].code if error.faults else error.code}"))
    return kept, left_out


def shown(photos: Sequence[Photo]) -> list[dict[str, Any]]:
    """Kept photos: `picture` is None as long as one has not been opened."""
    made = [(photo, view.renditions(photo)) for photo in photos]
    return [
        {"id": str(photo.id), "number": number, "picture": pictures[-1] if pictures else None}
        for number, (photo, pictures) in enumerate(made, start=1)
    ]
