"""What is published, for everyone: read by the role that can read nothing else."""

from collections.abc import Callable
from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Query, Request, Response
from sqlmodel import Session
from typing_extensions import TypedDict

from api.etag import holds, may_be_cached
from api.mobile.as_json import AsJson
from api.mobile.contract import answers, files
from api.mobile.language import Language
from api.mobile.paging import Cursor, Limit
from nerirepo.database.db import public_reading
from nerirepo.publication import read as published
from nerirepo.reports.status import PublicGroup
from nerirepo.words.fields import Code
from web import etags
from web.audience import for_everyone
from web.cache_control import PUBLISHED

router = APIRouter(route_class=AsJson, prefix="/public", tags=["public"], dependencies=[for_everyone])


MVT = "application/vnd.mapbox-vector-tile"

Words = Annotated[str | None, Query(max_length=100)]


class PublicReports(TypedDict):
    """A page of what is published, newest first."""

    reports: list[published.PublicReport]
    next_cursor: str | None


@router.get(
    "/reports", **answers(PublicReports, published.CursorInvalid, published.FilterInvalid, also=(304,))
)
def list_public_reports(
    request: Request,
    lang: Language,
    bbox: Annotated[Words, Query(description="west,south,east,north in degrees")] = None,
    category: Annotated[Words, Query(description="of either level")] = None,
    status: Annotated[Words, Query(description="a status, or its group: before, during, after")] = None,
    town: Annotated[Words, Query(description="町丁目, in full")] = None,
    q: Annotated[Words, Query(description="words to be found in it, or its number")] = None,
    since: Annotated[Words, Query(description="the first day on which it was received, in Japan")] = None,
    until: Annotated[Words, Query(description="the last such day")] = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> Response:
    """Published reports, newest first. `bbox` is west,south,east,north; `status` a status or its group;
    `since` and `until` are days in Japan on which it was received."""
    filters = published.Filters.parse(
        bbox=bbox, category=category, status=status, town=town, q=q, since=since, until=until
    )

    def made(session: Session) -> bytes:
        page = published.newest(session, filters, cursor=cursor, limit=limit, language=lang)
        shown: PublicReports = {"reports": page.items, "next_cursor": page.next_cursor}
        return orjson.dumps(shown)

    answer = _kept(request, (filters, cursor, limit, lang), made, "application/json")
    answer.headers["Vary"] = "Accept-Language"
    return answer


@router.get(
    "/tiles/{z}/{x}/{y}.mvt", **files((MVT,), published.TileUnknown, published.FilterInvalid, also=(304,))
)
def public_tile(
    request: Request,
    z: Annotated[str, Path(description="zoom level")],
    x: Annotated[str, Path(description="column, from the west")],
    y: Annotated[str, Path(description="row, from the north")],
    status: Annotated[PublicGroup | None, Query(description="only those of this group")] = None,
    category: Annotated[Code | None, Query(max_length=64, description="only those below this one")] = None,
) -> Response:
    """Layer `reports` of a vector tile. A feature is either one report {number, status, status_group,
    category, kind} or several that lie together {count, before, during, after}. `category` is a top one;
    any other is refused."""
    tile = published.tile_at(z, x, y)

    def drawn(session: Session) -> bytes:
        if category:
            published.check_kind(session, category)
        return published.tile(session, tile, status_group=status, kind=category)

    return _kept(request, (published.FORM, tile, status, category), drawn, MVT)


def _kept(request: Request, asked: tuple, make: Callable[[Session], bytes], media_type: str) -> Response:
    """What `make` makes of `asked` alone, or 304. Whoever runs this app may keep it, as long as nothing that
    is published changes: docs/decisions/0015-pages-are-kept-while-nothing-changes.md."""
    with public_reading() as session:
        revision = published.revision(session)
        etag = etags.weak(repr((revision, asked)).encode())
        headers = {"ETag": etag, "Cache-Control": PUBLISHED}
        may_be_cached(request, revision)
        if holds(request, etag):
            return Response(status_code=304, headers=headers)
        body = make(session)
    return Response(body, media_type=media_type, headers=headers)
