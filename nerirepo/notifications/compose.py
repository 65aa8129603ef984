"""What does a letter say? Reads the truth as it is now, and not as it was when the letter was owed."""

from typing import Any

from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.base.settings import settings
from nerirepo.catalogue import read as catalogue
from nerirepo.catalogue.profile import Profile
from nerirepo.database.db import reading
from nerirepo.gateways.letter import Letter
from nerirepo.notifications import (
    danger_again,
    department_letter,
    follow_by_mail,
    of_photos,
    report_letter,
    wording,
)
from nerirepo.notifications.delivery import NotWanted
from nerirepo.notifications.page import Page, render
from nerirepo.notifications.pictures import fetch
from nerirepo.notifications.tables import CauseKind, Delivery, RecipientKind
from nerirepo.reporters import sign_in
from nerirepo.reporters.tables import Challenge
from nerirepo.words.language import name, tag


def letter(delivery: Delivery) -> Letter:
    """The letter of a delivery. Raises `NotWanted`, `PicturesNotReady`, or `Unavailable`.

    No database connection is held while its pictures are fetched.
    """
    if delivery.address is None:
        raise NotWanted
    with reading() as session:
        profile = catalogue.ward(session).profile
        page = _page(session, delivery)
        language = delivery.locale
        own_words = wording.own_words(session, language)
    if page.told_photos:
        of_photos.remember(delivery, page.told_photos)
    subject, text, html = render(page, language, _service(profile, language), own_words)
    return Letter(
        id=delivery.id,
        to=delivery.address,
        subject=subject,
        text=text,
        html=html,
        language=tag(language),
        sender_name=name(profile.mail.sender_names, language),
        sender_address=profile.mail.sender_address,
        reply_to=profile.mail.reply_to,
        unsubscribe_url=page.unsubscribe_url,
        pictures=fetch(page.pictures),
    )


def _page(session: Session, delivery: Delivery) -> Page:
    match delivery.cause_kind:
        case CauseKind.CHALLENGE:
            return _code(session, delivery)
        case CauseKind.FOLLOW:
            return follow_by_mail.page(session, delivery)
        case CauseKind.DIGEST:
            return department_letter.digest(session, delivery)
        case CauseKind.PHOTOS:
            return report_letter.about_photos(session, delivery)
        case CauseKind.EVENT if danger_again.events_of(delivery.facts):
            return department_letter.about_dangers(session, delivery)
        case CauseKind.EVENT if delivery.recipient_kind == RecipientKind.DEPARTMENT:
            return department_letter.about_event(session, delivery)
        case CauseKind.EVENT:
            return report_letter.page(session, delivery)
    raise NotWanted


def _code(session: Session, delivery: Delivery) -> Page:
    challenge = session.get(Challenge, delivery.cause_id)
    if challenge is None or challenge.used_at or challenge.expires_at <= clock.now():
        raise NotWanted
    minutes = int(sign_in.CODE_VALID_FOR.total_seconds() // 60)
    return Page("code", {"code": sign_in.code_of(challenge.id), "minutes": minutes})


def _service(profile: Profile, language: str) -> dict[str, Any]:
    """What every letter ends with."""
    contact = profile.contact
    return {
        "name": name(profile.service.names, language),
        "url": settings().base_url,
        "contact": name(contact.names, language),
        "phone": contact.phone,
        "colours": profile.colours,
    }
