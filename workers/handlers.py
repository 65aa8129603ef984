"""Which function does which job? One for each name in `nerirepo.database.jobs`."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from nerirepo.base import clock
from nerirepo.database import jobs
from nerirepo.database.db import transaction
from nerirepo.gateways import storage
from nerirepo.gateways.mail import Letterbox
from nerirepo.notifications import digest, notify, of_photos, send
from nerirepo.photos import process
from nerirepo.privacy import erasures, expire
from nerirepo.publication import publish, tallies
from nerirepo.reports.photo_settled import on_photo_settled
from workers import sweep

Handler = Callable[..., None] | Callable[..., Awaitable[None]]


def handlers(letterbox: Letterbox) -> dict[jobs.Job, Handler]:
    """Job to handler. Plain functions run in a thread; each takes the ids that its job was asked for with."""

    async def send_letter(delivery_id: str) -> None:
        await send.send(letterbox, UUID(delivery_id))

    return {
        jobs.SEND_CODE: _owe_code,
        jobs.SEND_URGENT: send_letter,
        jobs.SEND: send_letter,
        jobs.NOTIFY: _notify,
        jobs.PUBLISH: _publish,
        jobs.PROCESS_PHOTO: _process_photo,
        jobs.DELETE_OBJECTS: _delete_objects,
        jobs.RECORD_ERASURE: _record_erasure,
        jobs.DIGEST: _digest,
        jobs.COUNT: _count,
        jobs.SWEEP: sweep.sweep,
        jobs.EXPIRE: _expire,
    }


def _owe_code(challenge_id: str) -> None:
    with transaction() as session:
        notify.send_code(session, UUID(challenge_id))


def _notify(event_id: str) -> None:
    with transaction() as session:
        notify.notify(session, UUID(event_id))


def _publish(report_id: str) -> None:
    with transaction() as session:
        publish.publish(session, UUID(report_id))


def _process_photo(photo_id: str) -> None:
    outcome = process.develop(UUID(photo_id))
    if outcome is None:
        return
    with transaction() as session:
        process.settle(session, UUID(photo_id), outcome)
        on_photo_settled(session, UUID(photo_id))
        of_photos.on_photo_settled(session, UUID(photo_id))


def _delete_objects(bucket: str, prefix: str, keep: Sequence[str] = ()) -> None:
    storage.delete_below(bucket, prefix, keep=keep)


def _record_erasure(reporter_id: str, day: str) -> None:
    erasures.record(UUID(reporter_id), date.fromisoformat(day))


def _digest(**_: Any) -> None:
    with transaction() as session:
        digest.digest(session, clock.today_in_japan())


def _count(**_: Any) -> None:
    with transaction() as session:
        tallies.count(session)


def _expire(**_: Any) -> None:
    with transaction() as session:
        expire.expire(session, clock.today_in_japan())
    erasures.forget(clock.today_in_japan())
