"""What an app needs to know of the service before anything else."""

from fastapi import APIRouter, Request, Response

from api.etag import tagged
from api.mobile.answers import Service
from api.mobile.as_json import AsJson
from api.mobile.contract import answers
from api.mobile.language import Language
from api.mobile.levels import LEVEL, minimum_level
from nerirepo import clock, language
from nerirepo.catalogue import read as catalogue
from nerirepo.catalogue.offered import Offered
from nerirepo.catalogue.read import WardNotLoaded
from nerirepo.catalogue.terms import terms_version
from nerirepo.publication import read as published
from nerirepo.reports import receipt
from nerirepo.reports.submission import LONGEST_DESCRIPTION
from nerirepo.settings import settings
from web.audience import for_everyone
from web.db import Reading

router = APIRouter(route_class=AsJson, tags=["service"], dependencies=[for_everyone])


@router.get("/service", **answers(Service, WardNotLoaded, also=(304,)))
def read_service(request: Request, session: Reading, lang: Language) -> Response:
    """Name, levels, limits, languages, emergency contacts, hours, is posting open, terms, receipt keys."""
    revision = published.revision(session)
    ward = catalogue.ward(session)
    profile, offer = ward.profile, Offered.of(ward.profile)
    reason = ward.posting_closed_reason
    return tagged(
        request,
        {
            "name": language.name(profile.service.names, lang),
            "short_name": language.name(profile.service.short_names, lang),
            "municipality": {"code": ward.code, "name": language.name(profile.names, lang)},
            "contract_level": LEVEL,
            "minimum_level": minimum_level(clock.today_in_japan()),
            "limits": {
                "photos_per_report": offer.photos_per_report,
                "photo_bytes": offer.photo_bytes,
                "photo_types": list(offer.photo_types),
                "description_characters": LONGEST_DESCRIPTION,
            },
            "languages": list(offer.languages),
            "emergency_contacts": [
                {
                    "code": each.code,
                    "name": language.name(each.names, lang),
                    "phone": each.phone,
                }
                for each in profile.emergency_contacts
            ],
            "reading_hours": {
                "days": profile.reading_hours.days,
                "opens": profile.reading_hours.opens,
                "closes": profile.reading_hours.closes,
                "note": language.name(profile.reading_hours.note, lang),
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
        },
        cache_control="public, max-age=60",
        cache_revision=revision,
    )
