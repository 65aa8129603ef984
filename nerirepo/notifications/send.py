"""Sending one letter: claim it, send it with no database connection held, settle what became of it.

A crash between sending and settling leaves it claimed. When the lease is over it is claimed again, and sent
again with the same Message-ID: a letter may come twice after a crash, and is never lost.
"""

import asyncio
import logging
import time
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select, update

from nerirepo.base import clock
from nerirepo.base.errors import Unavailable
from nerirepo.database import jobs
from nerirepo.database.db import transaction
from nerirepo.gateways.mail import Letterbox, Permanent, RecipientNotAllowed, Temporary, Unreachable
from nerirepo.gateways.storage import ObjectDamaged, ObjectMissing
from nerirepo.notifications import compose, delivery, hold
from nerirepo.notifications.delivery import NotWanted, Outcome, PicturesNotReady
from nerirepo.notifications.lease import Lease, is_still, renewed
from nerirepo.notifications.tables import Delivery, DeliveryState

log = logging.getLogger(__name__)

UNFINISHED = (DeliveryState.OWED, DeliveryState.SENDING)
PATIENCE = 60.0
"""Seconds that a settling waits for a database that is being restarted; given up, the letter comes twice."""


async def send(letterbox: Letterbox, delivery_id: UUID) -> None:
    """Send one letter, unless it is sent, being sent, held back, or not due yet."""
    since = time.monotonic()
    claimed = await asyncio.to_thread(_claim, delivery_id)
    if claimed is None:
        return
    async with renewed(claimed, since) as lease:
        outcome, said = await _try(letterbox, claimed, lease)
    # In a thread, it goes on when the worker is told to stop.
    await asyncio.to_thread(_settle_patiently, claimed, outcome, said)


async def _try(letterbox: Letterbox, claimed: Delivery, lease: Lease) -> tuple[Outcome, str | None]:
    try:
        letter = await asyncio.to_thread(compose.letter, claimed)
        await letterbox.post(letter, while_=lease.holds)
    except NotWanted:
        return Outcome.UNWANTED, None
    except PicturesNotReady:
        return Outcome.NOT_READY, None
    except RecipientNotAllowed:
        return Outcome.UNWANTED, "not on the list of allowed recipients"
    except Permanent as problem:
        return Outcome.PERMANENT, str(problem)
    except ObjectMissing:
        return Outcome.TEMPORARY, "a picture is missing in the store"
    except (Temporary, ObjectDamaged) as problem:
        return Outcome.TEMPORARY, str(problem)
    except (Unreachable, Unavailable) as problem:
        return Outcome.AWAY, str(problem)
    except (OperationalError, PoolExhausted) as fault:
        return Outcome.AWAY, f"the database: {type(fault).__name__}"
    except Exception as fault:
        # Settled like any other, so that the letter waits for its next try and not for the end of its lease.
        log.exception("a letter could not be written")
        return Outcome.TEMPORARY, f"a fault of ours: {type(fault).__name__}"
    return Outcome.TAKEN, None


def _claim(delivery_id: UUID) -> Delivery | None:
    now = clock.now()
    with transaction() as session:
        return session.exec(
            update(Delivery)
            .where(
                col(Delivery.id) == delivery_id,
                col(Delivery.state).in_(UNFINISHED),
                col(Delivery.next_try_at) <= now,
                ~earlier_is_unfinished(),
                ~hold.is_held(),
            )
            .values(
                state=DeliveryState.SENDING,
                claimed_at=now,
                next_try_at=now + delivery.LEASE,
                tries=Delivery.tries + 1,
            )
            .returning(Delivery)
        ).scalar_one_or_none()


def earlier_is_unfinished() -> ColumnElement[bool]:
    """Letters about one report reach each person in the order of what happened."""
    earlier = aliased(Delivery)
    return exists(
        select(earlier.id)
        .where(
            earlier.report_id == Delivery.report_id,
            earlier.recipient_kind == Delivery.recipient_kind,
            earlier.recipient_id == Delivery.recipient_id,
            col(earlier.seq) < col(Delivery.seq),
            col(earlier.state).in_(UNFINISHED),
        )
        .correlate(Delivery)
    )


def _settle_patiently(claimed: Delivery, outcome: Outcome, said: str | None) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return _settle(claimed, outcome, said)
        except (OperationalError, PoolExhausted):
            if time.monotonic() > deadline:
                raise
        time.sleep(0.5)


def _settle(claimed: Delivery, outcome: Outcome, said: str | None) -> None:
    now = clock.now()
    following = delivery.after(outcome, tries=claimed.tries, owed_since=claimed.created_at, now=now)
    with transaction() as session:
        settled = session.exec(
            update(Delivery)
            .where(is_still(claimed))
            .values(
                state=following.state,
                next_try_at=following.at or now,
                finished_at=None if following.at else now,
                claimed_at=None,
                # Waiting for a picture or a server is no failure, and must not make a later wait longer.
                tries=claimed.tries - (outcome in (Outcome.NOT_READY, Outcome.AWAY)),
                problem=_without_address(said, claimed.address),
                # What is not sent needs no address; the person may have been erased a moment ago.
                address=None if following.state is DeliveryState.DROPPED else Delivery.address,
            )
            .returning(col(Delivery.id))
        ).scalar_one_or_none()
        if settled and following.at:
            ask(session, claimed, at=following.at)
        elif settled:
            _ask_for_the_next(session, claimed)


def ask(session: Session, owed: Delivery, *, at: datetime | None = None) -> None:
    """Ask for a letter to be sent."""
    job = jobs.SEND_URGENT if owed.facts.get("urgent") else jobs.SEND
    jobs.enqueue(session, job, at=at, delivery_id=str(owed.id))


def _ask_for_the_next(session: Session, finished: Delivery) -> None:
    """Ask for the letter that was held back by this one."""
    if finished.report_id is None:
        return
    held_back = session.exec(
        select(Delivery)
        .where(
            Delivery.report_id == finished.report_id,
            Delivery.recipient_kind == finished.recipient_kind,
            Delivery.recipient_id == finished.recipient_id,
            Delivery.state == DeliveryState.OWED,
        )
        .order_by(col(Delivery.seq))
    ).first()
    if held_back:
        ask(session, held_back)


def _without_address(said: str | None, address: str | None) -> str | None:
    """Mail servers repeat the address in their refusal; what is kept for staff must not."""
    return said.replace(address, "(address)") if said and address else said
