"""The ward's reference data. Read from `wards/` once; from then on the database is the truth."""
# SQLModel declares __tablename__ as a descriptor.
# pyright: reportAssignmentType=false

from datetime import date, datetime
from typing import Any

from sqlalchemy import Dialect, TypeDecorator
from sqlmodel import Field, SQLModel

from nerirepo.catalogue.manager_kind import ManagerKind
from nerirepo.catalogue.profile import Profile
from nerirepo.database.columns import JSONB, MOMENT, Choice, one_of


class Department(SQLModel, table=True):
    """An office of the ward that does the work, between its dates of validity."""

    __tablename__ = "department"

    code: str = Field(primary_key=True)
    names: dict[str, str] = Field(sa_type=JSONB)
    """Language code to name, as everywhere."""
    email: str
    phone: str
    digest: bool = False
    """New reports come as one letter in the morning, and not one by one; dangers always at once."""
    is_triage: bool = False
    """Takes what no rule could place. Exactly one department does."""
    valid_from: date
    valid_until: date | None = None


class Manager(SQLModel, table=True):
    """Somebody other than the ward who looks after a thing."""

    __tablename__ = "manager"
    __table_args__ = (one_of("kind", ManagerKind),)

    code: str = Field(primary_key=True)
    kind: ManagerKind = Field(sa_type=Choice(ManagerKind))
    names: dict[str, str] = Field(sa_type=JSONB)
    contact: dict[str, Any] = Field(sa_type=JSONB)
    """`phone`, `mail`, `url`: each optional."""


class Category(SQLModel, table=True):
    """A kind of report. Two levels; residents choose one of the second, or a top one without children."""

    __tablename__ = "category"

    code: str = Field(primary_key=True)
    parent_code: str | None = Field(default=None, foreign_key="category.code")
    names: dict[str, str] = Field(sa_type=JSONB)
    icon: str = ""
    department_code: str | None = Field(default=None, foreign_key="department.code")
    """Where a report goes when no routing rule says otherwise."""
    questions: list[dict[str, Any]] = Field(sa_type=JSONB, default_factory=list)
    """See `nerirepo.catalogue.questions.Question`."""
    emergency_text: dict[str, str] | None = Field(sa_type=JSONB, default=None)
    """What to read before posting, where danger is possible."""
    target_days: int | None = None
    is_danger: bool = False
    """The department is written to at once, whatever its digest."""
    is_deed: bool = False
    """A good deed: asks for nothing and is thanked."""
    position: int = 0
    valid_until: date | None = None
    """The last day on which it is offered."""


class StoredProfile(TypeDecorator[Profile]):
    """JSON in the database, what `ward.toml` says in Python."""

    impl = JSONB
    cache_ok = True

    def process_bind_param(self, value: Profile | None, dialect: Dialect) -> dict[str, Any] | None:
        return value.as_json() if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> Profile | None:
        return Profile.stored(value) if value else None


class Ward(SQLModel, table=True):
    """The one municipality of this deployment: what `ward.toml` says, and whether posting is open."""

    __tablename__ = "ward"

    code: str = Field(primary_key=True)
    profile: Profile = Field(sa_type=StoredProfile)
    texts: dict[str, dict[str, str]] = Field(sa_type=JSONB, default_factory=dict)
    """Page name to language to Markdown: terms, about, privacy."""
    posting_open: bool = True
    posting_closed_reason: dict[str, str] | None = Field(sa_type=JSONB, default=None)
    loaded_at: datetime = Field(sa_type=MOMENT)
