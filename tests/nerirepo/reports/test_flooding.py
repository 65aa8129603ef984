"""How much one person may send, by the figures as shipped; and what is the same again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine

from nerirepo.base.errors import TooMany
from nerirepo.base.ids import uuid7
from nerirepo.database.db import transaction
from nerirepo.photos import announce as announcing
from nerirepo.photos.announce import Announcement, Owner, announce
from nerirepo.photos.tables import OwnerKind
from nerirepo.reporters.tables import Reporter
from nerirepo.reports import comment as commenting
from nerirepo.reports.same_again import folded
from nerirepo.reports.submit import submit
from nerirepo.reports.tables import Report
from tests.factories import life, people
from tests.support.limits import as_shipped

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
MB = 1_000_000


@pytest.fixture(autouse=True)
def travel(monkeypatch: pytest.MonkeyPatch) -> Any:
    as_shipped(monkeypatch)
    with time_machine.travel(NOON, tick=False) as travel:
        yield travel


def send(who: Reporter, times: int = 1) -> tuple[int, int]:
    """(how many were taken, the seconds to wait at the first refusal or 0)."""
    for sent in range(times):
        try:
            life.post(who, words=str(uuid4()))
        except TooMany as refused:
            return sent, refused.retry_after or -1
    return times, 0


def test_a_new_account_posts_twenty_in_any_hour_and_sixty_a_day(travel: Any) -> None:
    newcomer = people.resident()
    assert send(newcomer, 10) == (10, 0)
    travel.shift(timedelta(minutes=59))
    assert send(newcomer, 11) == (10, 60)
    travel.shift(timedelta(seconds=59))
    assert send(newcomer) == (0, 1)
    travel.shift(timedelta(seconds=1))
    assert send(newcomer, 11) == (10, 59 * 60)  # not twenty: ten of them are a minute old
    travel.shift(timedelta(hours=1))
    assert send(newcomer, 21) == (20, 3600)
    travel.shift(timedelta(hours=1))
    assert send(newcomer, 11) == (10, (NOON + timedelta(days=1) - datetime.now(UTC)).total_seconds())
    assert send(people.resident("taro@example.jp")) == (1, 0)


def test_after_a_week_it_is_three_hundred_an_hour(travel: Any) -> None:
    someone = people.resident()
    travel.shift(timedelta(days=7) - timedelta(seconds=1))
    assert send(someone, 21) == (20, 3600)
    travel.shift(timedelta(seconds=1))
    assert send(someone, 281) == (280, 3599)


def test_a_queue_that_comes_home_waits_as_it_is_told_and_loses_nothing(travel: Any) -> None:
    newcomer, queue = people.resident(), [uuid7() for _ in range(45)]
    taken: list[UUID] = []
    while len(taken) < len(queue):
        try:
            with transaction() as session:
                submission = life.a_submission(words=str(len(taken)))
                taken.append(submit(session, newcomer, queue[len(taken)], submission).report_id)
        except TooMany as refused:
            travel.shift(timedelta(seconds=refused.retry_after or 0))
    assert taken == queue
    assert datetime.now(UTC) == NOON + timedelta(hours=2)


def flags(report_id: UUID) -> list[str]:
    with transaction() as session:
        return list(session.get_one(Report, report_id).flags)


def department(report_id: UUID) -> str:
    with transaction() as session:
        return session.get_one(Report, report_id).department_code


def post(who: Reporter, *, north_m: float = 0, words: str = "暗いです。", category: str = "lamp.out") -> UUID:
    submission = life.a_submission(category, words=words)
    place = submission.location.model_copy(update={"lat": submission.location.lat + north_m / 111_000})
    with transaction() as session:
        moved = submission.model_copy(update={"location": place})
        return submit(session, who, uuid7(), moved).report_id


@pytest.mark.parametrize(
    ("again", "is_same"),
    [
        ({}, True),
        ({"north_m": 29}, True),
        ({"north_m": 31}, False),
        ({"words": " 暗い です。\u200b"}, True),
        ({"words": "真っ暗です。"}, False),
        ({"category": "lamp.broken"}, False),
        ({"after": timedelta(hours=23, minutes=59)}, True),
        ({"after": timedelta(hours=24)}, False),
        ({"other": True}, False),
    ],
)
def test_the_same_again_is_taken_flagged_and_looked_at_in_triage(
    travel: Any, again: dict[str, Any], is_same: bool
) -> None:
    hanako = people.resident()
    first = post(hanako)
    who = people.resident("taro@example.jp") if again.pop("other", False) else hanako
    travel.shift(again.pop("after", timedelta(minutes=1)))
    second = post(who, **again)
    assert flags(first) == []
    assert flags(second) == (["same_again"] if is_same else [])
    assert department(second) == ("desk" if is_same else department(first))


@pytest.mark.parametrize("words", ["", " ", "\u200b\u3000"])
def test_no_words_are_never_the_same_words(words: str) -> None:
    assert folded(words) == ""


def tell(owner: Owner, size: int, photo_id: UUID | None = None) -> int:
    """0 where it was taken, or the seconds to wait."""
    announced = Announcement(sha256="0" * 64, bytes=size, content_type="image/jpeg")
    try:
        with transaction() as session:
            announce(session, owner, photo_id or uuid7(), announced)
    except TooMany as refused:
        return refused.retry_after or -1
    return 0


@pytest.mark.parametrize(("is_registered", "photos"), [(False, 5), (True, 50)])
def test_so_many_bytes_a_day_are_announced_and_not_one_more(
    travel: Any, is_registered: bool, photos: int
) -> None:
    owner = Owner(OwnerKind.REPORTER, uuid4(), is_registered=is_registered)
    assert tell(owner, 20 * MB, first := uuid7()) == 0
    travel.shift(timedelta(hours=1))
    assert [tell(owner, 20 * MB) for _ in range(photos - 1)] == [0] * (photos - 1)
    assert tell(owner, 1) == 23 * 3600
    assert tell(owner, 20 * MB, first) == 0, "announced again it counts once"
    assert tell(Owner(OwnerKind.REPORTER, uuid4()), 20 * MB) == 0
    assert tell(Owner(OwnerKind.MEMBER, owner.id), 20 * MB) == 0
    travel.shift(timedelta(hours=23))
    assert [tell(owner, 20 * MB), tell(owner, 1)] == [0, 3600]


def test_photos_are_counted_over_an_hour(travel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcing, "NEW_PHOTOS", replace(announcing.NEW_PHOTOS, times=2))
    owner = Owner(OwnerKind.REPORTER, uuid4())
    assert [tell(owner, 1) for _ in range(3)] == [0, 0, 3600]
    travel.shift(timedelta(hours=1))
    assert tell(owner, 1) == 0


def test_comments_are_counted_over_an_hour(travel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commenting, "COMMENTS", replace(commenting.COMMENTS, times=2))
    hanako = people.resident()
    report_id = post(hanako)

    def say(words: str) -> int:
        try:
            with transaction() as session:
                report = session.get_one(Report, report_id, with_for_update=True)
                commenting.comment(session, report, hanako.id, commenting.Comment(text=words))
        except TooMany as refused:
            return refused.retry_after or -1
        return 0

    assert [say("柱は12番です。"), say("角の柱です。"), say("まだです。")] == [0, 0, 3600]
    travel.shift(timedelta(hours=1))
    assert say("まだです。") == 0
