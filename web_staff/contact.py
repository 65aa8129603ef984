"""The desk asks who sent a report, and says why."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field as Bound
from pydantic import TypeAdapter, ValidationError

from nerirepo.base.errors import ServiceError
from nerirepo.database import db
from nerirepo.reports.disclose_contact import disclose_contact
from nerirepo.reports.find import find
from nerirepo.staff import drafts
from nerirepo.words.fields import Text
from web_staff import carried
from web_staff.audience import DeskMember
from web_staff.carried import Carried
from web_staff.report import report_page

router = APIRouter()

_REASON: TypeAdapter[str] = TypeAdapter(Annotated[Text, Bound(min_length=2, max_length=500)])


@router.post("/reports/{number}/contact")
def show(
    request: Request, number: str, member: DeskMember, sent: Annotated[Carried, Depends(carried.sent)]
) -> Response:
    """Shown once, on this very answer: reading it again needs a reason again."""
    contact, fault = None, None
    reason = sent.typed.get("reason", "")
    try:
        carried.save(member.id, sent)
        why = _REASON.validate_python(reason)
        with db.transaction() as session:
            contact = disclose_contact(session, member, find(session, number).id, why)
            drafts.drop(session, member.id, sent.form_id)
    except ValidationError:
        fault = "contact_reason_missing"
    except ServiceError as refusal:
        fault = refusal.code
    return report_page(
        request,
        member,
        number,
        contact=contact,
        contact_fault=fault,
        contact_form=sent.form_id,
        contact_reason=reason,
    )
