"""An address of a photo speaks for one photo, and for a while: whoever finds it later sees nothing."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import time_machine

from nerirepo.base import clock
from nerirepo.photos import links
from nerirepo.photos.tables import OwnerKind, Photo

pytestmark = pytest.mark.usefixtures("database")


def a_photo() -> Photo:
    return Photo(
        id=uuid4(),
        owner_kind=OwnerKind.REPORTER,
        sha256="0" * 64,
        bytes=1,
        content_type="image/jpeg",
        announced_at=clock.now(),
    )


def look(url: str) -> None:
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    links.check(parts.path, int(query["expires"][0]), query["signature"][0])


def test_an_address_for_sending_ends_after_six_hours() -> None:
    with time_machine.travel("2026-11-28T10:20:00Z", tick=False) as travel:
        url = links.upload(a_photo())["url"]
        travel.shift(timedelta(hours=6) - timedelta(seconds=1))
        look(url)
        travel.shift(timedelta(seconds=1))
        with pytest.raises(links.PhotoLinkInvalid):
            look(url)


def test_an_address_for_looking_ends_two_hours_after_its_hour_began() -> None:
    with time_machine.travel("2026-11-28T10:20:00Z", tick=False) as travel:
        url = links.rendition_url(uuid4(), "large")
        travel.move_to("2026-11-28T11:59:59Z")
        look(url)
        travel.move_to("2026-11-28T12:00:00Z")
        with pytest.raises(links.PhotoLinkInvalid):
            look(url)


def test_nobody_makes_an_address_last_longer() -> None:
    url = urlsplit(links.rendition_url(uuid4(), "large"))
    query = parse_qs(url.query)
    with pytest.raises(links.PhotoLinkInvalid):
        links.check(url.path, int(query["expires"][0]) + 3600, query["signature"][0])
