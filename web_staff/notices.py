"""Notices at the top of the public pages: what stands there, a form for another, a button to take it down."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.datastructures import FormData

from nerirepo import clock, db, language
from nerirepo.catalogue.notices import add_notice, notices, remove_notice
from nerirepo.catalogue.profile import Notice
from nerirepo.ids import uuid7
from nerirepo.publication.reference import refresh_ward
from nerirepo.staff.tables import Member
from web_staff.audience import NoticeWriter
from web_staff.pages import page
from web_staff.place import place_of

router = APIRouter()

FAULTS_IN_WORDS = frozenset({"too_long", "notice_ends_first"})
"""Of pydantic's; whatever else is wrong is a field that is not filled in."""


async def _typed(request: Request) -> dict[str, str]:
    form: FormData = await request.form(max_files=0, max_fields=20)
    return {name: value.strip() for name, value in form.items() if isinstance(value, str)}


@router.get("/notices")
def show(request: Request, member: NoticeWriter) -> Response:
    return _page(request, member)


@router.post("/notices")
def add(
    request: Request, member: NoticeWriter, typed: Annotated[dict[str, str], Depends(_typed)]
) -> Response:
    """Leads back to the list; a refused form is shown again, with what was typed and what was wrong."""
    try:
        notice = Notice.model_validate(
            {
                "code": f"notice_{uuid7().hex}",
                "since": typed.get("since") or clock.today_in_japan(),
                "until": typed.get("until"),
                "titles": dict(_words(typed, "title")),
                "words": dict(_words(typed, "words")),
            }
        )
    except ValidationError as error:
        kinds = {each["type"] for each in error.errors()} & FAULTS_IN_WORDS
        return _page(request, member, typed=typed, fault=min(kinds, default="evidence_missing"))
    with db.transaction() as session:
        add_notice(session, notice)
        refresh_ward(session)
    return RedirectResponse(f"{place_of(request)}/notices", 303)


@router.post("/notices/remove")
def remove(request: Request, _: NoticeWriter, code: Annotated[str, Form(max_length=64)]) -> Response:
    with db.transaction() as session:
        remove_notice(session, code)
        refresh_ward(session)
    return RedirectResponse(f"{place_of(request)}/notices", 303)


def _words(typed: Mapping[str, str], name: str) -> Iterable[tuple[str, str]]:
    return ((each, words) for each in language.LANGUAGES if (words := typed.get(f"{name}.{each}")))


def _page(
    request: Request, member: Member, *, typed: Mapping[str, str] | None = None, fault: str | None = None
) -> Response:
    with db.reading() as session:
        standing = notices(session)
    today = clock.today_in_japan()
    return page(
        request,
        "notices.html",
        member=member,
        status=422 if fault else 200,
        standing=[(each, _when(each, today)) for each in standing],
        typed=typed or {},
        fault=fault,
        languages=language.OWN_NAMES,
        tag=language.tag,
        today=today,
    )


def _when(notice: Notice, today: date) -> str:
    return "shown" if notice.since <= today <= notice.until else "later" if notice.since > today else "over"
