"""What does a resident say of themself, and is it enough to post?"""

from datetime import datetime
from typing import Annotated, Protocol
from uuid import UUID

from pydantic import Field
from sqlmodel import Session
from typing_extensions import TypedDict

from nerirepo.base.errors import Gone, NotAllowed
from nerirepo.reporters.tables import Eligibility, Reporter


class RegistrationIncomplete(NotAllowed):
    """Before posting, please say whether you live, work or study here."""

    code = "registration_incomplete"


class ReporterErased(Gone):
    """This person's data has been deleted."""

    code = "reporter_erased"


class Resident(Protocol):
    """Somebody who wants to post."""

    @property
    def id(self) -> UUID: ...
    @property
    def eligibility(self) -> Eligibility | None: ...
    @property
    def created_at(self) -> datetime: ...


class Profile(TypedDict):
    """What the person has said of themself."""

    id: str
    email: str
    nickname: str | None
    eligibility: Annotated[str | None, Field(description="lives, works, studies; null: cannot post yet")]
    locale: str
    mail_updates: bool
    terms_version: str | None
    created_at: datetime


def shown(reporter: Reporter) -> Profile:
    """As the person sees it."""
    return {
        "id": str(reporter.id),
        "email": reporter.email,
        "nickname": reporter.nickname,
        "eligibility": reporter.eligibility,
        "locale": reporter.locale,
        "mail_updates": reporter.mail_updates,
        "terms_version": reporter.terms_version,
        "created_at": reporter.created_at,
    }


def of(session: Session, reporter_id: UUID) -> Reporter:
    """The person that a link in a letter speaks for; raises `ReporterErased`."""
    reporter = session.get(Reporter, reporter_id)
    if reporter is None:
        raise ReporterErased
    return reporter


def require_registration(reporter: Resident) -> None:
    """Raise `RegistrationIncomplete` unless this person may post."""
    if reporter.eligibility is None:
        raise RegistrationIncomplete


def change(
    session: Session,
    resident: Resident,
    *,
    nickname: str | None = None,
    eligibility: Eligibility | None = None,
    locale: str | None = None,
    mail_updates: bool | None = None,
    terms_version: str | None = None,
) -> Reporter:
    """Change what is given; None leaves it as it is. An empty nickname takes it away.

    Raises `ReporterErased`.
    """
    known = session.get(Reporter, resident.id, with_for_update=True)
    if known is None:
        raise ReporterErased
    if nickname is not None:
        known.nickname = nickname or None
    if eligibility is not None:
        known.eligibility = eligibility
    if locale is not None:
        known.locale = locale
    if mail_updates is not None:
        known.mail_updates = mail_updates
    if terms_version is not None:
        known.terms_version = terms_version
    return known
