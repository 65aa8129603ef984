"""Following a public report by nothing but an address: a letter asks first whether its owner wants that."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, select

from nerirepo.base import clock, links
from nerirepo.base.links import Link, LinkExpired, Purpose
from nerirepo.base.settings import settings
from nerirepo.catalogue.tables import Category
from nerirepo.notifications.delivery import NotWanted
from nerirepo.notifications.notify import owe
from nerirepo.notifications.page import Page
from nerirepo.notifications.report_letter import about
from nerirepo.notifications.tables import CauseKind, Delivery, RecipientKind
from nerirepo.reporters import sign_in
from nerirepo.reporters.tables import Challenge, Reporter
from nerirepo.reports.find import find_public
from nerirepo.reports.follow import follow, follows
from nerirepo.reports.status import Visibility
from nerirepo.reports.tables import Report
from nerirepo.words.language import name

VALID_FOR = timedelta(days=1)
"""Somebody who reads their mail in the evening is in time; a forgotten letter follows nothing."""


def ask(session: Session, report: Report, *, email: str, locale: str, client: str) -> None:
    """Owe the letter with the link to follow a public report, alike whether or not the address is known.

    None is owed to a mailbox that has had its share of such letters. Raises `EmailInvalid` and `TooMany`.
    """
    challenge = sign_in.open_challenge(
        session, email=email, locale=locale, client=client, valid_for=VALID_FOR
    )
    if not challenge.has_letter:
        return
    owe(
        session,
        urgent=True,
        cause_kind=CauseKind.FOLLOW,
        cause_id=str(challenge.id),
        recipient_kind=RecipientKind.ADDRESS,
        recipient_id=str(challenge.id),
        address=challenge.email,
        template="follow",
        locale=challenge.locale,
        report_id=report.id,
    )


def page(session: Session, delivery: Delivery) -> Page:
    """The letter. Raises `NotWanted` where there is nothing to confirm any more."""
    challenge = session.get(Challenge, UUID(delivery.cause_id))
    report = session.get(Report, delivery.report_id)
    if challenge is None or challenge.used_at or challenge.expires_at <= clock.now():
        raise NotWanted
    if report is None or report.visibility is not Visibility.PUBLIC:
        raise NotWanted
    token = links.make(
        Purpose.CONFIRM, report.id, challenge.id, since=challenge.created_at, valid_for=VALID_FOR
    )
    category = name(session.get_one(Category, report.category_code).names, delivery.locale)
    facts = {
        "number": report.number,
        "about": about(category, report.town),
        "category": category,
        "town": report.town,
        "url": f"{settings().base_url}/l/confirm/{token}",
    }
    return Page("follow", facts)


def asked(session: Session, link: Link) -> tuple[Report, Challenge]:
    """What a link of the letter speaks for. Raises `LinkExpired` and `ReportNotFound`."""
    # Whoever the link names is no reporter yet: the second half of it is the challenge.
    challenge = session.get(Challenge, link.reporter_id)
    if challenge is None or challenge.expires_at <= clock.now():
        raise LinkExpired
    report = find_public(session, str(link.report_id))
    if challenge.used_at and not _follows(session, report, challenge):
        raise LinkExpired  # it was given up since, and an old letter does not bring it back
    return report, challenge


def confirm(session: Session, link: Link) -> tuple[Report, Challenge]:
    """Follow the report, registering the address where it is new. Pressed twice, it happens once."""
    # The lock lets two presses at the same moment queue up.
    session.get(Challenge, link.reporter_id, with_for_update=True)
    report, challenge = asked(session, link)
    if challenge.used_at is None:
        challenge.used_at = clock.now()
        person = sign_in.register(session, challenge)
        person.mail_updates = True  # who had stopped all letters has just asked for these
        follow(session, report, person.id)
    return report, challenge


def _follows(session: Session, report: Report, challenge: Challenge) -> bool:
    person = session.exec(select(Reporter).where(Reporter.email == challenge.email)).first()
    return person is not None and follows(session, report.id, person.id)
