"""What residents ask and send, as requests."""

import hashlib
import random
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from benchmarks import fill
from benchmarks.ask import Request, get, put
from nerirepo.base import clock
from nerirepo.base.ids import uuid7
from nerirepo.photos import links

PICTURE = b"\xff\xd8" + bytes(200_000)
"""The size of a photo that a phone has made small. What is in it is looked at later, by a worker."""


def post(dice: random.Random, headers: dict[str, str], photos: list[UUID]) -> Request:
    lat, lon = dice.uniform(35.735, 35.745), dice.uniform(139.61, 139.66)
    content = {
        "category": dice.choice(fill.KINDS),
        "description": " ".join(dice.sample(fill.WORDS, 3)),
        "location": {"lat": lat, "lon": lon, "accuracy_m": 8.0, "source": "gps"},
        "photo_ids": [str(each) for each in photos],
        "observed_at": (clock.now() - timedelta(minutes=5)).isoformat(),
        "answers": {},
        "locale": "ja",
    }
    return put(f"/v1/reports/{uuid7()}", content, **headers)


def announcement() -> dict:
    return {
        "sha256": hashlib.sha256(PICTURE).hexdigest(),
        "bytes": len(PICTURE),
        "content_type": "image/jpeg",
    }


def announce(headers: dict[str, str]) -> Request:
    return put(f"/v1/photos/{uuid7()}", announcement(), **headers)


def send_bytes(photo: UUID) -> Request:
    url = urlsplit(links._signed(f"/v1/photos/{photo}/bytes", clock.now() + links.UPLOAD_VALID_FOR))
    return Request("PUT", f"{url.path}?{url.query}", {"Content-Type": "image/jpeg"}, PICTURE)


def look_up(dice: random.Random) -> Request:
    lat, lon = dice.uniform(35.735, 35.745), dice.uniform(139.61, 139.66)
    return get(f"/v1/places/lookup?lat={lat:.6f}&lon={lon:.6f}&category={dice.choice(fill.KINDS)}")
