"""An action's form arrives: what it brings is kept, the action is taken, and the page is shown anew."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from nerirepo.base.errors import ServiceError
from nerirepo.database import db
from nerirepo.reports.act import act
from nerirepo.reports.actor import actor_of
from nerirepo.reports.find import find
from nerirepo.reports.permissions import NotYourReport, Subject, may_see
from nerirepo.staff import drafts
from web_staff import carried
from web_staff.area import area_of
from web_staff.audience import ReportReader
from web_staff.carried import Carried
from web_staff.form import Form
from web_staff.from_list import list_address, with_list
from web_staff.report import report_page

router = APIRouter()


@router.post("/reports/{number}/actions")
def submit(
    request: Request, number: str, member: ReportReader, sent: Annotated[Carried, Depends(carried.sent)]
) -> Response:
    """Leads back to the report; a refused form is shown again, with what was typed and what was wrong."""
    form = Form.of(sent)
    try:
        carried.save(member.id, sent)
        with db.transaction() as session:
            report = find(session, number)
            acted = act(session, member, report.id, form.request(), form.version)
            drafts.drop(session, member.id, sent.form_id)
            is_still_ours = may_see(
                actor_of(member), Subject(report.department_code, report.assignee_id, triage="")
            )
    except ValidationError as error:
        form.invalid(error)
    except NotYourReport:
        raise  # nothing of it may be shown but what was typed: see faults.py
    except ServiceError as error:
        form.refused(error)
    else:
        target = (
            f"{area_of(request)}/reports/{number}{with_list(request, done=acted.kind)}"
            if is_still_ours
            else list_address(request)
        )
        return RedirectResponse(target, 303)
    return report_page(request, member, number, failed=form)
