"""Reports: sent, read, taken back, added to, judged, followed."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from sqlmodel import Session

from api.audience import MaybeReporter, ReadingReporter, WritingReporter
from api.db import PublicReading, Reading, Transaction
from api.mobile.answers import FeedbackHeard, Following, MyReports, OneReport, OwnReport, ReportTaken
from api.mobile.contract import answers
from api.mobile.language import Language
from nerirepo.errors import Gone
from nerirepo.fields import Uuid7
from nerirepo.publication import read as published
from nerirepo.reports import comment, feedback, follow, own, reporter_view, withdraw
from nerirepo.reports.act import ReportNotFound
from nerirepo.reports.status import Visibility
from nerirepo.reports.submission import Submission
from nerirepo.reports.submit import submit
from nerirepo.reports.tables import Report

router = APIRouter(tags=["reports"])

Named = Annotated[
    str, Path(alias="report_id", max_length=64, description="id, or number such as NR-2026-000123")
]


class ReportTakenBack(Gone):
    """This report was public once and is not any more."""

    code = "report_taken_back"


@router.put("/reports/{report_id}", **answers(ReportTaken, 401, 403, 409, 410, 429, 507, also=(201,)))
def send_report(
    session: Transaction,
    reporter: WritingReporter,
    lang: Language,
    report_id: Uuid7,
    body: Submission,
    response: Response,
) -> dict[str, Any]:
    """Send a report. 201 at first; 200 with the same receipt for the same again, for ever."""
    submitted = submit(session, reporter, report_id, body)
    session.flush()
    response.status_code = 201 if submitted.is_new else 200
    return {"receipt": submitted.receipt, "report": _own_view(session, report_id, reporter.id, lang)}


@router.get("/reports/{report_id}", **answers(OneReport, 401, 404, 410))
def read_report(
    session: Reading, public: PublicReading, reporter: MaybeReporter, lang: Language, named: Named
) -> dict[str, Any]:
    """One's own or a followed report in full; else what is published of it."""
    if reporter is not None:
        report_id = own.report_id_of(session, named)
        found = reporter_view.view(session, report_id, reporter.id, lang) if report_id else None
        if found and found[1].is_own:
            return found[0]
    shown = published.one(public, named, lang) if own.NAME.fullmatch(named) else None
    if shown is None:
        raise ReportNotFound
    if isinstance(shown, published.TakenBack):
        raise ReportTakenBack
    return shown


@router.get("/me/reports", **answers(MyReports, 401))
def my_reports(
    session: Reading,
    reporter: ReadingReporter,
    lang: Language,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> dict[str, Any]:
    """One's own reports, and those that one follows, newest first."""
    return own.mine(session, reporter.id, lang, limit=limit, cursor=cursor)


@router.post("/reports/{report_id}/withdraw", **answers(OwnReport, 401, 404, 409))
def withdraw_report(
    session: Transaction, reporter: WritingReporter, lang: Language, named: Named
) -> dict[str, Any]:
    """Take one's own report back, while nobody works on it."""
    report = own.own_report(session, named, reporter.id)
    withdraw.withdraw(session, report)
    session.flush()
    return _own_view(session, report.id, reporter.id, lang)


@router.post("/reports/{report_id}/comments", **answers(OwnReport, 401, 404, 429, status=201))
def add_comment(
    session: Transaction, reporter: WritingReporter, lang: Language, named: Named, body: comment.Comment
) -> dict[str, Any]:
    """Add words or photos to one's own report, or answer the ward's question."""
    report = own.own_report(session, named, reporter.id)
    comment.comment(session, report, reporter.id, body)
    session.flush()
    return _own_view(session, report.id, reporter.id, lang)


@router.post("/reports/{report_id}/feedback", **answers(FeedbackHeard, 401, 404, 409))
def give_feedback(
    session: Transaction, reporter: WritingReporter, named: Named, body: feedback.Opinion
) -> dict[str, Any]:
    """Glad it is fixed, or not fixed yet: then it is opened again within 14 days."""
    report, is_own = own.own_or_followed(session, named, reporter.id)
    heard = feedback.give_feedback(session, report, reporter.id, body, is_own=is_own)
    return {
        "report_id": str(report.id),
        "status": report.status,
        "version": report.version,
        "reopened": heard.has_reopened,
        "new_report_offered": heard.offers_new_report,
    }


@router.put("/reports/{report_id}/follow", **answers(Following, 401, 404))
def follow_report(session: Transaction, reporter: WritingReporter, named: Named) -> dict[str, Any]:
    """見守る: hear about somebody else's public report. Once, however often asked for."""
    report = _public_report(session, named)
    follow.follow(session, report, reporter.id)
    return {"report_id": str(report.id), "following": True}


@router.delete("/reports/{report_id}/follow", **answers(None, 401, status=204))
def unfollow_report(session: Transaction, reporter: WritingReporter, named: Named) -> Response:
    """Hear about it no more."""
    report_id = own.report_id_of(session, named)
    if report_id:
        follow.unfollow(session, report_id, reporter.id)
    return Response(status_code=204)


def _own_view(session: Session, report_id: UUID, reporter_id: UUID, lang: str) -> dict[str, Any]:
    found = reporter_view.view(session, report_id, reporter_id, lang)
    if found is None:
        raise ReportNotFound
    return found[0]


def _public_report(session: Session, named: str) -> Report:
    report_id = own.report_id_of(session, named)
    report = session.get(Report, report_id) if report_id else None
    if report is None or report.visibility is not Visibility.PUBLIC:
        raise ReportNotFound
    return report
