"""How many reports are published, of each kind and of a choice; and how many, roughly, are not?"""

from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlmodel import Session

from nerirepo.database import sql
from nerirepo.publication.read.measure_filter import Chosen
from nerirepo.publication.tallies import UNPUBLISHED
from nerirepo.words.language import name


@dataclass(frozen=True)
class Tally:
    """One row of `published.tally`: see `nerirepo.publication.tables`. `names` of an office, by language."""

    by: str
    key: str
    received: int
    open: int | None
    resolved: int | None
    handed_over: int | None
    declined: int | None
    otherwise: int | None
    joined: int
    confirmed: int | None
    reopened: int | None
    silent: int | None
    half_fixed_days: int | None
    most_fixed_days: int | None
    counted_at: datetime
    names: dict[str, str] | None

    def department_name(self, language: str) -> str:
        return name(self.names, language) if self.names else self.key


COLUMNS = tuple(each.name for each in fields(Tally) if each.name != "names")


@dataclass(frozen=True)
class Statistics:
    """`everything` and `deeds` are None where nothing is published, `unpublished` until the first count."""

    everything: Tally | None
    deeds: Tally | None
    unpublished: Tally | None
    """`received` are there at least; its `key` is the day before which they came, 2026-11-23."""
    rows: dict[str, list[Tally]]
    """Property to rows; that of reports without a town (its key is empty) comes last."""


def statistics(session: Session) -> Statistics:
    """One statement."""
    found = sql.rows(
        session,
        f"""
        SELECT {", ".join(f"tally.{column}" for column in COLUMNS)}, office.names
        FROM published.tally
        LEFT JOIN published.office
            ON tally.by = 'department' AND office.code = tally.key AND office.is_department
        ORDER BY tally.by, tally.key = '', CASE WHEN tally.by = 'month' THEN tally.key END,
            tally.received DESC, tally.key
        """,
    )
    rows: dict[str, list[Tally]] = defaultdict(list)
    for row in found:
        rows[row.by].append(Tally(**row._asdict()))
    return Statistics(
        everything=rows["all"][0] if rows["all"] else None,
        deeds=rows["deeds"][0] if rows["deeds"] else None,
        unpublished=rows[UNPUBLISHED][0] if rows[UNPUBLISHED] else None,
        rows=rows,
    )


def how_many(session: Session, chosen: Chosen) -> int:
    """How many of the choice are published."""
    conditions, values = chosen.sql()
    asked = f"SELECT count(*) AS reports FROM published.report AS report WHERE {' AND '.join(conditions)}"
    return sql.first(session, asked, values).reports


def plain(tally: Tally) -> dict[str, Any]:
    """As a row of a table that machines read."""
    return {column: getattr(tally, column) for column in COLUMNS}
