"""Is a letter still true when it is about to leave? Pure: what has happened since decides.

Letters wait: for a mail server, for a picture, for a merge's undo. Nobody is then told that a report is
closed which is open again, or asked what is answered.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from nerirepo.reports.status import CLOSED, MOVES, OPEN, EventKind, Status

CLOSINGS = frozenset(edge.event for edge in MOVES.values() if edge.to in CLOSED)


@dataclass(frozen=True)
class Later:
    """An event after the letter's own."""

    kind: EventKind
    status: Status
    """The report's after it."""


def is_overtaken(kind: EventKind, later: Iterable[Later]) -> bool:
    """Whether the letter about an event of this kind is not to be sent any more."""
    return any(_overtakes(kind, each) for each in later)


def _overtakes(kind: EventKind, later: Later) -> bool:
    if kind in CLOSINGS:
        return later.status in OPEN
    if kind == EventKind.ASK:
        return later.kind in (EventKind.ASK, EventKind.START, EventKind.COMMENT) or later.status in CLOSED
    if kind in (EventKind.ACCEPT, EventKind.START, EventKind.REOPEN):
        return later.status is Status.WITHDRAWN
    return False  # the receipt is owed whatever follows
