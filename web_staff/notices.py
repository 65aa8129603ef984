"""Notices at the top of the public pages: what stands there, a form for another, a button to take it down."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from nerirepo.base import clock
from nerirepo.base.ids import uuid7
from nerirepo.catalogue.notices import add_notice, notices, remove_notice
from nerirepo.catalogue.offered import offered
from nerirepo.catalogue.profile import Notice
from nerirepo.database import db
from nerirepo.publication.reference import refresh_ward
from nerirepo.staff import drafts
from nerirepo.staff.tables import Member
from nerirepo.words import language
from web_staff import carried
from web_staff.area import area_of
from web_staff.audience import NoticeWriter
from web_staff.carried import Carried, for_member
from web_staff.pages import page

router = APIRouter()

FAULTS_IN_WORDS = frozenset({"too_long", "notice_ends_first"})
"""Of pydantic's; whatever else is wrong is a field that is not filled in."""


@router.get("/notices")
def show(request: Request, member: NoticeWriter) -> Response:
    """With what this member has typed and not put up yet."""
    with db.reading() as session:
        draft = drafts.newest(session, member.id, "notices")
    if draft is None:
        return _page(request, member)
    return _page(request, member, typed=draft.typed, form_id=draft.form_id, is_draft=True)


@router.post("/notices")
def add(request: Request, member: NoticeWriter, sent: Annotated[Carried, Depends(carried.sent)]) -> Response:
    """Leads back to the list; a refused form is shown again, with what was typed and what was wrong."""
    carried.save(member.id, sent)
    typed = {name: value.strip() for name, value in sent.typed.items()}
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
        fault = min(kinds, default="evidence_missing")
        return _page(request, member, typed=typed, form_id=sent.form_id, fault=fault)
    with db.transaction() as session:
        add_notice(session, notice)
        drafts.drop(session, member.id, sent.form_id)
        refresh_ward(session)
    return RedirectResponse(f"{area_of(request)}/notices", 303)


@router.post("/notices/remove")
def remove(request: Request, _: NoticeWriter, code: Annotated[str, Form(max_length=64)]) -> Response:
    with db.transaction() as session:
        remove_notice(session, code)
        refresh_ward(session)
    return RedirectResponse(f"{area_of(request)}/notices", 303)


def _words(typed: Mapping[str, str], name: str) -> Iterable[tuple[str, str]]:
    return ((each, words) for each in language.LANGUAGES if (words := typed.get(f"{name}.{each}")))


def _page(
    request: Request,
    member: Member,
    *,
    typed: Mapping[str, str] | None = None,
    form_id: UUID | None = None,
    is_draft: bool = False,
    fault: str | None = None,
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
        form_id=form_id or uuid7(),
        is_draft=is_draft,
        for_member=for_member,
        languages={each: language.OWN_NAMES[each] for each in offered().languages},
        tag=language.tag,
        today=today,
    )


def _when(notice: Notice, today: date) -> str:
    return "shown" if notice.since <= today <= notice.until else "later" if notice.since > today else "over"
