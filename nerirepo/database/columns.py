"""Column types that every table shares: aware times, JSON, and text columns closed over an enum."""

from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Dialect, String, TypeDecorator
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import UserDefinedType

MOMENT = DateTime(timezone=True)
JSONB = postgresql.JSONB(none_as_null=True)


class Xid8(UserDefinedType[str]):
    """The id of the transaction that wrote a row, PostgreSQL's `xid8`."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


class Choice(TypeDecorator[StrEnum]):
    """Text in the database, an enum's member in Python: a plain str would pass `==` and fail `is`."""

    impl = String
    cache_ok = True

    def __init__(self, values: type[StrEnum]) -> None:
        super().__init__()
        self.values = values

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.values(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.read(value)

    def read(self, value: str) -> StrEnum:
        return self.values(value)


class OpenChoice(Choice):
    """Where a later release may have written: what this one does not know stays text."""

    cache_ok = True

    def read(self, value: str) -> Any:
        return self.values(value) if value in self.values.__members__.values() else value


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """A CHECK that `column` is one of the enum's values (NULL passes)."""
    allowed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({allowed})", name=f"{column}_known")
