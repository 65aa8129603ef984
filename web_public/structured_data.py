"""What a page says to search engines and to whoever shares it: schema.org, as JSON-LD."""

from typing import Any

from nerirepo.base.settings import settings
from nerirepo.publication.read import PublicReport
from web.ruby import without_readings
from web_public.page_context import PageContext


def address(path: str) -> str:
    """The whole address of one of our paths."""
    return f"{settings().base_url}{path}"


def of_report(visit: PageContext, report: PublicReport) -> dict[str, Any]:
    """A `Report` of the ward about a place."""
    path = f"/reports/{report['number']}"
    place: dict[str, Any] = {
        "@type": "Place",
        "address": {
            "@type": "PostalAddress",
            "addressCountry": "JP",
            "addressLocality": without_readings(visit.ward_name),
            "streetAddress": report["town"] or "",
        },
    }
    if report["point"]:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": report["point"]["lat"],
            "longitude": report["point"]["lon"],
        }
    name = without_readings(report["category"]["name"])
    return {
        "@context": "https://schema.org",
        "@type": "Report",
        "@id": address(path),
        "url": address(path),
        "reportNumber": report["number"],
        "headline": f"{name} {report['town'] or ''}".strip(),
        "about": name,
        "abstract": report["words"],
        "creativeWorkStatus": without_readings(visit.t(f"status.{report['status']}")),
        "datePublished": report["received_at"].isoformat(),
        "dateModified": report["updated_at"].isoformat(),
        "contentLocation": place,
        "image": [address(photo["url"]) for photo in report["photos"]],
        "publisher": {"@type": "GovernmentOrganization", "name": without_readings(visit.ward_name)},
        "isAccessibleForFree": True,
    }
