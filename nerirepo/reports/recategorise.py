"""種類を変える: what a report is about decides whose it is, so the same place is routed anew."""

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import ColumnElement, cast, func
from sqlmodel import Session, select

from nerirepo.catalogue import read as catalogue
from nerirepo.places.facts import PlaceFacts
from nerirepo.places.responsible import Responsible, responsible, responsible_for
from nerirepo.reports.action_request import ActionRequest
from nerirepo.reports.due import due_on
from nerirepo.reports.reassign import move_to
from nerirepo.reports.tables import Flag, Report, ReportOriginal

OF_THE_CATEGORY = frozenset({Flag.CATEGORY_RETIRED, Flag.ANSWER_MISSING})
"""Flags that speak of the category as it was sent: a person has chosen another one."""


def recategorise(session: Session, report: Report, request: ActionRequest) -> dict[str, Any]:
    """Change the category and what follows from it; facts for the history. Raises `CategoryUnknown`.

    The office follows unless the desk asks to keep it. A category of danger alarms as at submission.
    """
    category = catalogue.selectable(session, request.category or "")
    facts: dict[str, Any] = {"from_category": report.category_code}
    if category.is_danger and not report.is_danger:
        facts["danger"] = True
    report.category_code = category.code
    report.is_danger = category.is_danger
    report.is_deed = category.is_deed
    hours = catalogue.ward(session).profile.reading_hours
    report.due_on = due_on(category.target_days, report.received_at, hours)
    report.flags = [flag for flag in report.flags if flag not in OF_THE_CATEGORY]
    if request.keep_department:
        return facts | {"kept_department": True}
    found = _routed(session, report)
    moved = move_to(session, report, found.decision.department)
    report.manager_code = found.decision.manager
    report.routing_reason = found.decision.reason
    report.routing_confidence = found.decision.confidence
    # Only ever hidden here: what the desk or the resident has hidden stays so until the desk says otherwise.
    report.hides_point = report.hides_point or found.decision.may_be_home
    if moved:
        facts |= moved | {"department": report.department_code}
    return facts | ({"manager": report.manager_code} if report.manager_code else {})


def _routed(session: Session, report: Report) -> Responsible:
    original = session.get(ReportOriginal, report.id)
    answers = original.answers if original else {}
    if report.location is None:  # erased: what the category says by itself
        nowhere = PlaceFacts(
            lat=0.0, lon=0.0, inside=True, border=False, distance_outside_m=0.0, town=report.town
        )
        return responsible_for(session, nowhere, report.category_code, answers)
    point: ColumnElement[Any] = cast(Report.location, Geometry)
    lat, lon = session.exec(select(func.ST_Y(point), func.ST_X(point)).where(Report.id == report.id)).one()
    return responsible(session, lat, lon, report.category_code, answers)
