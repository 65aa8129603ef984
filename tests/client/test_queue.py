"""The reference client's queue against the live service."""

import hashlib
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import func, select

from nerirepo.catalogue import read as catalogue
from nerirepo.database.db import reading, transaction
from nerirepo.photos.tables import Photo, PhotoState
from nerirepo.reporters import devices
from nerirepo.reporters.tables import Eligibility, Reporter
from nerirepo.reports import receipt
from nerirepo.reports.tables import Report, ReportOriginal
from tests.factories import a_jpeg, a_reporter, a_submission
from tests.support.lossy_proxy import PERFECT, Network, lossy_proxy

Phones = Callable[..., Any]
POST = "01900000-0000-7000-8000-000000000001"
SOMEBODY_S_KEY = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
"""A valid key of Ed25519, from RFC 8032."""


def words(**changes: Any) -> dict[str, Any]:
    submission = a_submission(**changes)
    del submission["photo_ids"]
    return submission


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(a_jpeg())
    return path


def reports() -> int:
    with reading() as session:
        return session.exec(select(func.count()).select_from(Report)).one()


def photo_states() -> list[PhotoState]:
    with reading() as session:
        return list(session.exec(select(Photo.state)))


def test_a_post_is_kept_until_its_receipt_and_its_photo_until_the_service_has_it(
    live: str, a_phone: Phones, photo: Path
) -> None:
    phone = a_phone(live, a_reporter())
    kept = phone.does(add=[{"words": words(), "photos": [str(photo)]}])
    assert kept["posts"][0]["receipt"] is None
    assert kept["posts"][0]["submission"]["description"] == words()["description"]
    assert kept["kept_photos"] == [hashlib.sha256(photo.read_bytes()).hexdigest()]
    sent = phone.does(tries=1, sync=True)
    assert sent["posts"][0]["receipt"]["number"].startswith("NR-")
    assert sent["posts"][0]["submission"] is None
    assert sent["posts"][0]["photos"][0]["state"] == "safe"
    assert sent["kept_photos"] == []
    assert [each["number"] for each in sent["reports"]] == [sent["posts"][0]["receipt"]["number"]]
    assert photo_states() == [PhotoState.RECEIVED]


def test_the_same_id_added_again_is_the_same_post_as_it_was_first(live: str, a_phone: Phones) -> None:
    phone = a_phone(live, a_reporter())
    first, second = words(description="一回目"), words(description="二回目")
    told = phone.does(add=[{"words": each, "photos": [], "id": POST} for each in (first, second)], tries=1)
    assert [post["report_id"] for post in told["posts"]] == [POST]
    assert reports() == 1
    with reading() as session:
        assert session.exec(select(ReportOriginal.description)).one() == "一回目"


def test_the_words_of_all_posts_go_before_any_picture(live: str, a_phone: Phones, photo: Path) -> None:
    phone = a_phone(live, a_reporter())
    told = phone.does(add=[{"words": words(), "photos": [str(photo)]} for _ in range(2)], tries=1)
    sent = [call for call in told["calls"] if "/reports/" in call or call.endswith("/bytes")]
    assert ["/reports/" in call for call in sent] == [True, True, False, False]


def test_a_photo_that_the_phone_has_lost_does_not_hold_up_the_others(
    live: str, a_phone: Phones, photo: Path
) -> None:
    phone = a_phone(live, a_reporter())
    kept = phone.does(add=[{"words": words(), "photos": [str(photo), str(photo)]}])
    lost, other = (each["photo_id"] for each in kept["posts"][0]["photos"])
    told = phone.does(write={f"photo/{lost}": None}, tries=1)
    assert told["posts"][0]["receipt"]
    states = {each["photo_id"]: (each["state"], each["reason"]) for each in told["posts"][0]["photos"]}
    assert states == {lost: ("rejected", "photo_gone"), other: ("safe", None)}


def test_nobody_signed_in_means_that_it_waits(live: str, a_phone: Phones) -> None:
    phone = a_phone(live, None)
    waiting = phone.does(add=[{"words": words(), "photos": []}], tries=1)
    assert waiting["posts"][0]["problem"] is None
    assert reports() == 0
    phone.person = a_reporter()
    assert phone.does(tries=1)["posts"][0]["receipt"]


def test_a_device_that_was_signed_out_elsewhere_asks_to_sign_in_and_keeps_the_post(
    live: str, a_phone: Phones
) -> None:
    hanako = a_reporter()
    phone = a_phone(live, hanako)
    phone.does(add=[{"words": words(), "photos": []}])
    with transaction() as session:
        devices.sign_out(session, hanako.token)
    told = phone.does(tries=1)
    assert told["signed_in"] is False
    assert told["posts"][0]["problem"] is None
    assert told["posts"][0]["submission"] is not None


def test_somebody_else_on_the_same_device_does_not_send_what_is_not_theirs(
    live: str, a_phone: Phones
) -> None:
    phone = a_phone(live, a_reporter())
    phone.does(add=[{"words": words(), "photos": []}])
    phone.person = a_reporter(email="taro@example.jp")
    assert phone.does(tries=1)["posts"][0]["receipt"] is None
    assert reports() == 0


def test_what_can_never_be_taken_is_shown_with_its_reason_and_kept(live: str, a_phone: Phones) -> None:
    phone = a_phone(live, a_reporter())
    shinjuku = words(location={"lat": 35.6938, "lon": 139.7034})
    told = phone.does(add=[{"words": shinjuku, "photos": []}, {"words": words(), "photos": []}], tries=2)
    refused, taken = told["posts"]
    assert refused["problem"]["code"] == "outside_ward"
    assert refused["submission"] is not None
    assert taken["receipt"]


def test_while_posting_is_closed_it_waits_as_long_as_the_service_asks(live: str, a_phone: Phones) -> None:
    phone = a_phone(live, a_reporter())
    _open_posting(False)
    try:
        told = phone.does(add=[{"words": words(), "photos": []}], tries=1)
        assert told["posts"][0]["problem"] is None
        assert told["posts"][0]["not_before"] / 1000 > time.time() + 3000
    finally:
        _open_posting(True)
    assert phone.does(tries=1)["posts"][0]["receipt"]


def _open_posting(is_open: bool) -> None:
    with transaction() as session:
        catalogue.ward(session).posting_open = is_open


def test_a_login_page_that_answers_200_is_no_receipt(live: str, a_phone: Phones) -> None:
    hotel = Network(cut_request=0, cut_answer=0, lose_answer=0, login_page=1)
    with lossy_proxy(live, hotel) as proxy:
        phone = a_phone(proxy.address, a_reporter())
        told = phone.does(add=[{"words": words(), "photos": []}], tries=1)
        assert told["posts"][0]["receipt"] is None
        assert told["posts"][0]["submission"] is not None
        proxy.network = PERFECT
        assert phone.does(tries=1)["posts"][0]["receipt"]


def test_a_receipt_that_the_service_has_not_signed_lets_no_words_go(live: str, a_phone: Phones) -> None:
    phone = a_phone(live, a_reporter())
    forged = [{"key_id": receipt.key_id(), "algorithm": "Ed25519", "public_key": SOMEBODY_S_KEY}]
    told = phone.does(write={"receipt_keys": forged}, add=[{"words": words(), "photos": []}], tries=1)
    assert told["posts"][0]["receipt"] is None
    assert told["posts"][0]["submission"] is not None
    assert told["posts"][0]["problem"] is None
    assert phone.does(write={"receipt_keys": receipt.public_keys()}, tries=1)["posts"][0]["receipt"]
    assert reports() == 1


def test_somebody_who_has_not_said_that_they_live_here_is_asked_and_the_post_waits(
    live: str, a_phone: Phones
) -> None:
    hanako = a_reporter(eligibility=None)
    phone = a_phone(live, hanako)
    waiting = phone.does(add=[{"words": words(), "photos": []}], tries=1)
    assert waiting["posts"][0]["problem"] is None
    with transaction() as session:
        session.get_one(Reporter, hanako.id).eligibility = Eligibility.WORKS
    assert phone.does(tries=1)["posts"][0]["receipt"]


def test_a_phone_that_dies_at_any_moment_goes_on_where_it_was(
    live: str, a_phone: Phones, photo: Path
) -> None:
    with lossy_proxy(live, Network(late=0.05), seed=3) as proxy:
        phone = a_phone(proxy.address, a_reporter())
        phone.does(add=[{"words": words(), "photos": [str(photo)]} for _ in range(3)])
        for milliseconds in (250, 500, 900, 1400):
            with subprocess.Popen(phone.command(tries=1), stdout=subprocess.DEVNULL) as running:
                time.sleep(milliseconds / 1000)  # the moment is the test's subject
                running.send_signal(signal.SIGKILL)
        told = phone.does(tries=3)
    assert all(post["receipt"] for post in told["posts"])
    assert reports() == 3
    assert told["kept_photos"] == []
    assert photo_states() == [PhotoState.RECEIVED] * 3
