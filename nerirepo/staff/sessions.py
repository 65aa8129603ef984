"""Who is it that calls? A random token names a session; only its hash is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, delete, update
from sqlmodel import Session, col, select

from nerirepo.base import clock
from nerirepo.base.errors import NotSignedIn
from nerirepo.staff.tables import Member, StaffSession

IDLE = timedelta(hours=12)
"""A working day with its breaks; a phone found the next morning is signed out."""
LONGEST = timedelta(days=7)
"""Even in use all the time."""
SLIDES_BY = timedelta(minutes=5)
"""The end moves at most so often, so that reading does not write each time."""


# Asked by each request of staff: put together once.
_MEMBER = (
    select(StaffSession, Member)
    .join(Member, col(Member.id) == StaffSession.member_id)
    .where(
        col(StaffSession.token_hash) == bindparam("token_hash"),
        col(StaffSession.expires_at) > bindparam("now"),
        col(Member.is_active),
    )
)


def open_session(session: Session, member_id: UUID) -> tuple[str, datetime]:
    """A new token, and when it ends if it is not used."""
    token, now = secrets.token_urlsafe(32), clock.now()
    row = StaffSession(token_hash=_hash(token), member_id=member_id, created_at=now, expires_at=now + IDLE)
    session.add(row)
    session.flush()
    return token, row.expires_at


def session_of(session: Session, token: str) -> Member:
    """The active member whose token this is; its end moves on. Raises `NotSignedIn`."""
    now = clock.now()
    found = session.exec(_MEMBER, params={"token_hash": _hash(token), "now": now}).one_or_none()
    if found is None:
        raise NotSignedIn
    row, member = found
    end = min(now + IDLE, row.created_at + LONGEST)
    if end - row.expires_at > SLIDES_BY:
        # As a statement, not on the object: it counts in a reading session too.
        session.exec(
            update(StaffSession).where(col(StaffSession.token_hash) == row.token_hash).values(expires_at=end)
        )
    return member


def sign_out(session: Session, token: str) -> None:
    session.exec(delete(StaffSession).where(col(StaffSession.token_hash) == _hash(token)))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
