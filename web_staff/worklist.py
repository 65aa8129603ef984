"""The list of reports: what is there to do, where, and by when?"""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from nerirepo.catalogue import read as catalogue
from nerirepo.database import db
from nerirepo.reports.actor import actor_of
from nerirepo.reports.cursor import CursorInvalid
from nerirepo.reports.status import CLOSED, OPEN, Status
from nerirepo.reports.worklist import worklist
from nerirepo.reports.worklist_filters import Filters, Near, Sort
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import Member
from web_staff.area import area_of
from web_staff.audience import AnyMember
from web_staff.pages import chosen_language, page

router = APIRouter()

A_PAGE = 30
CHIPS: dict[str, dict[str, str]] = {
    "open": {},
    "mine": {"assignee": "me"},
    "answered": {"answered": "1", "status": "all"},
    "overdue": {"overdue": "1"},
    "to_screen": {"to_screen": "1", "status": "all"},
    "received": {"status": "received"},
    "checking": {"status": "checking"},
    "in_progress": {"status": "in_progress"},
    "closed": {"status": "closed", "sort": "newest"},
}
"""Name to the query that it stands for. What the desk alone does: `to_screen`."""
GROUPS = {"": OPEN, "closed": CLOSED - {Status.THANKED}, "all": frozenset[Status]()}


@router.get("")
def show(
    request: Request,
    member: AnyMember,
    status: str = "",
    department: Annotated[str, Query(max_length=64)] = "",
    assignee: str = "",
    overdue: str = "",
    to_screen: str = "",
    answered: str = "",
    q: Annotated[str, Query(max_length=100)] = "",
    sort: str = "",
    near: str = "",
    cursor: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """Dangers first. An address that makes no sense shows what is open, and no fault."""
    if member.role is Role.ADMIN:
        return page(request, "admin.html", member=member)
    asked = {key: value for key, value in request.query_params.items() if key not in ("cursor", "lang")}
    place = _near(near)
    filters = Filters(
        statuses=_statuses(status),
        department=_printable(department) or None,
        assignee=member.id if assignee == "me" else None,
        near=place,
        overdue=bool(overdue),
        to_screen=bool(to_screen),
        answered=bool(answered),
        q=_printable(q).strip() or None,
        sort=_sort(sort, place),
        cursor=cursor or None,
        limit=A_PAGE,
    )
    lang = chosen_language(request)
    with db.reading() as session:
        try:
            found = worklist(session, actor_of(member), filters, lang)
        except CursorInvalid:
            found = worklist(session, actor_of(member), Filters(statuses=OPEN, sort=Sort.DUE), lang)
        departments = catalogue.departments(session)
    return page(
        request,
        "worklist.html",
        member=member,
        items=found.items,
        chips=_chips(request, member, asked),
        departments=[(each.code, each.names) for each in departments],
        asked=asked,
        filters=filters,
        next_page=f"?{urlencode(asked | {'cursor': found.next_cursor})}" if found.next_cursor else None,
    )


def _printable(words: str) -> str:
    # The database takes no NUL.
    return "".join(letter for letter in words if letter.isprintable())


def _statuses(status: str) -> frozenset[Status]:
    if status in GROUPS:
        return GROUPS[status]
    return frozenset({Status(status)}) if status in set(Status) else OPEN


def _sort(sort: str, near: Near | None) -> Sort:
    if sort == Sort.DISTANCE and near is None:
        return Sort.DUE
    return Sort(sort) if sort in set(Sort) else Sort.DUE


def _near(near: str) -> Near | None:
    try:
        lat, lon = (float(number) for number in near.split(","))
    except ValueError:
        return None
    return Near(lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def _chips(request: Request, member: Member, asked: dict[str, str]) -> list[tuple[str, str, bool]]:
    """(name, address, is this one shown). The order and a search do not make it another list."""
    known = {key for query in CHIPS.values() for key in query} - {"sort"}
    shown = {key: value for key, value in asked.items() if key in known}
    place = area_of(request)
    return [
        (
            name,
            f"{place}?{urlencode(query)}" if query else place,
            {key: value for key, value in query.items() if key in known} == shown,
        )
        for name, query in CHIPS.items()
        if name != "to_screen" or member.role is Role.DESK
    ]
