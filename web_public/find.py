"""Looking for reports, for `/` and `/reports`: which are asked for, and which ways lead on from there?"""

from dataclasses import dataclass

from sqlmodel import Session
from starlette.requests import Request

from nerirepo.publication import read
from nerirepo.publication.read import Filters, PublicReport, Sort
from web_public.page_context import PageContext
from web_public.ways import Link, Ways

FILTERS = ("category", "status", "town", "q", "bbox", "since", "until", "department")


@dataclass(frozen=True)
class Asked:
    filters: Filters
    sort: Sort
    cursor: str | None

    @classmethod
    def of(cls, request: Request) -> "Asked":
        """Raises `FilterInvalid`."""
        given = {name: request.query_params.get(name) for name in FILTERS}
        sort = request.query_params.get("sort") or Sort.NEWEST
        if sort not in set(Sort):
            raise read.FilterInvalid
        return cls(Filters.parse(**given), Sort(sort), request.query_params.get("cursor") or None)


@dataclass(frozen=True)
class Found:
    asked: Asked
    items: list[PublicReport]
    next_cursor: str | None
    groups: list[Link]
    categories: list[Link]
    periods: list[Link]
    sorts: list[Link]
    count: int | None
    """Of all that are asked for, on this page or not; None where that is not known."""
    is_at_least: bool
    """There are more, and nobody has counted them."""


def find(session: Session, visit: PageContext, asked: Asked, *, limit: int) -> Found:
    visit.ward.check(session, asked.filters)
    page = read.newest(
        session,
        asked.filters,
        sort=asked.sort,
        cursor=asked.cursor,
        limit=limit,
        language=visit.language,
    )
    ways = Ways(visit, asked.filters, read.totals(session))
    # The counts that are kept know no part of the map, and that some are not closed.
    is_kept = not asked.filters.bbox and asked.sort != Sort.CLOSED
    count = ways.count(asked.filters.status, asked.filters.category) if is_kept else None
    is_listed = count is None and not asked.cursor
    return Found(
        asked=asked,
        items=page.items,
        next_cursor=page.next_cursor,
        groups=ways.groups(),
        categories=ways.categories(),
        periods=ways.periods(),
        sorts=[
            Link(
                visit.t(f"map.sort.{sort}"),
                visit.with_filter(sort=None if sort == Sort.NEWEST else sort),
                sort == asked.sort,
            )
            for sort in Sort
        ],
        count=len(page.items) if is_listed else count,
        is_at_least=is_listed and page.next_cursor is not None,
    )
