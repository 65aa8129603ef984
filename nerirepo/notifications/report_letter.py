"""What a resident reads about an event: the one who sent the report, or one who follows it."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from nerirepo.base import links
from nerirepo.base.links import Purpose
from nerirepo.base.settings import settings
from nerirepo.catalogue.tables import Category, Department, Manager
from nerirepo.notifications import of_photos, pictures, receipt_letter
from nerirepo.notifications.delivery import NotWanted
from nerirepo.notifications.notify import later
from nerirepo.notifications.of_photos import Sent
from nerirepo.notifications.overtaken import is_overtaken
from nerirepo.notifications.page import Page
from nerirepo.notifications.recipients import OF_DUPLICATE, PHOTOS
from nerirepo.notifications.tables import Delivery, RecipientKind
from nerirepo.reporters.tables import Reporter
from nerirepo.reports.feedback import REOPENS_WITHIN
from nerirepo.reports.follow import follows
from nerirepo.reports.status import CLOSED, EventKind, Status, Visibility
from nerirepo.reports.tables import ActorKind, EventText, Report, ReportEvent, ReportOriginal
from nerirepo.words.language import contact, long_date, name


def about(category: str, town: str | None) -> str:
    """What a letter's subject says beside the number."""
    return f"{category} {town}" if town else category


def page(session: Session, delivery: Delivery) -> Page:
    """The letter about an event. Raises `NotWanted` and `PicturesNotReady`."""
    event = session.exec(select(ReportEvent).where(ReportEvent.id == UUID(delivery.cause_id))).one()
    report = session.get_one(Report, delivery.report_id)
    reporter = _who_still_wants_it(session, delivery, report)
    if is_overtaken(event.kind, later(session, event)):
        raise NotWanted
    if delivery.template == OF_DUPLICATE:
        return _of_duplicate(session, delivery, event, report, reporter)
    shown = pictures.chosen(session, delivery, event)
    facts = _about(session, report, reporter, delivery) | _of_event(session, event, report, delivery.locale)
    facts |= {"parent": _parent(session, event, reporter)}
    unseen: list[Sent] = []
    if event.kind == EventKind.SUBMIT:
        photos = of_photos.sent(session, report.id)
        unseen = [each for each in photos if each.is_unseen]
        facts |= receipt_letter.facts(session, report, delivery.locale) | _unseen(unseen, of=len(photos))
    return _page(event.kind, facts, report, reporter, delivery, shown, unseen)


def about_photos(session: Session, delivery: Delivery) -> Page:
    """Which of the reporter's photos nobody can see in full, and why. Raises `NotWanted`."""
    report = session.get_one(Report, delivery.report_id)
    reporter = _who_still_wants_it(session, delivery, report)
    photos = of_photos.sent(session, report.id)
    unseen = of_photos.untold(session, report.id, photos)
    if not unseen or report.status in CLOSED:
        raise NotWanted
    facts = _about(session, report, reporter, delivery) | _unseen(unseen, of=len(photos))
    return _page(PHOTOS, facts, report, reporter, delivery, pictures.in_part(unseen), unseen)


def _unseen(photos: list[Sent], *, of: int) -> dict[str, Any]:
    """`of`: how many were sent. They are sent again by one's own page, behind signing in."""
    named = [{"at": each.at, "of": of, "reason": each.photo.reason} for each in photos]
    return {"unseen": named, "again_url": f"{settings().base_url}/me"}


def _page(
    template: str,
    facts: dict[str, Any],
    report: Report,
    reporter: Reporter,
    delivery: Delivery,
    shown: Mapping[str, tuple[str, str]] = MappingProxyType({}),
    unseen: Iterable[Sent] = (),
) -> Page:
    stop = _token(Purpose.UNSUBSCRIBE, delivery, reporter)
    url = f"{settings().base_url}/l/unsubscribe/{stop}"
    return Page(
        template,
        facts | _urls(report, reporter, delivery),
        shown,
        unsubscribe_url=url,
        told_photos=[str(each.photo.id) for each in unseen],
    )


def _about(session: Session, report: Report, reporter: Reporter, delivery: Delivery) -> dict[str, Any]:
    """What every letter says: which report, and to whom."""
    category = name(session.get_one(Category, report.category_code).names, delivery.locale)
    return {
        "number": report.number,
        "nickname": reporter.nickname,
        "is_follower": delivery.recipient_kind == RecipientKind.FOLLOWER,
        "category": category,
        "town": report.town,
        "about": about(category, report.town),
        "note": None,
    }


def _of_event(session: Session, event: ReportEvent, report: Report, language: str) -> dict[str, Any]:
    words = session.get(EventText, event.seq)
    return {
        "by_reporter": event.actor_kind == ActorKind.REPORTER,
        "department": name(session.get_one(Department, report.department_code).names, language),
        "manager": _manager(session, report.manager_code, language),
        "reason": name(report.routing_reason, language) if report.routing_reason else None,
        "note": words.public_note if words else None,
        "decline_reason": event.facts.get("reason_code"),
        "measured_value": event.facts.get("measured_value"),
        "no_photo_reason": event.facts.get("no_photo_reason"),
        "external_reference": event.facts.get("external_reference"),
        "expected_on": _day(event.facts.get("expected_on"), language),
        "review_on": _day(event.facts.get("review_on"), language),
        "may_disagree_until": long_date(event.at + REOPENS_WITHIN, language),
    }


def _parent(session: Session, event: ReportEvent, reporter: Reporter) -> str | None:
    """The number of the report that this one repeats, where this person may see it."""
    if "parent_id" not in event.facts:
        return None
    parent = session.get_one(Report, UUID(event.facts["parent_id"]))
    original = session.get(ReportOriginal, parent.id)
    is_own = original is not None and original.reporter_id == reporter.id
    return parent.number if is_own or parent.visibility is Visibility.PUBLIC else None


def _of_duplicate(
    session: Session, delivery: Delivery, event: ReportEvent, report: Report, reporter: Reporter
) -> Page:
    """To who sent a report that was merged into one that is not public: how that one ended, and no more."""
    if report.status is not Status.DUPLICATE:
        raise NotWanted
    facts = _about(session, report, reporter, delivery) | {"status": Status(event.to_status).value}
    return _page(OF_DUPLICATE, facts, report, reporter, delivery)


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
    """`{name, contact: {phone, mail, url, note}}`, empty where there is none."""
    if code is None:
        return None
    manager = session.get_one(Manager, code)
    ways = contact(manager.contact, language)
    told = {way: str(ways.get(way) or "") for way in ("phone", "mail", "url", "note")}
    return {"name": name(manager.names, language), "contact": told if any(told.values()) else None}


def _day(written: str | None, language: str) -> str | None:
    return long_date(date.fromisoformat(written), language) if written else None
