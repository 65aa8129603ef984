"""Column types that every table shares: aware times, JSON, and text columns closed over an enum."""

from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, DateTime
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import UserDefinedType

MOMENT = DateTime(timezone=True)
JSONB = postgresql.JSONB(none_as_null=True)


class Xid8(UserDefinedType[str]):
    """The id of the transaction that wrote a row, PostgreSQL's `xid8`."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """A CHECK that `column` is one of the enum's values (NULL passes)."""
    allowed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({allowed})", name=f"{column}_known")
