"""POST /staff/reports/{id}/actions: one action, taken once, on the report as its sender saw it."""

import re
from typing import Annotated

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel

from api.mobile.contract import refusals
from api.mobile.language import Language
from api.staff.audience import REFUSALS, ReportReader
from api.staff.reports import StaffReport, etag, staff_report
from nerirepo.base.errors import FieldFault, Invalid, Stale
from nerirepo.catalogue.read import CategoryUnknown
from nerirepo.database import db
from nerirepo.reports.act import ActionIdTaken, ReportChanged, act
from nerirepo.reports.action_request import ActionRequest
from nerirepo.reports.actor import actor_of
from nerirepo.reports.evidence import EvidenceMissing
from nerirepo.reports.evidence_photos import PhotoNotReceived, PhotoRejected
from nerirepo.reports.find import ReportNotFound, find
from nerirepo.reports.own_photos import PhotoUnknown
from nerirepo.reports.permissions import ActionNotAllowed, NotYourReport
from nerirepo.reports.references import ReferenceUnknown
from nerirepo.reports.screened import WordsNotScreened
from nerirepo.reports.status import MoveNotPossible
from web import etags
from web.db import Transaction
from web.errors import PreconditionRequired

router = APIRouter()

_NOT_DONE = (
    ActionNotAllowed,
    NotYourReport,
    ReportNotFound,
    ActionIdTaken,
    MoveNotPossible,
    PhotoNotReceived,
    ReportChanged,
    PreconditionRequired,
    EvidenceMissing,
    WordsNotScreened,
    ReferenceUnknown,
    CategoryUnknown,
    PhotoUnknown,
    PhotoRejected,
)

_VERSION = re.compile(r"\d{1,9}", re.ASCII)


class Done(BaseModel):
    version: int
    event_seq: int
    report: StaffReport | None
    """As it is now; None where the member has just sent it away and sees it no more."""


@router.post("/reports/{report_id}/actions", responses=refusals(*REFUSALS, *_NOT_DONE, writes=True))
def take_action(
    report_id: str,
    body: ActionRequest,
    member: ReportReader,
    session: Transaction,
    locale: Language,
    response: Response,
    if_match: Annotated[str | None, Header()] = None,
) -> Done:
    """The new state and its ETag. 428 without `If-Match`; 412 with the current state when that is too old."""
    version = _expected(if_match)
    report = find(session, report_id)
    try:
        acted = act(session, member, report.id, body, version)
    except Stale as stale:
        with db.reading() as now:
            current = staff_report(now, actor_of(member), str(report.id), locale)
        stale.facts |= {"report": current.model_dump(mode="json")}
        raise
    try:
        view = staff_report(session, actor_of(member), str(report.id), locale)
    except NotYourReport:
        view = None
    response.headers["ETag"] = etag(view.version if view else acted.version)
    return Done(version=acted.version, event_seq=acted.event_seq, report=view)


def _expected(if_match: str | None) -> int:
    if if_match is None:
        raise PreconditionRequired
    version = etags.the_one(if_match) or ""
    if not _VERSION.fullmatch(version):
        raise Invalid(faults=(FieldFault("If-Match", "if_match_invalid", 'an ETag such as "3" is expected'),))
    return int(version)
