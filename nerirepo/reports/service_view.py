"""What does an app need to know of the service before anything else?"""

from typing import Annotated

from pydantic import Field
from sqlmodel import Session
from typing_extensions import TypedDict

from nerirepo.base.settings import settings
from nerirepo.catalogue import read as catalogue
from nerirepo.catalogue.offered import Offered
from nerirepo.catalogue.terms import terms_version
from nerirepo.reports import receipt
from nerirepo.reports.receipt import ReceiptKey
from nerirepo.reports.submission import LONGEST_DESCRIPTION
from nerirepo.words import language
from nerirepo.words.language import Named


class Municipality(Named):
    """Whose service this is; `code` is the municipality's JIS code of six digits."""


class Limits(TypedDict):
    """What is taken: anything above is refused."""

    photos_per_report: int
    photo_bytes: int
    photo_types: list[str]
    description_characters: int


class EmergencyContact(Named):
    """Whom to call instead, when it cannot wait."""

    phone: str


class ReadingHours(TypedDict):
    """When staff read; posting is possible day and night."""

    days: list[str]
    opens: Annotated[str, Field(examples=["08:30"])]
    closes: Annotated[str, Field(examples=["17:15"])]
    note: str


class Posting(TypedDict):
    """Whether new reports are taken at the moment; `reason` is for the person."""

    open: bool
    reason: str | None


class Terms(TypedDict):
    """What people agree to: two pages. Send `version` as `terms_version` once they have."""

    version: str
    url: str
    privacy_url: str


class Service(TypedDict):
    """What an app needs to know before anything else. Fetch it at each start."""

    name: str
    short_name: str
    municipality: Municipality
    contract_level: int
    minimum_level: int
    limits: Limits
    languages: list[str]
    emergency_contacts: list[EmergencyContact]
    reading_hours: ReadingHours
    posting: Posting
    terms: Terms
    receipt_keys: list[ReceiptKey]


def service_view(session: Session, lang: str, *, contract_level: int, minimum_level: int) -> Service:
    """Levels are those of the contract, which the API keeps."""
    ward = catalogue.ward(session)
    profile, offer = ward.profile, Offered.of(ward.profile)
    hours, reason = profile.reading_hours, ward.posting_closed_reason
    return {
        "name": language.name(profile.service.names, lang),
        "short_name": language.name(profile.service.short_names, lang),
        "municipality": {"code": ward.code, "name": language.name(profile.names, lang)},
        "contract_level": contract_level,
        "minimum_level": minimum_level,
        "limits": {
            "photos_per_report": offer.photos_per_report,
            "photo_bytes": offer.photo_bytes,
            "photo_types": list(offer.photo_types),
            "description_characters": LONGEST_DESCRIPTION,
        },
        "languages": list(offer.languages),
        "emergency_contacts": [
            {"code": each.code, "name": language.name(each.names, lang), "phone": each.phone}
            for each in profile.emergency_contacts
        ],
        "reading_hours": {
            "days": hours.days,  # type: ignore[arg-type]  `Literal` of a list of names
            "opens": hours.opens,
            "closes": hours.closes,
            "note": language.name(hours.note, lang),
        },
        "posting": {
            "open": ward.posting_open,
            "reason": language.name(reason, lang) if reason and not ward.posting_open else None,
        },
        "terms": {
            "version": terms_version(ward),
            "url": f"{settings().base_url}/terms",
            "privacy_url": f"{settings().base_url}/privacy",
        },
        "receipt_keys": receipt.public_keys(),
    }
