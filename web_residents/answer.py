"""/l/answer/...: the reporter's own view of a report, and the answer that the letter asked for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError
from sqlmodel import Session

from nerirepo.base import clock, links
from nerirepo.base.errors import Gone
from nerirepo.base.links import Link, Purpose
from nerirepo.photos.outcome import INCOMPLETE
from nerirepo.photos.tables import PhotoState
from nerirepo.reporters import profile
from nerirepo.reports import own, reporter_view
from nerirepo.reports.comment import Comment, comment
from nerirepo.reports.feedback import Heard, NotClosedYet, Opinion, OtherQuestion, Question, give_feedback
from nerirepo.reports.find import ReportNotFound
from nerirepo.reports.own_report import OwnReport, ReportPhoto
from nerirepo.reports.status import Visibility
from nerirepo.reports.submission import ReportEmpty
from web.audience import for_everyone
from web.db import Reading, Transaction
from web_residents.failure import PageRoute
from web_residents.own_form import own_form
from web_residents.page import language_of, page, ward_profile

router = APIRouter(prefix="/answer", route_class=PageRoute, dependencies=[for_everyone, own_form])

FIXED, NOT_FIXED, HELPED, NOT_HELPED = "fixed", "not_fixed", "helped", "not_helped"
ANSWERS: dict[str | None, tuple[str, ...]] = {
    Question.FIXED: (FIXED, NOT_FIXED),
    Question.HELPED: (HELPED, NOT_HELPED, NOT_FIXED),
}
"""To what is asked about a report; "not fixed" disagrees with an answer."""
OPINIONS = {
    FIXED: {"fixed": True},
    NOT_FIXED: {"fixed": False},
    HELPED: {"helped": True},
    NOT_HELPED: {"helped": False},
}


class ReportNotShown(Gone):
    """This report is not public any more."""

    code = "report_not_shown"


@dataclass(frozen=True)
class _Opened:
    """What a link shows to the person it was written to."""

    link: Link
    lang: str
    report: OwnReport
    is_own: bool


@router.api_route("/{token}", methods=["GET", "HEAD"])
def show(session: Reading, request: Request, token: str, answer: str = "") -> HTMLResponse:
    """The report. `answer` (fixed, not_fixed, helped) only says which button comes first."""
    return _report_page(session, _open(session, request, token), chosen=answer)


@router.post("/{token}")
def take(
    session: Transaction,
    request: Request,
    token: str,
    answer: Annotated[str, Form()] = "",
    words: Annotated[str, Form()] = "",
) -> HTMLResponse:
    """What a button sends: `answer` to what is asked, or else `words` that answer the ward's question."""
    opened = _open(session, request, token)
    try:
        outcome = _write_down(session, opened.link, answer, words)
    except (ValidationError, ReportEmpty) as fault:
        known = "empty" if isinstance(fault, ReportEmpty) else "words"
        return _report_page(session, opened, chosen=answer, words=words, fault=known, status=422)
    except NotClosedYet:
        outcome = "not_closed"
    except OtherQuestion:  # an old letter's page: the report stands otherwise now
        return _report_page(session, opened, chosen="", words=words, fault="other_question", status=409)
    return page("thanks.j2", opened.lang, ward_profile(session), outcome=outcome, report=opened.report)


def _open(session: Session, request: Request, token: str) -> _Opened:
    link = links.read(Purpose.ANSWER, token)
    reporter = profile.of(session, link.reporter_id)
    lang = language_of(request, reporter.locale)
    found = reporter_view.view(session, link.report_id, link.reporter_id, lang)
    if found is None:
        raise ReportNotFound
    report, standing = found
    if not standing.is_own:
        report = _for_follower(report, follows=standing.follows)
    return _Opened(link, lang, report, standing.is_own)


def _for_follower(report: OwnReport, *, follows: bool) -> OwnReport:
    """Without what is the reporter's: who follows a report reads what the public does."""
    if not follows or report["visibility"] != Visibility.PUBLIC:
        raise ReportNotShown
    return {
        **report,
        "description": "",
        "answered": [],
        "question": None,
        "photos": [each for each in report["photos"] if each["role"] == "after"],
        "timeline": [{**each, "words": None} for each in report["timeline"] if each["by"] == "ward"],
    }


def _write_down(session: Session, link: Link, answer: str, words: str) -> str:
    """Which thanks it deserves."""
    report, is_own = own.own_or_followed(session, str(link.report_id), link.reporter_id)
    if answer in OPINIONS:
        opinion = Opinion.model_validate(OPINIONS[answer] | {"comment": words})
        heard = give_feedback(session, report, link.reporter_id, opinion, is_own=is_own)
        return _thanks_for_no(heard) if answer == NOT_FIXED else answer
    if not is_own:
        raise ReportNotFound
    comment(session, report, link.reporter_id, Comment.model_validate({"text": words}))
    return "words"


def _thanks_for_no(heard: Heard) -> str:
    return "reopened" if heard.has_reopened else "noted"


def _report_page(
    session: Session,
    opened: _Opened,
    *,
    chosen: str,
    words: str = "",
    fault: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    asked = opened.report["can"]["asks"]
    answers = ANSWERS.get(asked, ())
    return page(
        "report.j2",
        opened.lang,
        ward_profile(session),
        status=status,
        report=opened.report,
        asked=asked,
        may_reopen=_may_reopen(opened.report),
        pictures=_pictures(opened.report["photos"]),
        unseen=_unseen(opened.report["photos"]),
        answers=sorted(answers, key=lambda each: each != chosen),
        chosen=chosen,
        words=words,
        fault=fault,
    )


def _may_reopen(report: OwnReport) -> bool:
    until = report["can"]["reopen_until"]
    return until is not None and clock.now() <= datetime.fromisoformat(until)


def _pictures(photos: list[ReportPhoto]) -> list[dict[str, Any]]:
    """`{role, url, width, height}` of those that can be shown, before and then after."""
    return [
        {"role": photo["role"]} | rendition
        for photo in sorted(photos, key=lambda each: each["role"] == "after")
        for rendition in photo["renditions"]
        if rendition["name"] == "medium"
    ]


def _unseen(photos: list[ReportPhoto]) -> dict[str, int]:
    """How many of the reporter's own cannot be opened, and of how many only a part can be seen."""
    own_photos = [each for each in photos if each["role"] == "before"]
    return {
        "photos_damaged": sum(each["state"] == PhotoState.REJECTED for each in own_photos),
        "photos_incomplete": sum(each["reason"] == INCOMPLETE for each in own_photos),
    }
