"""Stories of signing in: the code, its five tries, its ten minutes, and what an onlooker can learn."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import time_machine
from sqlalchemy import text
from sqlmodel import select

from nerirepo.base import clock
from nerirepo.base.errors import NotSignedIn
from nerirepo.database.db import transaction
from nerirepo.reporters import devices, profile, sign_in
from nerirepo.reporters.tables import Challenge, Device, Eligibility, Reporter
from nerirepo.words import address
from tests.factories import life
from tests.support.mail_server import mail_code

pytestmark = pytest.mark.usefixtures("database")


def begin(email: str = "hanako@example.jp", client: str = "192.0.2.1") -> UUID:
    with transaction() as session:
        return sign_in.begin(session, email=email, locale="ja", client=client).id


def finish(challenge_id: UUID, code: str | None = None, **person: object) -> sign_in.SignedIn:
    with transaction() as session:
        outcome = sign_in.finish(session, challenge_id, code or sign_in.code_of(challenge_id), **person)
    return sign_in.raise_if_refused(outcome)


def wrong(challenge_id: UUID) -> str:
    return f"{(int(sign_in.code_of(challenge_id)) + 1) % 1_000_000:06d}"


def jobs_asked_for() -> list[tuple[str, dict]]:
    with transaction() as session:
        return [
            tuple(row)
            for row in session.execute(text("SELECT task_name, args FROM procrastinate_jobs ORDER BY id"))
        ]


def test_the_first_sign_in_registers_and_the_second_knows_the_person() -> None:
    first = finish(begin(), nickname="はなこ", eligibility=Eligibility.LIVES, terms_version="1")
    second = finish(begin("Hanako@Example.JP"))
    assert first.reporter.id == second.reporter.id
    assert (second.reporter.nickname, second.reporter.eligibility) == ("はなこ", "lives")
    assert first.token != second.token


def test_the_code_is_mailed_by_a_job_that_does_not_hold_it_and_is_stored_nowhere() -> None:
    challenge_id = begin()
    assert jobs_asked_for() == [("send_code", {"challenge_id": str(challenge_id)})]
    with transaction() as session:
        challenge = session.get_one(Challenge, challenge_id)
        assert sign_in.code_of(challenge_id) not in str(challenge.model_dump())


def test_nobody_can_tell_a_known_address_from_an_unknown_one() -> None:
    finish(begin("known@example.jp"))
    before = len(jobs_asked_for())
    begin("known@example.jp")
    begin("unknown@example.jp")
    known, unknown = jobs_asked_for()[before:]
    assert known[0] == unknown[0]
    assert known[1].keys() == unknown[1].keys()


def test_five_wrong_codes_and_the_right_one_comes_too_late() -> None:
    challenge_id = begin()
    left = []
    for _ in range(sign_in.TRIES):
        with pytest.raises(sign_in.CodeWrong) as refused:
            finish(challenge_id, wrong(challenge_id))
        left.append(refused.value.facts["tries_left"])
    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(sign_in.ChallengeTriesUsed):
        finish(challenge_id)


def test_simultaneous_wrong_codes_are_each_counted() -> None:
    challenge_id = begin()

    def attempt(_: int) -> str:
        try:
            finish(challenge_id, wrong(challenge_id))
        except (sign_in.CodeWrong, sign_in.ChallengeTriesUsed) as refused:
            return refused.code
        return "signed in"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(12)))
    assert answers.count("code_wrong") == sign_in.TRIES
    assert answers.count("challenge_tries_used") == 12 - sign_in.TRIES


def test_one_code_signs_in_once_even_when_it_is_sent_twice_at_once() -> None:
    challenge_id = begin()

    def attempt(_: int) -> str:
        try:
            finish(challenge_id)
        except sign_in.ChallengeUsed:
            return "used"
        return "signed in"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(attempt, range(4)))
    assert answers == ["signed in", "used", "used", "used"]
    with transaction() as session:
        assert len(session.exec(select(Device)).all()) == 1


def test_two_codes_of_one_new_address_typed_at_once_register_one_person() -> None:
    challenges = [begin() for _ in range(3)]
    with ThreadPoolExecutor(4) as pool:
        persons = {signed_in.reporter.id for signed_in in pool.map(finish, challenges)}
    assert len(persons) == 1


def test_a_code_is_good_for_ten_minutes() -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        challenge_id = begin()
        travel.shift(timedelta(minutes=9, seconds=59))
        finish(challenge_id)
        late = begin()
        travel.shift(timedelta(minutes=10))
        with pytest.raises(sign_in.ChallengeExpired):
            finish(late)


def test_a_code_typed_in_full_width_digits_with_a_space_is_understood() -> None:
    challenge_id = begin()
    code = sign_in.code_of(challenge_id)
    full_width = "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in code)
    assert finish(challenge_id, f"{full_width[:3]}　{full_width[3:]} ").token


def test_an_unknown_challenge_and_a_broken_address_say_so() -> None:
    with pytest.raises(sign_in.ChallengeUnknown):
        finish(uuid4())
    for broken in ("", "hanako", "hanako@", "a b@example.jp", "ハナコ@example.jp", "x@" + "a" * 300 + ".jp"):
        with pytest.raises(address.EmailInvalid):
            begin(broken)


def test_without_saying_lives_works_or_studies_nobody_posts() -> None:
    reporter = finish(begin()).reporter
    with pytest.raises(profile.RegistrationIncomplete):
        profile.require_registration(reporter)
    with transaction() as session:
        changed = profile.change(session, reporter, eligibility=Eligibility.WORKS, nickname="たろう")
    profile.require_registration(changed)
    with transaction() as session:
        assert profile.change(session, reporter, nickname="").nickname is None
        assert session.get_one(Reporter, reporter.id).eligibility == Eligibility.WORKS


def test_a_device_stays_signed_in_for_a_year_after_its_last_use() -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        token = finish(begin()).token
        for _ in range(3):
            travel.shift(timedelta(days=300))
            with transaction() as session:
                who = devices.signed_in(session, token).id
                assert profile.of(session, who).email == "hanako@example.jp"
        travel.shift(timedelta(days=366))
        with transaction() as session, pytest.raises(NotSignedIn):
            devices.signed_in(session, token)


def test_signing_out_forgets_this_device_only() -> None:
    here, there = finish(begin()).token, finish(begin()).token
    with transaction() as session:
        devices.sign_out(session, here)
    with transaction() as session:
        assert devices.signed_in(session, there)
        for token in (here, "", "\ud800", "x" * 5000):
            with pytest.raises(NotSignedIn):
                devices.signed_in(session, token)


def test_an_address_of_a_telephone_company_is_written_to_and_is_one_account(mailbox: Path) -> None:
    challenge_id = begin("taro..x@docomo.ne.jp")
    mail_code(str(challenge_id))
    (letter,) = life.letters(mailbox)
    assert b'\nTo: "taro..x"@docomo.ne.jp\r\n' in next(mailbox.glob("*.eml")).read_bytes()
    assert letter["To"].addresses[0].username == "taro..x"
    typed = f"確認コード： {sign_in.code_of(challenge_id)} です"
    first, second = finish(challenge_id, typed), finish(begin('"Taro..X"@docomo.ne.jp'))
    assert first.reporter.id == second.reporter.id
