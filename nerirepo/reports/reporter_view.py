"""A report as the person who sent it, or follows it, sees it. One statement, and one for its photos
if it has any.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from nerirepo.catalogue import read as catalogue
from nerirepo.catalogue.questions import in_words
from nerirepo.database import sql
from nerirepo.photos import view as photo_view
from nerirepo.places.office import Office, Responsible
from nerirepo.reports.feedback import REOPENS_WITHIN, asks
from nerirepo.reports.own_report import HistoryEvent, OwnReport, ReportPhoto
from nerirepo.reports.photos_of import photos_of
from nerirepo.reports.status import CLOSED, GROUPS, JUDGED, MOVES, Action, EventKind, Status
from nerirepo.reports.tables import ActorKind, PhotoRole
from nerirepo.words import language

_REPORT = f"""
    SELECT r.id, r.number, r.category_code, c.names AS category_names, c.questions,
           r.status, r.visibility, r.version,
           ST_Y(r.location::geometry) AS lat, ST_X(r.location::geometry) AS lon, r.town,
           r.department_code, d.names AS department_names, d.phone AS department_phone,
           r.manager_code, m.kind AS manager_kind, m.names AS manager_names, m.contact AS manager_contact,
           r.routing_reason, r.flags, r.public_text, r.is_deed,
           r.received_at, r.updated_at, r.expected_on, r.closed_at, r.confirmed_fixed_at,
           -- what is not public yet is not told of, not even by its number
           CASE WHEN p.visibility = 'public' OR po.reporter_id = :reporter_id THEN p.number END
               AS parent_number,
           o.reporter_id, o.description, o.answers, o.accuracy_m, o.location_source, o.observed_at,
           EXISTS (SELECT FROM report_photo rp WHERE rp.report_id = r.id) AS has_photos,
           EXISTS (SELECT FROM follow f WHERE f.report_id = r.id AND f.reporter_id = :reporter_id) AS follows,
           (SELECT json_agg(json_build_object(
                'id', e.id, 'kind', e.kind, 'at', e.at, 'by', e.actor_kind, 'status', e.to_status,
                'facts', e.facts, 'note', t.public_note,
                -- a follower's words are not the sender's to read
                'words', CASE WHEN t.reporter_id = :reporter_id THEN t.reporter_words END) ORDER BY e.seq)
            FROM report_event e LEFT JOIN event_text t ON t.event_seq = e.seq
            WHERE e.report_id = r.id AND e.kind = ANY(:kinds)
                -- a follower's answer is not the sender's own
                AND NOT (e.kind = '{EventKind.FEEDBACK}' AND e.facts @> '{{"own": false}}'
                    AND o.reporter_id = :reporter_id)
                AND NOT EXISTS (SELECT FROM report_event u
                    WHERE u.report_id = r.id AND u.facts ->> 'taken_back' = e.id::text)) AS timeline
    FROM report r
    JOIN category c ON c.code = r.category_code
    JOIN department d ON d.code = r.department_code
    LEFT JOIN manager m ON m.code = r.manager_code
    LEFT JOIN report p ON p.id = r.parent_id
    LEFT JOIN report_original po ON po.report_id = r.parent_id
    LEFT JOIN report_original o ON o.report_id = r.id
    WHERE r.id = :report_id
"""

TOLD = frozenset({move.event for move in MOVES.values() if move.tells_reporter}) | {
    EventKind.SUBMIT,
    EventKind.COMMENT,
    EventKind.FEEDBACK,
}
"""Kinds of events that the reporter sees; the others are the ward's inner affairs."""

TOLD_FACTS = frozenset(
    {
        "expected_on",
        "reason_code",
        "measured_value",
        "review_on",
        "manager",
        "external_reference",
        "parent",
        "earlier",
        "no_photo_reason",
        "fixed",
        "helped",
    }
)


@dataclass(frozen=True)
class Standing:
    """What a person is to a report."""

    is_own: bool
    follows: bool


def view(
    session: Session, report_id: UUID, reporter_id: UUID, lang: str
) -> tuple[OwnReport, Standing] | None:
    """The whole report in one language, and what the person is to it; None where there is no such report."""
    asked = {"report_id": report_id, "reporter_id": reporter_id, "kinds": sorted(TOLD)}
    row = sql.first(session, _REPORT, asked)
    if row is None:
        return None
    standing = Standing(is_own=row.reporter_id == reporter_id, follows=row.follows)
    return _shown(row, _photos(session, report_id) if row.has_photos else [], lang), standing


def _shown(row: Any, photos: list[ReportPhoto], lang: str) -> OwnReport:
    status = Status(row.status)
    located = row.lat is not None
    return {
        "id": str(row.id),
        "number": row.number,
        "category": language.named(row.category_code, row.category_names, lang),
        "status": status.value,
        "status_group": GROUPS[status].value,
        "visibility": row.visibility,
        "version": row.version,
        "description": row.description or "",
        "answers": row.answers or {},
        "answered": [
            {"question": question, "answer": answer}
            for question, answer in in_words(catalogue.questions(row), row.answers or {}, lang)
        ],
        "location": {
            "lat": row.lat,
            "lon": row.lon,
            "accuracy_m": row.accuracy_m,
            "source": row.location_source,
        }
        if located
        else None,
        "town": row.town,
        "flags": row.flags,
        "responsible": _responsible(row, lang),
        "observed_at": _moment(row.observed_at),
        "received_at": row.received_at.isoformat(),
        "updated_at": row.updated_at.isoformat(),
        "expected_on": row.expected_on.isoformat() if row.expected_on else None,
        "closed_at": _moment(row.closed_at),
        "confirmed_fixed": row.confirmed_fixed_at is not None,
        "parent_number": row.parent_number,
        "can": {
            "withdraw": status in MOVES[Action.WITHDRAW].sources,
            "give_feedback": status in JUDGED,
            "asks": asks(status),
            "reopen_until": _moment(row.closed_at + REOPENS_WITHIN)
            if row.closed_at and status in MOVES[Action.REOPEN].sources
            else None,
        },
        "photos": photos,
        "timeline": [_event(each, row.parent_number) for each in row.timeline],
        "question": _open_question(row),
    }


def _responsible(row: Any, lang: str) -> Responsible:
    office = (
        Office(row.manager_kind, row.manager_code, row.manager_names, row.manager_contact)
        if row.manager_code
        else Office("ward", row.department_code, row.department_names, {"phone": row.department_phone})
    )
    return office.shown(row.routing_reason, lang)


def _photos(session: Session, report_id: UUID) -> list[ReportPhoto]:
    return [
        {**photo_view.shown(photo), "role": shown.role.value}
        for shown, photo in photos_of(session, report_id)
        # What staff noted for themselves is theirs.
        if shown.role is PhotoRole.BEFORE or shown.is_cleared
    ]


def _event(line: Any, parent_number: str | None) -> HistoryEvent:
    told = {name: value for name, value in line["facts"].items() if name in TOLD_FACTS}
    if told.get("parent") != parent_number:
        told.pop("parent", None)
    return line | {"by": "reporter" if line["by"] == ActorKind.REPORTER else "ward", "facts": told}


def _open_question(row: Any) -> str | None:
    """The ward's last question, until it is answered or the report has moved on."""
    last = row.timeline[-1]
    if last["kind"] != EventKind.ASK or Status(row.status) in CLOSED:
        return None
    return str(last["note"])


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
