"""Taking in a report: once for each id, routed, numbered, receipted, in one transaction and by nothing but
the database.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlmodel import Session

from nerirepo import clock, rate_limit, sql
from nerirepo.catalogue import read as catalogue
from nerirepo.catalogue.offered import offered
from nerirepo.catalogue.questions import AnswerInvalid, check_answers
from nerirepo.catalogue.working_days import working_day
from nerirepo.errors import Conflict, FieldFault, Gone, Invalid, Unavailable
from nerirepo.photos.tables import OwnerKind
from nerirepo.places.locate import LayerMissing
from nerirepo.places.responsible import (
    OutsideWard,
    PlaceNotInJapan,
    Responsible,
    require_inside_or_border,
    responsible,
)
from nerirepo.rate_limit import Counted, Limit
from nerirepo.reporters.profile import Resident, require_registration
from nerirepo.reports import history, receipt, same_again
from nerirepo.reports.earlier import number_of_earlier
from nerirepo.reports.status import Status, Visibility
from nerirepo.reports.submission import BY_TOWN, Submission
from nerirepo.reports.tables import ActorKind, Flag
from nerirepo.settings import settings

NEW_FOR = timedelta(days=7)
"""An account that is younger may be anybody's, and made for a flood: it posts less."""
CLOCK_RUNS_AHEAD = timedelta(minutes=10)
OLDEST_OBSERVATION = timedelta(days=365)
SUBMITTED = "submit"

TO_TRIAGE = frozenset(Flag) - {Flag.BORDER}
"""Flags that make a person look before a department does."""


_CLAIM = """
    INSERT INTO report_submission (report_id, content_sha256) VALUES (:report_id, :content)
    ON CONFLICT DO NOTHING RETURNING report_id
"""
_STANDING = """
    SELECT content_sha256, receipt, erased_at, original.report_id IS NOT NULL AS has_original, reporter_id,
        description, answers
    FROM report_submission LEFT JOIN report_original AS original USING (report_id)
    WHERE report_id = :report_id
"""
_CATEGORY_AND_NUMBER = """
    SELECT category.code, category.questions, category.target_days, category.valid_until,
        category.is_danger, category.is_deed, ward.posting_open, nextval('report_number') AS number,
        ward.profile -> 'reading_hours' AS reading_hours,
        coalesce(ward.profile ->> 'number_prefix', 'NR') AS number_prefix,
        EXISTS (SELECT FROM category AS child WHERE child.parent_code = :code) AS is_only_a_group
    FROM ward LEFT JOIN category ON category.code = :code
"""
_OWN_PHOTOS = (
    "SELECT id, sha256 FROM photo WHERE id = ANY(:ids) AND owner_kind = :owner_kind AND owner_id = :owner_id"
)
# One statement for all, since posting waits for each round trip.
_TAKE_IN = """
    WITH original AS (
        INSERT INTO report_original (report_id, reporter_id, description, answers, accuracy_m,
            location_source, location_confirmed, observed_at, locale)
        VALUES (:id, :reporter_id, :description, :answers, :accuracy_m,
            :location_source, :location_confirmed, :observed_at, :locale)
    ), photos AS (
        INSERT INTO report_photo (report_id, photo_id, role, position, is_cleared)
        SELECT :id, photo_id, 'before', position - 1, false
        FROM unnest(CAST(:photo_ids AS uuid[])) WITH ORDINALITY AS sent (photo_id, position)
    ), receipt AS (
        UPDATE report_submission SET receipt = :receipt WHERE report_id = :id
    )
    INSERT INTO report (id, number, category_code, status, visibility, version, department_code,
        manager_code, location, town, routing_reason, routing_confidence, flags, is_danger, is_deed,
        hides_point, received_at, updated_at, due_on)
    VALUES (:id, :number, :category, :status, :visibility, :version, :department,
        :manager, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography, :town, :reason, :confidence,
        CAST(:flags AS varchar[]), :is_danger, :is_deed, :hides_point, :received_at, :received_at, :due_on)
"""


class ReportIdTaken(Conflict):
    """Another report has this id."""

    code = "report_id_taken"


class ReportErased(Gone):
    """This report was erased."""

    code = "report_erased"


class PhotoUnknown(Invalid):
    """A photo was not announced by you."""

    code = "photo_unknown"


class ReportEmpty(Invalid):
    """A report needs words or a photo."""

    code = "report_empty"


class PostingClosed(Unavailable):
    """Posting is closed at the moment. Keep the report and send it later."""

    code = "posting_closed"


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
class _New:
    """A report as it begins."""

    id: UUID
    status: Status = Status.RECEIVED
    visibility: Visibility = Visibility.PENDING
    version: int = 1


@dataclass(frozen=True)
class Submitted:
    report_id: UUID
    receipt: dict[str, Any]
    is_new: bool


def submit(session: Session, reporter: Resident, report_id: UUID, submission: Submission) -> Submitted:
    """Take in a registered resident's report; the same id and content are answered alike for ever."""
    content = submission.sha256()
    if not _claim(session, report_id, content):
        return _again(session, report_id, submission, reporter.id)
    require_registration(reporter)
    rate_limit.count_all(session, *_limits(reporter))
    proof = _take_in(session, report_id, submission, content, reporter_id=reporter.id)
    return Submitted(report_id, proof, is_new=True)


def submit_at_counter(
    session: Session, member_id: UUID, report_id: UUID, submission: Submission
) -> Submitted:
    """Take in a report that a member of staff heard by telephone or at the counter, from whomever."""
    content = submission.sha256()
    if not _claim(session, report_id, content):
        return _again(session, report_id, submission, None)
    proof = _take_in(session, report_id, submission, content, member_id=member_id)
    return Submitted(report_id, proof, is_new=True)


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
) -> dict[str, Any]:
    """Check, route and write the report, and write and give its receipt."""
    now = clock.now()
    category, number = _category_and_number(session, submission.category, now)
    if not submission.description and not submission.photo_ids:
        raise ReportEmpty
    checked = check_answers(catalogue.questions(category), submission.answers)
    place = submission.location
    found = responsible(session, place.lat, place.lon, category.code, checked.answers)
    require_inside_or_border(found.facts)
    owner = (OwnerKind.MEMBER, member_id) if member_id else (OwnerKind.REPORTER, reporter_id)
    hashes = own_photos(session, submission.photo_ids, *owner)

    named = submission.earlier_report
    earlier = number_of_earlier(session, named, reporter_id) if named else None

    flags = [flag.value for flag in _flags(submission, category, checked.missing, found, now)]
    if reporter_id and same_again.is_same_again(session, reporter_id, submission, now):
        flags.append(Flag.SAME_AGAIN.value)
    department = found.triage if TO_TRIAGE & set(flags) else found.decision.department
    proof = receipt.sign(
        report_id=report_id,
        number=number,
        received_at=now,
        photos=[{"photo_id": str(each), "sha256": hashes[each]} for each in submission.photo_ids],
        content_sha256=content,
    )
    report = _New(report_id)
    sql.run(
        session,
        _TAKE_IN,
        {
            "id": report.id,
            "status": report.status,
            "visibility": report.visibility,
            "version": report.version,
            "number": number,
            "category": category.code,
            "department": department,
            "manager": found.decision.manager,
            "lat": place.lat,
            "lon": place.lon,
            "town": found.facts.town,
            "reason": Jsonb(found.decision.reason),
            "confidence": found.decision.confidence,
            "flags": flags,
            "is_danger": category.is_danger,
            "is_deed": category.is_deed,
            "hides_point": found.decision.may_be_home or place.source == BY_TOWN,
            "received_at": now,
            "due_on": due_on(category.target_days, now, category.reading_hours),
            "reporter_id": reporter_id,
            "description": submission.description,
            "answers": Jsonb(checked.answers),
            "accuracy_m": place.accuracy_m,
            "location_source": place.source,
            "location_confirmed": place.confirmed,
            "observed_at": submission.observed_at,
            "locale": submission.locale,
            "photo_ids": list(submission.photo_ids),
            "receipt": Jsonb(proof),
        },
    )
    history.record(
        session,
        report,
        SUBMITTED,
        actor=ActorKind.MEMBER if member_id else ActorKind.REPORTER,
        member_id=member_id,
        facts={"category": category.code, "department": department, "flags": flags}
        | ({"manager": found.decision.manager} if found.decision.manager else {})
        | ({"earlier": earlier} if earlier else {}),
    )
    return proof


def due_on(target_days: int | None, received_at: datetime, hours: Mapping[str, Any] | None) -> date | None:
    """The day by which the ward means to have answered: so many of its working days on; or None."""
    if target_days is None:
        return None
    return working_day(hours or {}, clock.in_japan(received_at).date(), target_days)


def _claim(session: Session, report_id: UUID, content: str) -> bool:
    # The row is written first: a second request with this id waits here until the first has ended.
    return sql.first(session, _CLAIM, {"report_id": report_id, "content": content}) is not None


def _again(session: Session, report_id: UUID, submission: Submission, reporter_id: UUID | None) -> Submitted:
    standing = sql.first(session, _STANDING, {"report_id": report_id})
    if standing.content_sha256 != submission.sha256() and not _was_the_same(standing, submission):
        raise ReportIdTaken
    if standing.erased_at:
        raise ReportErased
    if not standing.has_original or standing.reporter_id != reporter_id or standing.receipt is None:
        raise ReportIdTaken
    return Submitted(report_id, standing.receipt, is_new=False)


def _was_the_same(standing: Any, submission: Submission) -> bool:
    """Whether it differs only by what is cleaned away by now, and was not when the report was taken in."""
    if not standing.has_original:
        return False
    before = submission.model_copy(update={"description": standing.description, "answers": standing.answers})
    cleaned = Submission.model_validate(before.model_dump())
    return cleaned == submission and before.sha256() == standing.content_sha256


def _category_and_number(session: Session, code: str, now: datetime) -> tuple[Any, str]:
    """What `Category` and the ward say, while posting is open, and the next number, such as NR-2026-000123.

    A number that is not used after all is a gap.
    """
    found = sql.first(session, _CATEGORY_AND_NUMBER, {"code": code})
    if found is None:
        raise catalogue.WardNotLoaded
    if not found.posting_open:
        raise PostingClosed(retry_after=3600)
    if found.code is None or found.is_only_a_group:
        raise catalogue.CategoryUnknown(faults=(FieldFault("category", "category_unknown", code),))
    return found, f"{found.number_prefix}-{clock.in_japan(now).year}-{found.number:06d}"


def own_photos(
    session: Session, ids: tuple[UUID, ...], kind: OwnerKind, owner: UUID | None
) -> dict[UUID, str]:
    """Each photo's sha256. Raises `Invalid` for more than the ward takes, and `PhotoUnknown` for what this
    person did not announce, or named twice.
    """
    if not ids:
        return {}
    if len(ids) > (most := offered().photos_per_report):
        raise Invalid(faults=(FieldFault("photo_ids", "too_long", f"at most {most}", is_of_form=True),))
    asked = {"ids": list(ids), "owner_kind": kind, "owner_id": owner}
    own = dict(sql.rows(session, _OWN_PHOTOS, asked))
    faults = tuple(
        FieldFault(f"photo_ids.{position}", "photo_unknown", str(photo_id))
        for position, photo_id in enumerate(ids)
        if photo_id not in own or photo_id in ids[:position]
    )
    if faults:
        raise PhotoUnknown(faults=faults)
    return own


def _flags(
    submission: Submission, category: Any, missing: list[str], found: Responsible, now: datetime
) -> Any:
    if found.facts.border:
        yield Flag.BORDER
    if not found.facts.inside:
        yield Flag.OUTSIDE
    if not catalogue.is_offered(category):
        yield Flag.CATEGORY_RETIRED
    if missing:
        yield Flag.ANSWER_MISSING
    observed = submission.observed_at
    if observed and not now - OLDEST_OBSERVATION <= observed <= now + CLOCK_RUNS_AHEAD:
        yield Flag.OBSERVED_AT_IMPLAUSIBLE
