"""May letters leave? After a restore a person looks first, and then releases them: see `release`."""

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, select

from nerirepo.base import clock
from nerirepo.notifications.tables import MailHold


def hold(session: Session, reason: str) -> None:
    """From the commit on no letter is claimed; one that is being sent at this moment still leaves."""
    if not held(session):
        session.add(MailHold(id=1, since=clock.now(), reason=reason))


def held(session: Session) -> MailHold | None:
    """Since when and why, while letters are held."""
    return session.get(MailHold, 1)


def is_held() -> ColumnElement[bool]:
    """For the statement that claims a letter."""
    return exists(select(MailHold.id))
