"""How much work waits, and for how long? The same figures for `nerirepo check` and for Prometheus."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from nerirepo.database import jobs, sql
from nerirepo.database.db import reading
from nerirepo.photos.tables import PhotoState

_BACKLOG = f"""
    SELECT
        (SELECT coalesce(json_agg(due), '[]') FROM ({jobs.DUE}) AS due) AS queue,
        (SELECT coalesce(json_object_agg(job, length), '{{}}') FROM ({jobs.GAVE_UP}) AS dead) AS dead,
        (SELECT json_build_object('length', count(*),
                'age', coalesce(extract(epoch FROM max(now() - created_at)), 0)::float)
            FROM delivery WHERE state IN ('owed', 'sending')) AS mail,
        (SELECT count(*) FROM delivery WHERE state = 'failed') AS failed_mail,
        (SELECT json_build_object('length', count(*),
                'age', coalesce(extract(epoch FROM max(now() - received_at)), 0)::float)
            FROM photo WHERE state = '{PhotoState.RECEIVED}') AS photos,
        EXISTS (SELECT FROM mail_hold) AS is_held,
        (SELECT coalesce(sum(tries), 0) FROM challenge WHERE created_at > now() - interval '1 hour')
            AS wrong_codes
"""


@dataclass(frozen=True)
class Waiting:
    """`oldest` of what could be done now."""

    length: int
    oldest: timedelta


@dataclass(frozen=True)
class Backlog:
    queue: dict[str, Waiting]
    """By job."""
    dead: dict[str, int]
    """Jobs that gave up, by name."""
    mail: Waiting
    """Letters owed."""
    failed_mail: int
    photos: Waiting
    mail_is_held: bool
    wrong_codes: int
    """Typed for sign-ins that residents, or whoever guesses, have begun within the hour."""


def backlog() -> Backlog:
    """As it is now; one statement."""
    with reading() as session:
        row = sql.first(session, _BACKLOG)
    return Backlog(
        queue={each["job"]: _waiting(each) for each in row.queue},
        dead=row.dead,
        mail=_waiting(row.mail),
        failed_mail=row.failed_mail,
        photos=_waiting(row.photos),
        mail_is_held=row.is_held,
        wrong_codes=row.wrong_codes,
    )


def _waiting(found: dict[str, Any]) -> Waiting:
    return Waiting(found["length"], timedelta(seconds=found["age"] or 0))


class BacklogFigures(Collector):
    """Asks the database at each scrape; while it is away these figures are missing, and one says so."""

    def describe(self) -> Iterable[Metric]:
        return ()  # so that registering asks nothing

    def collect(self) -> Iterable[Metric]:
        try:
            now = backlog()
        except Exception:
            yield _gauge("nerirepo_database_up", "Whether the backlog could be read.", 0)
            return
        yield _gauge("nerirepo_database_up", "Whether the backlog could be read.", 1)
        length = GaugeMetricFamily("nerirepo_queue_length", "Jobs that are due.", labels=["job"])
        age = GaugeMetricFamily("nerirepo_queue_age_seconds", "Of the oldest that is due.", labels=["job"])
        for job, each in now.queue.items():
            length.add_metric([job], each.length)
            age.add_metric([job], each.oldest.total_seconds())
        dead = GaugeMetricFamily("nerirepo_dead_letters", "Jobs that gave up.", labels=["job"])
        for job, count in now.dead.items():
            dead.add_metric([job], count)
        yield from (length, age, dead)
        yield _gauge("nerirepo_mail_owed", "Letters owed.", now.mail.length)
        yield _gauge("nerirepo_mail_oldest_seconds", "Of the oldest letter owed.", _seconds(now.mail))
        yield _gauge("nerirepo_mail_failed", "Letters that failed for good.", now.failed_mail)
        yield _gauge("nerirepo_mail_held", "1 while letters are held.", now.mail_is_held)
        yield _gauge("nerirepo_wrong_codes", "Of sign-ins begun within the hour.", now.wrong_codes)
        yield _gauge("nerirepo_photos_waiting", "Photos not yet developed.", now.photos.length)
        yield _gauge("nerirepo_photos_oldest_seconds", "Of the oldest of them.", _seconds(now.photos))


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, meaning, value=value)


def _seconds(waiting: Waiting) -> float:
    return waiting.oldest.total_seconds()
