"""What does an action change in its report, but for the status?"""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.base.errors import FieldFault
from nerirepo.catalogue.tables import Manager
from nerirepo.reports import feature, follow, merging
from nerirepo.reports.action_request import ActionRequest
from nerirepo.reports.evidence_photos import clear_photos
from nerirepo.reports.find import ReportNotFound, find
from nerirepo.reports.reassign import reassign
from nerirepo.reports.recategorise import recategorise
from nerirepo.reports.references import ReferenceUnknown, unknown
from nerirepo.reports.status import Action, Visibility
from nerirepo.reports.tables import Report, ReportOriginal
from nerirepo.staff.tables import Member

LONGEST_PLAN = timedelta(days=3650)
"""A date further off is a slip of the finger."""


def apply(
    session: Session, member: Member, report: Report, request: ActionRequest, action: Action, now: datetime
) -> dict[str, Any]:
    """Change the report as the action says, all but its status; further facts for the history."""
    _check_days(request)
    match action:
        case Action.ACCEPT | Action.PUBLISH:
            if request.hides_point is not None:
                report.hides_point = request.hides_point
            if request.action is Action.PUBLISH or request.public_text is not None or request.photo_ids:
                _publish(session, report, request)  # else accepted, and not published yet
        case Action.HIDE:
            report.visibility = Visibility.HIDDEN
        case Action.FEATURE:
            feature.check_is_worth_showing(session, report)
            report.is_featured = True
        case Action.UNFEATURE:
            report.is_featured = False
        case Action.EDIT_PUBLIC_TEXT:
            report.public_text = request.public_text
        case Action.START:
            report.expected_on = request.expected_on
        case Action.HAND_OVER:
            assert request.manager
            if session.get(Manager, request.manager) is None:
                raise unknown("manager", request.manager)
            report.manager_code = request.manager
        case Action.MERGE:
            return _merge(session, report, request, now)
        case Action.UNDO_MERGE:
            return merging.take_back(session, report)
        case Action.REOPEN:
            _reopen(session, report)
        case Action.REASSIGN:
            return reassign(session, report, request)
        case Action.RECATEGORISE:
            return recategorise(session, report, request)
        case Action.NOTE | Action.READ:
            pass
        case Action.RESOLVE | Action.DECLINE | Action.ASK | Action.THANK | Action.WITHDRAW:
            pass  # the words, the evidence and the status say it all
    return {}


def _check_days(request: ActionRequest) -> None:
    today = clock.today_in_japan()
    for field in ("expected_on", "review_on"):
        day = getattr(request, field)
        if day and not today <= day <= today + LONGEST_PLAN:
            raise ReferenceUnknown(
                "A date lies in the past or too far off.",
                faults=(FieldFault(field, "day_implausible", day.isoformat()),),
            )


def _publish(session: Session, report: Report, request: ActionRequest) -> None:
    if request.public_text is not None:
        report.public_text = request.public_text
    if "photo_ids" in request.model_fields_set:
        clear_photos(session, report, request.photo_ids)
    if report.visibility is not Visibility.PUBLIC:
        merging.let_senders_follow(session, report)
    report.visibility = Visibility.PUBLIC


def _merge(session: Session, report: Report, request: ActionRequest, now: datetime) -> dict[str, Any]:
    parent = _parent(session, request.parent_report or "")
    if parent.id == report.id:
        raise unknown("parent_report", parent.number, "merge_with_itself")
    # A chain of duplicates is followed to its head, so that nobody is sent on twice.
    passed = {report.id}
    while parent.parent_id and parent.id not in passed:
        passed.add(parent.id)
        parent = session.get_one(Report, parent.parent_id)
    if parent.id in passed:
        raise unknown("parent_report", parent.number, "merge_in_circle")
    return merging.merge(session, report, parent, now)


def _parent(session: Session, named: str) -> Report:
    try:
        return find(session, named)
    except ReportNotFound:
        raise unknown("parent_report", named, "report_unknown") from None


def _reopen(session: Session, report: Report) -> None:
    original = session.get(ReportOriginal, report.id)
    if report.parent_id and original and original.reporter_id:
        follow.unfollow(session, report.parent_id, original.reporter_id)
    clear_closing(report)


def clear_closing(report: Report) -> None:
    """A report that is opened again is as one that was never closed."""
    report.parent_id = None
    report.closed_at = None
    report.expected_on = None
    report.confirmed_fixed_at = None
    report.is_featured = False
