"""What does the person who sent a report read of it? Its shape; `reporter_view` fills it."""

from datetime import datetime
from typing import Annotated, Any, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from nerirepo.photos.view import ShownPhoto
from nerirepo.places.office import Responsible
from nerirepo.words.fields import Coordinates, WrittenDay, WrittenMoment
from nerirepo.words.language import Named


class ReportPhoto(ShownPhoto):
    """A photo of a report. `role`: before (the reporter's) or after (the ward's)."""

    role: str


class Answered(TypedDict):
    """An answer as people read it, in the language asked for, behind its question."""

    question: str
    answer: str


class OwnLocation(Coordinates):
    """Where the reporter said that it is, and how the phone knew."""

    accuracy_m: float | None
    source: str | None


class HistoryEvent(TypedDict):
    """`by`: ward or reporter. `facts`: expected_on, reason_code, measured_value, manager, parent ..."""

    id: str
    kind: str
    at: WrittenMoment
    by: str
    status: str
    note: str | None
    words: str | None
    facts: dict[str, Any]


class Possibilities(TypedDict):
    """What the person can still do with the report."""

    withdraw: bool
    give_feedback: bool
    asks: Annotated[
        str | None,
        Field(description="`fixed` or `helped`: what to ask about it, and to say in feedback"),
    ]
    reopen_until: WrittenMoment | None


class Outlook(TypedDict):
    """What to expect of a report that nobody has read yet.

    `is_being_read`: the ward's staff are reading posts at the moment of this answer. `read_from`: since when
    they are, or else from when on they will; null where nobody ever reads.
    `usual_days`: four in five of this kind were repaired within so many days; null where too few were.
    """

    read_from: datetime | None
    is_being_read: bool
    usual_days: int | None


class OwnReport(TypedDict):
    """A report as the person who sent it sees it. `question`: what the ward has asked and nobody answered."""

    id: str
    number: str
    category: Named
    status: str
    status_group: str
    visibility: str
    version: int
    description: str
    answers: dict[str, Any]
    answered: list[Answered]
    location: OwnLocation | None
    town: str | None
    flags: list[str]
    responsible: Responsible
    observed_at: WrittenMoment | None
    received_at: WrittenMoment
    updated_at: WrittenMoment
    expected_on: WrittenDay | None
    closed_at: WrittenMoment | None
    confirmed_fixed: bool
    parent_number: str | None
    can: Possibilities
    photos: list[ReportPhoto]
    timeline: list[HistoryEvent]
    question: str | None
    outlook: NotRequired[
        Annotated[
            Outlook,
            Field(description="When the report is read (GET) and nobody of the ward has looked at it yet"),
        ]
    ]
