"""Taking in a report: once for each id, routed, numbered, receipted, in one transaction and by nothing but
the database.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.base.settings import settings
from nerirepo.catalogue import read as catalogue
from nerirepo.catalogue.questions import AnswerInvalid, check_answers
from nerirepo.database import rate_limit
from nerirepo.database.rate_limit import Counted, Limit
from nerirepo.photos.tables import OwnerKind
from nerirepo.places.locate import LayerMissing
from nerirepo.places.responsible import (
    OutsideWard,
    PlaceNotInJapan,
    Responsible,
    require_inside_or_border,
    responsible,
)
from nerirepo.reporters.profile import Resident, require_registration
from nerirepo.reports import history, receipt, same_again
from nerirepo.reports.claim import ReportErased, ReportIdTaken, claim, receipt_of_same
from nerirepo.reports.due import due_on
from nerirepo.reports.earlier import number_of_earlier
from nerirepo.reports.flags import TO_TRIAGE, flags
from nerirepo.reports.number import Filed, PostingClosed, file_under
from nerirepo.reports.own_photos import PhotoUnknown, own_photos
from nerirepo.reports.receipt import Receipt
from nerirepo.reports.status import EventKind
from nerirepo.reports.submission import BY_TOWN, ReportEmpty, Submission
from nerirepo.reports.tables import ActorKind, Flag
from nerirepo.reports.write import write

NEW_FOR = timedelta(days=7)
"""An account that is younger may be anybody's, and made for a flood: it posts less."""

NOT_TAKEN = (
    ReportIdTaken,
    ReportErased,
    catalogue.CategoryUnknown,
    AnswerInvalid,
    ReportEmpty,
    PhotoUnknown,
    PlaceNotInJapan,
    OutsideWard,
    PostingClosed,
    LayerMissing,
    catalogue.WardNotLoaded,
)
"""Why a report is not taken in, whoever sends it."""


@dataclass(frozen=True)
class Submitted:
    report_id: UUID
    receipt: Receipt
    is_new: bool


def submit(session: Session, reporter: Resident, report_id: UUID, submission: Submission) -> Submitted:
    """Take in a registered resident's report; the same id and content are answered alike for ever."""
    content = submission.sha256()
    if not claim(session, report_id, content):
        return _as_before(session, report_id, submission, reporter.id)
    require_registration(reporter)
    rate_limit.count_all(session, *_limits(reporter))
    proof = _take_in(session, report_id, submission, content, reporter_id=reporter.id)
    return Submitted(report_id, proof, is_new=True)


def submit_at_counter(
    session: Session, member_id: UUID, report_id: UUID, submission: Submission
) -> Submitted:
    """Take in a report that a member of staff heard by telephone or at the counter, from whomever."""
    content = submission.sha256()
    if not claim(session, report_id, content):
        return _as_before(session, report_id, submission, None)
    proof = _take_in(session, report_id, submission, content, member_id=member_id)
    return Submitted(report_id, proof, is_new=True)


def _as_before(
    session: Session, report_id: UUID, submission: Submission, reporter_id: UUID | None
) -> Submitted:
    proof = receipt_of_same(session, report_id, submission, reporter_id)
    return Submitted(report_id, proof, is_new=False)


def _limits(reporter: Resident) -> Iterator[Counted]:
    """How many new reports a person may send. What is sent again under its id is never counted."""
    is_new = clock.now() < reporter.created_at + NEW_FOR
    asked, who = settings(), (str(reporter.id),)
    of_hour = asked.reports_per_hour_of_new if is_new else asked.reports_per_hour
    yield Counted(Limit("report_hour", of_hour, timedelta(hours=1)), who)
    if is_new:
        yield Counted(Limit("report_day", asked.reports_per_day_of_new, timedelta(days=1)), who)


def _take_in(
    session: Session,
    report_id: UUID,
    submission: Submission,
    content: str,
    *,
    reporter_id: UUID | None = None,
    member_id: UUID | None = None,
) -> Receipt:
    """Check, route and write the report, and write and give its receipt."""
    now = clock.now()
    filed = file_under(session, submission.category, now)
    if not submission.description and not submission.photo_ids:
        raise ReportEmpty
    answers = check_answers(catalogue.questions(filed), submission.answers)
    place = submission.location
    found = responsible(session, place.lat, place.lon, filed.code, answers.answers)
    require_inside_or_border(found.facts)
    owner = (OwnerKind.MEMBER, member_id) if member_id else (OwnerKind.REPORTER, reporter_id)
    hashes = own_photos(session, submission.photo_ids, *owner)

    named = submission.earlier_report
    earlier = number_of_earlier(session, named, reporter_id) if named else None

    seen = list(flags(submission, filed, answers.missing, found.facts, now))
    if reporter_id and same_again.is_same_again(session, reporter_id, submission, now):
        seen.append(Flag.SAME_AGAIN)
    proof = receipt.sign(
        report_id=report_id,
        number=filed.number,
        received_at=now,
        photos=[{"photo_id": str(each), "sha256": hashes[each]} for each in submission.photo_ids],
        content_sha256=content,
    )
    report = _report(report_id, submission, filed, found, seen, now)
    original = _original(report_id, submission, answers.answers, reporter_id)
    written = write(session, report, original, place=place, photo_ids=submission.photo_ids, receipt=proof)
    history.record(
        session,
        written,
        EventKind.SUBMIT,
        actor=ActorKind.MEMBER if member_id else ActorKind.REPORTER,
        member_id=member_id,
        facts={"category": filed.code, "department": report["department_code"], "flags": report["flags"]}
        | ({"manager": found.decision.manager} if found.decision.manager else {})
        | ({"earlier": earlier} if earlier else {}),
    )
    return proof


def _report(
    report_id: UUID,
    submission: Submission,
    filed: Filed,
    found: Responsible,
    seen: list[Flag],
    now: datetime,
) -> dict[str, Any]:
    decision = found.decision
    return {
        "id": report_id,
        "number": filed.number,
        "category_code": filed.code,
        "department_code": found.triage if TO_TRIAGE & set(seen) else decision.department,
        "manager_code": decision.manager,
        "town": found.facts.town,
        "routing_reason": decision.reason,
        "routing_confidence": decision.confidence,
        "flags": [flag.value for flag in seen],
        "is_danger": filed.is_danger,
        "is_deed": filed.is_deed,
        "hides_point": decision.may_be_home or submission.location.source == BY_TOWN,
        "received_at": now,
        "updated_at": now,
        "due_on": due_on(filed.target_days, now, filed.profile.reading_hours),
    }


def _original(
    report_id: UUID, submission: Submission, answers: dict[str, Any], reporter_id: UUID | None
) -> dict[str, Any]:
    place = submission.location
    return {
        "report_id": report_id,
        "reporter_id": reporter_id,
        "description": submission.description,
        "answers": answers,
        "accuracy_m": place.accuracy_m,
        "location_source": place.source,
        "location_confirmed": place.confirmed,
        "observed_at": submission.observed_at,
        "locale": submission.locale,
    }
