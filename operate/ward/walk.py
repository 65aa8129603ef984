"""A sample report through its life, by the use-cases of real ones.

All that is done has an id that is the same at each run: an interrupted walk is simply walked again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from uuid import UUID

from sqlmodel import Session, select

from nerirepo.base import clock
from nerirepo.base.settings import settings
from nerirepo.database.db import reading, transaction
from nerirepo.photos import receive
from nerirepo.photos.announce import Announcement, Owner, PhotoIdTaken, announce
from nerirepo.photos.process import develop, settle
from nerirepo.photos.tables import OwnerKind
from nerirepo.reporters.tables import Reporter
from nerirepo.reports.act import act
from nerirepo.reports.action_request import ActionRequest
from nerirepo.reports.feedback import Opinion, give_feedback
from nerirepo.reports.own import own_report
from nerirepo.reports.status import Action
from nerirepo.reports.submission import Location, Submission
from nerirepo.reports.submit import submit
from nerirepo.reports.tables import Feedback, Report, StaffAction
from nerirepo.staff.tables import Member
from operate.ward import samples
from operate.ward.samples import Sample, Says, Step

REGISTERED_BEFORE = timedelta(days=200)
CREW_DOES = frozenset({Action.START, Action.RESOLVE})
"""In its own department; all else, and all of the others, is the desk's here."""


@dataclass(frozen=True)
class Cast:
    reporter: Reporter
    desk: Member
    crew: Member

    @property
    def now(self) -> datetime:
        """The first play's, from which days are counted: a later run goes on in the same time."""
        return self.reporter.created_at + REGISTERED_BEFORE

    def member_for(self, action: Action | Says, department: str) -> Member:
        return self.crew if action in CREW_DOES and department == self.crew.department_code else self.desk


def is_there(session: Session, sample: Sample) -> bool:
    """Up to its last step."""
    if not sample.steps:
        return session.get(Report, sample.id("report")) is not None
    if sample.steps[-1].action in set(Says):
        said = select(Feedback).where(Feedback.report_id == sample.id("report"))
        return session.exec(said).first() is not None
    return _steps_taken(session, sample) == len(sample.steps)


def _steps_taken(session: Session, sample: Sample) -> int:
    """Up to the last that staff took: what the reporter said before it was heard, too."""
    actions = (session.get(StaffAction, sample.id(f"step {at}")) for at in range(len(sample.steps)))
    return max((at for at, action in enumerate(actions, start=1) if action), default=0)


def walk(cast: Cast, sample: Sample) -> None:
    sent_at, *acted_at = samples.moments(sample, cast.now)
    with clock.at(sent_at):
        photo_id = _photo(sample, "before", sample.picture, Owner(OwnerKind.REPORTER, cast.reporter.id))
        with transaction() as session:
            submit(session, cast.reporter, sample.id("report"), _submission(sample, photo_id))
    with reading() as session:
        taken = _steps_taken(session, sample)
    for position, (step, moment) in [*enumerate(zip(sample.steps, acted_at, strict=True))][taken:]:
        with clock.at(moment):
            if step.action in set(Says):
                _say(cast, sample, step)
            else:
                _take(cast, sample, position, step, photo_id)


def _say(cast: Cast, sample: Sample, step: Step) -> None:
    said = Opinion(fixed=step.action == Says.GLAD, comment=step.comment)
    with transaction() as session:
        report = own_report(session, str(sample.id("report")), cast.reporter.id)
        give_feedback(session, report, cast.reporter.id, said, is_own=True)


def _submission(sample: Sample, photo_id: UUID) -> Submission:
    return Submission(
        category=sample.category,
        description=sample.words,
        location=Location(lat=sample.lat, lon=sample.lon, accuracy_m=8.0, source="gps"),
        photo_ids=(photo_id,),
        observed_at=clock.now(),
        answers=sample.answers,
    )


def _take(cast: Cast, sample: Sample, position: int, step: Step, photo_id: UUID) -> None:
    with reading() as session:
        department = session.get_one(Report, sample.id("report")).department_code
    member = cast.member_for(step.action, department)
    fields = step.model_dump(
        include={"action", "public_text", "public_note", "reason_code", "manager", "external_reference"},
        exclude_none=True,
    )
    if step.expected_in_days is not None:
        fields["expected_on"] = clock.today_in_japan() + timedelta(days=step.expected_in_days)
    if step.after_picture:
        owner = Owner(OwnerKind.MEMBER, member.id)
        fields["photo_ids"] = [_photo(sample, f"after {position}", step.after_picture, owner)]
    if step.parent:
        with reading() as session:
            fields["parent_report"] = session.get_one(Report, samples.id_of(step.parent, "report")).number
    if step.public_text is not None:
        publish = {"public_text": fields.pop("public_text"), "photo_ids": [photo_id]}
        if step.action is Action.ACCEPT:
            fields |= publish
        else:  # the other actions do not publish
            _act(cast.desk, sample, f"publish {position}", {"action": Action.PUBLISH, **publish})
    _act(member, sample, f"step {position}", fields)


def _act(member: Member, sample: Sample, name: str, fields: Mapping[str, object]) -> None:
    request = ActionRequest.model_validate({"action_id": sample.id(name), **fields})
    with transaction() as session:
        act(session, member, sample.id("report"), request, expected_version=None)


def _photo(sample: Sample, name: str, picture: str, owner: Owner) -> UUID:
    """Its id, once it is sent and developed."""
    photo_id = sample.id(name)
    jpeg = (settings().ward / "samples" / picture).read_bytes()
    announcement = Announcement(sha256=sha256(jpeg).hexdigest(), bytes=len(jpeg), content_type="image/jpeg")
    try:
        with transaction() as session:
            photo = announce(session, owner, photo_id, announcement)
    except PhotoIdTaken:  # another release has begun, with other pictures: its own stands
        return photo_id
    receive.store(photo, BytesIO(jpeg))
    if outcome := develop(photo_id):  # the first letters and pages show it, before the worker's job has run
        with transaction() as session:
            settle(session, photo_id, outcome)
    return photo_id
