"""A machine whose clock is wrong goes by the database's."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from nerirepo.base import clock
from nerirepo.database import shared_clock

LITTLE = timedelta(minutes=1)


@pytest.mark.usefixtures("database")
def test_a_process_whose_machine_is_hours_ahead_goes_by_the_database() -> None:
    truth = datetime.now(UTC)
    with time_machine.travel(truth + timedelta(hours=3)):
        assert clock.now() - truth > timedelta(hours=2)
        with shared_clock.synchronised():
            assert abs(clock.now() - truth) < LITTLE
        assert clock.now() - truth > timedelta(hours=2), "a command afterwards has its own clock again"


@pytest.mark.usefixtures("database")
def test_a_clock_that_is_set_meanwhile_changes_nothing() -> None:
    with shared_clock.synchronised():
        before = clock.now()
        with time_machine.travel(before - timedelta(days=400)):
            assert abs(clock.now() - before) < LITTLE
