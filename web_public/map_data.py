"""What the interactive map must know that only the server does: filters, names, addresses, words."""

from typing import Any

from nerirepo.base.settings import settings
from nerirepo.reports.status import Status, marker
from web.ruby import without_readings
from web_public.find import Asked
from web_public.page_context import PageContext

_WORDS = ("zoom_in", "zoom_out", "map", "open", "close", "failed", "newest_only")


def map_data(visit: PageContext, asked: Asked) -> dict[str, Any]:
    """As JSON for a data block; `tiles` is None while nobody else's tiles are wanted."""
    filters = asked.filters
    tops = {each.code for each in visit.ward.categories if not each.parent_code}
    drawn = settings().map_tiles_url
    return {
        "language": visit.language,
        "program": visit.static("built/map.js"),
        "worker": visit.static("built/map-worker.js"),
        "style": visit.static("built/map.css"),
        "is_tiled": filters.is_counted and filters.category in {None, *tops},
        "filters": {
            name: str(value)
            for name, value in filters.model_dump(exclude={"bbox"}).items()
            if value is not None
        },
        "outside": {
            "url": drawn,
            "credit": settings().map_tiles_credit,
            "site": settings().map_tiles_site,
        }
        if drawn
        else None,
        "statuses": {
            status: {"shape": marker(status), "word": without_readings(visit.t(f"status.{status}"))}
            for status in Status
        },
        "categories": {each.code: without_readings(visit.name(each.names)) for each in visit.ward.categories},
        "words": {name: without_readings(visit.t(f"map.js.{name}")) for name in _WORDS},
    }
