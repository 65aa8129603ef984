"""Nobody fills a mailbox or guesses a code, and nobody who may sign in is kept out by somebody who tries."""

from datetime import UTC, datetime, timedelta
from math import ceil
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import text

from nerirepo.base.errors import NotSignedIn, TooMany
from nerirepo.base.settings import CHECKOUT
from nerirepo.database.db import transaction
from nerirepo.database.rate_limit import WIDER
from nerirepo.reporters import guesses, letter_allowance, sign_in

pytestmark = pytest.mark.usefixtures("database")

NOON = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
HANAKO, HOME, ELSEWHERE = "hanako@example.jp", "192.0.2.1", "203.0.113.9"
ACCOUNTS = 3_100


def begin(email: str = HANAKO, client: str = HOME, device: str | None = None) -> UUID:
    with transaction() as session:
        return sign_in.begin(session, email=email, locale="ja", client=client, device=device).id


def finish(challenge_id: UUID, code: str | None = None, client: str = HOME) -> sign_in.SignedIn:
    with transaction() as session:
        outcome = sign_in.finish(session, challenge_id, code or sign_in.code_of(challenge_id), client=client)
    return sign_in.raise_if_refused(outcome)


def mistype(challenge_id: UUID, client: str = HOME) -> str:
    """What becomes of a wrong code, by its code."""
    wrong = f"{(int(sign_in.code_of(challenge_id)) + 1) % 1_000_000:06d}"
    try:
        finish(challenge_id, wrong, client)
    except (NotSignedIn, TooMany, sign_in.ChallengeTriesUsed) as refused:
        return refused.code
    return "signed in"


def letters() -> int:
    with transaction() as session:
        return session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'send_code'"))


def test_three_letters_an_hour_and_ten_a_day_and_never_one_more() -> None:
    with time_machine.travel(NOON, tick=False) as travel:
        for hour, expected in enumerate((3, 6, 9, 10, 10)):
            for _ in range(4):
                begin(client=f"198.51.100.{hour}")
            assert letters() == expected
            travel.shift(timedelta(hours=1))
        travel.move_to(NOON + timedelta(days=1))
        for _ in range(4):
            begin()
        assert letters() == 13


def test_an_hour_is_any_hour_and_not_one_of_the_clock() -> None:
    with time_machine.travel(NOON, tick=False) as travel:
        begin()
        travel.shift(timedelta(minutes=59))
        begin(), begin(), begin()
        assert letters() == 3
        travel.shift(timedelta(minutes=2))
        begin(), begin()
        assert letters() == 4


def test_one_mailbox_has_one_share_however_it_is_spelled() -> None:
    for n in range(40):
        begin(f"hana.ko+{n}@gmail.com", client=f"198.51.100.{n}")
    assert letters() == 3
    begin("hanako@example.jp")
    assert letters() == 4


def test_letters_that_ask_whether_to_follow_are_of_the_same_share() -> None:
    def ask() -> bool:
        with transaction() as session:
            return sign_in.open_challenge(
                session, email=HANAKO, locale="ja", client=HOME, valid_for=timedelta(days=1)
            ).has_letter

    begin()
    assert [ask(), ask(), ask()] == [True, True, False]
    begin()
    assert letters() == 1


def test_two_letters_an_hour_are_kept_for_a_device_that_was_signed_in() -> None:
    with time_machine.travel(NOON, tick=False) as travel:
        device = finish(begin()).device
        travel.shift(timedelta(days=2))
        before = letters()
        for n in range(20):
            begin(client=f"198.51.100.{n}")
        assert letters() == before + 3
        begin(client=ELSEWHERE)
        assert letters() == before + 3
        first = begin(client=ELSEWHERE, device=device)
        assert letters() == before + 4
        assert finish(first, client=ELSEWHERE).reporter.email == HANAKO
        begin(device=device), begin(device=device)
        assert letters() == before + 5


def test_the_owner_alone_has_no_more_letters_than_anybody() -> None:
    device = finish(begin()).device
    for _ in range(6):
        begin(device=device)
    assert letters() == 3


def test_the_token_of_a_device_does_as_well_and_another_persons_does_not() -> None:
    token, other = finish(begin()).token, finish(begin("taro@example.jp")).device
    begin(), begin(), begin()
    assert letters() == 4
    for shown in (other, "nonsense", "", "\ud800"):
        begin(device=shown)
    assert letters() == 4
    begin(device=token)
    assert letters() == 5


def test_a_code_that_holds_goes_on_working_when_no_further_letter_comes() -> None:
    mailed = [begin() for _ in range(3)]
    again = begin()
    assert letters() == 3
    assert again in mailed
    assert finish(again).token


def test_a_code_that_was_used_or_has_ended_is_not_offered_again() -> None:
    with time_machine.travel(NOON, tick=False) as travel:
        mailed = {begin() for _ in range(3)}
        finish(used := begin())
        assert begin() in mailed - {used}
        travel.shift(sign_in.CODE_VALID_FOR)
        assert begin() not in mailed
        assert letters() == 3


def test_a_stranger_is_never_given_the_owners_challenge() -> None:
    mailed = [begin() for _ in range(3)]
    strangers = begin(client=ELSEWHERE)
    assert strangers not in mailed
    assert mistype(strangers, ELSEWHERE) == "code_wrong"
    with pytest.raises(sign_in.CodeWrong):
        finish(strangers, client=ELSEWHERE)  # no code was mailed, and none is right


def test_whoever_has_used_up_the_tries_of_others_does_not_disturb_the_owner() -> None:
    own = begin()
    for n in range(20):
        client = f"198.51.100.{n}"
        challenge = begin(client=client)
        for _ in range(sign_in.TRIES):
            mistype(challenge, client)
    assert finish(own).reporter.email == HANAKO


def test_sixty_people_behind_one_address_who_each_mistype_twice_all_get_in() -> None:
    people = [f"person{n}@example.jp" for n in range(60)]
    with time_machine.travel(NOON, tick=False) as travel:
        for _ in range(3):  # day after day: 360 wrong codes are more than a month's
            challenges = [begin(each) for each in people]
            # All of them at once: nobody is in yet while others are wrong.
            assert {mistype(each) for each in challenges for _ in range(2)} == {"code_wrong"}
            assert [finish(each).reporter.email for each in challenges] == people
            travel.shift(timedelta(days=1))


def guessed(times: int, client: str = HOME) -> int:
    """So many wrong codes, each for another address; how many of them were looked at."""
    with transaction() as session:
        return sum(
            guesses.take(session, client=client, email=f"p{n}@example.jp") is None for n in range(times)
        )


def test_who_asks_for_another_letter_and_gets_in_is_forgiven_the_first() -> None:
    of_day = guesses.OF_A_CLIENT[0]
    with time_machine.travel(NOON, tick=False):
        guessed(of_day.times - 2)
        for _ in range(2):
            assert mistype(begin()) == "code_wrong"
            finish(begin())
            with transaction() as session:
                session.execute(text("DELETE FROM rate_log WHERE key LIKE 'letter_%'"))
        assert [mistype(begin()) for _ in range(3)] == ["code_wrong", "code_wrong", "too_many"]


def test_one_client_is_wrong_so_often_a_day_and_a_month_and_no_more() -> None:
    of_day, of_month = guesses.OF_A_CLIENT
    with time_machine.travel(NOON, tick=False) as travel:
        assert guessed(of_day.times - 1) == of_day.times - 1
        assert [mistype(begin()), mistype(begin())] == ["code_wrong", "too_many"]
        with pytest.raises(TooMany) as refused:
            finish(begin())
        assert refused.value.retry_after == timedelta(days=1).total_seconds()
        assert finish(begin("taro@example.jp", ELSEWHERE), client=ELSEWHERE).token
        travel.shift(timedelta(days=1))
        assert guessed(of_day.times + 1) == of_day.times
        travel.shift(timedelta(days=1))
        assert guessed(of_day.times + 1) == of_month.times - 2 * of_day.times
        travel.shift(timedelta(days=27, hours=23))
        assert guessed(1) == 0
        travel.shift(timedelta(hours=1))
        assert guessed(1) == 1


def test_a_64_is_one_client_for_guesses_and_a_48_has_four_times_as_many() -> None:
    of_day = guesses.OF_A_CLIENT[0].times
    with time_machine.travel(NOON, tick=False):
        for n in range(of_day):
            assert guessed(1, f"2400:4050:1:1::{n + 1:x}") == 1
        assert guessed(1, "2400:4050:1:1:ffff::") == 0
        assert sum(guessed(of_day, f"2400:4050:1:{n}::1") for n in range(2, 6)) == (WIDER - 1) * of_day
        assert guessed(1, "2400:4050:2:1::") == 1


def test_a_known_device_gets_in_where_its_whole_network_is_over_the_limit() -> None:
    with time_machine.travel(NOON, tick=False):
        device = finish(begin()).device
        guessed(guesses.OF_A_CLIENT[0].times)
        with pytest.raises(TooMany):
            finish(begin())
        assert finish(begin(device=device)).token


def test_what_a_guesser_gains_is_what_the_documents_say() -> None:
    # One address, whoever guesses: strangers' letters of a day, and of the ten minutes that the codes of the
    # day before still hold, with all tries; the code of the previous secret fits at the first of them, too.
    of_hour, of_day = letter_allowance.TO_A_MAILBOX
    chance = 10**-sign_in.CODE_DIGITS
    challenges = of_day.times + of_hour.times
    of_an_address = challenges * (sign_in.TRIES + sign_in.TRIES_OF_THE_PREVIOUS) * chance
    assert of_an_address < 0.0001
    # One client, any account, a year: each try at a challenge of its own, where both codes fit.
    months = ceil(timedelta(days=365) / guesses.OF_A_CLIENT[1].window)
    of_a_client = months * guesses.OF_A_CLIENT[1].times * 2 * chance
    assert of_a_client < 0.01
    # Many clients: bounded by letters alone.
    of_all = ACCOUNTS * of_an_address
    words = (CHECKOUT / "docs" / "abuse-limits.md").read_text("utf-8")
    for figure in (f"{of_an_address:.4%}", f"{of_a_client:.2%}", f"{of_all:.0%}", f"{WIDER} times"):
        assert figure.replace("%", " %") in words, figure
