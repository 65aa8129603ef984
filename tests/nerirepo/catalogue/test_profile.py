"""What a ward says of itself is understood once for each version, whichever release has written it."""

import pytest
from sqlmodel import Session

from nerirepo.base.settings import CHECKOUT
from nerirepo.catalogue import read
from nerirepo.catalogue.most import MOST_BYTES, MOST_PHOTOS, PHOTO_TYPES
from nerirepo.catalogue.offered import Offered
from nerirepo.catalogue.profile import Profile
from nerirepo.database.db import reading
from nerirepo.words.language import LANGUAGES
from operate.ward import ward_folder


@pytest.fixture(scope="module")
def profile() -> Profile:
    return ward_folder.read(CHECKOUT / "wards" / "nerima").profile


def test_what_is_stored_is_what_was_said(profile: Profile) -> None:
    assert Profile.stored(profile.as_json()) == profile


@pytest.mark.usefixtures("database")
def test_two_requests_read_one_object() -> None:
    def asked(session: Session) -> Profile:
        return read.ward(session).profile

    with reading() as one, reading() as other:
        assert asked(one) is asked(other)


def test_what_a_later_release_added_is_passed_over(profile: Profile) -> None:
    held = profile.as_json()
    assert Profile.stored(held | {"motto": "x", "map": held["map"] | {"zoom": 3}}) == profile


def test_what_an_older_release_took_is_brought_within_what_the_service_can(profile: Profile) -> None:
    held = profile.as_json()
    del held["number_prefix"]
    wide = {"photos_per_report": 99, "photo_bytes": 10**12, "photo_types": [*PHOTO_TYPES, "image/tiff"]}
    found = Profile.stored(
        held | {"limits": held["limits"] | wide, "languages": [*LANGUAGES, "tlh"]},
    )
    assert found.number_prefix == "NR"
    assert Offered.of(found) == Offered(LANGUAGES, MOST_PHOTOS, MOST_BYTES, PHOTO_TYPES)
