"""Sample reports for a first look: sent in, worked on and answered by the use-cases of real ones.

An interrupted play is simply played again. On a slow machine the store or the database may be away for a
while: then it waits, and goes on where it was.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlmodel import Session, col, select

from nerirepo.base import clock
from nerirepo.base.errors import Unavailable
from nerirepo.base.settings import settings
from nerirepo.database.db import reading, transaction
from nerirepo.publication import tallies
from nerirepo.reporters import sign_in
from nerirepo.reporters.tables import Eligibility, Reporter
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import Member
from operate.supervising.supervisor import say
from operate.ward import samples
from operate.ward.walk import REGISTERED_BEFORE, Cast, is_there, walk

EMAIL = "mihon@example.jp"
"""Of the resident who sends all samples. The domain is reserved for examples: no letter can arrive."""

Done = TypeVar("Done")

WAITS = (1, 2, 5, 10, *[30] * 20)
"""Seconds before each new try: ten minutes, then the next start goes on."""


def play() -> None:
    """Send in the ward's sample reports and walk them through their life. Where they are, it does nothing."""
    with reading() as session:
        missing = [each for each in samples.read(settings().ward) if not is_there(session, each)]
        if not missing:
            return
        desk, crew = (_member(session, role) for role in (Role.DESK, Role.FIELD))
    cast = Cast(_patiently(_reporter), desk, crew)
    for sample in missing:
        say(f"  sample report: {sample.code}")
        _patiently(partial(walk, cast, sample))
    # Nobody should meet empty statistics until the clock asks for the next count.
    _patiently(_count)


def _count() -> None:
    with transaction() as session:
        tallies.count(session)


def _patiently(do: Callable[[], Done]) -> Done:
    """Try until what it needs is there; raises what it raised when patience has ended."""
    for wait in WAITS:
        try:
            return do()
        except (Unavailable, OperationalError, PoolExhausted) as error:
            say(f"  trying again in {wait} s: {error}")
            time.sleep(wait)
    return do()


def _member(session: Session, role: Role) -> Member:
    statement = select(Member).where(Member.role == role, col(Member.is_active))
    return session.exec(statement.order_by(col(Member.created_at)).limit(1)).one()


def _reporter() -> Reporter:
    with reading() as session:
        registered = session.exec(select(Reporter).where(Reporter.email == EMAIL)).one_or_none()
    if registered:
        return registered
    with clock.at(clock.now() - REGISTERED_BEFORE):
        with transaction() as session:
            challenge = sign_in.begin(session, email=EMAIL, locale="ja", client="demo")
        with transaction() as session:
            code = sign_in.code_of(challenge.id)
            outcome = sign_in.finish(session, challenge.id, code, eligibility=Eligibility.LIVES)
        return sign_in.raise_if_refused(outcome).reporter
