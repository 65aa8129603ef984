"""/statistics: how many, what became of them and how long it took; and the rows behind each number."""

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from nerirepo.base.errors import NotFound
from nerirepo.database.db import public_reading
from nerirepo.publication import read
from nerirepo.publication.read import COUNTED, Chosen, Tally, Which
from web.ruby import without_readings
from web_public import bars
from web_public.answer import page
from web_public.conditional_get import cached
from web_public.page_context import PageContext

A_PAGE = 20
PROPERTIES = ("month", "category", "department", "town")
MONTHS_DRAWN = 12
ROWS_DRAWN = 10
"""More bars than that nobody compares; the table has them all."""
SHOWN = (
    Which.RECEIVED,
    Which.RESOLVED,
    Which.CONFIRMED,
    Which.OPEN,
    Which.SILENT,
    Which.HANDED_OVER,
    Which.DECLINED,
    Which.OTHERWISE,
    Which.REOPENED,
)
"""The columns, from the left."""
_WITH_ROWS = frozenset({*COUNTED, Which.TIMED})


def statistics(request: Request) -> Response:
    return cached(request, lambda session, visit: _statistics(request, session, visit))


def _statistics(request: Request, session: Session, visit: PageContext) -> Response:
    found = read.statistics(session)
    named = {by: [(_name(visit, row), row) for row in found.rows.get(by, ())] for by in PROPERTIES}
    charts = {
        by: bars.draw([(without_readings(label), row) for label, row in _drawn(by, rows)])
        for by, rows in named.items()
        if rows
    }
    return page(
        request,
        visit,
        "statistics.html",
        found=found,
        columns=SHOWN,
        timed=Which.TIMED,
        step=read.STEP,
        named=named,
        charts=charts,
    )


def rows(request: Request) -> Response:
    """Which of the reports that make one number are published."""
    asked = {key: request.query_params.get(key) for key in ("which", "others", *PROPERTIES)}
    chosen = Chosen.parse(**asked)
    if chosen.which not in _WITH_ROWS:
        raise NotFound
    with public_reading() as session:
        visit = PageContext.of(request, read.ward(session))
        visit.ward.check(session, chosen)
        published = read.newest(
            session,
            chosen,
            cursor=request.query_params.get("cursor") or None,
            limit=A_PAGE,
            language=visit.language,
        )
        number = read.how_many(session, chosen)
        counted = read.statistics(session)
    tally = _tally(counted, asked)
    return page(
        request,
        visit,
        "statistics_rows.html",
        chosen=chosen,
        property=_name(visit, tally) if tally and tally.by != "all" else None,
        by=tally.by if tally and not tally.key else None,
        reports=published.items,
        next_cursor=published.next_cursor,
        number=number,
    )


def _tally(counted: read.Statistics, asked: dict[str, str | None]) -> Tally | None:
    """The row that a number stands in; None where several properties are asked for, or nothing is counted."""
    properties = [(by, key) for by in PROPERTIES if (key := asked[by])]
    if others := asked["others"]:
        properties.append((others, ""))
    if len(properties) > 1:
        return None
    by, key = properties[0] if properties else ("all", "all")
    return next((row for row in counted.rows.get(by, ()) if row.key == key), None)


def _drawn(by: str, rows: list[tuple[str, Tally]]) -> list[tuple[str, Tally]]:
    single = [(label, row) for label, row in rows if row.key]
    return single[-MONTHS_DRAWN:] if by == "month" else single[:ROWS_DRAWN]


def _name(visit: PageContext, row: Tally) -> str:
    if not row.key:
        return visit.t("stats.others")
    match row.by:
        case "month":
            year, month = row.key.split("-")
            return visit.t("stats.month", year=year, month=int(month))
        case "category":
            return visit.ward.category_name(row.key, visit.language)
        case "department":
            return row.department_name(visit.language)
        case _:
            return row.key
