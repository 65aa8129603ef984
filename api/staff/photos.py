"""Photos taken by staff: announced, sent and looked at as residents' are."""

from typing import Any

from fastapi import APIRouter

from api.mobile.contract import refusals
from api.mobile.photos import announced, looked_at
from api.staff.audience import REFUSALS, ReportReader
from nerirepo.errors import TooMany
from nerirepo.fields import Uuid7
from nerirepo.gateways.storage import StorageAway
from nerirepo.photos.announce import Announcement, Owner, PhotoIdTaken, PhotoNotFound, PhotoNotTaken
from nerirepo.photos.tables import OwnerKind
from web.db import Reading, Transaction

router = APIRouter(prefix="/photos")


@router.put("/{photo_id}", responses=refusals(*REFUSALS, PhotoIdTaken, PhotoNotTaken, TooMany, writes=True))
def announce_photo(
    photo_id: Uuid7, body: Announcement, member: ReportReader, session: Transaction
) -> dict[str, Any]:
    """Say which picture will come, and hear where to send it."""
    return announced(session, Owner(OwnerKind.MEMBER, member.id), photo_id, body)


@router.get("/{photo_id}", responses=refusals(*REFUSALS, PhotoNotFound, StorageAway))
def look_at_photo(photo_id: Uuid7, member: ReportReader, session: Reading) -> dict[str, Any]:
    """How far a photo of one's own has come."""
    return looked_at(session, Owner(OwnerKind.MEMBER, member.id), photo_id)
