"""A limit holds in any window, wherever that begins, and for all processes together."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nerirepo.base.errors import TooMany
from nerirepo.database import rate_limit
from nerirepo.database.db import transaction
from nerirepo.database.rate_limit import (
    WIDER,
    Counted,
    Limit,
    count,
    count_all,
    forgive,
    give_back,
    of_client,
)

pytestmark = pytest.mark.usefixtures("database")

LIMIT = Limit("tried", 3, timedelta(minutes=10))
NOON = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)


def counted(*, limit: Limit = LIMIT, subject: str = "x") -> int:
    """0 where it was counted, or the seconds to wait."""
    try:
        with transaction() as session:
            count(session, limit, subject)
    except TooMany as refused:
        return refused.retry_after or -1
    return 0


def test_three_and_not_a_fourth_until_the_first_has_passed() -> None:
    with time_machine.travel(NOON, tick=False) as travel:
        assert counted() == 0
        travel.shift(timedelta(minutes=9, seconds=59))
        assert [counted(), counted(), counted()] == [0, 0, 1]
        assert counted(subject="y") == 0
        travel.shift(timedelta(seconds=1))
        # Not three again, as in a window that begins anew: two are not ten minutes old.
        assert [counted(), counted()] == [0, 599]


def test_the_wait_that_is_said_is_the_shortest_that_helps() -> None:
    with time_machine.travel(NOON, tick=False) as travel:
        for _ in range(LIMIT.times):
            counted()
            travel.shift(timedelta(seconds=61))
        wait = counted()
        travel.shift(timedelta(seconds=wait - 1))
        assert counted() == 1
        travel.shift(timedelta(seconds=1))
        assert counted() == 0


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 400), min_size=8, max_size=14), st.uuids())
def test_however_they_are_spread_no_window_has_more(gaps: list[int], who: object) -> None:
    taken = []
    with time_machine.travel(NOON, tick=False) as travel:
        for gap in gaps:
            travel.shift(timedelta(seconds=gap))
            if counted(subject=str(who)) == 0:
                taken.append(datetime.now(UTC))
    for begin in taken:
        assert sum(begin <= each < begin + LIMIT.window for each in taken) <= LIMIT.times


def test_what_was_refused_counts_for_nothing_even_where_the_caller_goes_on() -> None:
    other = Limit("other", 10, timedelta(minutes=10))
    with time_machine.travel(NOON, tick=False):
        for _ in range(LIMIT.times):
            counted()
        with transaction() as session, pytest.raises(TooMany):
            count_all(session, Counted(LIMIT, ("x",)), Counted(other, ("x",)))
        with transaction() as session:
            found = {each.name: each.counted for each in rate_limit.standing(session, "x")}
    assert found == {"tried": 3, "other": 0}


def test_many_at_once_are_no_way_around_it() -> None:
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: counted() == 0, range(10)))
    assert outcomes.count(True) == LIMIT.times


def test_what_is_given_back_or_forgiven_is_free_again() -> None:
    own = Counted(Limit("own", 100, timedelta(minutes=10)), ("hanako", "x"))
    pool = Counted(LIMIT, ("x",))
    with time_machine.travel(NOON, tick=False) as travel:
        with transaction() as session:
            count_all(session, pool)  # another's
        travel.shift(timedelta(seconds=1))
        for _ in range(2):
            with transaction() as session:
                count_all(session, pool, own)
        with transaction() as session:
            give_back(session, pool, own)
        assert [counted(), counted()] == [0, 599]
        with transaction() as session:
            forgive(session, own, pool)
        assert [counted(), counted()] == [0, 599]


def test_a_line_of_ipv6_has_one_counter_and_a_48_a_looser_one() -> None:
    def tried(address: str) -> bool:
        try:
            with transaction() as session:
                count_all(session, *of_client(LIMIT, address))
        except TooMany:
            return False
        return True

    with time_machine.travel(NOON, tick=False):
        assert [tried(f"2400:4050:1:1::{n}") for n in range(4)] == [True, True, True, False]
        lines = [tried(f"2400:4050:1:{n}::1") for n in range(2, 40)]
        assert lines.count(True) == LIMIT.times * (WIDER - 1)
        assert tried("2400:4050:2:1::1")
        assert [tried("198.51.100.7") for _ in range(4)] == [True, True, True, False]
        assert not tried("::ffff:198.51.100.7")


def test_an_operator_sees_and_lifts_what_an_address_takes_part_in() -> None:
    pair = Limit("pair", 5, timedelta(minutes=10))
    with transaction() as session:
        count(session, LIMIT, "x")
        count(session, pair, "hanako@example.jp", "x")
        count(session, pair, "hanako@example.jp", "y")
    with transaction() as session:
        assert {(each.name, each.counted) for each in rate_limit.standing(session, "x")} == {
            ("tried", 1),
            ("pair", 1),
        }
        assert rate_limit.lift(session, "hanako@example.jp") == 2
        assert [each.name for each in rate_limit.standing(session, "x")] == ["tried"]
