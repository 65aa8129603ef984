"""What a department reads: that a report has come to it, at once or in the morning. Nobody is named."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry
from sqlalchemy import ColumnElement, cast, func, or_
from sqlmodel import Session, col, select

from nerirepo.base import clock
from nerirepo.base.settings import settings
from nerirepo.catalogue.tables import Category, Department
from nerirepo.notifications.danger_again import events_of
from nerirepo.notifications.delivery import NotWanted
from nerirepo.notifications.office import office_of, read_by
from nerirepo.notifications.page import Page
from nerirepo.notifications.recipients import DEPARTMENT_HEARS, PASSES_ON
from nerirepo.notifications.tables import Delivery
from nerirepo.reports.status import OPEN, Status
from nerirepo.reports.tables import Report, ReportEvent
from nerirepo.words.language import long_date, name, time_of_day

NEW_FOR = timedelta(days=1)
"""What came back or was passed on since yesterday's letter."""


def about_event(session: Session, delivery: Delivery) -> Page:
    """One report that has come to the department. Raises `NotWanted` where it has gone on meanwhile."""
    event = session.exec(select(ReportEvent).where(ReportEvent.id == UUID(delivery.cause_id))).one()
    report = session.get_one(Report, event.report_id)
    office = office_of(session, report.department_code)
    if office.code != delivery.recipient_id:
        raise NotWanted
    if event.kind not in DEPARTMENT_HEARS and report.unread_seq is None:
        raise NotWanted  # what the resident wrote has been read meanwhile
    facts = _row(session, report, delivery.locale) | {
        "kind": event.kind,
        "coordinates": _coordinates(session, report),
        "reason": name(report.routing_reason, delivery.locale) if report.routing_reason else None,
        "department": name(office.names, delivery.locale),
    }
    if event.kind in DEPARTMENT_HEARS:
        return Page("danger" if report.is_danger else "department", facts)
    # Words about a report that is known already are no new report; about a closed one, no alarm either.
    is_danger = report.is_danger and report.status in OPEN
    return Page("danger_reply" if is_danger else "department_reply", facts | {"is_danger": is_danger})


def about_dangers(session: Session, delivery: Delivery) -> Page:
    """Dangers that one person went on reporting. Raises `NotWanted` where all have gone elsewhere since."""
    events = select(ReportEvent.report_id).where(col(ReportEvent.id).in_(events_of(delivery.facts)))
    reports = session.exec(
        select(Report)
        .where(
            col(Report.id).in_(events),
            col(Report.department_code).in_(read_by(session, delivery.recipient_id)),
        )
        .order_by(col(Report.received_at))
    ).all()
    if not reports:
        raise NotWanted
    rows = [
        _row(session, each, delivery.locale) | {"coordinates": _coordinates(session, each)}
        for each in reports
    ]
    department = session.get_one(Department, delivery.recipient_id)
    facts = {
        "department": name(department.names, delivery.locale),
        "town": reports[0].town,
        "count": len(rows),
        "reports": rows,
    }
    return Page("danger_again", facts)


def digest(session: Session, delivery: Delivery) -> Page:
    """The morning letter. Raises `NotWanted` where there is nothing left to read in it."""
    department = session.get_one(Department, delivery.recipient_id)
    reports = waiting(session, department.code, before=delivery.created_at)
    if not reports:
        raise NotWanted
    return Page(
        "digest",
        {
            "department": name(department.names, delivery.locale),
            "day": long_date(delivery.created_at, delivery.locale),
            "count": len(reports),
            "reports": [_row(session, report, delivery.locale) for report in reports],
            "desk_url": f"{settings().base_url}/desk",
        },
    )


def waiting(session: Session, department: str, *, before: datetime) -> list[Report]:
    """What nobody has looked at yet, what came back or was passed on since yesterday, and what residents
    have written and nobody has read; dangers first.

    A report is named each morning until somebody touches it: none falls between two letters.
    """
    came = select(ReportEvent.report_id).where(
        col(ReportEvent.kind).in_(DEPARTMENT_HEARS - PASSES_ON),
        ReportEvent.at > before - NEW_FOR,
    )
    passed_on = select(ReportEvent.report_id).where(
        col(ReportEvent.kind).in_(PASSES_ON),
        col(ReportEvent.facts).has_key("department"),  # type: ignore[attr-defined]
        ReportEvent.at > before - NEW_FOR,
    )
    return list(
        session.exec(
            select(Report)
            .where(
                col(Report.department_code).in_(read_by(session, department)),
                or_(
                    col(Report.unread_seq).is_not(None),
                    col(Report.status).in_(OPEN)
                    & or_(
                        col(Report.status) == Status.RECEIVED,
                        col(Report.id).in_(came),
                        col(Report.id).in_(passed_on),
                    ),
                ),
            )
            .order_by(col(Report.is_danger).desc(), col(Report.received_at))
        )
    )


def _row(session: Session, report: Report, language: str) -> dict[str, Any]:
    return {
        "number": report.number,
        "category": name(session.get_one(Category, report.category_code).names, language),
        "town": report.town,
        "is_danger": report.is_danger,
        "is_answered": report.unread_seq is not None,
        "received": f"{long_date(report.received_at, language)} {time_of_day(report.received_at)}",
        "is_new": report.received_at > clock.now() - NEW_FOR,
        "desk_url": f"{settings().base_url}/desk/reports/{report.number}",
    }


def _coordinates(session: Session, report: Report) -> str | None:
    point: ColumnElement[Any] = cast(Report.location, Geometry)
    lat, lon = session.exec(select(func.ST_Y(point), func.ST_X(point)).where(Report.id == report.id)).one()
    return f"{lat:.6f}, {lon:.6f}" if lat is not None else None
