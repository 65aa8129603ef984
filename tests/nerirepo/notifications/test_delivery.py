"""What becomes of a letter after a try."""

from datetime import UTC, datetime, timedelta

import pytest

from nerirepo.notifications import delivery
from nerirepo.notifications.delivery import Outcome, after
from nerirepo.notifications.tables import DeliveryState

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.TAKEN, DeliveryState.SENT),
        (Outcome.UNWANTED, DeliveryState.DROPPED),
        (Outcome.PERMANENT, DeliveryState.FAILED),
    ],
)
def test_a_letter_that_is_done_with_is_not_tried_again(outcome: Outcome, state: DeliveryState) -> None:
    assert after(outcome, tries=1, owed_since=NOW, now=NOW) == delivery.Next(state)


def test_temporary_failures_are_tried_ever_more_rarely_for_about_two_days_and_then_given_up() -> None:
    now, tries, waits = NOW, 0, []
    while True:
        tries += 1
        following = after(Outcome.TEMPORARY, tries=tries, owed_since=NOW, now=now)
        if following.at is None:
            break
        waits.append((following.at - now) / timedelta(minutes=1))
        now = following.at
    assert waits[:8] == [0.5, 1, 2, 5, 15, 30, 60, 60]
    assert following.state is DeliveryState.FAILED
    assert timedelta(hours=47) <= now - NOW <= timedelta(hours=48)


def test_a_letter_that_waits_for_its_picture_is_tried_in_seconds() -> None:
    following = after(Outcome.NOT_READY, tries=1, owed_since=NOW, now=NOW)
    assert following.state is DeliveryState.OWED
    assert following.at is not None
    assert following.at - NOW < timedelta(minutes=1)
    assert delivery.waits_for_pictures(owed_since=NOW, now=NOW + timedelta(minutes=9))
    assert not delivery.waits_for_pictures(owed_since=NOW, now=NOW + timedelta(minutes=10))


def test_a_server_that_could_not_be_reached_is_asked_again_within_a_minute_however_often() -> None:
    following = after(Outcome.AWAY, tries=50, owed_since=NOW, now=NOW)
    assert following.state is DeliveryState.OWED
    assert following.at is not None
    assert following.at - NOW < timedelta(minutes=1)
    much_later = NOW + delivery.GIVE_UP_AFTER
    assert after(Outcome.AWAY, tries=1, owed_since=NOW, now=much_later).state is DeliveryState.FAILED


def test_a_sender_that_lives_may_miss_a_renewal_and_keeps_its_letter() -> None:
    assert 3 * delivery.RENEWED_EVERY < delivery.LEASE < timedelta(minutes=1)
