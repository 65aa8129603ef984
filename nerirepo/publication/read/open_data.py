"""What is published, as flat records in which each kind of value is written in one way.

    number, uuid, municipality_code, category, kind, category_name, status, status_name, status_group, town,
    latitude, longitude, words, received_at, expected_on, closed_at, confirmed_fixed_at, days_to_close,
    department, department_name, manager, manager_name, manager_phone, parent_number, is_deed, is_featured,
    photos_before, photos_after, updated_at

Times are ISO 8601 in Japan's time, days are ISO 8601, names are Japanese, letters and digits are half-width
and kana full-width (NFKC), phone numbers have digits and hyphens where Japan puts them; addresses of
pictures are paths of ours.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import phonenumbers
from sqlmodel import Session

from nerirepo.base.clock import in_japan
from nerirepo.database import sql
from nerirepo.database.db import public_reading
from nerirepo.publication.bigrams import HYPHENS
from nerirepo.publication.read.filters import Filters
from nerirepo.publication.read.kinds import kinds
from nerirepo.words.language import DEFAULT, name, translator

Record = dict[str, Any]

FIELDS = (
    "number",
    "uuid",
    "municipality_code",
    "category",
    "kind",
    "category_name",
    "status",
    "status_name",
    "status_group",
    "town",
    "latitude",
    "longitude",
    "words",
    "received_at",
    "expected_on",
    "closed_at",
    "confirmed_fixed_at",
    "days_to_close",
    "department",
    "department_name",
    "manager",
    "manager_name",
    "manager_phone",
    "parent_number",
    "is_deed",
    "is_featured",
    "photos_before",
    "photos_after",
    "updated_at",
)

BATCH = 1000
"""Records at once: about a megabyte, whatever the length of the whole."""

JAPAN = 81
"""The country's code."""

_HYPHENS = re.compile(f"[{HYPHENS}]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")

_SELECT = """
    SELECT report.number, report.id, report.category_code, report.kind, category.names AS category_names,
        report.status, report.status_group, report.town, ST_Y(report.point) AS lat,
        ST_X(report.point) AS lon, report.words, report.received_at, report.expected_on, report.closed_at,
        report.confirmed_fixed_at, report.department_code, office.names AS department_names,
        report.manager_code, manager.names AS manager_names, manager.contact ->> 'phone' AS manager_phone,
        parent.number AS parent_number, report.is_deed, report.is_featured, report.photos,
        report.changed_at,
        (SELECT code FROM published.ward LIMIT 1) AS municipality_code
    FROM published.report AS report
    LEFT JOIN published.category AS category ON category.code = report.category_code
    LEFT JOIN published.office AS office ON office.code = report.department_code AND office.is_department
    LEFT JOIN published.office AS manager
        ON manager.code = report.manager_code AND NOT manager.is_department
    LEFT JOIN published.report AS parent ON parent.number = report.parent_number
"""


_Asked = tuple[list[str], dict[str, Any]]
"""Conditions on `report`, and their values."""


@dataclass(frozen=True)
class _After:
    received_at: datetime
    id: Any


def batches(filters: Filters) -> Iterator[list[Record]]:
    """Everything, newest first. Each batch takes a connection for a moment: a slow reader holds none."""
    after: _After | None = None
    with public_reading() as session:
        asked = _conditions(session, filters)
    while True:
        with public_reading() as session:
            rows = _batch(session, asked, after)
        if rows:
            yield [_record(row) for row in rows]
        if len(rows) < BATCH:
            return
        after = _After(rows[-1].received_at, rows[-1].id)


def latest_changes(session: Session, filters: Filters, limit: int) -> list[Record]:
    """What has changed last, the last first."""
    conditions, values = _conditions(session, filters)
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    order = "ORDER BY report.changed_at DESC, report.id DESC LIMIT :limit"
    found = sql.rows(session, f"{_SELECT} {where} {order}", values | {"limit": limit})
    return [_record(row) for row in found]


def _batch(session: Session, asked: _Asked, after: _After | None) -> list[Any]:
    conditions, values = asked
    if after:
        conditions = [*conditions, "(report.received_at, report.id) < (:after_at, :after_id)"]
        values = values | {"after_at": after.received_at, "after_id": after.id}
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    order = "ORDER BY report.received_at DESC, report.id DESC LIMIT :limit"
    return sql.rows(session, f"{_SELECT} {where} {order}", values | {"limit": BATCH})


def _conditions(session: Session, filters: Filters) -> _Asked:
    conditions, values = filters.sql()
    if filters.words:
        indexed, exact, given = filters.sql_of_words(kinds(session, filters.words))
        return [*conditions, indexed, exact], values | given
    return conditions, values


def _record(row: Any) -> Record:
    closed_on = row.closed_at and in_japan(row.closed_at).date()
    return {
        "number": row.number,
        "uuid": str(row.id),
        "municipality_code": row.municipality_code,
        "category": row.category_code,
        "kind": row.kind,
        "category_name": _name(row.category_names, row.category_code),
        "status": row.status,
        "status_name": translator(DEFAULT)(f"status.{row.status}"),
        "status_group": row.status_group,
        "town": one_way(row.town),
        "latitude": row.lat,
        "longitude": row.lon,
        "words": _plain(row.words),
        "received_at": _time(row.received_at),
        "expected_on": row.expected_on and row.expected_on.isoformat(),
        "closed_at": _time(row.closed_at),
        "confirmed_fixed_at": _time(row.confirmed_fixed_at),
        "days_to_close": closed_on and (closed_on - in_japan(row.received_at).date()).days,
        "department": row.department_code,
        "department_name": _name(row.department_names, row.department_code),
        "manager": row.manager_code,
        "manager_name": _name(row.manager_names, row.manager_code),
        "manager_phone": phone(row.manager_phone),
        "parent_number": row.parent_number,
        "is_deed": row.is_deed,
        "is_featured": row.is_featured,
        "photos_before": _pictures(row.photos, "before"),
        "photos_after": _pictures(row.photos, "after"),
        "updated_at": _time(row.changed_at),
    }


def one_way(written: str | None) -> str | None:
    """A name: half-width letters and digits, full-width kana, no space around it."""
    return written and unicodedata.normalize("NFKC", written).strip()


def phone(written: str | None) -> str | None:
    """03-0000-0000, however it was typed. What is no single number of Japan stays: 110, or one with words."""
    if not written:
        return written
    typed = _HYPHENS.sub("-", unicodedata.normalize("NFKC", written)).strip()
    try:
        number = phonenumbers.parse(typed, "JP")
    except phonenumbers.NumberParseException:
        return typed
    if number.country_code != JAPAN or number.extension or not phonenumbers.is_possible_number(number):
        return typed
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def _plain(words: str) -> str:
    """On lines of their own, but without what no format and no screen can show."""
    lines = words.replace("\r\n", "\n").replace("\t", " ")
    return _CONTROLS.sub("", unicodedata.normalize("NFC", lines))


def _name(names: dict[str, str] | None, code: str | None) -> str | None:
    return one_way(name(names, DEFAULT)) if names else code


def _time(moment: datetime | None) -> str | None:
    return moment and in_japan(moment).isoformat(timespec="seconds")


def _pictures(photos: list[dict[str, Any]], role: str) -> list[str]:
    return [f"/media/{each['renditions']['large']['path']}" for each in photos if each["role"] == role]
