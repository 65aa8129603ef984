"""What does the ward offer at the moment? Categories, departments, and the ward itself."""

from datetime import date
from functools import lru_cache
from typing import Any, Protocol

import orjson
from pydantic import TypeAdapter
from sqlalchemy import or_
from sqlmodel import Session, col, select

from nerirepo.base import clock
from nerirepo.base.errors import Invalid, Unavailable
from nerirepo.catalogue.questions import Question
from nerirepo.catalogue.tables import Category, Department, Manager, Ward


class Asks(Protocol):
    """Of a category: its questions, as they are stored."""

    @property
    def questions(self) -> list[dict[str, Any]]: ...


class Ends(Protocol):
    """Of a category: the last day on which it is offered."""

    @property
    def valid_until(self) -> date | None: ...


class CategoryUnknown(Invalid):
    """There is no such category."""

    code = "category_unknown"


class WardNotLoaded(Unavailable):
    """The ward's own data has not been loaded yet."""

    code = "ward_not_loaded"


def ward(session: Session) -> Ward:
    """The one municipality of this deployment. Raises `WardNotLoaded`."""
    found = session.exec(select(Ward)).first()
    if found is None:
        raise WardNotLoaded
    return found


def category(session: Session, code: str) -> Category:
    """A category, also one that is offered no more (see `is_offered`). Raises `CategoryUnknown`."""
    found = session.get(Category, code)
    if found is None:
        raise CategoryUnknown(f"There is no category {code!r}.")
    return found


def selectable(session: Session, code: str) -> Category:
    """As `category`, and one that a report can have: not a group of others. Raises `CategoryUnknown`."""
    if session.exec(select(Category.code).where(Category.parent_code == code)).first():
        raise CategoryUnknown(f"{code!r} is a group of categories.")
    return category(session, code)


def is_offered(category: Ends) -> bool:
    """Whether residents can still choose it today."""
    return category.valid_until is None or category.valid_until >= clock.today_in_japan()


def questions(category: Asks) -> tuple[Question, ...]:
    """Its questions, retired ones too."""
    return _understood(orjson.dumps(category.questions))


_QUESTIONS = TypeAdapter(tuple[Question, ...])


@lru_cache(maxsize=256)
def _understood(written: bytes) -> tuple[Question, ...]:
    # Read anew for each report, understood anew when they have changed: that takes as long as a statement,
    # and a list of all categories has a hundred.
    return _QUESTIONS.validate_json(written)


def every_category(session: Session) -> list[Category]:
    """In the order of the screen; those that have ended too, since reports of the past name them."""
    return list(session.exec(select(Category).order_by(col(Category.position))))


def departments(session: Session) -> list[Department]:
    """Those at work today; triage always is."""
    today = clock.today_in_japan()
    ended = col(Department.valid_until)
    at_work = (col(Department.valid_from) <= today) & or_(ended.is_(None), ended >= today)
    statement = select(Department).where(or_(at_work, col(Department.is_triage))).order_by(Department.code)
    return list(session.exec(statement))


def managers(session: Session) -> list[Manager]:
    """Everybody other than the ward who looks after things."""
    return list(session.exec(select(Manager).order_by(Manager.code)))


def triage_department(session: Session) -> str:
    """The code of the department that takes what no rule could place. Raises `WardNotLoaded`."""
    code = session.exec(select(Department.code).where(col(Department.is_triage))).first()
    if code is None:
        raise WardNotLoaded
    return code
