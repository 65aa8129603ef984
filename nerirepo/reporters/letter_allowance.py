"""May one more letter be mailed to an address that somebody has typed, be it theirs or not?

Code letters, those of the plain form, and those that ask whether to follow a report are counted together. See
docs/abuse-limits.md for what the figures hold.
"""

from datetime import timedelta

from sqlmodel import Session

from nerirepo.database.rate_limit import Counted, Limit, count_all, of_client, over
from nerirepo.reporters.mailbox import mailbox

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

TO_A_MAILBOX = (Limit("letter_mailbox_hour", 3, HOUR), Limit("letter_mailbox_day", 10, DAY))
"""Whoever asks. More would be a bombardment, and fewer would leave a lost letter without a second."""
TO_ITS_OWNER = (Limit("letter_owner_hour", 2, HOUR), Limit("letter_owner_day", 10, DAY))
"""Kept for devices on which the address has signed in before: no stranger can use these up."""
OF_A_CLIENT = (Limit("letter_client_hour", 1000, HOUR), Limit("letter_client_day", 3000, DAY))
"""A school, an event of the ward, or a mobile network shares one address."""
OF_A_CLIENT_TO_A_DOMAIN = Limit("letter_client_domain", 600, HOUR)
"""Of one client: a large provider has half of all mailboxes, and must never be shut out for everybody."""


def take(session: Session, *, email: str, client: str, is_known: bool) -> bool:
    """Count one letter to `email`; False where its mailbox has had its share and none is to be mailed.

    Raises `TooMany` where the client asks too often, whomever for: that says nothing of an address.
    """
    box = mailbox(email)
    count_all(
        session,
        *(each for limit in OF_A_CLIENT for each in of_client(limit, client)),
        *of_client(OF_A_CLIENT_TO_A_DOMAIN, client, box.rpartition("@")[2]),
    )
    anybodys = tuple(Counted(limit, (box,)) for limit in TO_A_MAILBOX)
    owners = tuple(Counted(limit, (box,)) for limit in TO_ITS_OWNER)
    if is_known and not over(session, *owners):
        over(session, *anybodys)  # so that an owner alone has no more letters than anybody
        return True
    return not over(session, *anybodys)
