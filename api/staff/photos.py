"""Photos that staff take: the evidence. Announced and looked at as residents' are; sent to the same place."""

from typing import Any

from fastapi import APIRouter

from api.db import Reading, Transaction
from api.mobile.photos import announced, looked_at
from api.staff.audience import ReportReader
from nerirepo.fields import Uuid7
from nerirepo.photos.announce import Announcement, Owner
from nerirepo.photos.tables import OwnerKind

router = APIRouter(prefix="/photos")


@router.put("/{photo_id}")
def announce_photo(
    session: Transaction, member: ReportReader, photo_id: Uuid7, body: Announcement
) -> dict[str, Any]:
    """Say which picture will come, and hear where to send it. The same again is answered alike."""
    return announced(session, Owner(OwnerKind.MEMBER, member.id), photo_id, body)


@router.get("/{photo_id}")
def look_at_photo(session: Reading, member: ReportReader, photo_id: Uuid7) -> dict[str, Any]:
    """How far a photo has come."""
    return looked_at(session, Owner(OwnerKind.MEMBER, member.id), photo_id)
