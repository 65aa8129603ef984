"""The ways that lead on from a list of reports: each filter as links, with how many there would be."""

from dataclasses import dataclass
from datetime import date, timedelta

from nerirepo.base import clock
from nerirepo.publication.read import Filters
from nerirepo.reports.status import PublicGroup
from web_public.page_context import PageContext

PERIODS = (30, 365)
"""Days; a link each."""


@dataclass(frozen=True)
class Link:
    """`count` is None where it would have to be counted for each visitor."""

    name: str
    url: str
    is_chosen: bool
    count: int | None = None
    group: str | None = None


class Ways:
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
