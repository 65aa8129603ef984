"""What becomes of a letter after a try? Pure.

owed -> sending -> sent
  ^        |-----> failed    for good; staff see it
  |        +-----> dropped   not wanted any more
  +--------+       a temporary failure, or pictures that are not ready
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LEASE = timedelta(seconds=30)
"""How long a claimed letter is left to a sender of whom nothing is heard."""
RENEWED_EVERY = timedelta(seconds=8)
"""A slow conversation keeps its letter: see `lease.py`."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (0.5, 1, 2, 5, 15, 30, 60))
"""After each failure; the last one again and again. Greylisting servers want about five minutes; others, that
hung up in the middle of a letter, are mostly back sooner."""
GIVE_UP_AFTER = timedelta(days=2)
"""A weekend's outage of the ward's mail server loses nothing."""
PICTURES_MAY_TAKE = timedelta(minutes=10)
"""Then the letter goes without those that are still missing."""
WAIT_FOR_PICTURES = timedelta(seconds=5)
WAIT_FOR_SERVER = timedelta(seconds=30)
"""Nobody was reached, so nobody can be annoyed: letters leave soon after the server is back."""


class NotWanted(Exception):
    """Nobody wants it any more: the code has been used, the person has left, the report was hidden."""


class PicturesNotReady(Exception):
    """A picture that it shows is still being made."""


class DeliveryState(StrEnum):
    OWED = "owed"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    """For good: shown to staff."""
    DROPPED = "dropped"
    """Not wanted any more, or not allowed outside production."""


class Outcome(StrEnum):
    """How a try ended."""

    TAKEN = "taken"
    """By the mail server."""
    UNWANTED = "unwanted"
    NOT_READY = "not_ready"
    """Its pictures are still being made."""
    AWAY = "away"
    """The mail server, the store or the database could not be reached."""
    TEMPORARY = "temporary"
    PERMANENT = "permanent"


@dataclass(frozen=True)
class Next:
    """`at` is when to try again, None where the letter is done with."""

    state: DeliveryState
    at: datetime | None = None


def after(outcome: Outcome, *, tries: int, owed_since: datetime, now: datetime) -> Next:
    """The state after a try; `tries` counts it."""
    match outcome:
        case Outcome.TAKEN:
            return Next(DeliveryState.SENT)
        case Outcome.UNWANTED:
            return Next(DeliveryState.DROPPED)
        case Outcome.PERMANENT:
            return Next(DeliveryState.FAILED)
        case Outcome.NOT_READY:
            return Next(DeliveryState.OWED, now + WAIT_FOR_PICTURES)
        case Outcome.AWAY | Outcome.TEMPORARY:
            is_away = outcome is Outcome.AWAY
            again = now + (WAIT_FOR_SERVER if is_away else WAITS[min(tries, len(WAITS)) - 1])
            if again > owed_since + GIVE_UP_AFTER:
                return Next(DeliveryState.FAILED)
            return Next(DeliveryState.OWED, again)


def waits_for_pictures(*, owed_since: datetime, now: datetime) -> bool:
    """Whether a letter is still held back for a picture that is being made."""
    return now < owed_since + PICTURES_MAY_TAKE
