"""Whose token is this? A device stays signed in for a year after it was last used."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, delete, update

from nerirepo.base import clock, links
from nerirepo.base.errors import NotSignedIn, ServiceError
from nerirepo.base.links import Purpose
from nerirepo.database import sql
from nerirepo.reporters.tables import Device, Eligibility, Reporter

VALID_FOR = timedelta(days=365)
"""Most people post once or twice a year, and should not need a code each time."""
SLIDES_EVERY = timedelta(days=1)
"""Not at each request: that would turn every read into a write."""

TOKEN_BYTES = 32

_SIGNED_IN = """
    SELECT reporter.id, reporter.eligibility, reporter.created_at, device.expires_at
    FROM device JOIN reporter ON reporter.id = device.reporter_id
    WHERE device.token_hash = :token_hash AND device.expires_at > :now
"""


@dataclass(frozen=True)
class SignedIn:
    """What each request of a resident's app asks of the person; `profile.of` tells the rest."""

    id: UUID
    eligibility: Eligibility | None
    created_at: datetime


def add(session: Session, reporter: Reporter) -> tuple[str, Device]:
    """A new device of `reporter`, with its token, which is kept nowhere."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = clock.now()
    device = Device(
        token_hash=_hash(token), reporter_id=reporter.id, created_at=now, expires_at=now + VALID_FOR
    )
    session.add(device)
    return token, device


def signed_in(session: Session, token: str) -> SignedIn:
    """The person who signed in with `token`; raises `NotSignedIn`."""
    now = clock.now()
    found = sql.first(session, _SIGNED_IN, {"token_hash": _hash(token), "now": now})
    if found is None:
        raise NotSignedIn
    if found.expires_at < now + VALID_FOR - SLIDES_EVERY:
        _slide(session, token, found.id)
    return SignedIn(found.id, found.eligibility and Eligibility(found.eligibility), found.created_at)


def sign_out(session: Session, token: str) -> None:
    """Forget the device; a token that is unknown is as good as signed out."""
    session.exec(delete(Device).where(col(Device.token_hash) == _hash(token)))


def proof(reporter: Reporter) -> str:
    """What a device keeps when it signs out, to show later that it was signed in: it opens nothing."""
    return links.make(Purpose.DEVICE, reporter.id, reporter.id, valid_for=VALID_FOR)


_IS_ADDRESS_OF = "SELECT 1 FROM reporter WHERE email = :email AND id = :id"
_HAS_TOKEN = """
    SELECT 1 FROM device JOIN reporter ON reporter.id = device.reporter_id
    WHERE email = :email AND token_hash = :token_hash
"""


def have_signed_in(session: Session, email: str, shown: str | None) -> bool:
    """Whether `shown`, a `proof` or a token, is of a device on which this very address was signed in."""
    if not shown:
        return False
    try:
        known = links.read(Purpose.DEVICE, shown).reporter_id
    except ServiceError:
        asked = {"email": email, "token_hash": _hash(shown)}
        return sql.first(session, _HAS_TOKEN, asked) is not None
    return sql.first(session, _IS_ADDRESS_OF, {"email": email, "id": known}) is not None


def _slide(session: Session, token: str, reporter_id: UUID) -> None:
    now = clock.now()
    # As statements, not on the objects: they count in a reading session too.
    session.exec(
        update(Device).where(col(Device.token_hash) == _hash(token)).values(expires_at=now + VALID_FOR)
    )
    session.exec(update(Reporter).where(col(Reporter.id) == reporter_id).values(last_seen_at=now))


def _hash(token: str) -> bytes:
    """Plain SHA-256: the token is random, so there is nothing to guess slowly."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
