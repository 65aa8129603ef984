"""How often may one client be wrong about codes? Counted over all addresses; who gets in is forgiven.

For one address nothing is counted here: it has as many challenges as it has letters, with five tries each.
docs/abuse-limits.md has the calculation.
"""

from datetime import timedelta

from sqlmodel import Session

from nerirepo.base.clients import networks
from nerirepo.database.rate_limit import Counted, Limit, forgive, give_back, of_client, over

OF_A_CLIENT = (
    Limit("guess_client_day", 150, timedelta(days=1)),
    Limit("guess_client_month", 350, timedelta(days=30)),
)
"""Wrong codes that did not end in the right one: 60 people who mistype twice at one time stay below it, and a
client that does nothing else for a year guesses some account with less than 1 %."""
_AT_AN_ADDRESS = Limit("guess_client_address", 10_000, timedelta(days=1))
"""No limit: what to forgive."""


def take(session: Session, *, client: str, email: str) -> int | None:
    """Count one try before it is looked at; the seconds to wait where it must not be."""
    waits = over(session, *_counted(client), _at(client, email))
    return max(waits.values()) if waits else None


def was_right(session: Session, *, client: str, email: str) -> None:
    """Forgive the try that `take` counted, and all of this client at this address within the day."""
    give_back(session, *_counted(client), _at(client, email))
    forgive(session, _at(client, email), *_counted(client))


def _counted(client: str) -> tuple[Counted, ...]:
    return tuple(each for limit in OF_A_CLIENT for each in of_client(limit, client))


def _at(client: str, email: str) -> Counted:
    return Counted(_AT_AN_ADDRESS, (networks(client)[0], email))
