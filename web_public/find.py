"""Looking for reports, for `/` and `/reports`: which are asked for, and which ways lead on from there?"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session
from starlette.requests import Request

from nerirepo import clock
from nerirepo.publication import read
from nerirepo.publication.read import Filters, Item, Sort
from nerirepo.reports.status import PublicGroup
from web_public.page_context import PageContext

FILTERS = ("category", "status", "town", "q", "bbox", "since", "until", "department")
PERIODS = (30, 365)
"""Days; a link each."""


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
class Link:
    """`count` is None where it would have to be counted for each visitor."""

    name: str
    url: str
    is_chosen: bool
    count: int | None = None
    group: str | None = None


@dataclass(frozen=True)
class Found:
    asked: Asked
    items: list[Item]
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
    ways = _Ways(visit, asked.filters, read.totals(session))
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


class _Ways:
    """Each filter as links, beside the one that is chosen."""

    def __init__(self, visit: PageContext, filters: Filters, totals: dict[tuple[str, str], int]) -> None:
        self._visit, self._filters, self._totals = visit, filters, totals
        self._top = [each for each in visit.ward.categories if not each.parent_code]

    def count(self, group: str | None, category: str | None) -> int | None:
        """Of a group and a top category; None where the counts that are kept do not tell."""
        if not self._filters.is_counted or category not in {None, *(each.code for each in self._top)}:
            return None
        return sum(
            count
            for (its_group, its_kind), count in self._totals.items()
            if group in (None, its_group) and category in (None, its_kind)
        )

    def groups(self) -> list[Link]:
        chosen, category = self._filters.status, self._filters.category
        return [
            Link(
                self._visit.t(f"group.{group}" if group else "site.filter.all"),
                self._visit.with_filter(status=group),
                chosen == group,
                None if self._filters.bbox else self.count(group, category),
                group,
            )
            for group in (None, *(each.value for each in PublicGroup))
        ]

    def categories(self) -> list[Link]:
        chosen, status = self._filters.category, self._filters.status
        return [
            Link(
                name,
                self._visit.with_filter(category=code),
                chosen == code,
                None if self._filters.bbox else self.count(status, code),
            )
            for code, name in (
                (None, self._visit.t("site.filter.all")),
                *((each.code, self._visit.name(each.names)) for each in self._top),
            )
        ]

    def periods(self) -> list[Link]:
        since, until = self._filters.since, self._filters.until
        links = [
            Link(
                self._visit.t("site.filter.all"),
                self._visit.with_filter(since=None, until=None),
                since is None and until is None,
            )
        ]
        for days in PERIODS:
            first = _first_of_the_last(days)
            links.append(
                Link(
                    self._visit.t(f"map.period.{days}"),
                    self._visit.with_filter(since=str(first), until=None),
                    since == first and until is None,
                )
            )
        return links


def _first_of_the_last(days: int) -> date:
    return clock.today_in_japan() - timedelta(days=days)
