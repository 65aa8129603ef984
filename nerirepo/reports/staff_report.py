"""One report, as a member of staff sees it: everything but contact data, which has a door of its own."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from nerirepo.reports.original_view import Original, ReportPhotoView
from nerirepo.reports.possible_actions import PossibleAction
from nerirepo.reports.staff_timeline import TimelineEvent
from nerirepo.reports.status import Status, Visibility
from nerirepo.reports.worklist_item import Colleague, Named, Point


class Relative(BaseModel):
    id: UUID
    number: str
    distance_m: int | None = None
    """Whoever merges two that lie far apart has mostly mistyped a number."""


class FeedbackView(BaseModel):
    is_fixed: bool
    helped: bool | None
    comment: str
    at: datetime


class ReportView(BaseModel):
    id: UUID
    number: str
    version: int
    status: Status
    visibility: Visibility
    category: Named
    department: Named
    manager: Named | None
    assignee: Colleague | None
    town: str | None
    location: Point | None
    hides_point: bool
    routing_reason: str
    routing_confidence: float
    """From 0 to 1."""
    flags: list[str]
    answered: bool
    """The resident has written something that nobody has read."""
    is_danger: bool
    is_deed: bool
    received_at: datetime
    updated_at: datetime
    due_on: date | None
    expected_on: date | None
    overdue: bool
    closed_at: datetime | None
    confirmed_fixed_at: datetime | None
    is_featured: bool
    """Shown among the improvement cases."""
    public_text: str | None
    original: Original | None
    photos: list[ReportPhotoView]
    timeline: list[TimelineEvent]
    feedback: list[FeedbackView]
    followers: int
    parent: Relative | None
    duplicates: list[Relative]
    actions: list[PossibleAction]
