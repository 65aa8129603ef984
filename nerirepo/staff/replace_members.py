"""The members of staff as an admin wants them: the list is replaced as a whole."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field
from sqlmodel import Session

from nerirepo.base.errors import Conflict, FieldFault
from nerirepo.staff.members import (
    NewMember,
    add_member,
    change_member,
    deactivate,
    members,
    renew_credentials,
)
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import Member
from nerirepo.words.address import Address
from nerirepo.words.fields import Code, Request, Text, Uuid


class MemberEntry(Request):
    """As members are listed, so that a list that was read can be sent back. `email` says who is meant."""

    id: Uuid | None = None
    """Ours to give; not looked at."""
    email: Address
    name: Annotated[Text, Field(min_length=1, max_length=100)]
    role: Role
    department: Code
    is_active: bool = True
    """False for who left: as good as not being in the list."""
    renew: bool = False
    """New password and code generator, for a lost phone or a forgotten password."""


class MembersInvalid(Conflict):
    """Nobody is in the list twice, and you must stay in it as an admin."""

    code = "members_invalid"


def replace_members(session: Session, by: Member, entries: Sequence[MemberEntry]) -> list[NewMember]:
    """What is shown once to those who are new or renewed. Who is not in the list, or left, is deactivated.

    Raises `MembersInvalid` and `DepartmentUnknown`.
    """
    if len({entry.email.lower() for entry in entries}) != len(entries):
        raise _invalid(by)
    named = {entry.email.lower(): entry for entry in entries if entry.is_active}
    mine = named.get(by.email)
    if mine is None or mine.role is not Role.ADMIN:
        raise _invalid(by)
    standing = {member.email: member for member in members(session)}
    shown: list[NewMember] = []
    for email, entry in named.items():
        member = standing.pop(email, None)
        if member is None:
            shown.append(
                add_member(
                    session, email=email, name=entry.name, role=entry.role, department=entry.department
                )
            )
            continue
        was_active = member.is_active
        change_member(session, member, name=entry.name, role=entry.role, department=entry.department)
        if entry.renew or not was_active:
            shown.append(renew_credentials(session, member))
    for member in standing.values():
        deactivate(session, member)
    return shown


def _invalid(by: Member) -> MembersInvalid:
    return MembersInvalid(faults=(FieldFault("members", "members_invalid", by.email),))
