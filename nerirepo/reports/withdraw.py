"""取下げ: the reporter takes the report back while nobody works on it yet."""

from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.reports import history, status
from nerirepo.reports.status import Action, EventKind, Visibility
from nerirepo.reports.tables import ActorKind, Report


def withdraw(session: Session, report: Report) -> None:
    """`report` is locked by the caller. Withdrawn twice is withdrawn once."""
    if report.status is status.Status.WITHDRAWN:
        return
    before = report.status
    report.status = status.move(before, Action.WITHDRAW)
    report.version += 1
    report.updated_at = report.closed_at = clock.now()
    if report.visibility is Visibility.PUBLIC:
        report.visibility = Visibility.HIDDEN
    history.record(session, report, EventKind.WITHDRAW, actor=ActorKind.REPORTER, from_status=before)
