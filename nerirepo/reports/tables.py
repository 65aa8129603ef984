"""A report, what happened to it, and (apart) what is personal about it.

`report` and `report_event` hold facts and the ward's words only. What the resident wrote, and that it was
this resident, stands in `report_original`; words of an event stand in `event_text`. Erasing empties those.
"""
# SQLModel declares __tablename__ as a descriptor.
# pyright: reportAssignmentType=false

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from geoalchemy2 import Geography
from pydantic import ConfigDict
from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, false, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel, String

from nerirepo.database.columns import JSONB, MOMENT, Choice, OpenChoice, Xid8, one_of
from nerirepo.reports.status import ActorKind, EventKind, Status, Visibility

THIS_TRANSACTION = text("pg_current_xact_id()")


class Flag(StrEnum):
    """Taken in, but somebody should look: each sends the report to triage, `border` only from outside."""

    BORDER = "border"
    OUTSIDE = "outside"
    """Outside the ward, at most the border's margin away."""
    CATEGORY_RETIRED = "category_retired"
    ANSWER_MISSING = "answer_missing"
    OBSERVED_AT_IMPLAUSIBLE = "observed_at_implausible"
    SAME_AGAIN = "same_again"
    """The same person has said the same of this place within the day."""


class PhotoRole(StrEnum):
    BEFORE = "before"
    """Sent by the reporter."""
    AFTER = "after"
    """Taken by staff: the result, or the place as it was found."""


class Report(SQLModel, table=True):
    __tablename__ = "report"
    __table_args__ = (
        one_of("status", Status),
        one_of("visibility", Visibility),
        Index("report_worklist", "department_code", "status", "received_at"),
        Index("report_standing", "status", "received_at"),
        Index(
            "report_open",
            "received_at",
            "id",
            postgresql_where=text("status IN ('checking', 'in_progress', 'received')"),
        ),
        Index("report_location", "location", postgresql_using="gist"),
        Index("report_received", "received_at", "id"),
        Index("report_unread", "department_code", postgresql_where=text("unread_seq IS NOT NULL")),
        Index("report_assignee", "assignee_id", postgresql_where=text("assignee_id IS NOT NULL")),
    )
    model_config = ConfigDict(arbitrary_types_allowed=True)  # type: ignore[assignment]

    id: UUID = Field(primary_key=True)
    """Made by the client, version 7."""
    number: str = Field(unique=True)
    """NR-2026-000123: rises, and may have gaps."""
    category_code: str = Field(foreign_key="category.code")
    status: Status = Field(default=Status.RECEIVED, sa_type=Choice(Status))
    visibility: Visibility = Field(default=Visibility.PENDING, sa_type=Choice(Visibility))
    version: int = 1
    """Rises with status, category, department, place and public words."""
    department_code: str = Field(foreign_key="department.code")
    manager_code: str | None = Field(default=None, foreign_key="manager.code")
    """Who else is responsible, as routed or as handed over to."""
    assignee_id: UUID | None = Field(default=None, foreign_key="member.id")
    location: Any = Field(
        default=None, sa_type=Geography("POINT", srid=4326, spatial_index=False), nullable=True
    )
    """NULL after erasure: the town stays, the point may be a home."""
    town: str | None = None
    routing_reason: dict[str, str] = Field(sa_type=JSONB, default_factory=dict)
    """Language to words."""
    routing_confidence: float = 0.0
    flags: list[str] = Field(sa_type=ARRAY(String), default_factory=list)
    is_danger: bool = False
    is_deed: bool = False
    hides_point: bool = False
    """A home is near: the public sees the town only."""
    public_text: str | None = None
    """The resident's words as the desk has cleaned them. NULL until somebody has."""
    parent_id: UUID | None = Field(default=None, foreign_key="report.id", index=True)
    received_at: datetime = Field(sa_type=MOMENT)
    updated_at: datetime = Field(sa_type=MOMENT)
    due_on: date | None = None
    expected_on: date | None = None
    closed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    confirmed_fixed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    """直ってよかった: the reporter says so, apart from `resolved`."""
    unread_seq: int | None = Field(default=None, sa_type=BigInteger)
    """返事あり: the event with which a resident last said something that nobody has read yet."""
    is_featured: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """改善事例: the desk shows it as an example of what a report can do."""
    changed_by: Any = Field(default=None, sa_type=Xid8, sa_column_kwargs={"server_default": THIS_TRANSACTION})
    """The transaction that last wrote this row: orders the apps' delta feed. A trigger keeps it so."""


class ReportSubmission(SQLModel, table=True):
    """That this id was taken in, and with which content. Never expires, and names nobody once erased."""

    __tablename__ = "report_submission"

    report_id: UUID = Field(
        primary_key=True,
        # Checked at commit: the id is claimed before the report is written.
        sa_column_args=(ForeignKey("report.id", deferrable=True, initially="DEFERRED"),),
    )
    content_sha256: str
    receipt: dict[str, Any] | None = Field(sa_type=JSONB, default=None)
    erased_at: datetime | None = Field(default=None, sa_type=MOMENT)


class ReportOriginal(SQLModel, table=True):
    """Personal: who sent it, and in which words. The row is deleted by erasure."""

    __tablename__ = "report_original"

    report_id: UUID = Field(primary_key=True, foreign_key="report.id")
    reporter_id: UUID | None = Field(default=None, foreign_key="reporter.id", index=True)
    """NULL for a report taken at the counter from somebody who is not registered."""
    description: str
    answers: dict[str, Any] = Field(sa_type=JSONB, default_factory=dict)
    accuracy_m: float | None = None
    location_source: str | None = None
    location_confirmed: bool = False
    observed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    """As the client claims."""
    locale: str = "ja"


class ReportPhoto(SQLModel, table=True):
    __tablename__ = "report_photo"
    __table_args__ = (one_of("role", PhotoRole),)

    report_id: UUID = Field(primary_key=True, foreign_key="report.id")
    photo_id: UUID = Field(primary_key=True, foreign_key="photo.id", index=True)
    role: PhotoRole = Field(sa_type=Choice(PhotoRole))
    position: int
    event_seq: int | None = Field(default=None, sa_type=BigInteger)
    """The event that it came with."""
    is_cleared: bool = False
    """The public may see it. Staff's photos are cleared by being sent."""


class ReportEvent(SQLModel, table=True):
    """One line of a report's history. Append-only: a trigger refuses UPDATE and DELETE."""

    __tablename__ = "report_event"
    __table_args__ = (
        one_of("actor_kind", ActorKind),
        UniqueConstraint("id"),
        Index("report_event_of_report", "report_id", "seq"),
    )

    seq: int | None = Field(default=None, sa_column_args=(Identity(),), sa_type=BigInteger, primary_key=True)
    """The server's order."""
    id: UUID
    report_id: UUID = Field(foreign_key="report.id")
    kind: EventKind = Field(sa_type=OpenChoice(EventKind))
    at: datetime = Field(sa_type=MOMENT)
    actor_kind: ActorKind = Field(sa_type=Choice(ActorKind))
    member_id: UUID | None = Field(default=None, foreign_key="member.id")
    from_status: str | None = None
    to_status: str
    version: int
    """The report's version after it."""
    facts: dict[str, Any] = Field(sa_type=JSONB, default_factory=dict)
    """Codes, dates and ids: department, manager, reason_code, expected_on, photo_ids ... In words only what
    others read, screened when written: measured_value, no_photo_reason, external_reference."""


class EventText(SQLModel, table=True):
    """The free words of an event. Personal where a reporter wrote them: erasure empties those."""

    __tablename__ = "event_text"

    event_seq: int = Field(sa_type=BigInteger, primary_key=True, foreign_key="report_event.seq")
    public_note: str | None = None
    internal_note: str | None = None
    reporter_words: str | None = None
    reporter_id: UUID | None = Field(default=None, foreign_key="reporter.id", ondelete="SET NULL", index=True)
    """Whose words these are: a report may hold words of those who follow it, too."""


class StaffAction(SQLModel, table=True):
    """An action that was accepted: a repeat of `action_id` is answered alike."""

    __tablename__ = "staff_action"

    action_id: UUID = Field(primary_key=True)
    member_id: UUID = Field(foreign_key="member.id")
    report_id: UUID = Field(foreign_key="report.id")
    content_sha256: str
    event_seq: int = Field(sa_type=BigInteger)
    version: int


class SaidOnce(SQLModel, table=True):
    """Personal: that a comment or feedback with a client-made id was taken in, and how it was answered."""

    __tablename__ = "said_once"

    id: UUID = Field(primary_key=True)
    report_id: UUID = Field(foreign_key="report.id", index=True)
    reporter_id: UUID = Field(foreign_key="reporter.id", ondelete="CASCADE", index=True)
    content_sha256: str
    answer: dict[str, Any] = Field(sa_type=JSONB, default_factory=dict)


class Follow(SQLModel, table=True):
    """Personal: hears about somebody else's report."""

    __tablename__ = "follow"

    report_id: UUID = Field(primary_key=True, foreign_key="report.id")
    reporter_id: UUID = Field(primary_key=True, foreign_key="reporter.id", ondelete="CASCADE", index=True)
    since: datetime = Field(sa_type=MOMENT)
    changed_by: Any = Field(default=None, sa_type=Xid8, sa_column_kwargs={"server_default": THIS_TRANSACTION})


class Unfollowed(SQLModel, table=True):
    """Personal: that somebody has ceased to follow a report, for their other devices to hear of."""

    __tablename__ = "unfollowed"

    report_id: UUID = Field(primary_key=True, foreign_key="report.id")
    reporter_id: UUID = Field(primary_key=True, foreign_key="reporter.id", ondelete="CASCADE", index=True)
    at: datetime = Field(sa_type=MOMENT)
    changed_by: Any = Field(default=None, sa_type=Xid8, sa_column_kwargs={"server_default": THIS_TRANSACTION})


class Feedback(SQLModel, table=True):
    """Personal: what a reporter or follower said of the result. The last word of each person counts."""

    __tablename__ = "feedback"

    report_id: UUID = Field(primary_key=True, foreign_key="report.id")
    reporter_id: UUID = Field(primary_key=True, foreign_key="reporter.id", ondelete="CASCADE", index=True)
    is_fixed: bool
    """False too where an answer was judged."""
    helped: bool | None = None
    """Of an answer that repaired nothing; NULL where a repair was judged, or an answer disagreed with."""
    comment: str = ""
    at: datetime = Field(sa_type=MOMENT)

    @property
    def said(self) -> tuple[bool, bool | None, str]:
        """Fixed, helped, and in which words."""
        return self.is_fixed, self.helped, self.comment
