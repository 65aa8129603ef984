"""Photos taken by staff: announced, sent and looked at as residents' are."""

from fastapi import APIRouter

from api.mobile.contract import refusals
from api.staff.audience import REFUSALS, ReportReader
from nerirepo.base.errors import TooMany
from nerirepo.gateways.storage import StorageAway
from nerirepo.photos import receive, view
from nerirepo.photos.announce import (
    Announcement,
    Owner,
    PhotoIdTaken,
    PhotoNotFound,
    PhotoNotTaken,
    announce,
)
from nerirepo.photos.tables import OwnerKind
from nerirepo.words.fields import Uuid7
from web.db import Reading, Transaction

router = APIRouter(prefix="/photos")


@router.put(
    "/{photo_id}",
    response_model=None,
    responses=refusals(*REFUSALS, PhotoIdTaken, PhotoNotTaken, TooMany, writes=True),
)
def announce_photo(
    photo_id: Uuid7, body: Announcement, member: ReportReader, session: Transaction
) -> view.Photo:
    """Say which picture will come, and hear where to send it."""
    return view.own(announce(session, Owner(OwnerKind.MEMBER, member.id), photo_id, body))


@router.get("/{photo_id}", response_model=None, responses=refusals(*REFUSALS, PhotoNotFound, StorageAway))
def look_at_photo(photo_id: Uuid7, member: ReportReader, session: Reading) -> view.Photo:
    """How far a photo of one's own has come."""
    return view.own(receive.as_it_stands(session, Owner(OwnerKind.MEMBER, member.id), photo_id))
