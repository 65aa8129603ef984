"""Whose token is this? A device stays signed in for a year after it was last used."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import bindparam
from sqlmodel import Session, col, delete, select, update

from nerirepo import clock
from nerirepo.errors import NotSignedIn
from nerirepo.reporters.tables import Device, Reporter

VALID_FOR = timedelta(days=365)
"""Most people post once or twice a year, and should not need a code each time."""
SLIDES_EVERY = timedelta(days=1)
"""Not at each request: that would turn every read into a write."""

TOKEN_BYTES = 32

# Asked by each request of a resident's app: put together once.
_REPORTER = (
    select(Reporter, Device.expires_at)
    .join(Device, col(Device.reporter_id) == Reporter.id)
    .where(col(Device.token_hash) == bindparam("token_hash"), col(Device.expires_at) > bindparam("now"))
)


def add(session: Session, reporter: Reporter) -> tuple[str, Device]:
    """A new device of `reporter`, with its token, which is kept nowhere."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = clock.now()
    device = Device(
        token_hash=_hash(token), reporter_id=reporter.id, created_at=now, expires_at=now + VALID_FOR
    )
    session.add(device)
    return token, device


def reporter_of(session: Session, token: str) -> Reporter:
    """The person who signed in with `token`; raises `NotSignedIn`."""
    now = clock.now()
    found = session.execute(_REPORTER, {"token_hash": _hash(token), "now": now}).one_or_none()
    if found is None:
        raise NotSignedIn
    reporter, expires_at = found
    if expires_at < now + VALID_FOR - SLIDES_EVERY:
        _slide(session, token, reporter)
    return reporter


def sign_out(session: Session, token: str) -> None:
    """Forget the device; a token that is unknown is as good as signed out."""
    session.execute(delete(Device).where(col(Device.token_hash) == _hash(token)))


def _slide(session: Session, token: str, reporter: Reporter) -> None:
    now = clock.now()
    # As statements, not on the objects: they count in a reading session too.
    session.execute(
        update(Device).where(col(Device.token_hash) == _hash(token)).values(expires_at=now + VALID_FOR)
    )
    session.execute(update(Reporter).where(col(Reporter.id) == reporter.id).values(last_seen_at=now))


def _hash(token: str) -> bytes:
    """Plain SHA-256: the token is random, so there is nothing to guess slowly."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
