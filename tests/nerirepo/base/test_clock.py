"""The clock can be told a moment, for a block and for nobody else."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread

from nerirepo.base import clock

LAST_WEEK = datetime(2026, 11, 16, 9, 40, tzinfo=clock.JST)


def test_within_the_block_it_is_that_moment_and_afterwards_it_is_now_again():
    with clock.at(LAST_WEEK):
        assert clock.now() == LAST_WEEK
        assert clock.now().tzinfo is UTC
        assert clock.today_in_japan() == LAST_WEEK.date()
    assert clock.now() > LAST_WEEK


def test_a_day_begins_at_midnight_in_japan():
    midnight = datetime(2026, 12, 1, tzinfo=clock.JST)
    with clock.at(midnight - timedelta(seconds=1)):
        assert clock.today_in_japan() == date(2026, 11, 30)
    with clock.at(midnight):
        assert clock.today_in_japan() == date(2026, 12, 1)


def test_another_thread_keeps_its_own_time():
    seen = []
    with clock.at(LAST_WEEK):
        other = Thread(target=lambda: seen.append(clock.now()))
        other.start()
        other.join()
    assert seen[0] > LAST_WEEK
