"""Reports: sent, read, taken back, added to, judged, followed."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlmodel import Session
from typing_extensions import TypedDict

from api.audience import MaybeReporter, ReadingReporter, WritingReporter
from api.mobile.as_json import AsJson, as_json
from api.mobile.contract import answers
from api.mobile.language import Language
from api.mobile.levels import Declared
from api.mobile.named import NewReportId, ReportName
from api.mobile.paging import Cursor, Limit
from nerirepo.base.errors import NotSignedIn, TooMany
from nerirepo.publication.one_report import OneReport, ReportTakenBack, one_report
from nerirepo.reporters.profile import RegistrationIncomplete
from nerirepo.reports import comment, feedback, follow, own, reporter_view, withdraw
from nerirepo.reports.cursor import CursorInvalid
from nerirepo.reports.find import ReportNotFound, find_public
from nerirepo.reports.once import SaidIdTaken
from nerirepo.reports.own import MyReports
from nerirepo.reports.own_photos import PhotoUnknown
from nerirepo.reports.own_report import OwnReport
from nerirepo.reports.receipt import Receipt
from nerirepo.reports.status import MoveNotPossible
from nerirepo.reports.submission import ReportEmpty, Submission
from nerirepo.reports.submit import NOT_TAKEN, submit
from web.db import PublicReading, Reading, Transaction

router = APIRouter(route_class=AsJson, tags=["reports"])

HELPED_SINCE = 3
"""The level of the contract that brought `helped`."""


class ReportTaken(TypedDict):
    """The report is with the ward. Keep the receipt."""

    receipt: Receipt
    report: OwnReport


class FeedbackHeard(TypedDict):
    """`new_report_offered`: it was written down for the desk; a new post would help more."""

    report_id: str
    status: str
    version: int
    reopened: bool
    new_report_offered: bool


class Following(TypedDict):
    """Whether the person follows the report now."""

    report_id: str
    following: bool


@router.put(
    "/reports/{report_id}",
    **answers(
        ReportTaken, NotSignedIn, RegistrationIncomplete, *NOT_TAKEN, TooMany, also=(201,), writes=True
    ),
)
def send_report(
    session: Transaction,
    reporter: WritingReporter,
    lang: Language,
    report_id: NewReportId,
    body: Submission,
) -> Response:
    """Send a report. 201 at first; 200 with the same receipt for the same again, for ever."""
    submitted = submit(session, reporter, report_id, body)
    session.flush()
    taken: ReportTaken = {
        "receipt": submitted.receipt,
        "report": _own_view(session, report_id, reporter.id, lang),
    }
    return as_json(taken, 201 if submitted.is_new else 200)


@router.get("/reports/{report_id}", **answers(OneReport, NotSignedIn, ReportNotFound, ReportTakenBack))
def read_report(
    session: Reading, public: PublicReading, reporter: MaybeReporter, lang: Language, named: ReportName
) -> OneReport:
    """One's own or a followed report in full; else what is published of it."""
    return one_report(session, public, named, reporter.id if reporter else None, lang)


@router.get("/me/reports", **answers(MyReports, NotSignedIn, CursorInvalid))
def list_my_reports(
    session: Reading,
    reporter: ReadingReporter,
    lang: Language,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> MyReports:
    """One's own reports, and those that one follows, newest first."""
    return own.mine(session, reporter.id, lang, limit=limit, cursor=cursor)


@router.post(
    "/reports/{report_id}/withdraw",
    **answers(OwnReport, NotSignedIn, ReportNotFound, MoveNotPossible, writes=True),
)
def withdraw_report(
    session: Transaction, reporter: WritingReporter, lang: Language, named: ReportName
) -> OwnReport:
    """Take one's own report back, while nobody works on it."""
    report = own.own_report(session, named, reporter.id)
    withdraw.withdraw(session, report)
    session.flush()
    return _own_view(session, report.id, reporter.id, lang)


@router.post(
    "/reports/{report_id}/comments",
    **answers(
        OwnReport,
        NotSignedIn,
        ReportNotFound,
        ReportEmpty,
        SaidIdTaken,
        PhotoUnknown,
        TooMany,
        status=201,
        also_with={200: "id"},
        writes=True,
    ),
)
def add_comment(
    session: Transaction, reporter: WritingReporter, lang: Language, named: ReportName, body: comment.Comment
) -> Response:
    """Add words or photos to one's own report, or answer the ward's question. 200 for the same again."""
    report = own.own_report(session, named, reporter.id)
    is_new = comment.comment(session, report, reporter.id, body)
    session.flush()
    return as_json(_own_view(session, report.id, reporter.id, lang), 201 if is_new else 200)


@router.post(
    "/reports/{report_id}/feedback",
    **answers(
        FeedbackHeard,
        NotSignedIn,
        ReportNotFound,
        feedback.NotClosedYet,
        feedback.OtherQuestion,
        MoveNotPossible,
        SaidIdTaken,
        PhotoUnknown,
        TooMany,
        writes=True,
    ),
)
def give_feedback(
    session: Transaction,
    reporter: WritingReporter,
    named: ReportName,
    body: feedback.Opinion,
    level: Declared,
) -> FeedbackHeard:
    """Glad it is fixed, or not: then it is opened again within 14 days. Of an answer: has it helped?"""
    report, is_own = own.own_or_followed(session, named, reporter.id)
    heard = feedback.give_feedback(
        session,
        report,
        reporter.id,
        body,
        is_own=is_own,
        knows_helped=level is None or level >= HELPED_SINCE,
    )
    return {
        "report_id": str(report.id),
        "status": heard.status,
        "version": heard.version,
        "reopened": heard.has_reopened,
        "new_report_offered": heard.offers_new_report,
    }


@router.put("/reports/{report_id}/follow", **answers(Following, NotSignedIn, ReportNotFound, writes=True))
def follow_report(session: Transaction, reporter: WritingReporter, named: ReportName) -> Following:
    """見守る: hear about somebody else's public report. Once, however often asked for."""
    report = find_public(session, named)
    follow.follow(session, report, reporter.id)
    return {"report_id": str(report.id), "following": True}


@router.delete("/reports/{report_id}/follow", **answers(None, NotSignedIn, status=204, writes=True))
def unfollow_report(session: Transaction, reporter: WritingReporter, named: ReportName) -> Response:
    """Hear about it no more."""
    report_id = own.report_id_of(session, named)
    if report_id:
        follow.unfollow(session, report_id, reporter.id)
    return Response(status_code=204)


def _own_view(session: Session, report_id: UUID, reporter_id: UUID, lang: str) -> OwnReport:
    found = reporter_view.view(session, report_id, reporter_id, lang)
    if found is None:
        raise ReportNotFound
    return found[0]
