"""One report: everything that the member may see, contact data apart; and taking one in at the counter."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from api.mobile.contract import refusals
from api.mobile.language import Language
from api.staff.audience import REFUSALS, DeskMember, ReportReader
from nerirepo.notifications.of_report import DeliveryView, deliveries
from nerirepo.reports.actor import actor_of
from nerirepo.reports.disclose_contact import Contact, NoContact, disclose_contact
from nerirepo.reports.find import ReportNotFound, find
from nerirepo.reports.permissions import Actor, NotYourReport
from nerirepo.reports.receipt import Receipt
from nerirepo.reports.staff_report import ReportView
from nerirepo.reports.staff_view import staff_view
from nerirepo.reports.submission import Submission
from nerirepo.reports.submit import NOT_TAKEN, submit_at_counter
from nerirepo.words import fields
from web.db import Reading, Transaction

router = APIRouter()


class StaffReport(ReportView):
    deliveries: list[DeliveryView]


class ContactRequest(fields.Request):
    reason: Annotated[fields.Text, Field(min_length=2, max_length=500)]
    """Kept with the member's name."""


class CounterSubmission(Submission):
    report_id: fields.Uuid7


class Taken(BaseModel):
    receipt: Receipt
    report: StaffReport


_AGAIN: dict[int | str, Any] = {200: {"description": "Taken in before", "model": Taken}}


def etag(version: int) -> str:
    return f'"{version}"'


def staff_report(session: Session, actor: Actor, named: str, locale: str) -> StaffReport:
    """By id or number; raises `ReportNotFound` and `NotYourReport`."""
    view = staff_view(session, actor, named, locale)
    return StaffReport(**dict(view), deliveries=deliveries(session, view.id))


@router.get("/reports/{report_id}", responses=refusals(*REFUSALS, ReportNotFound, NotYourReport))
def read_report(
    report_id: str, member: ReportReader, session: Reading, locale: Language, response: Response
) -> StaffReport:
    """By id or number. The ETag is what an action's `If-Match` repeats."""
    report = staff_report(session, actor_of(member), report_id, locale)
    response.headers["ETag"] = etag(report.version)
    return report


@router.post(
    "/reports/{report_id}/contact", responses=refusals(*REFUSALS, ReportNotFound, NoContact, writes=True)
)
def read_contact(report_id: str, body: ContactRequest, member: DeskMember, session: Transaction) -> Contact:
    """Who sent it. That it was read, by whom and why is kept."""
    return disclose_contact(session, member, find(session, report_id).id, body.reason)


@router.post("/reports", status_code=201, responses=_AGAIN | refusals(*REFUSALS, *NOT_TAKEN, writes=True))
def take_report(
    body: CounterSubmission, member: DeskMember, session: Transaction, locale: Language, response: Response
) -> Taken:
    """A report taken by telephone or at the counter: 201 first, 200 for the same again."""
    submission = Submission(**body.model_dump(exclude={"report_id"}))
    taken = submit_at_counter(session, member.id, body.report_id, submission)
    if not taken.is_new:
        response.status_code = 200
    report = staff_report(session, actor_of(member), str(taken.report_id), locale)
    response.headers["ETag"] = etag(report.version)
    return Taken(receipt=taken.receipt, report=report)
