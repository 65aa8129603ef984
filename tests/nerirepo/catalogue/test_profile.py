"""What a ward says of itself is understood once for each version, whichever release has written it."""

import pytest
from sqlmodel import Session

from nerirepo.base.settings import CHECKOUT
from nerirepo.catalogue import read
from nerirepo.catalogue.most import LEAST_BYTES, MOST_BYTES, MOST_PHOTOS, PHOTO_TYPES
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


def test_what_no_writer_may_say_any_more_is_read_all_the_same(profile: Profile) -> None:
    """A database is older, or younger, than the program that reads it; no page may fail for that."""
    held = profile.as_json()
    notice = {"code": "storm", "since": "2026-11-01", "until": "2026-11-02"}
    words = {"ja": "台風", "tlh": "jev"}
    narrow = {"photos_per_report": 0, "photo_bytes": 1, "photo_types": ["image/png", "image/tiff"]}
    found = Profile.stored(
        held
        | {
            "languages": ["en", "tlh"],
            "limits": held["limits"] | narrow,
            "names": held["names"] | {"tlh": "nerIma"},
            "reading_hours": held["reading_hours"] | {"days": ["holiday"], "closed_on_holidays": False},
            "notices": [notice | {"titles": words, "words": words}],
        }
    )
    assert found.languages == ["ja", "en"]
    assert found.names == profile.names
    assert found.notices[0].titles == {"ja": "台風"}
    assert (found.limits.photos_per_report, found.limits.photo_bytes) == (1, LEAST_BYTES)
    assert found.limits.photo_types == ["image/jpeg", "image/png"]
    assert found.reading_hours.days == ["mon", "tue", "wed", "thu", "fri"]


def test_a_ward_keeps_the_order_of_its_languages(profile: Profile) -> None:
    assert Profile.stored(profile.as_json() | {"languages": ["ja", "en", "ja-easy"]}).languages == [
        "ja",
        "en",
        "ja-easy",
    ]
