"""An action's form arrives: its photos are kept, the action is taken, and the page is shown anew."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from nerirepo import db
from nerirepo.errors import ServiceError
from nerirepo.ids import uuid7
from nerirepo.reports.act import act
from nerirepo.reports.action_request import MOST_PHOTOS
from nerirepo.reports.actor import actor_of
from nerirepo.reports.find import find
from nerirepo.reports.permissions import NotYourReport, Subject, may_see
from nerirepo.staff.tables import Member
from web_staff.audience import ReportReader
from web_staff.form import Form
from web_staff.photo import keep_photo
from web_staff.place import place_of
from web_staff.report import report_page

router = APIRouter()


async def _sent(request: Request) -> AsyncIterator[FormData]:
    # Files larger than a megabyte wait on the disk while they are read.
    async with request.form(max_files=MOST_PHOTOS, max_fields=100) as form:
        yield form


@router.post("/reports/{number}/actions")
def submit(
    request: Request, number: str, member: ReportReader, sent: Annotated[FormData, Depends(_sent)]
) -> Response:
    """Leads back to the report; a refused form is shown again, with what was typed and what was wrong."""
    form = _form(sent)
    try:
        _keep_photos(member, sent, form)
        with db.transaction() as session:
            report = find(session, number)
            act(session, member, report.id, form.request(), form.version)
            is_still_ours = may_see(
                actor_of(member), Subject(report.department_code, report.assignee_id, triage="")
            )
    except ValidationError as error:
        form.invalid(error)
    except NotYourReport:
        raise
    except ServiceError as error:
        form.refused(error)
    else:
        target = f"{place_of(request)}/reports/{number}" if is_still_ours else place_of(request)
        return RedirectResponse(f"{target}?done={form.action}", 303)
    return report_page(request, member, number, failed=form)


def _form(sent: FormData) -> Form:
    words = {key: value for key, value in sent.items() if isinstance(value, str)}
    version = words.get("version", "")
    return Form(
        action=words.get("action", ""),
        action_id=_action_id(words.get("action_id", "")),
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
        typed=words,
        photo_ids=[value for value in sent.getlist("photo_ids") if isinstance(value, str)],
    )


def _keep_photos(member: Member, sent: FormData, form: Form) -> None:
    for file in sent.getlist("photos"):
        if isinstance(file, UploadFile) and file.size:
            form.kept.append(keep_photo(member, form.action_id, file.file, file.size))


def _action_id(typed: str) -> UUID:
    try:
        given = UUID(typed)
    except ValueError:
        return uuid7()
    return given if given.version == 7 else uuid7()
