"""What a resident reads about an event: the one who sent the report, or one who follows it."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from nerirepo import links
from nerirepo.catalogue.tables import Category, Department, Manager
from nerirepo.language import contact, long_date, name
from nerirepo.links import Purpose
from nerirepo.notifications import pictures
from nerirepo.notifications.not_sent import NotWanted
from nerirepo.notifications.page import Page
from nerirepo.notifications.tables import Delivery, RecipientKind
from nerirepo.reporters.tables import Reporter
from nerirepo.reports.follow import follows
from nerirepo.reports.status import Visibility
from nerirepo.reports.tables import ActorKind, EventText, Report, ReportEvent
from nerirepo.settings import settings


def page(session: Session, delivery: Delivery) -> Page:
    """The letter about an event. Raises `NotWanted` and `PicturesNotReady`."""
    event = session.exec(select(ReportEvent).where(ReportEvent.id == UUID(delivery.cause_id))).one()
    report = session.get_one(Report, event.report_id)
    reporter = _who_still_wants_it(session, delivery, report)
    shown = pictures.chosen(session, delivery, event)
    language = delivery.locale
    words = session.get(EventText, event.seq)
    facts = {
        "number": report.number,
        "nickname": reporter.nickname,
        "is_follower": delivery.recipient_kind == RecipientKind.FOLLOWER,
        "by_reporter": event.actor_kind == ActorKind.REPORTER,
        "category": name(session.get_one(Category, report.category_code).names, language),
        "town": report.town,
        "department": name(session.get_one(Department, report.department_code).names, language),
        "manager": _manager(session, report.manager_code, language),
        "reason": name(report.routing_reason, language) if report.routing_reason else None,
        "note": words.public_note if words else None,
        "parent": event.facts.get("parent"),
        "decline_reason": event.facts.get("reason_code"),
        "measured_value": event.facts.get("measured_value"),
        "no_photo_reason": event.facts.get("no_photo_reason"),
        "external_reference": event.facts.get("external_reference"),
        "expected_on": _day(event.facts.get("expected_on"), language),
        "review_on": _day(event.facts.get("review_on"), language),
    }
    stop = _token(Purpose.UNSUBSCRIBE, delivery, reporter)
    return Page(
        event.kind,
        facts | _urls(report, reporter, delivery),
        shown,
        unsubscribe_url=f"{settings().base_url}/l/unsubscribe/{stop}",
    )


def _who_still_wants_it(session: Session, delivery: Delivery, report: Report) -> Reporter:
    reporter = session.get(Reporter, UUID(delivery.recipient_id))
    if reporter is None or not reporter.mail_updates:
        raise NotWanted
    if delivery.recipient_kind == RecipientKind.FOLLOWER and (
        report.visibility == Visibility.HIDDEN or not follows(session, report.id, reporter.id)
    ):
        raise NotWanted
    return reporter


def _urls(report: Report, reporter: Reporter, delivery: Delivery) -> dict[str, str | None]:
    """`own_url` shows the reporter's own view, whether or not the report is public."""
    base = settings().base_url
    own = None
    if delivery.recipient_kind == RecipientKind.REPORTER:
        own = f"{base}/l/answer/{_token(Purpose.ANSWER, delivery, reporter)}"
    return {
        "own_url": own,
        "public_url": f"{base}/reports/{report.number}" if report.visibility == Visibility.PUBLIC else None,
    }


def _token(purpose: Purpose, delivery: Delivery, reporter: Reporter) -> str:
    assert delivery.report_id
    return links.make(purpose, delivery.report_id, reporter.id, since=delivery.created_at)


def _manager(session: Session, code: str | None, language: str) -> dict[str, Any] | None:
    if code is None:
        return None
    manager = session.get_one(Manager, code)
    ways = contact(manager.contact, language)
    told = [str(ways[way]) for way in ("phone", "mail", "url", "note") if ways.get(way)]
    return {"name": name(manager.names, language), "contact": " / ".join(told)}


def _day(written: str | None, language: str) -> str | None:
    return long_date(date.fromisoformat(written), language) if written else None
