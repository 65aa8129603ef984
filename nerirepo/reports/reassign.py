"""担当を変える: which department has a report in hand, and which colleague of it, if any."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from nerirepo.base import clock
from nerirepo.catalogue.tables import Department
from nerirepo.reports import history
from nerirepo.reports.action_request import ActionRequest
from nerirepo.reports.permissions import READS_REPORTS
from nerirepo.reports.references import unknown
from nerirepo.reports.status import EventKind
from nerirepo.reports.tables import ActorKind, Report
from nerirepo.staff.tables import Member

ASSIGNEE_ELSEWHERE = "assignee_elsewhere"
"""An assignee belongs to the report's department: nobody else sees what is to be done there."""


def reassign(session: Session, report: Report, request: ActionRequest) -> dict[str, Any]:
    """Change department, assignee or both; facts for the history. Raises `ReferenceUnknown`."""
    facts: dict[str, Any] = {}
    if request.department:
        if not is_at_work(session.get(Department, request.department)):
            raise unknown("department", request.department)
        facts = move_to(session, report, request.department) | {"department": request.department}
    if request.assignee:
        report.assignee_id = _colleague(session, report, request.assignee)
        facts["assignee"] = str(request.assignee)
    elif request.unassigns:
        report.assignee_id = None
        facts["assignee"] = None
    return facts


def is_at_work(department: Department | None) -> bool:
    if department is None:
        return False
    return department.valid_until is None or department.valid_until >= clock.today_in_japan()


def move_to(session: Session, report: Report, department: str) -> dict[str, Any]:
    """Give the report to a department; who is not of it has it in hand no more."""
    if department == report.department_code:
        return {}
    facts: dict[str, Any] = {"from_department": report.department_code}
    report.department_code = department
    if report.assignee_id:
        assignee = session.get_one(Member, report.assignee_id)
        if assignee.department_code != department:
            report.assignee_id = None
            facts["assignee"] = None
    return facts


def release(session: Session, by: UUID | None) -> int:
    """Take reports from who left, moved to another department or reads none any more; how many.

    For whoever has changed members. `by` is the admin, None for the operator.
    """
    session.flush()
    reports = session.exec(
        select(Report)
        .join(Member, col(Member.id) == Report.assignee_id)
        .where(
            ~col(Member.is_active)
            | (col(Member.department_code) != Report.department_code)
            | col(Member.role).not_in(READS_REPORTS)
        )
        .order_by(col(Report.id))
        .with_for_update(of=Report)
    ).all()
    for report in reports:
        report.assignee_id = None
        report.updated_at = clock.now()
        history.record(
            session,
            report,
            EventKind.REASSIGN,
            actor=ActorKind.MEMBER if by else ActorKind.SYSTEM,
            member_id=by,
            from_status=report.status,
            facts={"assignee": None},
        )
    return len(reports)


def _colleague(session: Session, report: Report, member_id: UUID) -> UUID:
    # Locked, so that nobody moves away at the same moment and keeps the report.
    member = session.exec(
        select(Member)
        .where(Member.id == member_id, col(Member.is_active), col(Member.role).in_(READS_REPORTS))
        .with_for_update(read=True)
    ).first()
    if member is None:
        raise unknown("assignee", str(member_id))
    if member.department_code != report.department_code:
        raise unknown("assignee", member.name, ASSIGNEE_ELSEWHERE)
    return member.id
