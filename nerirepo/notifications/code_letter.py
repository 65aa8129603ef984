"""What became of the letter with a sign-in's code? It says nothing of whether the address is known."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, select
from typing_extensions import TypedDict

from nerirepo.notifications.tables import CauseKind, Delivery, DeliveryState
from nerirepo.reporters.sign_in import ChallengeUnknown
from nerirepo.reporters.tables import Challenge


class CodeLetter(StrEnum):
    """How far the letter has come."""

    PENDING = "pending"
    SENT = "sent"
    """The mail server has taken it."""
    REFUSED = "refused"
    """It never will: no such mailbox, or not from us."""


class CodeLetterStanding(TypedDict):
    """Where the letter with the code is. `state`: pending, sent to the mail server, or refused for good."""

    state: str
    expires_at: datetime


_STATES = {
    DeliveryState.SENT: CodeLetter.SENT,
    DeliveryState.FAILED: CodeLetter.REFUSED,
    DeliveryState.DROPPED: CodeLetter.REFUSED,
}


def standing(session: Session, challenge_id: UUID) -> CodeLetterStanding:
    """How the letter stands, and until when its code is good. Raises `ChallengeUnknown`."""
    challenge = session.get(Challenge, challenge_id)
    if challenge is None:
        raise ChallengeUnknown
    found = session.exec(
        select(Delivery).where(
            col(Delivery.cause_kind) == CauseKind.CHALLENGE, col(Delivery.cause_id) == str(challenge_id)
        )
    ).one_or_none()
    state = _STATES.get(found.state, CodeLetter.PENDING) if found else CodeLetter.PENDING
    return {"state": state, "expires_at": challenge.expires_at}
