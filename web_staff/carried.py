"""What a form has brought, kept before anything else is asked, so that no refusal and no fault loses it.

Each form says in its address for whom it was made (`drafts.signature`). So it can be kept for that member
when the session has ended, and not a byte of a body is read for anybody else.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

from fastapi import Request
from starlette.datastructures import UploadFile

from nerirepo.base.errors import ServiceError
from nerirepo.base.ids import uuid7
from nerirepo.catalogue.most import MOST_BYTES
from nerirepo.database import db
from nerirepo.photos import from_form
from nerirepo.photos.announce import Owner
from nerirepo.photos.tables import OwnerKind
from nerirepo.reports.action_request import MOST_PHOTOS
from nerirepo.staff import drafts
from nerirepo.staff.tables import Member
from web import large_form
from web.large_form import Brought

LARGEST_FORM = MOST_PHOTOS * MOST_BYTES + 1_000_000
"""Bytes: the photos of an action at their largest, and every note."""
_PAGES = re.compile(r"/(?:desk|crew)/(reports/[^/]+|notices)(?:/actions|/contact)?")


@dataclass
class Carried:
    """`photo_ids` are the photos whose bytes have come, or those that were ticked."""

    page: str
    form_id: UUID
    typed: dict[str, str]
    photo_ids: list[str]
    files: list[UploadFile] = field(default_factory=list)
    lost_photos: int = 0
    """Chosen, and not arrived: a browser does not choose them again by itself."""
    fault: ServiceError | None = None
    """Of the form as a whole: its words are here, and its photos are not."""


async def sent(request: Request) -> AsyncIterator[Carried]:
    """A dependency: the form of this request. Files larger than a megabyte wait on the disk meanwhile."""
    async with large_form.read(request, LARGEST_FORM) as brought:
        request.state.carried = _read(request, brought)
        yield request.state.carried


@asynccontextmanager
async def sent_by_nobody(request: Request) -> AsyncIterator[tuple[Carried, UUID] | None]:
    """The form of a request without a session, and its member; None where no page of ours made it."""
    try:
        form_id = UUID(request.query_params.get("form", ""))
    except ValueError:
        yield None
        return
    member_id = drafts.member_of(request.query_params.get("of", ""), form_id)
    if member_id is None or page_of(request) is None:
        yield None
        return
    async with large_form.read(request, LARGEST_FORM) as brought:
        carried = _read(request, brought)
        carried.form_id = form_id
        yield carried, member_id


def page_of(request: Request) -> str | None:
    """Below /desk or /crew: where the form stands that was sent to this address."""
    found = _PAGES.fullmatch(request.scope["path"])
    return found[1] if found else None


def for_member(member: Member, form_id: UUID) -> dict[str, str]:
    """What a form's address carries in its query."""
    return {"form": str(form_id), "of": drafts.signature(member.id, form_id)}


def save(member_id: UUID, carried: Carried) -> None:
    """The words at once, then each photo. Raises the first fault of a photo when all have been tried."""
    _keep_words(member_id, carried)
    fault = carried.fault
    owner = Owner(OwnerKind.MEMBER, member_id)
    for file in carried.files:
        try:
            photo_id = from_form.store(owner, carried.form_id, file.file, file.size or 0)
        except ServiceError as error:
            fault = fault or error
            carried.lost_photos += 1
        else:
            if str(photo_id) not in carried.photo_ids:
                carried.photo_ids.append(str(photo_id))
    if carried.files:
        carried.files = []
        _keep_words(member_id, carried)
    if fault:
        raise fault


def _keep_words(member_id: UUID, carried: Carried) -> None:
    with db.transaction() as session:
        drafts.save(session, member_id, carried.form_id, carried.page, carried.typed, carried.photo_ids)


def _read(request: Request, brought: Brought) -> Carried:
    form = brought.form
    # The database takes no NUL; what else is wrong with the words is said beside them.
    typed = {key: value.replace("\0", "") for key, value in form.items() if isinstance(value, str)}
    return Carried(
        page=page_of(request) or "",
        form_id=_id(typed.get("action_id", "")),
        typed={key: value for key, value in typed.items() if key not in ("photo_ids", "action_id")},
        photo_ids=[value for value in form.getlist("photo_ids") if isinstance(value, str) and _is_id(value)],
        files=large_form.chosen(form, "photos"),
        lost_photos=1 if brought.fault else 0,
        fault=brought.fault,
    )


def _is_id(typed: str) -> bool:
    try:
        return bool(UUID(typed))
    except ValueError:
        return False


def _id(typed: str) -> UUID:
    try:
        given = UUID(typed)
    except ValueError:
        return uuid7()
    return given if given.version == 7 else uuid7()
