"""Who sent this report? Told to the desk, for a reason that is written down in the same transaction."""

from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.base.errors import NotFound
from nerirepo.reporters.tables import Reporter
from nerirepo.reports.permissions import READS_CONTACT_DATA, ContactNotAllowed
from nerirepo.reports.tables import ReportOriginal
from nerirepo.staff.tables import ContactDisclosure, Member


class NoContact(NotFound):
    """Nobody's contact is known for this report."""

    code = "no_contact"


class Contact(BaseModel):
    nickname: str | None
    email: str
    locale: str


def disclose_contact(session: Session, member: Member, report_id: UUID, reason: str) -> Contact:
    """Raises `ContactNotAllowed`; `NoContact` after erasure and for a report taken at the counter."""
    if member.role not in READS_CONTACT_DATA:
        raise ContactNotAllowed
    original = session.get(ReportOriginal, report_id)
    reporter = session.get(Reporter, original.reporter_id) if original and original.reporter_id else None
    if reporter is None:
        raise NoContact
    session.add(ContactDisclosure(member_id=member.id, report_id=report_id, reason=reason, at=clock.now()))
    return Contact(nickname=reporter.nickname, email=reporter.email, locale=reporter.locale)
