"""To which office does a letter about a report go?"""

from sqlmodel import Session, select

from nerirepo.catalogue import read as catalogue
from nerirepo.catalogue.tables import Department
from nerirepo.reports.reassign import is_at_work


def office_of(session: Session, department: str) -> Department:
    """The report's own; where that has ended, triage: nobody reads the letters of an office that is gone."""
    found = session.get_one(Department, department)
    if is_at_work(found):
        return found
    return session.get_one(Department, catalogue.triage_department(session))


def read_by(session: Session, department: str) -> list[str]:
    """Whose letters does this department read? As `office_of`, the other way round, of all at once."""
    everybody = session.exec(select(Department)).all()
    triage = next((each.code for each in everybody if each.is_triage), None)
    return [each.code for each in everybody if department == (each.code if is_at_work(each) else triage)]
