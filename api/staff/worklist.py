"""GET /staff/reports: what is there to do?"""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from api.mobile.contract import refusals
from api.mobile.language import Language
from api.staff.audience import REFUSALS, ReportReader
from nerirepo.base.errors import FieldFault, Invalid
from nerirepo.reports.actor import actor_of
from nerirepo.reports.cursor import CursorInvalid
from nerirepo.reports.status import Status
from nerirepo.reports.worklist import LONGEST_PAGE, NearMissing, worklist
from nerirepo.reports.worklist_filters import Filters, Near, Sort
from nerirepo.reports.worklist_item import Page
from nerirepo.staff.tables import Member
from nerirepo.words.fields import Code, Text
from web.db import Reading

router = APIRouter()

FURTHEST_M = 100_000


@router.get("/reports", responses=refusals(*REFUSALS, NearMissing, CursorInvalid))
def list_reports(
    member: ReportReader,
    session: Reading,
    locale: Language,
    status: Annotated[list[str], Query(description="Repeated, or with commas.")] = [],  # noqa: B006
    department: Code | None = None,
    assignee: Annotated[str | None, Query(description="`me` or an id.")] = None,
    near: Annotated[str | None, Query(description="`lat,lon` or `lat,lon,metres`.")] = None,
    overdue: bool = False,
    to_screen: bool = False,
    answered: Annotated[bool, Query(description="Residents have written what nobody has read.")] = False,
    q: Annotated[Text, Field(max_length=100)] | None = None,
    sort: Sort = Sort.NEWEST,
    cursor: Annotated[str | None, Field(max_length=500)] = None,
    limit: Annotated[int, Field(ge=1, le=LONGEST_PAGE)] = 50,
) -> Page:
    """What the member may see: the desk everything, field staff their department's and their own."""
    filters = Filters(
        statuses=frozenset(_statuses(status)),
        department=department,
        assignee=_assignee(assignee, member),
        near=_near(near),
        overdue=overdue,
        to_screen=to_screen,
        answered=answered,
        q=q,
        sort=sort,
        cursor=cursor,
        limit=limit,
    )
    return worklist(session, actor_of(member), filters, locale)


def _statuses(given: list[str]) -> Iterable[Status]:
    for word in ",".join(given).split(","):
        if word:
            try:
                yield Status(word)
            except ValueError:
                raise _wrong("status", ", ".join(Status)) from None


def _assignee(given: str | None, member: Member) -> UUID | None:
    if not given:
        return None
    try:
        return member.id if given == "me" else UUID(given)
    except ValueError:
        raise _wrong("assignee", "me or an id") from None


def _near(given: str | None) -> Near | None:
    if not given:
        return None
    try:
        lat, lon, *more = (float(number) for number in given.split(","))
    except ValueError:
        raise _wrong("near", "lat,lon or lat,lon,metres") from None
    metres = more[0] if more else None
    is_right = abs(lat) <= 90 and abs(lon) <= 180 and len(more) <= 1
    if not is_right or (metres is not None and not 0 <= metres <= FURTHEST_M):
        raise _wrong("near", "lat,lon or lat,lon,metres")
    return Near(lat, lon, int(metres) if metres is not None else None)


def _wrong(field: str, expected: str) -> Invalid:
    return Invalid(faults=(FieldFault(field, f"{field}_invalid", f"expected: {expected}"),))
