"""What is published, for everyone: read by the role that can read nothing else."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.audience import for_everyone
from api.db import PublicReading
from api.etag import tagged
from api.mobile.answers import PublicReports
from api.mobile.contract import answers
from api.mobile.language import Language
from nerirepo.publication import read as published

router = APIRouter(prefix="/public", tags=["public"], dependencies=[for_everyone])

CACHE = "public, max-age=30, stale-while-revalidate=30, stale-if-error=86400"
"""Withdrawn at our origin at once; caches hold it for a minute at most, and for a day while we are down."""

Words = Annotated[str | None, Query(max_length=100)]


@router.get("/reports", **answers(PublicReports, also=(304,)))
def public_reports(
    request: Request,
    session: PublicReading,
    lang: Language,
    bbox: Words = None,
    category: Words = None,
    status: Words = None,
    town: Words = None,
    q: Words = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """Published reports, newest first. `bbox` is west,south,east,north; `status` a status or its group."""
    filters = published.Filters.parse(bbox=bbox, category=category, status=status, town=town, q=q)
    page = published.newest(session, filters, cursor=cursor, limit=limit, language=lang)
    return tagged(request, {"reports": page.items, "next_cursor": page.next_cursor}, cache_control=CACHE)
