"""Signing in as staff: who gets in, who does not, and that nobody learns why."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import time_machine
from pyotp.totp import TOTP
from sqlmodel import select

from nerirepo import clock
from nerirepo.db import reading, transaction
from nerirepo.errors import NotSignedIn, TooMany
from nerirepo.staff import sessions
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
from nerirepo.staff.sign_in import OF_AN_ADDRESS, SignedIn, sign_in
from nerirepo.staff.tables import Member, StaffSession

pytestmark = pytest.mark.usefixtures("database")

OFFICE = "203.0.113.5"


def a_new_member(email: str = "hanako@ward.example.jp") -> NewMember:
    with transaction() as session:
        return add_member(session, email=email, name="花子", role=Role.DESK, department="desk")


def code(member: NewMember, at: datetime | None = None) -> str:
    return TOTP(member.totp_secret).at(at or clock.now())


def attempt(
    member: NewMember, *, email: str | None = None, password: str | None = None, totp: str | None = None
) -> SignedIn | None:
    with transaction() as session:
        return sign_in(
            session,
            email=email or member.email,
            password=password or member.password,
            totp=totp or code(member),
            client=OFFICE,
        )


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


def test_the_code_of_the_neighbouring_half_minute_is_right_and_an_older_one_is_not() -> None:
    member = a_new_member()
    now = clock.now()
    assert attempt(member, totp=code(member, now - timedelta(seconds=30))) is not None
    assert attempt(member, totp=code(member, now - timedelta(seconds=120))) is None


def test_one_code_serves_a_phone_and_a_computer_in_the_same_half_minute() -> None:
    member = a_new_member()
    now = code(member)
    assert attempt(member, totp=now) is not None
    assert attempt(member, totp=now) is not None


def test_too_many_failures_close_the_door_even_for_the_right_password() -> None:
    member = a_new_member()
    for _ in range(OF_AN_ADDRESS.times):
        assert attempt(member, password="wrong") is None
    with pytest.raises(TooMany) as refusal:
        attempt(member)
    assert refusal.value.retry_after
    with time_machine.travel(clock.now() + OF_AN_ADDRESS.window, tick=True):
        assert attempt(member) is not None


def test_success_is_not_counted() -> None:
    member = a_new_member()
    for _ in range(OF_AN_ADDRESS.times + 2):
        assert attempt(member) is not None


def test_many_attempts_at_once_are_no_way_around_the_limit() -> None:
    member = a_new_member()

    def guess(_: int) -> str:
        try:
            return "refused" if attempt(member, password="wrong") is None else "in"
        except TooMany:
            return "too many"

    with ThreadPoolExecutor(8) as attackers:
        outcomes = list(attackers.map(guess, range(OF_AN_ADDRESS.times + 6)))
    assert outcomes.count("refused") == OF_AN_ADDRESS.times
    assert outcomes.count("too many") == 6


def test_a_session_ends_when_it_is_idle_for_half_a_day() -> None:
    token = token_of(a_new_member())
    with (
        time_machine.travel(clock.now() + sessions.IDLE + timedelta(minutes=1), tick=False),
        pytest.raises(NotSignedIn),
    ):
        who(token)


def test_a_session_that_is_used_goes_on_for_a_week_and_no_longer() -> None:
    token = token_of(a_new_member())
    began, step = clock.now(), sessions.IDLE - timedelta(hours=1)
    moment = began
    while moment + step < began + sessions.LONGEST:
        moment += step
        with time_machine.travel(moment, tick=False):
            assert who(token)
    with (
        time_machine.travel(began + sessions.LONGEST + timedelta(minutes=1), tick=False),
        pytest.raises(NotSignedIn),
    ):
        who(token)


def test_signing_out_voids_the_token_and_no_other() -> None:
    member = a_new_member()
    phone, computer = token_of(member), token_of(member)
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
    with reading() as session:
        assert [member.email for member in members(session)] == ["hanako@ward.example.jp"]
