"""Members of staff and their sessions."""
# SQLModel declares __tablename__ as a descriptor.
# pyright: reportAssignmentType=false

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from nerirepo.database.columns import JSONB, MOMENT, Choice, one_of
from nerirepo.staff.roles import Role


class Member(SQLModel, table=True):
    __tablename__ = "member"
    __table_args__ = (one_of("role", Role),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str = Field(unique=True)
    """Lower case."""
    name: str
    """For colleagues only: never in a letter to a resident or on a public page."""
    role: Role = Field(sa_type=Choice(Role))
    department_code: str = Field(foreign_key="department.code")
    password_hash: str
    """argon2id."""
    totp_secret: str
    totp_step: int | None = Field(default=None, sa_type=BigInteger)
    """The half minute, counted from 1970, of the newest code that was accepted: none is accepted twice."""
    is_active: bool = True
    created_at: datetime = Field(sa_type=MOMENT)


class StaffSession(SQLModel, table=True):
    """A signed-in browser or program. Only a hash of its token is kept."""

    __tablename__ = "staff_session"

    token_hash: bytes = Field(primary_key=True)
    member_id: UUID = Field(foreign_key="member.id", ondelete="CASCADE", index=True)
    created_at: datetime = Field(sa_type=MOMENT)
    expires_at: datetime = Field(sa_type=MOMENT, index=True)


class StaffDraft(SQLModel, table=True):
    """A form of the staff pages as it was sent, until what it asked for is done. See `drafts.py`."""

    __tablename__ = "staff_draft"

    form_id: UUID = Field(primary_key=True)
    """The id of the action that the form asks for."""
    member_id: UUID = Field(primary_key=True, foreign_key="member.id", ondelete="CASCADE", index=True)
    """Whose words these are: nobody else is shown them."""
    page: str
    """`reports/NR-2026-000123` or `notices`: where the form stands."""
    typed: dict[str, str] = Field(sa_type=JSONB, default_factory=dict)
    photo_ids: list[str] = Field(sa_type=JSONB, default_factory=list)
    """Photos whose bytes have come."""
    kept_at: datetime = Field(sa_type=MOMENT, index=True)


class ContactDisclosure(SQLModel, table=True):
    """A member read a reporter's contact data, and why."""

    __tablename__ = "contact_disclosure"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    member_id: UUID = Field(foreign_key="member.id")
    report_id: UUID = Field(index=True)
    reason: str
    at: datetime = Field(sa_type=MOMENT)
