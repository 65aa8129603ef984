"""直ってよかった, or まだ直っていない: what people say of a result. Of an answer: whether it helped.

"Not fixed" is also how to disagree with an answer: 納得できない, or things have changed.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StrictBool, model_validator
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from nerirepo.base import clock
from nerirepo.base.errors import Conflict
from nerirepo.catalogue.most import MOST_PHOTOS
from nerirepo.database import rate_limit
from nerirepo.photos.tables import OwnerKind
from nerirepo.reports import history, once, status
from nerirepo.reports.apply import clear_closing
from nerirepo.reports.comment import COMMENTS, add_photos
from nerirepo.reports.own_photos import own_photos
from nerirepo.reports.photos_of import photos_of
from nerirepo.reports.status import Action, EventKind
from nerirepo.reports.submission import LONGEST_DESCRIPTION
from nerirepo.reports.tables import ActorKind, Feedback, Report
from nerirepo.words.fields import Request, Text, Uuid7

REOPENS_WITHIN = timedelta(days=14)
"""Later it is probably new damage, which a new report describes better."""


class NotClosedYet(Conflict):
    """The ward is still working on this report."""

    code = "not_closed_yet"


class OtherQuestion(Conflict):
    """What was closed without a repair cannot be confirmed as fixed, and a repair is no answer that helps."""

    code = "other_question"


class Question(StrEnum):
    """What is asked about a closed report."""

    FIXED = "fixed"
    HELPED = "helped"


def asks(standing: status.Status) -> Question | None:
    """What people are asked about a report that stands so; None where nothing."""
    if standing in status.REPAIRED:
        return Question.FIXED
    return Question.HELPED if standing in status.ANSWERED else None


class Opinion(Request):
    """Is it fixed, or did the answer help? One of them, with words and photos. `id` makes repeating safe.

    `fixed: false` of an answer disagrees with it.
    """

    id: Uuid7 | None = None
    fixed: StrictBool | None = None
    helped: StrictBool | None = None
    comment: Annotated[Text, Field(max_length=LONGEST_DESCRIPTION)] = ""
    photo_ids: Annotated[tuple[Uuid7, ...], Field(max_length=MOST_PHOTOS)] = ()

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.fixed is None) == (self.helped is None):
            raise ValueError("say either fixed or helped")
        return self

    @property
    def is_no(self) -> bool:
        """Of a repair, or of an answer."""
        return self.fixed is False


@dataclass(frozen=True)
class Heard:
    """How the report stood then. `offers_new_report`: it was written down, and a new post would help more."""

    status: str
    version: int
    has_reopened: bool
    offers_new_report: bool


def give_feedback(
    session: Session,
    report: Report,
    reporter_id: UUID,
    opinion: Opinion,
    *,
    is_own: bool,
    knows_helped: bool = True,
) -> Heard:
    """`report` is locked by the caller; `is_own` says that this person sent it (else follows it).

    An app that does not know `helped` can only be glad of an answer by `fixed`: it is written down as helped.
    Raises `NotClosedYet`, `MoveNotPossible` where nobody is asked, `OtherQuestion`, `SaidIdTaken`,
    `PhotoUnknown` and `TooMany`.
    """
    if opinion.fixed and not knows_helped and report.status in status.ANSWERED:
        opinion = opinion.model_copy(update={"fixed": None, "helped": True})
    before = once.answer_before(session, opinion, report.id, reporter_id)
    if before is not None:
        return Heard(**before)
    heard = _hear(session, report, reporter_id, opinion, is_own=is_own)
    once.store_answer(session, opinion, report.id, reporter_id, asdict(heard))
    return heard


def _hear(session: Session, report: Report, reporter_id: UUID, opinion: Opinion, *, is_own: bool) -> Heard:
    now = clock.now()
    heard = _heard_before(session, report, reporter_id, opinion)
    if heard:
        return heard
    if report.status in status.OPEN:
        raise NotClosedYet(facts={"report_status": report.status})
    if report.status not in status.JUDGED:
        raise status.MoveNotPossible(facts={"report_status": report.status})
    if opinion.fixed if report.status in status.ANSWERED else opinion.helped is not None:
        raise OtherQuestion(facts={"report_status": report.status})
    rate_limit.count(session, COMMENTS, str(reporter_id))
    own_photos(session, opinion.photo_ids, OwnerKind.REPORTER, reporter_id)
    _keep(session, report, reporter_id, opinion)
    before = report.status
    reopens = (
        is_own
        and opinion.is_no
        and before in status.MOVES[Action.REOPEN].sources
        and report.closed_at is not None
        and now <= report.closed_at + REOPENS_WITHIN
    )
    report.updated_at = now
    if reopens:
        report.status = status.move(before, Action.REOPEN)
        clear_closing(report)
        report.version += 1
    elif is_own and asks(before) is Question.FIXED:
        report.confirmed_fixed_at = now if opinion.fixed else None
    event_seq = history.record(
        session,
        report,
        EventKind.REOPEN if reopens else EventKind.FEEDBACK,
        actor=ActorKind.REPORTER,
        from_status=before,
        facts=opinion.model_dump(include={"fixed", "helped"}, exclude_none=True) | {"own": is_own},
        reporter_words=opinion.comment,
        reporter_id=reporter_id,
    )
    add_photos(session, report.id, opinion.photo_ids, event_seq)
    return _heard(report, has_reopened=reopens, offers_new_report=opinion.is_no and not reopens)


def _heard(report: Report, *, has_reopened: bool, offers_new_report: bool) -> Heard:
    return Heard(report.status, report.version, has_reopened, offers_new_report)


def _heard_before(session: Session, report: Report, reporter_id: UUID, opinion: Opinion) -> Heard | None:
    """A phone repeats itself, and people press a button twice: the same of the same closing is heard once."""
    said = session.get(Feedback, (report.id, reporter_id))
    if said is None or said.said != (bool(opinion.fixed), opinion.helped, opinion.comment):
        return None
    if not set(opinion.photo_ids) <= {shown.photo_id for shown, _ in photos_of(session, report.id)}:
        return None
    if report.status in status.OPEN:
        return _heard(report, has_reopened=True, offers_new_report=False) if opinion.is_no else None
    if report.closed_at is None or said.at < report.closed_at:
        return None
    return _heard(report, has_reopened=False, offers_new_report=opinion.is_no)


def _keep(session: Session, report: Report, reporter_id: UUID, opinion: Opinion) -> None:
    said = {
        "is_fixed": bool(opinion.fixed),
        "helped": opinion.helped,
        "comment": opinion.comment,
        "at": clock.now(),
    }
    session.exec(
        insert(Feedback)
        .values(report_id=report.id, reporter_id=reporter_id, **said)
        .on_conflict_do_update(index_elements=["report_id", "reporter_id"], set_=said)
    )
