"""Where were the photos of a plain form taken, and which of them says where it is?

By the same rules as the posting program (`web_public/program/posting/place.ts`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import cos, hypot, radians
from time import monotonic, sleep
from uuid import UUID

from sqlmodel import Session, col, select

from nerirepo.database import db
from nerirepo.photos.tables import Photo, PhotoState

SAME_PLACE = 100.0
"""Metres between two photos of the same thing."""
COARSE = 100.0
"""Metres of a position's error beyond which nobody but the person can say that it is right."""
PATIENCE = 3.0
"""Seconds for a photo that is just being opened: mostly it takes one."""
METRES_OF_A_DEGREE = 111_320


@dataclass(frozen=True)
class PhotoPlace:
    """`number`: the how manieth photo of the form it is."""

    photo_id: str
    number: int
    lat: float
    lon: float
    accuracy_m: float | None

    @property
    def is_coarse(self) -> bool:
        return (self.accuracy_m or 0) > COARSE


def photos(session: Session, owner: UUID, ids: Sequence[str]) -> list[Photo]:
    """The person's own of these, in their order."""
    known = {str(each) for each in map(_id, ids) if each}
    found = session.exec(select(Photo).where(col(Photo.id).in_(known), Photo.owner_id == owner))
    by_id = {str(each.id): each for each in found}
    return [by_id[each] for each in ids if each in by_id]


def opened(owner: UUID, ids: Sequence[str]) -> list[Photo]:
    """The same, once they are opened, or after a moment of patience."""
    until = monotonic() + PATIENCE
    while True:
        with db.reading() as session:
            found = photos(session, owner, ids)
        if all(each.state is not PhotoState.RECEIVED for each in found) or monotonic() > until:
            return found
        sleep(0.25)


def places(found: Sequence[Photo]) -> list[PhotoPlace]:
    """Of those whose camera wrote one."""
    return [
        PhotoPlace(str(photo.id), number, place["lat"], place["lon"], place.get("accuracy_m"))
        for number, photo in enumerate(found, start=1)
        if photo.suggestion and (place := photo.suggestion["place"])
    ]


def differ(known: Sequence[PhotoPlace]) -> bool:
    return any(_metres(one, other) > SAME_PLACE for one, other in combinations(known, 2))


def meant(known: Sequence[PhotoPlace], chosen: str) -> PhotoPlace | None:
    """The one that was chosen; else the first, where all agree and it is not rough."""
    by_hand = next((each for each in known if each.photo_id == chosen), None)
    if by_hand or not known or differ(known) or known[0].is_coarse:
        return by_hand
    return known[0]


def _metres(one: PhotoPlace, other: PhotoPlace) -> float:
    north = one.lat - other.lat
    east = (one.lon - other.lon) * cos(radians(one.lat))
    return hypot(north, east) * METRES_OF_A_DEGREE


def _id(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None
