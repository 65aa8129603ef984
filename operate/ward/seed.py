"""The ward's folder into the database, once; from then on the database is the truth."""

from sqlmodel import Session, select

from nerirepo.base import clock
from nerirepo.base.settings import settings
from nerirepo.catalogue import offered
from nerirepo.catalogue.replace import category_row
from nerirepo.catalogue.tables import Category, Department, Manager, Ward
from nerirepo.database import sql
from nerirepo.database.db import transaction
from nerirepo.places.load import load_layer
from nerirepo.places.rules import replace_rules
from nerirepo.publication.reference import refresh_reference
from nerirepo.staff.members import NewMember, add_member
from nerirepo.staff.roles import Role
from operate.ward import ward_folder
from operate.ward.ward_folder import WardFolder


def load_ward() -> list[NewMember]:
    """Read the ward's folder into a database that holds no ward; returns the two first accounts.

    Where there is a ward it does nothing and returns []. All or nothing; raises `WardInvalid`.
    """
    with transaction() as session:
        sql.run(session, "SELECT pg_advisory_xact_lock(hashtext('ward'))")
        if session.exec(select(Ward)).first():
            return []
        folder = ward_folder.read(settings().ward)
        _load_catalogue(session, folder)
        for layer, path in folder.layers.items():
            with path.open("rb") as file:
                load_layer(session, file, layer, path.name)
        refresh_reference(session)
        accounts = _first_accounts(session, folder)
    offered.forget()
    return accounts


def _load_catalogue(session: Session, folder: WardFolder) -> None:
    profile = folder.profile
    session.add(Ward(code=profile.code, profile=profile, texts=folder.texts, loaded_at=clock.now()))
    session.add_all(Department(**each.model_dump()) for each in folder.departments)
    session.add_all(Manager(**each.model_dump()) for each in folder.managers)
    session.flush()
    for level in (True, False):
        entries = [each for each in folder.categories if (each.parent_code is None) is level]
        session.add_all(Category(**category_row(each)) for each in entries)
        session.flush()
    replace_rules(session, folder.rules)


def _first_accounts(session: Session, folder: WardFolder) -> list[NewMember]:
    """One for the desk, one for the crew of the first department that is not the desk's."""
    domain = folder.profile.contact.mail.partition("@")[2]
    crew = next(each for each in folder.departments if not each.is_triage)
    return [
        add_member(
            session, email=f"{who}@{domain}", name=office.names["ja"], role=role, department=office.code
        )
        for who, role, office in (("desk", Role.DESK, folder.triage), ("crew", Role.FIELD, crew))
    ]
