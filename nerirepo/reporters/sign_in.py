"""How does a resident sign in? By a code of six digits, mailed to the address.

The code is HMAC(secret, challenge id): whoever mails it computes it again, and it is kept nowhere.
"""

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from nerirepo import clock, jobs
from nerirepo.errors import Gone, NotFound, NotSignedIn, ServiceError
from nerirepo.keys import accepted, subkey
from nerirepo.rate_limit import Limit, count
from nerirepo.reporters import address, devices
from nerirepo.reporters.tables import Challenge, Eligibility, Reporter

PURPOSE = "sign-in code"
CODE_DIGITS = 6
CODE_VALID_FOR = timedelta(minutes=10)
"""Long enough for a slow mail server, short enough for a phone left on a table."""
TRIES = 5
"""Five of a million: a guess is hopeless, a slip of the finger is forgiven."""

LIMITS = (
    Limit("sign_in_address", times=10, window=timedelta(minutes=15)),
    # A school or a mobile network shares one client address.
    Limit("sign_in_client", times=1000, window=timedelta(hours=1)),
)


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
    """This code is not right."""

    code = "code_wrong"


@dataclass(frozen=True)
class SignedIn:
    """`token` is shown this once; only a hash of it is kept."""

    token: str
    expires_at: datetime
    reporter: Reporter


@dataclass(frozen=True)
class Refused:
    """A sign-in that failed. A value and no exception, so that the counted try is committed: see `finish`."""

    error: ServiceError


def begin(session: Session, *, email: str, locale: str, client: str) -> Challenge:
    """Open a challenge and have its code mailed, in just the same way whether or not the address is known.

    `client` is the network address that asks, for the limit. Raises `EmailInvalid` and `TooMany`.
    """
    challenge = open_challenge(session, email=email, locale=locale, client=client, valid_for=CODE_VALID_FOR)
    jobs.ask(session, jobs.SEND_CODE, challenge_id=str(challenge.id))
    return challenge


def open_challenge(
    session: Session, *, email: str, locale: str, client: str, valid_for: timedelta
) -> Challenge:
    """An address that is to prove itself, by a code or by a link in a letter; counted as `begin` says."""
    email = address.normalised(email)
    for limit, subject in zip(LIMITS, (email, client), strict=True):
        count(session, limit, subject)
    now = clock.now()
    challenge = Challenge(email=email, locale=locale, created_at=now, expires_at=now + valid_for)
    session.add(challenge)
    session.flush()
    return challenge


def code_of(challenge_id: UUID) -> str:
    return _code(subkey(PURPOSE), challenge_id)


def _is_code_of(challenge_id: UUID, typed: str) -> bool:
    """Also one that was mailed a moment before the secret was changed."""
    codes = [_code(key, challenge_id) for key in accepted(PURPOSE)]
    return any(hmac.compare_digest(typed.encode(), code.encode()) for code in codes)


def _code(key: bytes, challenge_id: UUID) -> str:
    digest = hmac.digest(key, challenge_id.bytes, hashlib.sha256)
    return f"{int.from_bytes(digest, 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def finish(
    session: Session,
    challenge_id: UUID,
    code: str,
    *,
    nickname: str | None = None,
    eligibility: Eligibility | None = None,
    terms_version: str | None = None,
) -> SignedIn | Refused:
    """Try `code`; the first sign-in of an address registers it. What is given of the person is written down.

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
    if not _is_code_of(challenge.id, _as_typed(code)):
        challenge.tries += 1
        session.add(challenge)
        return Refused(CodeWrong(facts={"tries_left": TRIES - challenge.tries}))
    challenge.used_at = clock.now()
    session.add(challenge)
    reporter = register(session, challenge)
    reporter.nickname = nickname or reporter.nickname
    reporter.eligibility = eligibility or reporter.eligibility
    reporter.terms_version = terms_version or reporter.terms_version
    token, device = devices.add(session, reporter)
    return SignedIn(token, device.expires_at, reporter)


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


def _as_typed(code: str) -> str:
    """Japanese keyboards write full-width digits, and people copy spaces along."""
    return "".join(unicodedata.normalize("NFKC", code).split())


def register(session: Session, challenge: Challenge) -> Reporter:
    """Whoever has the address of a challenge that was met, new or known; locked."""
    now = clock.now()
    # By the database's own uniqueness: two codes of one new address may be typed at the same moment.
    session.execute(
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
