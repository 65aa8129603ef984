"""What is known of a resident. All of it is personal; `docs/privacy.md` says why and for how long."""
# SQLModel declares __tablename__ as a descriptor.
# pyright: reportAssignmentType=false

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from nerirepo.database.columns import MOMENT, Choice, one_of


class Eligibility(StrEnum):
    """Why somebody may post."""

    LIVES = "lives"
    WORKS = "works"
    STUDIES = "studies"


class Reporter(SQLModel, table=True):
    __tablename__ = "reporter"
    __table_args__ = (one_of("eligibility", Eligibility),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str = Field(unique=True)
    """Lower case."""
    nickname: str | None = None
    eligibility: Eligibility | None = Field(default=None, sa_type=Choice(Eligibility))
    """Unknown until the person says so; without it nothing can be posted."""
    terms_version: str | None = None
    locale: str = "ja"
    mail_updates: bool = True
    """Whether letters about reports are wanted. Sign-in codes always come."""
    created_at: datetime = Field(sa_type=MOMENT)
    last_seen_at: datetime = Field(sa_type=MOMENT, index=True)


class Challenge(SQLModel, table=True):
    """A sign-in that waits for its code. The code itself is HMAC(secret, id) and is kept nowhere."""

    __tablename__ = "challenge"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str
    locale: str
    created_at: datetime = Field(sa_type=MOMENT)
    expires_at: datetime = Field(sa_type=MOMENT, index=True)
    tries: int = 0
    used_at: datetime | None = Field(default=None, sa_type=MOMENT)
    has_letter: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    """Without one, since the mailbox had its share, no code is right."""
    is_known: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    """Asked for by a device on which this address has signed in before."""
    client: str | None = None
    """Hash of the network that asked."""


class Device(SQLModel, table=True):
    """A signed-in device. Only a hash of its token is kept."""

    __tablename__ = "device"

    token_hash: bytes = Field(primary_key=True)
    reporter_id: UUID = Field(foreign_key="reporter.id", ondelete="CASCADE", index=True)
    created_at: datetime = Field(sa_type=MOMENT)
    expires_at: datetime = Field(sa_type=MOMENT, index=True)
