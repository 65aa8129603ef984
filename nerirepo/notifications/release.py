"""Letters were held: which wait, and how do they leave, or go unsent?"""

from sqlalchemy import ColumnElement, delete, func, update
from sqlmodel import Session, col, select

from nerirepo.base import clock
from nerirepo.notifications.send import UNFINISHED, ask
from nerirepo.notifications.tables import Delivery, DeliveryState, MailHold


def waiting(session: Session) -> dict[str, int]:
    """How many letters of each kind are owed."""
    kinds = select(Delivery.template, func.count()).where(_unfinished()).group_by(Delivery.template)
    return dict(session.exec(kinds.order_by(Delivery.template)).all())


def problems(session: Session) -> dict[str, int]:
    """What mail servers last said of letters that wait or failed, without addresses, and how often."""
    said = (
        select(Delivery.problem, func.count())
        .where(
            col(Delivery.state).in_((*UNFINISHED, DeliveryState.FAILED)), col(Delivery.problem).is_not(None)
        )
        .group_by(col(Delivery.problem))
        .order_by(func.count().desc())
        .limit(20)
    )
    return {problem or "": count for problem, count in session.exec(said)}


def release(session: Session) -> int:
    """Let letters leave again, and ask for each that waited; how many."""
    session.exec(delete(MailHold))
    owed = session.exec(select(Delivery).where(_unfinished()).order_by(col(Delivery.seq))).all()
    for each in owed:
        ask(session, each)
    return len(owed)


def drop(session: Session) -> int:
    """Let go what is owed now: after a restore, letters that were perhaps sent before the fault; how many."""
    dropped = session.exec(
        update(Delivery)
        .where(_unfinished())
        .values(
            state=DeliveryState.DROPPED,
            finished_at=clock.now(),
            claimed_at=None,
            address=None,
            problem="let go unsent by the operator",
        )
        .returning(col(Delivery.id))
    )
    return len(dropped.all())


def _unfinished() -> ColumnElement[bool]:
    return col(Delivery.state).in_(UNFINISHED)
