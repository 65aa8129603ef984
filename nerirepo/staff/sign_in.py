"""Is this a member of staff? Address, password and code in; a token out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from nerirepo.base.errors import NotSignedIn
from nerirepo.database.rate_limit import Counted, Limit, count_all, give_back, of_client, over
from nerirepo.staff import credentials, known_browser, sessions
from nerirepo.staff.members import with_email
from nerirepo.staff.tables import Member
from nerirepo.words.address import known_as

WINDOW = timedelta(minutes=15)

AT_A_CLIENT = Limit("staff_sign_in_at_client", 10, WINDOW)
"""Failures for one address from one client. An attacker elsewhere so holds up nobody."""
IN_A_BROWSER = Limit("staff_sign_in_browser", 10, WINDOW)
"""Failures in a browser in which the member was signed in before: nobody else's count there."""
OF_A_CLIENT = Limit("staff_sign_in_client", 300, WINDOW)
"""Failures from one client, which a whole office may share. It bounds the work that a stranger makes, and not
what they may guess: colleagues go on signing in beside somebody who tries all kinds of names."""
OF_A_CODE = Limit("staff_code", 20, timedelta(days=1))
"""Wrong codes after the right password, but in known browsers: three of a million are right at a time."""


class SignInFailed(NotSignedIn):
    """The address, the password or the code is not right."""

    code = "sign_in_failed"


class CodeUsed(NotSignedIn):
    """This code has been used. Please wait for the next one, which comes within half a minute."""

    code = "staff_code_used"


@dataclass(frozen=True)
class SignedIn:
    """`browser`: see `known_browser.proof`."""

    token: str
    expires_at: datetime
    member: Member
    browser: str


def sign_in(
    session: Session, *, email: str, password: str, totp: str, client: str, browser: str | None = None
) -> SignedIn | NotSignedIn:
    """Who it is, or the refusal: the caller commits, which counts it, and only then raises that.

    `client` is the IP address of the request, `browser` what an earlier sign-in left there. Raises `TooMany`
    after too many failures. Every attempt is counted before it is looked at and given back when it is right:
    attempts from one client so wait for each other, and many at once are no way around the limit.
    """
    email = known_as(email)
    member = with_email(session, email)
    known = known_browser.known(browser, member.id if member else None)
    counted = _counted(email, client, known)
    count_all(session, *counted)
    password_hash, totp_secret = credentials.nobodys()
    if member is not None and member.is_active:
        password_hash, totp_secret = member.password_hash, member.totp_secret
    # Both are always checked: how long a refusal takes does not say which of them was wrong.
    password_is_right = credentials.is_password(password_hash, password)
    steps = credentials.steps_of_code(totp_secret, totp)
    if member is None or not member.is_active:
        return SignInFailed()
    # Another sign-in of this member ends first: of two at once with one code, one gets in.
    session.refresh(member, with_for_update=True)
    unused = [step for step in steps if member.totp_step is None or step > member.totp_step]
    if steps and not unused:
        return CodeUsed()  # whether or not the password was right, which it so does not tell
    if not password_is_right:
        return SignInFailed()
    of_codes = Counted(OF_A_CODE, (email,))
    if known is None and over(session, of_codes):
        return SignInFailed()
    if not unused:
        return SignInFailed()
    give_back(session, *counted, *(() if known else (of_codes,)))
    member.totp_step = max(unused)
    token, expires_at = sessions.open_session(session, member.id)
    return SignedIn(token, expires_at, member, known_browser.proof(member.id, known))


def _counted(email: str, client: str, browser: UUID | None) -> tuple[Counted, ...]:
    if browser:
        return (Counted(IN_A_BROWSER, (email, str(browser))),)
    return (*of_client(AT_A_CLIENT, client, email), *of_client(OF_A_CLIENT, client))
