"""Residents and members of staff: as a use-case takes them, and signed in, as a door knows them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import select

from nerirepo.base import clock
from nerirepo.base.ids import uuid7
from nerirepo.database.db import transaction
from nerirepo.reporters import devices
from nerirepo.reporters.tables import Eligibility, Reporter
from nerirepo.staff import sessions
from nerirepo.staff.members import add_member
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import Member


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in."""

    id: UUID
    email: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def resident(email: str = "hanako@example.jp", **changes: Any) -> Reporter:
    """Registered, and signed in nowhere."""
    now = clock.now()
    values = {"nickname": "はなこ", "eligibility": Eligibility.LIVES, "created_at": now, "last_seen_at": now}
    with transaction() as session:
        session.add(reporter := Reporter(email=email, **values | changes))
    return reporter


def a_reporter(
    email: str = "hanako@example.jp", eligibility: Eligibility | None = Eligibility.LIVES, locale: str = "ja"
) -> Person:
    """A registered resident, signed in on one device."""
    reporter = resident(email, nickname=None, eligibility=eligibility, locale=locale)
    with transaction() as session:
        token, _ = devices.add(session, reporter)
    return Person(reporter.id, email, token)


def member(role: Role = Role.DESK, department: str = "desk") -> Member:
    """Without a password that anybody could sign in with."""
    with transaction() as session:
        session.add(
            found := Member(
                email=f"{uuid7()}@ward.example.jp",
                name="山田太郎",
                role=role,
                department_code=department,
                password_hash="",
                totp_secret="",
                created_at=clock.now(),
            )
        )
    return found


def a_member(role: Role = Role.DESK, department: str = "desk", email: str | None = None) -> Person:
    """A member of staff, signed in by a program."""
    email = email or f"{role}.{department}.{uuid7().hex[-6:]}@ward.example.jp"
    with transaction() as session:
        add_member(session, email=email, name="職員 花子", role=role, department=department)
        found = session.exec(select(Member).where(Member.email == email)).one()
        token, _ = sessions.open_session(session, found.id)
    return Person(found.id, email, token)
