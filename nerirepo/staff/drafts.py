"""What staff have typed is kept from the moment it is sent until it is done, whatever happens in between.

A session may have ended, a report may have moved on, a server may stop. A form says whose it is by a
signature of its own, so that it can be kept without a session, for that member alone.
"""

import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from nerirepo.base import clock
from nerirepo.base.keys import accepted, subkey
from nerirepo.staff.tables import StaffDraft

KEPT_FOR = timedelta(days=7)
"""A long weekend and some days of leave; what nobody comes back for then was not worth much."""
_PURPOSE = "staff_form"


def signature(member_id: UUID, form_id: UUID) -> str:
    """What a form carries to say that it was made for this member: `<member>.<proof>`."""
    return f"{member_id}.{_proof(subkey(_PURPOSE), member_id, form_id)}"


def member_of(signed: str, form_id: UUID) -> UUID | None:
    """The member for whom the form was made, or None for a forged or an old one."""
    named, _, proof = signed.partition(".")
    try:
        member_id = UUID(named)
    except ValueError:
        return None
    if not proof.isascii() or _made_at(form_id) < clock.now() - KEPT_FOR:
        return None
    proofs = (_proof(key, member_id, form_id) for key in accepted(_PURPOSE))
    return member_id if any(hmac.compare_digest(proof, each) for each in proofs) else None


def save(
    session: Session,
    member_id: UUID,
    form_id: UUID,
    page: str,
    typed: Mapping[str, str],
    photo_ids: Sequence[str] = (),
) -> None:
    """The form as it was last sent."""
    draft = {"page": page, "typed": dict(typed), "photo_ids": list(photo_ids), "kept_at": clock.now()}
    session.exec(
        insert(StaffDraft)
        .values(form_id=form_id, member_id=member_id, **draft)
        .on_conflict_do_update(index_elements=["form_id", "member_id"], set_=draft)
    )


def newest(session: Session, member_id: UUID, page: str) -> StaffDraft | None:
    """What this member has sent from this page last, and what has not been done yet."""
    return session.exec(
        select(StaffDraft)
        .where(
            StaffDraft.member_id == member_id,
            StaffDraft.page == page,
            col(StaffDraft.kept_at) > clock.now() - KEPT_FOR,
        )
        .order_by(col(StaffDraft.kept_at).desc())
    ).first()


def drop(session: Session, member_id: UUID, form_id: UUID) -> str | None:
    """It is done, or not wanted any more; the page on which it stood."""
    dropped = delete(StaffDraft).where(
        col(StaffDraft.form_id) == form_id, col(StaffDraft.member_id) == member_id
    )
    return session.exec(dropped.returning(col(StaffDraft.page))).scalar_one_or_none()


def expire(session: Session, now: datetime) -> None:
    session.exec(delete(StaffDraft).where(col(StaffDraft.kept_at) < now - KEPT_FOR))


def forget_page(session: Session, pages: Sequence[str]) -> None:
    """What anybody typed on these pages: the person of the report has left."""
    session.exec(delete(StaffDraft).where(col(StaffDraft.page).in_(pages)))


def _proof(key: bytes, member_id: UUID, form_id: UUID) -> str:
    return hmac.new(key, member_id.bytes + form_id.bytes, sha256).hexdigest()


def _made_at(form_id: UUID) -> datetime:
    """A UUID of version 7 begins with its milliseconds."""
    return datetime.fromtimestamp((form_id.int >> 80) / 1000, UTC)
