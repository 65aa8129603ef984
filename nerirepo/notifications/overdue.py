"""Which letters were promised and not sent? The sweeper asks again, or gives them up and staff see them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from nerirepo.base import clock
from nerirepo.database import jobs
from nerirepo.notifications import delivery, hold
from nerirepo.notifications.send import UNFINISHED, ask, earlier_is_unfinished
from nerirepo.notifications.tables import Delivery, DeliveryState

OVERDUE_AFTER = timedelta(seconds=5)
BATCH = 500


def ask_again(session: Session) -> int:
    """Ask for letters whose job was lost, with a worker that was killed for example; how many.

    None while letters are held: that wait is nobody's fault.
    """
    if hold.held(session):
        return 0
    now = clock.now()
    late = session.exec(
        select(Delivery)
        .where(
            col(Delivery.state).in_(UNFINISHED),
            Delivery.next_try_at <= now - OVERDUE_AFTER,
            ~earlier_is_unfinished(),
            # A busy queue is not a lost job.
            ~jobs.is_queued("delivery_id", col(Delivery.id), jobs.SEND, jobs.SEND_URGENT),
        )
        .order_by(col(Delivery.next_try_at))
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    for each in late:
        if each.created_at < now - delivery.GIVE_UP_AFTER - OVERDUE_AFTER:
            _give_up(each)
        else:
            each.next_try_at = now
            ask(session, each)
    return len(late)


def failed_for_staff(session: Session, report_id: UUID | None = None) -> list[dict[str, Any]]:
    """The letters that failed for good, newest first; of one report, or the newest hundred of all.

    `[{id, report_id, template, recipient_kind, finished_at, problem}]`, without the address.
    """
    failed = select(Delivery).where(Delivery.state == DeliveryState.FAILED)
    if report_id:
        failed = failed.where(Delivery.report_id == report_id)
    shown = {"id", "report_id", "template", "recipient_kind", "finished_at", "problem"}
    newest = failed.order_by(col(Delivery.finished_at).desc()).limit(100)
    return [each.model_dump(include=shown) for each in session.exec(newest)]


def _give_up(lost: Delivery) -> None:
    """Two days of tries that never ended, one way or the other: a fault of ours."""
    lost.state = DeliveryState.FAILED
    lost.finished_at = clock.now()
    lost.problem = lost.problem or "sending never came to an end"
