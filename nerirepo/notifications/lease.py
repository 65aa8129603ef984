"""A claimed letter stays its sender's for as long as the sender lives, however slow the conversation is.

The lease is short, so that the letters of a killed worker are sent soon by another; who is alive renews it.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncGenerator

from sqlalchemy import ColumnElement
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, update

from nerirepo.base import clock
from nerirepo.database.db import transaction
from nerirepo.notifications.delivery import LEASE, RENEWED_EVERY
from nerirepo.notifications.tables import Delivery, DeliveryState

log = logging.getLogger(__name__)


class Lease:
    """Whether a letter is still ours, by this machine's own steady clock.

    A process that was frozen finds, when it goes on, that it holds nothing any more.
    """

    def __init__(self, since: float) -> None:
        self._until = since + LEASE.total_seconds()

    def holds(self) -> bool:
        return time.monotonic() < self._until

    def renew(self, since: float) -> None:
        self._until = since + LEASE.total_seconds()

    def lose(self) -> None:
        self._until = 0.0


@contextlib.asynccontextmanager
async def renewed(claimed: Delivery, since: float) -> AsyncGenerator[Lease]:
    """The lease, renewed for the length of the block. `since`: `time.monotonic()` before the claim."""
    lease = Lease(since)
    renewing = asyncio.create_task(_keep_renewing(lease, claimed))
    try:
        yield lease
    finally:
        renewing.cancel()


async def _keep_renewing(lease: Lease, claimed: Delivery) -> None:
    while True:
        await asyncio.sleep(RENEWED_EVERY.total_seconds())
        since = time.monotonic()
        try:
            is_ours = await asyncio.to_thread(_renew, claimed)
        except SQLAlchemyError:
            log.warning("the lease of a letter could not be renewed")
            continue
        if not is_ours:
            lease.lose()
            return
        lease.renew(since)


def _renew(claimed: Delivery) -> bool:
    with transaction() as session:
        renewed = session.exec(
            update(Delivery)
            .where(is_still(claimed))
            .values(next_try_at=clock.now() + LEASE)
            .returning(col(Delivery.id))
        )
        return renewed.first() is not None


def is_still(claimed: Delivery) -> ColumnElement[bool]:
    """For WHERE: the letter was neither erased meanwhile, nor claimed by somebody else."""
    return (
        (col(Delivery.id) == claimed.id)
        & (col(Delivery.state) == DeliveryState.SENDING)
        & (col(Delivery.claimed_at) == claimed.claimed_at)
    )
