"""What may this member see of one report?"""

from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.catalogue import read as catalogue
from nerirepo.database import sql
from nerirepo.reports import original_view, staff_timeline
from nerirepo.reports.find import find
from nerirepo.reports.permissions import Actor, NotYourReport, Subject, may_see
from nerirepo.reports.possible_actions import possible_actions
from nerirepo.reports.staff_report import FeedbackView, Relative, ReportView
from nerirepo.reports.status import OPEN
from nerirepo.reports.worklist_item import Colleague, Named, Point
from nerirepo.words import language

_AROUND = """
    SELECT c.code AS category_code, c.names AS category_names, c.questions,
        d.code AS department_code, d.names AS department_names,
        m.code AS manager_code, m.names AS manager_names, a.id AS assignee_id, a.name AS assignee_name,
        ST_Y(r.location::geometry) AS lat, ST_X(r.location::geometry) AS lon,
        o.report_id IS NOT NULL AS has_original, o.description, o.answers, o.accuracy_m, o.location_source,
        o.location_confirmed, o.observed_at, o.locale, o.reporter_id IS NOT NULL AS has_contact,
        (SELECT json_agg(json_build_object(
            'is_fixed', is_fixed, 'helped', helped, 'comment', comment, 'at', at) ORDER BY at)
            FROM feedback WHERE report_id = r.id) AS feedback,
        (SELECT count(*) FROM follow WHERE report_id = r.id) AS followers,
        (SELECT json_build_object(
            'id', id, 'number', number, 'distance_m', round(ST_Distance(location, r.location))::int)
            FROM report WHERE id = r.parent_id) AS parent,
        (SELECT json_agg(json_build_object(
            'id', id, 'number', number, 'distance_m', round(ST_Distance(location, r.location))::int)
            ORDER BY number)
            FROM report WHERE parent_id = r.id) AS duplicates
    FROM report AS r
    JOIN category AS c ON c.code = r.category_code
    JOIN department AS d ON d.code = r.department_code
    LEFT JOIN manager AS m ON m.code = r.manager_code
    LEFT JOIN member AS a ON a.id = r.assignee_id
    LEFT JOIN report_original AS o ON o.report_id = r.id
    WHERE r.id = :report_id
"""


def staff_view(session: Session, actor: Actor, named: str, locale: str) -> ReportView:
    """By id or number. Raises `ReportNotFound` and `NotYourReport`."""
    report = find(session, named)
    subject = Subject(report.department_code, report.assignee_id, catalogue.triage_department(session))
    if not may_see(actor, subject):
        raise NotYourReport
    around = sql.first(session, _AROUND, {"report_id": report.id})
    due = report.expected_on or report.due_on
    return ReportView(
        id=report.id,
        number=report.number,
        version=report.version,
        status=report.status,
        visibility=report.visibility,
        category=Named(code=around.category_code, name=language.name(around.category_names, locale)),
        department=Named(code=around.department_code, name=language.name(around.department_names, locale)),
        manager=Named(code=around.manager_code, name=language.name(around.manager_names, locale))
        if around.manager_code
        else None,
        assignee=Colleague(id=around.assignee_id, name=around.assignee_name) if around.assignee_id else None,
        town=report.town,
        location=Point(lat=around.lat, lon=around.lon) if around.lat is not None else None,
        hides_point=report.hides_point,
        routing_reason=language.name(report.routing_reason, locale) if report.routing_reason else "",
        routing_confidence=report.routing_confidence,
        flags=report.flags,
        answered=report.unread_seq is not None,
        is_danger=report.is_danger,
        is_deed=report.is_deed,
        received_at=report.received_at,
        updated_at=report.updated_at,
        due_on=report.due_on,
        expected_on=report.expected_on,
        overdue=bool(due and due < clock.today_in_japan() and report.status in OPEN),
        closed_at=report.closed_at,
        confirmed_fixed_at=report.confirmed_fixed_at,
        is_featured=report.is_featured,
        public_text=report.public_text,
        original=original_view.original(around, around.questions, locale) if around.has_original else None,
        photos=original_view.photos(session, report.id),
        timeline=staff_timeline.timeline(session, report.id),
        feedback=[FeedbackView(**each) for each in around.feedback or ()],
        followers=around.followers,
        parent=around.parent and Relative(**around.parent),
        duplicates=[Relative(**each) for each in around.duplicates or ()],
        actions=possible_actions(
            actor,
            subject,
            report.status,
            is_deed=report.is_deed,
            is_featured=report.is_featured,
            is_worded=report.public_text is not None,
            is_unread=report.unread_seq is not None,
        ),
    )
