"""How does a resident sign in? By a code of six digits, mailed to the address.

The code is HMAC(secret, challenge id): whoever mails it computes it again, and it is kept nowhere.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from nerirepo.base import clock
from nerirepo.base.clients import networks
from nerirepo.base.errors import Gone, NotFound, NotSignedIn, ServiceError, TooMany
from nerirepo.base.keys import accepted, subkey
from nerirepo.database import jobs
from nerirepo.database.rate_limit import hashed
from nerirepo.reporters import devices, guesses, letter_allowance
from nerirepo.reporters.tables import Challenge, Eligibility, Reporter
from nerirepo.words import address, typed_code

PURPOSE = "sign-in code"
CODE_DIGITS = 6
CODE_VALID_FOR = timedelta(minutes=10)
"""Long enough for a slow mail server, short enough for a phone left on a table."""
TRIES = 5
"""Of one challenge: a slip of the finger is forgiven. What somebody gains who guesses for days, and has many
challenges and addresses to try, docs/abuse-limits.md calculates."""
TRIES_OF_THE_PREVIOUS = 1
"""Of them, how many may be the code of the secret before it was changed: each makes a guess twice as good."""


class ChallengeUnknown(NotFound):
    """There is no such sign-in."""

    code = "challenge_unknown"


class ChallengeExpired(Gone):
    """This code is too old. Please ask for a new one."""

    code = "challenge_expired"


class ChallengeUsed(Gone):
    """This code has been used. Please ask for a new one."""

    code = "challenge_used"


class ChallengeTriesUsed(Gone):
    """Too many wrong codes. Please ask for a new one."""

    code = "challenge_tries_used"


class CodeWrong(NotSignedIn):
    """This code is not right. The newest letter counts."""

    code = "code_wrong"


@dataclass(frozen=True)
class SignedIn:
    """`token` is shown this once; only a hash of it is kept. `device`: see `devices.proof`."""

    token: str
    expires_at: datetime
    reporter: Reporter
    device: str


@dataclass(frozen=True)
class Refused:
    """A sign-in that failed. A value and no exception, so that the counted try is committed: see `finish`."""

    error: ServiceError


def begin(session: Session, *, email: str, locale: str, client: str, device: str | None = None) -> Challenge:
    """Open a challenge and have its code mailed, in just the same way whether or not the address is known.

    `client` is the network address that asks, for the limits; `device` what an earlier sign-in gave. Where
    the mailbox has had its share of letters the answer looks as ever: the challenge that this client has
    opened, whose code still holds, or one that no code fits. Raises `EmailInvalid` and `TooMany`.
    """
    challenge = open_challenge(
        session, email=email, locale=locale, client=client, device=device, valid_for=CODE_VALID_FOR
    )
    if challenge.has_letter:
        jobs.enqueue(session, jobs.SEND_CODE, challenge_id=str(challenge.id))
        return challenge
    return _standing(session, challenge) or challenge


def open_challenge(
    session: Session,
    *,
    email: str,
    locale: str,
    client: str,
    valid_for: timedelta,
    device: str | None = None,
) -> Challenge:
    """An address that is to prove itself, by a code or by a link in a letter; counted as `begin` says.

    No letter may be mailed where it says that it `has_letter` none.
    """
    email, now = address.normalised(email), clock.now()
    is_known = devices.have_signed_in(session, email, device)
    challenge = Challenge(
        email=email,
        locale=locale,
        created_at=now,
        expires_at=now + valid_for,
        has_letter=letter_allowance.take(session, email=email, client=client, is_known=is_known),
        is_known=is_known,
        client=hashed(networks(client)[0]),
    )
    session.add(challenge)
    session.flush()
    return challenge


def _standing(session: Session, unmailed: Challenge) -> Challenge | None:
    """The newest that was mailed and still holds, opened from the same network: never a stranger's."""
    return session.exec(
        select(Challenge)
        .where(
            Challenge.email == unmailed.email,
            Challenge.client == unmailed.client,
            Challenge.is_known == unmailed.is_known,
            Challenge.expires_at == col(Challenge.created_at) + CODE_VALID_FOR,  # no link of a letter
            Challenge.expires_at > unmailed.created_at,
            col(Challenge.has_letter),
            col(Challenge.used_at).is_(None),
            Challenge.tries < TRIES,
        )
        .order_by(col(Challenge.created_at).desc())
    ).first()


def code_of(challenge_id: UUID) -> str:
    return _code(subkey(PURPOSE), challenge_id)


def _is_code_of(challenge: Challenge, typed: str) -> bool:
    """Also one that was mailed a moment before the secret was changed."""
    if not challenge.has_letter:
        return False
    keys = accepted(PURPOSE)
    codes = [
        _code(key, challenge.id) for key in (keys if challenge.tries < TRIES_OF_THE_PREVIOUS else keys[:1])
    ]
    return any(hmac.compare_digest(typed.encode(), code.encode()) for code in codes)


def _code(key: bytes, challenge_id: UUID) -> str:
    digest = hmac.digest(key, challenge_id.bytes, hashlib.sha256)
    return f"{int.from_bytes(digest, 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def finish(
    session: Session,
    challenge_id: UUID,
    code: str,
    *,
    client: str | None = None,
    nickname: str | None = None,
    eligibility: Eligibility | None = None,
    terms_version: str | None = None,
) -> SignedIn | Refused:
    """Try `code`; the first sign-in of an address registers it. What is given of the person is written down.

    `client` is the network address that tries, whose wrong codes are counted over all addresses; only where
    nobody can guess, as in samples, there is none.

    A wrong try must count although the request fails. So this returns what went wrong, the caller commits,
    and only then raises:

        with transaction() as session:
            outcome = sign_in.finish(session, challenge_id, code)
        signed_in = sign_in.raise_if_refused(outcome)
    """
    # The lock makes simultaneous tries queue up: each is counted, and one code signs in once.
    challenge = session.exec(
        select(Challenge).where(Challenge.id == challenge_id).with_for_update()
    ).one_or_none()
    refusal = _refusal(challenge)
    if challenge is None or refusal:
        return Refused(refusal or ChallengeUnknown())
    # A known device has its own letters, and needs no share of what a whole network may guess.
    guesser = None if challenge.is_known else client
    if guesser and (wait := guesses.take(session, client=guesser, email=challenge.email)):
        return Refused(TooMany(retry_after=wait))
    if not _is_code_of(challenge, typed_code.read(code, CODE_DIGITS)):
        challenge.tries += 1
        session.add(challenge)
        return Refused(CodeWrong(facts={"tries_left": TRIES - challenge.tries}))
    if guesser:
        guesses.was_right(session, client=guesser, email=challenge.email)
    challenge.used_at = clock.now()
    session.add(challenge)
    reporter = register(session, challenge)
    reporter.nickname = nickname or reporter.nickname
    reporter.eligibility = eligibility or reporter.eligibility
    reporter.terms_version = terms_version or reporter.terms_version
    token, device = devices.add(session, reporter)
    return SignedIn(token, device.expires_at, reporter, devices.proof(reporter))


def raise_if_refused(outcome: SignedIn | Refused) -> SignedIn:
    """To be called once the transaction of `finish` has been committed."""
    if isinstance(outcome, Refused):
        raise outcome.error
    return outcome


def _refusal(challenge: Challenge | None) -> ServiceError | None:
    if challenge is None:
        return ChallengeUnknown()
    if challenge.used_at:
        return ChallengeUsed()
    if challenge.tries >= TRIES:
        return ChallengeTriesUsed()
    if challenge.expires_at <= clock.now():
        return ChallengeExpired()
    return None


def register(session: Session, challenge: Challenge) -> Reporter:
    """Whoever has the address of a challenge that was met, new or known; locked."""
    now = clock.now()
    # By the database's own uniqueness: two codes of one new address may be typed at the same moment.
    session.exec(
        insert(Reporter)
        .values(
            id=uuid4(),
            email=challenge.email,
            locale=challenge.locale,
            mail_updates=True,
            created_at=now,
            last_seen_at=now,
        )
        .on_conflict_do_nothing(index_elements=["email"])
    )
    return session.exec(
        select(Reporter).where(col(Reporter.email) == challenge.email).with_for_update()
    ).one()
