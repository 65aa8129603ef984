"""What was typed and could not be done is thrown away by its own button."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from nerirepo.database import db
from nerirepo.staff import drafts
from web_staff.area import area_of
from web_staff.audience import AnyMember
from web_staff.from_list import list_address, with_list

router = APIRouter()


@router.post("/drafts/discard")
def discard(request: Request, member: AnyMember, form_id: Annotated[UUID, Form()]) -> Response:
    """Leads back to where it stood."""
    with db.transaction() as session:
        page = drafts.drop(session, member.id, form_id)
    target = f"{area_of(request)}/{page}{with_list(request)}" if page else list_address(request)
    return RedirectResponse(target, 303)
