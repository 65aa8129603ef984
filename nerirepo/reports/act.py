"""What staff do to a report: one action, checked, applied and written down, once for each action id."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.base.errors import Conflict, Stale
from nerirepo.catalogue import read as catalogue
from nerirepo.reports import evidence, history, merging, permissions, screened, status, unread
from nerirepo.reports.action_request import ActionRequest
from nerirepo.reports.actor import actor_of
from nerirepo.reports.apply import apply
from nerirepo.reports.evidence_photos import attach_evidence
from nerirepo.reports.find import ReportNotFound
from nerirepo.reports.status import Action, EventKind, Status
from nerirepo.reports.tables import ActorKind, Report, ReportEvent, StaffAction
from nerirepo.staff.tables import Member


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
    kind: EventKind
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
        return _repeated(session, done, member, content)
    _check_permission(session, member, report, request)
    if expected_version is not None and expected_version != report.version:
        raise ReportChanged(facts={"version": report.version, "report_status": report.status})
    before, counted, now = report.status, _counted(report), clock.now()
    action, target = _move(session, report, request.action)
    evidence.check(request, is_worded=report.public_text is not None)
    screened.check(request)
    facts = request.facts() | apply(session, member, report, request, action, now)
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
        EventKind(action),
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
    return Acted(report.id, EventKind(action), report.version, event_seq, is_repeat=False)


def _repeated(session: Session, done: StaffAction, member: Member, content: str) -> Acted:
    if done.member_id != member.id or done.content_sha256 != content:
        raise ActionIdTaken
    kind = session.get_one(ReportEvent, done.event_seq).kind
    return Acted(done.report_id, kind, done.version, done.event_seq, is_repeat=True)


def _check_permission(session: Session, member: Member, report: Report, request: ActionRequest) -> None:
    permissions.check(
        actor_of(member),
        permissions.Subject(report.department_code, report.assignee_id, catalogue.triage_department(session)),
        request.action,
        reason=request.reason_code,
        to_department=request.department,
    )


def _counted(report: Report) -> tuple[Any, ...]:
    """What the version rises with."""
    return (report.status, report.category_code, report.department_code, report.town, report.public_text)


def _move(session: Session, report: Report, action: Action) -> tuple[Action, Status]:
    """What the action comes to, and the status after it."""
    if action is Action.REOPEN:
        merged = merging.to_take_back(session, report)
        if merged:
            before = Status(merged.from_status)
            return Action.UNDO_MERGE, status.move(report.status, Action.UNDO_MERGE, before=before)
    return action, status.move(report.status, action, is_deed=report.is_deed)
