"""Posts from a phone in a tunnel: everything arrives, once, in at most three tries of the queue.

A try is one run of the queue; within it a call that was cut is repeated at once, up to three times.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from nerirepo.database.db import reading
from nerirepo.photos.tables import Photo, PhotoState
from nerirepo.reports.tables import Report, ReportOriginal
from tests.client.conftest import Phone
from tests.factories import a_reporter, a_submission
from tests.support.live_service import base_url, running
from tests.support.lossy_proxy import FAST, SLOW, Network, lossy_proxy
from tests.support.pictures import encoded, street

TRIES = 3
LARGEST_PHOTO = 100_000


@pytest.fixture
def live(database: Path, storage: None) -> Iterator[str]:
    from operate.serving.front import create_api

    with running(create_api()) as address:
        yield address


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Just below the size that a phone makes of its photos on a bad network."""
    found = []
    for number in range(4):
        content = encoded(street(1150 + number, 862, noise=12), "JPEG", quality=70)
        assert LARGEST_PHOTO * 0.6 < len(content) <= LARGEST_PHOTO
        path = tmp_path / f"{number}.jpg"
        path.write_bytes(content)
        found.append(path)
    return found


def story(live: str, folder: Path, photos: list[Path], network: Network, seed: int) -> Any:
    posts = []
    for number in range(len(photos)):
        words = a_submission(description=f"{number}番目の穴")
        del words["photo_ids"]
        posts.append({"words": words, "photos": [str(photos[number])]})
    with lossy_proxy(live, network, seed) as proxy, base_url(proxy.address):
        phone = Phone(folder / "phone", proxy.address, a_reporter())
        phone.does(add=posts)
        told = phone.does(tries=TRIES)
        assert proxy.seen.total() > proxy.seen["pass"], "the network was too good"
    return told


def all_arrived_once(told: Any, expected: int) -> None:
    assert [post["problem"] for post in told["posts"]] == [None] * expected
    assert all(post["receipt"] for post in told["posts"]), json.dumps(told["posts"])[:2000]
    assert told["kept_photos"] == []
    with reading() as session:
        numbers = list(session.exec(select(Report.number)))
        words = sorted(session.exec(select(ReportOriginal.description)))
        states = list(session.exec(select(Photo.state)))
    assert sorted(numbers) == sorted(post["receipt"]["number"] for post in told["posts"])
    assert words == [f"{number}番目の穴" for number in range(expected)]
    assert states == [PhotoState.RECEIVED] * expected


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in (2, 3))])
def test_all_posts_arrive_once_although_answers_are_lost(
    live: str, tmp_path: Path, photos: list[Path], seed: int
) -> None:
    told = story(live, tmp_path, photos, FAST, seed)
    all_arrived_once(told, len(photos))


@pytest.mark.long
@pytest.mark.parametrize("seed", [11, 12])
def test_all_posts_arrive_once_by_50_kbit_a_second(
    live: str, tmp_path: Path, photos: list[Path], seed: int
) -> None:
    told = story(live, tmp_path, photos, SLOW, seed)
    all_arrived_once(told, len(photos))
