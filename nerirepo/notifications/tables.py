"""One row a letter: what caused it, to whom it goes, and how far it came."""
# SQLModel declares __tablename__ as a descriptor.
# pyright: reportAssignmentType=false

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from nerirepo.database.columns import JSONB, MOMENT, Choice, one_of
from nerirepo.notifications.delivery import DeliveryState
from nerirepo.notifications.recipients import RecipientKind


class CauseKind(StrEnum):
    EVENT = "event"
    CHALLENGE = "challenge"
    FOLLOW = "follow"
    DIGEST = "digest"
    PHOTOS = "photos"
    """Of a report, which is the cause: some could not be opened, or came in part."""


class Delivery(SQLModel, table=True):
    """One message of one cause to one recipient by one channel. Unique, so that nothing is said twice."""

    __tablename__ = "delivery"
    __table_args__ = (
        one_of("state", DeliveryState),
        one_of("cause_kind", CauseKind),
        one_of("recipient_kind", RecipientKind),
        UniqueConstraint("cause_kind", "cause_id", "channel", "recipient_kind", "recipient_id"),
        Index("delivery_unfinished", "next_try_at", postgresql_where=text("state IN ('owed', 'sending')")),
        Index("delivery_of_report", "report_id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    seq: int | None = Field(default=None, sa_column_args=(Identity(),), sa_type=BigInteger, nullable=False)
    """The order in which letters were owed, and reach a person."""
    cause_kind: CauseKind = Field(sa_type=Choice(CauseKind))
    cause_id: str
    channel: str = "mail"
    recipient_kind: RecipientKind = Field(sa_type=Choice(RecipientKind))
    recipient_id: str
    """Of a reporter, a department's code, or the challenge that it answers."""
    address: str | None = None
    """Personal: emptied by erasure, and when its retention ends."""
    template: str
    locale: str
    report_id: UUID | None = None
    facts: dict[str, Any] = Field(sa_type=JSONB, default_factory=dict)
    state: DeliveryState = Field(default=DeliveryState.OWED, sa_type=Choice(DeliveryState))
    tries: int = 0
    created_at: datetime = Field(sa_type=MOMENT, index=True)
    next_try_at: datetime = Field(sa_type=MOMENT)
    claimed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    finished_at: datetime | None = Field(default=None, sa_type=MOMENT)
    problem: str | None = None
    """What the mail server last said."""


class LetterWording(SQLModel, table=True):
    """A part of a letter was worded anew. Rows are only added: the newest holds, the others are history."""

    __tablename__ = "letter_wording"

    seq: int | None = Field(default=None, sa_column_args=(Identity(),), sa_type=BigInteger, primary_key=True)
    template: str
    language: str
    part: str
    words: str | None = None
    """None: as shipped again."""
    member_id: UUID = Field(foreign_key="member.id")
    at: datetime = Field(sa_type=MOMENT)


class MailHold(SQLModel, table=True):
    """While its one row stands, no letter leaves."""

    __tablename__ = "mail_hold"
    __table_args__ = (CheckConstraint("id = 1", name="mail_hold_once"),)

    id: int = Field(default=1, primary_key=True)
    since: datetime = Field(sa_type=MOMENT)
    reason: str
