"""What staff do to a report: one action, checked, applied and written down, once for each action id."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from nerirepo import clock
from nerirepo.catalogue import read as catalogue
from nerirepo.catalogue.tables import Manager
from nerirepo.errors import Conflict, FieldFault, Stale
from nerirepo.reports import (
    evidence,
    feature,
    follow,
    history,
    merging,
    permissions,
    screened,
    status,
    unread,
)
from nerirepo.reports.action_request import ActionRequest
from nerirepo.reports.evidence_photos import attach_evidence, clear_photos
from nerirepo.reports.find import ReportNotFound, find
from nerirepo.reports.reassign import reassign
from nerirepo.reports.recategorise import recategorise
from nerirepo.reports.references import ReferenceUnknown, unknown
from nerirepo.reports.status import Action, Status, Visibility
from nerirepo.reports.tables import ActorKind, Report, ReportEvent, ReportOriginal, StaffAction
from nerirepo.staff.tables import Member

LONGEST_PLAN = timedelta(days=3650)
"""A date further off is a slip of the finger."""


class ActionIdTaken(Conflict):
    """Another action has this id."""

    code = "action_id_taken"


class ReportChanged(Stale):
    """Somebody else has changed this report in the meantime."""

    code = "report_changed"


@dataclass(frozen=True)
class Acted:
    """`version` is the report's after the action, which repeats are answered with too.

    `kind`: what the action came to, as the history has it: a reopening may have taken back a merge.
    """

    report_id: UUID
    kind: str
    version: int
    event_seq: int
    is_repeat: bool


def act(
    session: Session,
    member: Member,
    report_id: UUID,
    request: ActionRequest,
    expected_version: int | None,
) -> Acted:
    """Take one action. `expected_version` is what the client last saw; None where nobody else can act."""
    if request.action is Action.MERGE:
        merging.one_at_a_time(session)
    # Read anew: whoever held the lock may have changed what this session has seen before.
    report = session.get(Report, report_id, with_for_update=True, populate_existing=True)
    if report is None:
        raise ReportNotFound
    content = request.content_sha256(report_id)
    done = session.get(StaffAction, request.action_id)
    if done:
        if done.member_id != member.id or done.content_sha256 != content:
            raise ActionIdTaken
        kind = session.get_one(ReportEvent, done.event_seq).kind
        return Acted(report_id, kind, done.version, done.event_seq, is_repeat=True)

    _check_permission(session, member, report, request)
    if expected_version is not None and expected_version != report.version:
        raise ReportChanged(facts={"version": report.version, "report_status": report.status})
    before, counted, now = report.status, _counted(report), clock.now()
    action, target = _move(session, report, request.action)
    evidence.check(request, is_worded=report.public_text is not None)
    screened.check(request)
    facts = facts_of(request) | _apply(session, member, report, request, action, now)
    if report.unread_seq and unread.answers(
        request.action, unread_seq=report.unread_seq, seen_seq=request.seen_seq
    ):
        report.unread_seq = None
    report.status = target
    report.updated_at = now
    if target in status.CLOSED and before in status.OPEN:
        report.closed_at = report.updated_at
    if _counted(report) != counted:
        report.version += 1
    event_seq = history.record(
        session,
        report,
        action,
        actor=ActorKind.MEMBER,
        member_id=member.id,
        from_status=before,
        facts=facts,
        public_note=request.public_note,
        internal_note=request.internal_note,
    )
    attach_evidence(session, member, report, request, event_seq)
    session.add(
        StaffAction(
            action_id=request.action_id,
            member_id=member.id,
            report_id=report.id,
            content_sha256=content,
            event_seq=event_seq,
            version=report.version,
        )
    )
    return Acted(report.id, action, report.version, event_seq, is_repeat=False)


def _check_permission(session: Session, member: Member, report: Report, request: ActionRequest) -> None:
    permissions.check(
        permissions.Actor(member.id, member.role, member.department_code),
        permissions.Subject(report.department_code, report.assignee_id, catalogue.triage_department(session)),
        request.action,
        reason=request.reason_code,
        to_department=request.department,
    )


def _counted(report: Report) -> tuple[Any, ...]:
    """What the version rises with."""
    return (report.status, report.category_code, report.department_code, report.town, report.public_text)


def facts_of(request: ActionRequest) -> dict[str, Any]:
    """What the history keeps of it, beside the notes."""
    named = request.model_dump(
        mode="json",
        include={
            "no_photo_reason",
            "expected_on",
            "reason_code",
            "measured_value",
            "review_on",
            "manager",
            "external_reference",
            "category",
            "hides_point",
        },
        exclude_none=True,
    )
    return named | ({"photo_ids": [str(each) for each in request.photo_ids]} if request.photo_ids else {})


def _move(session: Session, report: Report, action: Action) -> tuple[Action, Status]:
    """What the action comes to, and the status after it."""
    if action is Action.REOPEN:
        merged = merging.to_take_back(session, report)
        if merged:
            before = Status(merged.from_status)
            return Action.UNDO_MERGE, status.move(report.status, Action.UNDO_MERGE, before=before)
    return action, status.move(report.status, action, is_deed=report.is_deed)


def _apply(
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


def _check_days(request: ActionRequest) -> None:
    today = clock.today_in_japan()
    for field in ("expected_on", "review_on"):
        day = getattr(request, field)
        if day and not today <= day <= today + LONGEST_PLAN:
            raise ReferenceUnknown(
                "A date lies in the past or too far off.",
                faults=(FieldFault(field, "day_implausible", day.isoformat()),),
            )
