"""Is this a member of staff? Address, password and code in; a token out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from nerirepo import rate_limit
from nerirepo.errors import NotSignedIn
from nerirepo.rate_limit import Limit
from nerirepo.staff import credentials, sessions
from nerirepo.staff.members import with_email
from nerirepo.staff.tables import Member

OF_AN_ADDRESS = Limit("staff_sign_in", 10, timedelta(minutes=15))
"""Failures. A code is one of a million and three hold at a time: guessing it this way takes a decade."""
OF_A_CLIENT = Limit("staff_sign_in_client", 50, timedelta(minutes=15))
"""Failures from one IP address, which a whole office may share."""


class SignInFailed(NotSignedIn):
    """The address, the password or the code is not right."""

    code = "sign_in_failed"


@dataclass(frozen=True)
class SignedIn:
    token: str
    expires_at: datetime
    member: Member


def sign_in(session: Session, *, email: str, password: str, totp: str, client: str) -> SignedIn | None:
    """None for a refusal, alike for whatever was wrong: the caller commits, which counts it, and says so.

    `client` is the IP address of the request. Raises `TooMany` after too many failures. Every attempt is
    counted before it is looked at and given back when it is right: attempts for one address so wait for each
    other, and many at once are no way around the limit.
    """
    email = email.strip().lower()
    rate_limit.count(session, OF_AN_ADDRESS, email)
    rate_limit.count(session, OF_A_CLIENT, client)
    member = with_email(session, email)
    password_hash, totp_secret = credentials.nobodys()
    if member is not None and member.is_active:
        password_hash, totp_secret = member.password_hash, member.totp_secret
    is_right = credentials.are_right(password_hash, totp_secret, password, totp)
    if member is None or not is_right:
        return None
    rate_limit.give_back(session, OF_AN_ADDRESS, email)
    rate_limit.give_back(session, OF_A_CLIENT, client)
    token, expires_at = sessions.open_session(session, member.id)
    return SignedIn(token, expires_at, member)
