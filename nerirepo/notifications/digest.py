"""Which departments get a morning letter, with what came to them in one? One letter a department and day."""

from datetime import date

from sqlmodel import Session, col, select

from nerirepo.base import clock
from nerirepo.catalogue.tables import Department
from nerirepo.notifications.department_letter import waiting
from nerirepo.notifications.notify import owe
from nerirepo.notifications.tables import CauseKind, RecipientKind
from nerirepo.words.language import DEFAULT


def digest(session: Session, today: date) -> None:
    """Owe the letter of `today` to each department that wants one and has something to read in it."""
    for department in session.exec(select(Department).where(col(Department.digest))):
        if department.valid_until and department.valid_until < today:
            continue
        if waiting(session, department.code, before=clock.now()):
            owe(
                session,
                cause_kind=CauseKind.DIGEST,
                cause_id=f"{department.code}:{today}",
                recipient_kind=RecipientKind.DEPARTMENT,
                recipient_id=department.code,
                address=department.email,
                template="digest",
                locale=DEFAULT,
            )
