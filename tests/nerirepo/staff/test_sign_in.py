"""Signing in as staff: who gets in, who does not, and that nobody learns why.

The clock stands still: a code belongs to its half minute. `later` goes on to the next.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from argon2 import PasswordHasher
from pyotp.totp import TOTP
from sqlmodel import select

from nerirepo.base import clock
from nerirepo.base.errors import NotSignedIn, TooMany
from nerirepo.database import rate_limit
from nerirepo.database.db import reading, transaction
from nerirepo.staff import credentials, sessions
from nerirepo.staff.members import (
    DepartmentUnknown,
    MemberExists,
    NewMember,
    add_member,
    deactivate,
    members,
    renew_credentials,
    with_email,
)
from nerirepo.staff.roles import Role
from nerirepo.staff.sign_in import (
    AT_A_CLIENT,
    IN_A_BROWSER,
    OF_A_CLIENT,
    OF_A_CODE,
    CodeUsed,
    SignedIn,
    SignInFailed,
    sign_in,
)
from nerirepo.staff.tables import Member, StaffSession
from nerirepo.words.address import EmailInvalid

pytestmark = pytest.mark.usefixtures("database")

OFFICE, ELSEWHERE = "203.0.113.5", "198.51.100.7"
MORNING = datetime(2026, 11, 30, 23, 30, 10, tzinfo=UTC)
HALF_A_MINUTE = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Passwords are checked hundreds of times here: with argon2's least work."""
    monkeypatch.setattr(credentials, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    credentials.nobodys.cache_clear()
    yield
    credentials.nobodys.cache_clear()


@pytest.fixture(autouse=True)
def travel() -> Iterator[Any]:
    with time_machine.travel(MORNING, tick=False) as travel:
        yield travel


def a_new_member(email: str = "hanako@ward.example.jp") -> NewMember:
    with transaction() as session:
        return add_member(session, email=email, name="花子", role=Role.DESK, department="desk")


def code(member: NewMember, at: datetime | None = None) -> str:
    return TOTP(member.totp_secret).at(at or clock.now())


def outcome_of(
    member: NewMember,
    *,
    email: str | None = None,
    password: str | None = None,
    totp: str | None = None,
    client: str = OFFICE,
    browser: str | None = None,
) -> SignedIn | NotSignedIn:
    with transaction() as session:
        return sign_in(
            session,
            email=email or member.email,
            password=password or member.password,
            totp=totp or code(member),
            client=client,
            browser=browser,
        )


def attempt(member: NewMember, **changes: Any) -> SignedIn | None:
    outcome = outcome_of(member, **changes)
    return outcome if isinstance(outcome, SignedIn) else None


def token_of(member: NewMember) -> str:
    signed_in = attempt(member)
    assert signed_in is not None
    return signed_in.token


def who(token: str) -> str:
    with transaction() as session:
        return sessions.session_of(session, token).email


def test_a_member_signs_in_and_is_known_by_the_token() -> None:
    member = a_new_member()
    assert who(token_of(member)) == "hanako@ward.example.jp"


def test_the_address_may_be_typed_in_any_case() -> None:
    member = a_new_member("Hanako@Ward.example.jp")
    assert member.email == "hanako@ward.example.jp"
    assert attempt(member, email=" HANAKO@ward.example.jp ") is not None


def test_neither_password_nor_token_is_kept() -> None:
    member = a_new_member()
    token = token_of(member)
    with reading() as session:
        stored = session.exec(select(Member)).one()
        kept = session.exec(select(StaffSession)).one()
    assert member.password not in stored.password_hash
    assert stored.password_hash.startswith("$argon2id$")
    assert token.encode() not in kept.token_hash


def test_an_unknown_address_a_wrong_password_and_a_wrong_code_are_refused_alike() -> None:
    member = a_new_member()
    assert attempt(member, email="nobody@ward.example.jp") is None
    assert attempt(member, password="k7mq-w2ha-94tn-ehx3") is None
    assert attempt(member, totp="000000" if code(member) != "000000" else "000001") is None
    assert attempt(member) is not None


def test_somebody_who_left_is_refused_and_signed_out_everywhere() -> None:
    member = a_new_member()
    token = token_of(member)
    with transaction() as session:
        found = with_email(session, member.email)
        assert found is not None
        deactivate(session, found)
    assert attempt(member) is None
    with pytest.raises(NotSignedIn):
        who(token)


def test_a_lost_phone_gets_new_credentials_and_the_old_ones_are_void() -> None:
    member = a_new_member()
    token = token_of(member)
    with transaction() as session:
        found = with_email(session, member.email)
        assert found is not None
        renewed = renew_credentials(session, found)
    assert attempt(member) is None
    assert attempt(renewed) is not None
    with pytest.raises(NotSignedIn):
        who(token)


@pytest.mark.parametrize("seconds", [-30, 0, 30])
def test_the_code_of_the_neighbouring_half_minute_is_right(seconds: int) -> None:
    member = a_new_member()
    assert attempt(member, totp=code(member, clock.now() + timedelta(seconds=seconds))) is not None


@pytest.mark.parametrize("seconds", [-60, -120, 60])
def test_an_older_or_later_code_is_not(seconds: int) -> None:
    member = a_new_member()
    outcome = outcome_of(member, totp=code(member, clock.now() + timedelta(seconds=seconds)))
    assert isinstance(outcome, SignInFailed)


def test_desk_and_phone_within_one_half_minute_and_the_second_waits_for_the_next_code(
    travel: Any,
) -> None:
    member = a_new_member()
    desk = attempt(member)
    assert desk is not None
    travel.shift(timedelta(seconds=5))
    assert isinstance(outcome_of(member), CodeUsed)
    travel.shift(HALF_A_MINUTE)
    phone = attempt(member)
    assert phone is not None
    assert who(desk.token) == who(phone.token) == member.email


def test_only_later_codes_follow_one_that_was_accepted(travel: Any) -> None:
    member = a_new_member()
    now = clock.now()
    assert attempt(member, totp=code(member, now + HALF_A_MINUTE)) is not None
    for earlier in (now - HALF_A_MINUTE, now, now + HALF_A_MINUTE):
        assert isinstance(outcome_of(member, totp=code(member, earlier)), CodeUsed)
    travel.shift(2 * HALF_A_MINUTE)
    assert attempt(member) is not None


def test_a_used_code_says_nothing_of_the_password() -> None:
    member = a_new_member()
    assert attempt(member) is not None
    answers = [outcome_of(member), outcome_of(member, password="k7mq-w2ha-94tn-ehx3")]
    assert [type(each) for each in answers] == [CodeUsed, CodeUsed]


def test_of_two_at_the_same_moment_with_one_code_one_gets_in() -> None:
    member = a_new_member()
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda client: outcome_of(member, client=client), (OFFICE, ELSEWHERE)))
    assert sorted(type(each).__name__ for each in outcomes) == ["CodeUsed", "SignedIn"]


def test_failures_at_one_client_close_that_door_and_no_other(travel: Any) -> None:
    member = a_new_member()
    for _ in range(AT_A_CLIENT.times):
        assert attempt(member, password="wrong", client=ELSEWHERE) is None
    with pytest.raises(TooMany) as refusal:
        attempt(member, client=ELSEWHERE)
    assert refusal.value.retry_after == 15 * 60
    assert attempt(member, client=OFFICE) is not None
    travel.shift(timedelta(minutes=15))
    assert attempt(member, client=ELSEWHERE) is not None


def test_whoever_has_a_64_has_one_door() -> None:
    member = a_new_member()
    for n in range(AT_A_CLIENT.times):
        assert attempt(member, password="wrong", client=f"2400:4050:1:1::{n + 1:x}") is None
    with pytest.raises(TooMany):
        attempt(member, password="wrong", client="2400:4050:1:1:ffff::")


def test_a_known_browser_gets_in_beside_an_attacker_at_the_same_address(
    travel: Any,
) -> None:
    member = a_new_member()
    first = attempt(member)
    assert first is not None
    for _ in range(AT_A_CLIENT.times):
        attempt(member, password="wrong")
    travel.shift(HALF_A_MINUTE)
    with pytest.raises(TooMany):
        attempt(member)
    again = attempt(member, browser=first.browser)
    assert again is not None
    # The browser stays the same one, and has a limit of its own.
    for _ in range(IN_A_BROWSER.times):
        assert attempt(member, password="wrong", browser=again.browser) is None
    with pytest.raises(TooMany):
        attempt(member, browser=first.browser)


def test_a_browser_is_known_for_the_member_who_signed_in_there_and_for_nobody_else() -> None:
    hanako, taro = a_new_member(), a_new_member("taro@ward.example.jp")
    browser = attempt(hanako).browser  # type: ignore[union-attr]
    for _ in range(AT_A_CLIENT.times):
        attempt(taro, password="wrong", browser=browser)
    for shown in (browser, "nonsense", "\ud800"):
        with pytest.raises(TooMany):
            attempt(taro, browser=shown)


def test_a_browser_is_known_for_a_year(travel: Any) -> None:
    member = a_new_member()
    browser = attempt(member).browser  # type: ignore[union-attr]

    def gets_in_beside_an_attacker() -> bool:
        for _ in range(AT_A_CLIENT.times):
            attempt(member, password="wrong")
        try:
            return attempt(member, browser=browser) is not None
        except TooMany:
            return False

    travel.shift(timedelta(days=364))
    assert gets_in_beside_an_attacker()
    travel.shift(timedelta(days=1))
    assert not gets_in_beside_an_attacker()


def test_an_office_goes_on_signing_in_beside_somebody_who_tries_all_kinds_of_names() -> None:
    member, colleagues = a_new_member(), [a_new_member(f"p{n}@ward.example.jp") for n in range(3)]
    for n in range(60):
        assert attempt(member, email=f"nobody{n}@ward.example.jp") is None
    assert all(attempt(each) for each in colleagues)


def test_one_client_makes_only_so_much_work() -> None:
    member = a_new_member()
    with transaction() as session:
        for _ in range(OF_A_CLIENT.times - 1):
            rate_limit.count_all(session, *rate_limit.of_client(OF_A_CLIENT, OFFICE))
    assert attempt(member, email="nobody@ward.example.jp") is None
    with pytest.raises(TooMany):
        attempt(member, email="nobody@ward.example.jp")
    assert attempt(member, client=ELSEWHERE) is not None


def test_a_right_sign_in_is_counted_neither_for_the_member_nor_for_the_office(
    travel: Any,
) -> None:
    member = a_new_member()
    for _ in range(AT_A_CLIENT.times + 2):
        assert attempt(member) is not None
        travel.shift(HALF_A_MINUTE)
    with transaction() as session:
        for subject in (OFFICE, member.email):
            assert {each.counted for each in rate_limit.standing(session, subject)} == {0}


def test_whoever_has_the_password_tries_few_codes_a_day_from_however_many_clients(
    travel: Any,
) -> None:
    member = a_new_member()
    browser = attempt(member).browser  # type: ignore[union-attr]
    travel.shift(HALF_A_MINUTE)
    wrong = next(each for each in ("000000", "000001") if each != code(member))
    for n in range(OF_A_CODE.times):
        assert attempt(member, totp=wrong, client=f"192.0.2.{n}") is None
    assert isinstance(outcome_of(member, client=ELSEWHERE), SignInFailed)
    assert attempt(member, browser=browser) is not None
    travel.shift(timedelta(hours=23))
    assert attempt(member, client=ELSEWHERE) is None
    travel.shift(timedelta(hours=1))
    assert attempt(member, client=ELSEWHERE) is not None


def test_many_attempts_at_once_are_no_way_around_the_limit() -> None:
    member = a_new_member()

    def guess(_: int) -> str:
        try:
            return "refused" if attempt(member, password="wrong") is None else "in"
        except TooMany:
            return "too many"

    with ThreadPoolExecutor(8) as attackers:
        outcomes = list(attackers.map(guess, range(AT_A_CLIENT.times + 6)))
    assert outcomes.count("refused") == AT_A_CLIENT.times
    assert outcomes.count("too many") == 6


def test_a_session_ends_when_it_is_idle_for_half_a_day() -> None:
    token = token_of(a_new_member())
    with time_machine.travel(clock.now() + timedelta(hours=11, minutes=59), tick=False):
        assert who(token)
    token = token_of(a_new_member("taro@ward.example.jp"))
    with (
        time_machine.travel(clock.now() + timedelta(hours=12), tick=False),
        pytest.raises(NotSignedIn),
    ):
        who(token)


def test_a_session_that_is_used_goes_on_for_a_week_and_no_longer() -> None:
    token = token_of(a_new_member())
    began = clock.now()
    for hours in range(11, 7 * 24, 11):
        with time_machine.travel(began + timedelta(hours=hours), tick=False):
            assert who(token)
    with (
        time_machine.travel(began + timedelta(days=7), tick=False),
        pytest.raises(NotSignedIn),
    ):
        who(token)


def test_signing_out_voids_the_token_and_no_other(travel: Any) -> None:
    member = a_new_member()
    phone = token_of(member)
    travel.shift(HALF_A_MINUTE)
    computer = token_of(member)
    with transaction() as session:
        sessions.sign_out(session, phone)
    with pytest.raises(NotSignedIn):
        who(phone)
    assert who(computer)


def test_an_address_belongs_to_one_member_and_a_member_to_a_department() -> None:
    a_new_member()
    with pytest.raises(MemberExists):
        a_new_member("HANAKO@ward.example.jp")
    with transaction() as session, pytest.raises(DepartmentUnknown):
        add_member(session, email="x@ward.example.jp", name="x", role=Role.FIELD, department="nowhere")
    with pytest.raises(EmailInvalid):
        a_new_member("hanako at ward.example.jp")
    with reading() as session:
        assert [member.email for member in members(session)] == ["hanako@ward.example.jp"]
