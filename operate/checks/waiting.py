"""Does the work get done, and does each visitor have limits of their own?"""

from datetime import timedelta

from nerirepo.database import noticed
from nerirepo.database.db import reading
from operate.checks.probe import Fault
from operate.telemetry.backlog import backlog

OLDEST_JOB = timedelta(minutes=15)
"""A backlog of ten thousand photos may be older; then this says so, which is right at night, too."""
OLDEST_LETTER = timedelta(hours=1)
"""Longer than any mail server's greylisting."""


def jobs() -> None:
    if dead := backlog().dead:
        names = ", ".join(sorted(dead))
        raise Fault(
            f"these gave up after many tries: {names}; see nerirepo jobs failed and the worker's log, "
            "then nerirepo jobs retry"
        )


def queue() -> None:
    late = {job: each for job, each in backlog().queue.items() if each.oldest > OLDEST_JOB}
    if late:
        said = ", ".join(f"{each.length} x {job} since {_minutes(each.oldest)}" for job, each in late.items())
        raise Fault(f"{said}; is a worker running? More of them share the work (docs/runbook.md)")


def letters() -> None:
    now = backlog()
    if now.mail_is_held:
        raise Fault(f"held by an operator, {now.mail.length} wait; nerirepo mail show, mail release")
    if now.mail.oldest > OLDEST_LETTER:
        raise Fault(
            f"{now.mail.length} are owed, the oldest since {_minutes(now.mail.oldest)}; does the mail server "
            "take them? Their problems: nerirepo mail show"
        )


def _minutes(age: timedelta) -> str:
    return f"{int(age.total_seconds()) // 60} min"


def clients() -> None:
    with reading() as session:
        found = noticed.noted(session, noticed.PROXY)
    if found:
        raise Fault(f"all share the limits of one (docs/abuse-limits.md): {found.words}")
