"""What may this member see of one report? Everything but contact data, which has a door of its own."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import bindparam, func
from sqlalchemy import select as columns
from sqlmodel import Session, col, or_, select

from nerirepo import clock, language
from nerirepo.catalogue import read as catalogue
from nerirepo.catalogue.tables import Category, Department, Manager
from nerirepo.reports import original_view, staff_timeline
from nerirepo.reports.find import find
from nerirepo.reports.original_view import Original, ReportPhotoView
from nerirepo.reports.permissions import Actor, NotYourReport, Subject, may_see
from nerirepo.reports.possible_actions import PossibleAction, possible_actions
from nerirepo.reports.staff_timeline import TimelineEvent
from nerirepo.reports.status import OPEN, Status, Visibility
from nerirepo.reports.tables import Feedback, Follow, Report
from nerirepo.reports.worklist_item import Colleague, Named, Point
from nerirepo.staff.tables import Member


class Relative(BaseModel):
    id: UUID
    number: str


class FeedbackView(BaseModel):
    is_fixed: bool
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


_AROUND = (
    columns(
        Category,
        Department,
        Manager,
        Member,
        func.ST_Y(func.geometry(Report.location)),
        func.ST_X(func.geometry(Report.location)),
    )
    .select_from(Report)
    .join(Category, col(Category.code) == Report.category_code)
    .join(Department, col(Department.code) == Report.department_code)
    .join(Manager, col(Manager.code) == Report.manager_code, isouter=True)
    .join(Member, col(Member.id) == Report.assignee_id, isouter=True)
    .where(col(Report.id) == bindparam("report_id"))
)


def staff_view(session: Session, actor: Actor, named: str, locale: str) -> ReportView:
    """By id or number. Raises `ReportNotFound` and `NotYourReport`."""
    report = find(session, named)
    subject = Subject(report.department_code, report.assignee_id, catalogue.triage_department(session))
    if not may_see(actor, subject):
        raise NotYourReport
    category, department, manager, assignee, lat, lon = session.execute(
        _AROUND, {"report_id": report.id}
    ).one()
    parent, duplicates = _relatives(session, report)
    due = report.expected_on or report.due_on
    return ReportView(
        id=report.id,
        number=report.number,
        version=report.version,
        status=report.status,
        visibility=report.visibility,
        category=Named(code=category.code, name=language.name(category.names, locale)),
        department=Named(code=department.code, name=language.name(department.names, locale)),
        manager=Named(code=manager.code, name=language.name(manager.names, locale)) if manager else None,
        assignee=Colleague(id=assignee.id, name=assignee.name) if assignee else None,
        town=report.town,
        location=Point(lat=lat, lon=lon) if lat is not None else None,
        hides_point=report.hides_point,
        routing_reason=language.name(report.routing_reason, locale) if report.routing_reason else "",
        routing_confidence=report.routing_confidence,
        flags=report.flags,
        is_danger=report.is_danger,
        is_deed=report.is_deed,
        received_at=report.received_at,
        updated_at=report.updated_at,
        due_on=report.due_on,
        expected_on=report.expected_on,
        overdue=bool(due and due < clock.today_in_japan() and report.status in OPEN),
        closed_at=report.closed_at,
        confirmed_fixed_at=report.confirmed_fixed_at,
        is_featured=report.is_featured,
        public_text=report.public_text,
        original=original_view.original(session, report.id, category.questions, locale),
        photos=original_view.photos(session, report.id),
        timeline=staff_timeline.timeline(session, report.id),
        feedback=[
            FeedbackView(is_fixed=each.is_fixed, comment=each.comment, at=each.at)
            for each in session.exec(
                select(Feedback).where(Feedback.report_id == report.id).order_by(col(Feedback.at))
            )
        ],
        followers=session.exec(select(func.count()).where(Follow.report_id == report.id)).one(),
        parent=parent,
        duplicates=duplicates,
        actions=possible_actions(
            actor, subject, report.status, is_deed=report.is_deed, is_featured=report.is_featured
        ),
    )


def _relatives(session: Session, report: Report) -> tuple[Relative | None, list[Relative]]:
    """The report that it repeats, and those that repeat it."""
    rows = session.exec(
        select(Report.id, Report.number, Report.parent_id)
        .where(or_(Report.id == report.parent_id, Report.parent_id == report.id))
        .order_by(Report.number)
    ).all()
    parent = next((Relative(id=id, number=number) for id, number, _ in rows if id == report.parent_id), None)
    return parent, [Relative(id=id, number=number) for id, number, of in rows if of == report.id]
