"""Who works here? Adding, changing and deactivating members of staff."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from nerirepo.base import clock
from nerirepo.base.errors import Conflict, FieldFault, Invalid, NotFound
from nerirepo.catalogue.tables import Department
from nerirepo.staff import credentials
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import Member, StaffSession
from nerirepo.words.address import known_as, normalised


class MemberExists(Conflict):
    """There is already a member of staff with this address."""

    code = "member_exists"


class DepartmentUnknown(Invalid):
    """There is no such department."""

    code = "department_unknown"


@dataclass(frozen=True)
class NewMember:
    """What is shown once and kept nowhere in the clear."""

    email: str
    password: str
    totp_secret: str
    """Base32, as authenticator apps take it."""


def add_member(session: Session, *, email: str, name: str, role: Role, department: str) -> NewMember:
    """A new member with a password and a code generator of their own.

    Raises `EmailInvalid`, `MemberExists`, and `DepartmentUnknown` for a code that no department has.
    """
    _check_department(session, department)
    if with_email(session, email):
        raise MemberExists
    shown = _new_credentials(normalised(email))
    session.add(
        Member(
            email=shown.email,
            name=name,
            role=role,
            department_code=department,
            password_hash=credentials.hashed(shown.password),
            totp_secret=shown.totp_secret,
            created_at=clock.now(),
        )
    )
    session.flush()
    return shown


def change_member(session: Session, member: Member, *, name: str, role: Role, department: str) -> None:
    """In force with the member's next request: sessions remember who, and not what somebody may."""
    _check_department(session, department)
    member.name, member.role, member.department_code, member.is_active = name, role, department, True
    session.add(member)


def renew_credentials(session: Session, member: Member) -> NewMember:
    """For a lost phone or a forgotten password. Signs the member out everywhere."""
    shown = _new_credentials(member.email)
    member.password_hash, member.totp_secret = credentials.hashed(shown.password), shown.totp_secret
    member.totp_step = None
    session.add(member)
    _end_sessions(session, member.id)
    return shown


def deactivate(session: Session, member: Member) -> None:
    """Somebody left. The row stays, since history names it; what they did stays theirs."""
    member.is_active = False
    session.add(member)
    _end_sessions(session, member.id)


def members(session: Session) -> list[Member]:
    """Everybody, those who left too, by address."""
    return list(session.exec(select(Member).order_by(Member.email)))


def with_email(session: Session, email: str) -> Member | None:
    return session.exec(select(Member).where(Member.email == known_as(email))).one_or_none()


def active_member(session: Session, member_id: UUID) -> Member:
    """Raises `NotFound` for somebody who left, too."""
    member = session.get(Member, member_id)
    if member is None or not member.is_active:
        raise NotFound
    return member


def _new_credentials(email: str) -> NewMember:
    return NewMember(email, credentials.new_password(), credentials.new_totp_secret())


def _check_department(session: Session, code: str) -> None:
    if session.get(Department, code) is None:
        raise DepartmentUnknown(faults=(FieldFault("department", "department_unknown", code),))


def _end_sessions(session: Session, member_id: UUID) -> None:
    session.exec(delete(StaffSession).where(col(StaffSession.member_id) == member_id))
