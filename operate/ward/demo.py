"""Sample reports for a first look: sent in, worked on and answered by the use-cases of real ones.

Whatever is done here has an id that is the same at each run, and is done once by the use-cases themselves: an
interrupted play is simply played again. On a slow machine the store or the database may be away for a while:
then it waits, and goes on where it was.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from io import BytesIO
from typing import TypeVar
from uuid import UUID

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlmodel import Session, col, select

from nerirepo import clock
from nerirepo.db import reading, transaction
from nerirepo.errors import Unavailable
from nerirepo.photos import receive
from nerirepo.photos.announce import Announcement, Owner, announce
from nerirepo.photos.process import develop, settle
from nerirepo.photos.tables import OwnerKind
from nerirepo.publication import tallies
from nerirepo.reporters import sign_in
from nerirepo.reporters.tables import Eligibility, Reporter
from nerirepo.reports.act import act
from nerirepo.reports.action_request import ActionRequest
from nerirepo.reports.feedback import Opinion, give_feedback
from nerirepo.reports.own import own_report
from nerirepo.reports.status import Action
from nerirepo.reports.submission import Location, Submission
from nerirepo.reports.submit import submit
from nerirepo.reports.tables import Feedback, Report, StaffAction
from nerirepo.settings import settings
from nerirepo.staff.roles import Role
from nerirepo.staff.tables import Member
from operate.supervising.supervisor import say
from operate.ward import samples
from operate.ward.samples import Sample, Says, Step

EMAIL = "mihon@example.jp"
"""Of the resident who sends all samples. The domain is reserved for examples: no letter can arrive."""
REGISTERED_BEFORE = timedelta(days=200)

Done = TypeVar("Done")

WAITS = (1, 2, 5, 10, *[30] * 20)
"""Seconds before each new try: ten minutes, then the next start goes on."""

CREW_DOES = frozenset({Action.START, Action.RESOLVE})
"""In its own department; all else, and all of the others, is the desk's here."""


@dataclass(frozen=True)
class _Cast:
    reporter: Reporter
    desk: Member
    crew: Member

    @property
    def now(self) -> datetime:
        """The moment of the first play, from which days are counted: a later run goes on in the same time."""
        return self.reporter.created_at + REGISTERED_BEFORE

    def member_for(self, action: Action | Says, department: str) -> Member:
        return self.crew if action in CREW_DOES and department == self.crew.department_code else self.desk


def play() -> None:
    """Send in the ward's sample reports and walk them through their life. Where they are, it does nothing."""
    with reading() as session:
        missing = [each for each in samples.read(settings().ward) if not _is_there(session, each)]
        if not missing:
            return
        desk, crew = (_member(session, role) for role in (Role.DESK, Role.FIELD))
    cast = _Cast(_patiently(_reporter), desk, crew)
    for sample in missing:
        say(f"  sample report: {sample.code}")
        _patiently(partial(_walk, cast, sample))
    # Nobody should meet empty statistics until the clock asks for the next count.
    _patiently(_count)


def _count() -> None:
    with transaction() as session:
        tallies.count(session)


def _patiently(do: Callable[[], Done]) -> Done:
    """Try until what it needs is there; raises what it raised when patience has ended."""
    for wait in WAITS:
        try:
            return do()
        except (Unavailable, OperationalError, PoolExhausted) as error:
            say(f"  trying again in {wait} s: {error}")
            time.sleep(wait)
    return do()


def _is_there(session: Session, sample: Sample) -> bool:
    """Up to its last step."""
    if not sample.steps:
        return session.get(Report, _id(sample, "report")) is not None
    if sample.steps[-1].action in set(Says):
        said = select(Feedback).where(Feedback.report_id == _id(sample, "report"))
        return session.exec(said).first() is not None
    return _steps_taken(session, sample) == len(sample.steps)


def _steps_taken(session: Session, sample: Sample) -> int:
    """Up to the last that staff took: what the reporter said before it was heard, too."""
    actions = (session.get(StaffAction, _id(sample, f"step {at}")) for at in range(len(sample.steps)))
    return max((at for at, action in enumerate(actions, start=1) if action), default=0)


def _member(session: Session, role: Role) -> Member:
    statement = select(Member).where(Member.role == role, col(Member.is_active))
    return session.exec(statement.order_by(col(Member.created_at)).limit(1)).one()


def _reporter() -> Reporter:
    with reading() as session:
        registered = session.exec(select(Reporter).where(Reporter.email == EMAIL)).one_or_none()
    if registered:
        return registered
    with clock.at(clock.now() - REGISTERED_BEFORE):
        with transaction() as session:
            challenge = sign_in.begin(session, email=EMAIL, locale="ja", client="demo")
        with transaction() as session:
            code = sign_in.code_of(challenge.id)
            outcome = sign_in.finish(session, challenge.id, code, eligibility=Eligibility.LIVES)
        return sign_in.raise_if_refused(outcome).reporter


def _walk(cast: _Cast, sample: Sample) -> None:
    sent_at, *acted_at = samples.moments(sample, cast.now)
    with clock.at(sent_at):
        photo_id = _photo(sample, "before", sample.picture, Owner(OwnerKind.REPORTER, cast.reporter.id))
        with transaction() as session:
            submit(session, cast.reporter, _id(sample, "report"), _submission(sample, photo_id))
    with reading() as session:
        taken = _steps_taken(session, sample)
    for position, (step, moment) in enumerate(zip(sample.steps, acted_at, strict=True)):
        if position < taken:
            continue
        with clock.at(moment):
            if step.action in set(Says):
                _say(cast, sample, step)
            else:
                _take(cast, sample, position, step, photo_id)


def _say(cast: _Cast, sample: Sample, step: Step) -> None:
    said = Opinion(fixed=step.action == Says.GLAD, comment=step.comment)
    with transaction() as session:
        report = own_report(session, str(_id(sample, "report")), cast.reporter.id)
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


def _take(cast: _Cast, sample: Sample, position: int, step: Step, photo_id: UUID) -> None:
    with reading() as session:
        department = session.get_one(Report, _id(sample, "report")).department_code
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
            parent_id = _id_of(step.parent, "report")
            fields["parent_report"] = session.get_one(Report, parent_id).number
    if step.public_text is not None:
        publish = {"public_text": fields.pop("public_text"), "photo_ids": [photo_id]}
        if step.action is Action.ACCEPT:
            fields |= publish
        else:  # the other actions do not publish
            _act(cast.desk, sample, f"publish {position}", {"action": Action.PUBLISH, **publish})
    _act(member, sample, f"step {position}", fields)


def _act(member: Member, sample: Sample, name: str, fields: Mapping[str, object]) -> None:
    request = ActionRequest.model_validate({"action_id": _id(sample, name), **fields})
    with transaction() as session:
        act(session, member, _id(sample, "report"), request, expected_version=None)


def _photo(sample: Sample, name: str, picture: str, owner: Owner) -> UUID:
    """Sent and developed at the present moment; its id."""
    photo_id = _id(sample, name)
    jpeg = (settings().ward / "samples" / picture).read_bytes()
    announcement = Announcement(sha256=sha256(jpeg).hexdigest(), bytes=len(jpeg), content_type="image/jpeg")
    with transaction() as session:
        photo = announce(session, owner, photo_id, announcement)
    receive.store(photo, BytesIO(jpeg))
    # Here and not only by the worker's job, so that the first letters and pages already show it.
    outcome = develop(photo_id)
    if outcome:
        with transaction() as session:
            settle(session, photo_id, outcome)
    return photo_id


def _id(sample: Sample, name: str) -> UUID:
    return _id_of(sample.code, name)


def _id_of(code: str, name: str) -> UUID:
    """A UUID of version 7 that says nothing but which sample, and what of it."""
    digest = int.from_bytes(sha256(f"sample {code} {name}".encode()).digest()[:16])
    return UUID(int=digest & ~(0xF << 76 | 0b11 << 62) | 0x7 << 76 | 0b10 << 62)
