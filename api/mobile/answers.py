"""What /v1 answers, as the published contract describes it.

Endpoints return plain dicts, which is faster than validating each answer again; these classes describe them
in the OpenAPI document, and the tests hold every answer against that. Enums are open: a client shows a value
that it does not know as it would show the group.
"""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, RootModel
from pydantic.config import JsonDict
from pydantic.json_schema import SkipJsonSchema


class Answer(BaseModel):
    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


def _left_out(schema: JsonDict) -> None:
    """The field is missing rather than null."""
    del schema["default"]


class Fault(Answer):
    """One fault of a request."""

    field: Annotated[str, Field(examples=["location.lat"])]
    code: Annotated[str, Field(examples=["less_than_equal"])]
    detail: str


class Neighbour(Answer):
    """The municipality that a place outside the ward belongs to."""

    name: str
    code: str | None


class Problem(Answer):
    """RFC 9457, with a stable `code` and whether the same request may succeed later."""

    model_config = ConfigDict(extra="allow", json_schema_serialization_defaults_required=False)

    type: Annotated[str, Field(examples=["urn:nerirepo:problem:outside_ward"])]
    title: str
    status: int
    code: Annotated[str, Field(examples=["outside_ward"])]
    detail: str
    errors: list[Fault]
    retryable: bool
    neighbour: Annotated[
        Neighbour | SkipJsonSchema[None],
        Field(
            description="With `outside_ward`, where it is known whose place it is",
            json_schema_extra=_left_out,
        ),
    ] = None
    tries_left: Annotated[
        int | SkipJsonSchema[None], Field(description="With `code_wrong`", json_schema_extra=_left_out)
    ] = None
    report_status: Annotated[
        str | SkipJsonSchema[None],
        Field(
            description="With `move_not_possible`, `not_closed_yet` and `other_question`",
            json_schema_extra=_left_out,
        ),
    ] = None
    action: Annotated[
        str | SkipJsonSchema[None], Field(description="With `move_not_possible`", json_schema_extra=_left_out)
    ] = None
    bytes_taken: Annotated[
        int | SkipJsonSchema[None], Field(description="With `too_large`", json_schema_extra=_left_out)
    ] = None


class Named(Answer):
    """A code of ours, with its name in the language asked for."""

    code: str
    name: str


class Coordinates(Answer):
    """WGS 84, degrees."""

    lat: float
    lon: float


class Municipality(Named):
    """Whose service this is; `code` is the municipality's JIS code of six digits."""


class Limits(Answer):
    """What is taken: anything above is refused."""

    photos_per_report: int
    photo_bytes: int
    photo_types: list[str]
    description_characters: int


class EmergencyContact(Named):
    """Whom to call instead, when it cannot wait."""

    phone: str


class ReadingHours(Answer):
    """When staff read; posting is possible day and night."""

    days: list[str]
    opens: Annotated[str, Field(examples=["08:30"])]
    closes: Annotated[str, Field(examples=["17:15"])]
    note: str


class Posting(Answer):
    """Whether new reports are taken at the moment; `reason` is for the person."""

    open: bool
    reason: str | None


class Terms(Answer):
    """What people agree to: two pages. Send `version` as `terms_version` once they have."""

    version: str
    url: str
    privacy_url: str


class ReceiptKey(Answer):
    """Ed25519. `public_key`: 32 bytes in base64."""

    key_id: str
    algorithm: str
    public_key: str


class Service(Answer):
    """What an app needs to know before anything else. Fetch it at each start."""

    name: str
    short_name: str
    municipality: Municipality
    contract_level: int
    minimum_level: int
    limits: Limits
    languages: list[str]
    emergency_contacts: list[EmergencyContact]
    reading_hours: ReadingHours
    posting: Posting
    terms: Terms
    receipt_keys: list[ReceiptKey]


class Choice(Answer):
    """One of the answers to a question."""

    code: str
    label: str


class Question(Answer):
    """`type`: choice, text, number or boolean."""

    code: str
    type: str
    label: str
    required: bool
    choices: list[Choice]


class Category(Named):
    """Residents choose one without children."""

    icon: str
    questions: list[Question]
    emergency_text: str | None
    is_deed: bool
    children: list["Category"]


class Categories(Answer):
    """In the language that was chosen from Accept-Language."""

    language: str
    categories: list[Category]


class Responsible(Answer):
    """`kind`: ward, tokyo, national, private, utility or neighbour. `contact` has phone, mail, url, note."""

    kind: str
    code: str | None
    name: str
    reason: str | None
    contact: dict[str, Any]


class Picture(Answer):
    """A fresh encoding without any of the camera's data."""

    url: str
    width: int
    height: int
    content_type: str


class PublicPhoto(Answer):
    """`role`: before or after. `renditions`: large, medium, small."""

    role: str
    url: str
    width: int
    height: int
    renditions: dict[str, Picture]


class PublicReport(Answer):
    """`status_group`: before, during or after. `point` is null where a home is near."""

    id: str
    number: Annotated[str, Field(examples=["NR-2026-000123"])]
    category: Named
    status: str
    status_group: str
    town: str | None
    point: Coordinates | None
    words: str
    photos: list[PublicPhoto]
    received_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    expected_on: date | None
    department: Named
    confirmed_fixed: bool
    is_deed: bool


class NearbyReport(PublicReport):
    """A published report near a place, how far away it lies, and whether it is of the very category asked."""

    metres: int
    same_kind: bool


class Lookup(Answer):
    """`border`: within 50 m of the ward's boundary; please confirm the place."""

    inside: bool
    border: bool
    town: str | None
    neighbour: Neighbour | None
    responsible: Responsible
    nearby: list[NearbyReport]


class ChallengeBegun(Answer):
    """A code is on its way to the address, or would be if the address could be reached."""

    challenge_id: str
    expires_at: datetime


class CodeLetterStanding(Answer):
    """Where the letter with the code is. `state`: pending, sent to the mail server, or refused for good."""

    state: str
    expires_at: datetime


class Profile(Answer):
    """What the person has said of themself."""

    id: str
    email: str
    nickname: str | None
    eligibility: Annotated[str | None, Field(description="lives, works, studies; null: cannot post yet")]
    locale: str
    mail_updates: bool
    terms_version: str | None
    created_at: datetime


class SignedIn(Answer):
    """The token is shown this once. It stays good for a year after it was last used."""

    token: str
    expires_at: datetime
    reporter: Profile
    device: Annotated[
        str,
        Field(
            description="Keep it when the person signs out, and send it with the next `POST /v1/sign-in`: "
            "letters are kept for this device that nobody else can use up. Opens nothing"
        ),
    ]


class Upload(Answer):
    """Send the bytes with this method to this absolute URL, with just these headers."""

    method: str
    url: str
    headers: dict[str, str]
    expires_at: datetime


class Rendition(Picture):
    """A picture that was made of a photo, and its name: large, medium, small."""

    name: str


class SuggestedPlace(Coordinates):
    """Where the camera says that it was. `accuracy_m`: by how many metres it says that it may be wrong."""

    accuracy_m: float | None = None


class Suggestion(Answer):
    """What the camera wrote."""

    place: SuggestedPlace | None
    taken_at: datetime | None


class ShownPhoto(Answer):
    """`state`: awaiting, received, ready or rejected. `reason` of a rejection is a code of an open list:
    photo_type_not_allowed, photo_damaged, photo_too_many_pixels, photo_too_small ..."""

    photo_id: str
    state: str
    reason: str | None
    sha256: str
    renditions: list[Rendition]


class Photo(ShownPhoto):
    """A phone deletes its own picture only when `state` is received or ready, with its `sha256`."""

    bytes: int
    content_type: str
    suggestion: Suggestion | None
    upload: Upload | None


class PhotoReceived(Answer):
    """The bytes have come, and are what was announced."""

    photo_id: str
    state: str
    sha256: str


class ReportPhoto(ShownPhoto):
    """A photo of a report. `role`: before (the reporter's) or after (the ward's)."""

    role: str


class ReceiptPhoto(Answer):
    """A photo that the receipt speaks for."""

    photo_id: str
    sha256: str


class Receipt(Answer):
    """Frozen. `signature` (base64) is Ed25519 over all other members as JSON in UTF-8 with sorted keys and no
    white space. An app deletes its words only when it holds this. `content_sha256` is the service's own hash
    of what it took in: opaque to an app, and proof that nothing was changed since."""

    report_id: str
    number: str
    version: int
    received_at: Annotated[
        str,
        Field(
            description="RFC 3339. A string and no moment: written in another way, it is not what was signed"
        ),
    ]
    photos: list[ReceiptPhoto]
    content_sha256: str
    key_id: str
    signature: str


class Answered(Answer):
    """An answer as people read it, in the language asked for, behind its question."""

    question: str
    answer: str


class OwnLocation(Coordinates):
    """Where the reporter said that it is, and how the phone knew."""

    accuracy_m: float | None
    source: str | None


class HistoryEvent(Answer):
    """`by`: ward or reporter. `facts`: expected_on, reason_code, measured_value, manager, parent ..."""

    id: str
    kind: str
    at: datetime
    by: str
    status: str
    note: str | None
    words: str | None
    facts: dict[str, Any]


class Possibilities(Answer):
    """What the person can still do with the report."""

    withdraw: bool
    give_feedback: bool
    asks: Annotated[
        str | None,
        Field(description="`fixed` or `helped`: what to ask about it, and to say in feedback"),
    ]
    reopen_until: datetime | None


class Outlook(Answer):
    """What to expect of a report that nobody has read yet.

    `is_being_read`: the ward's staff are reading posts at the moment of this answer. `read_from`: since when
    they are, or else from when on they will; null where nobody ever reads.
    `usual_days`: four in five of this kind were repaired within so many days; null where too few were.
    """

    read_from: datetime | None
    is_being_read: bool
    usual_days: int | None


class OwnReport(Answer):
    """A report as the person who sent it sees it. `question`: what the ward has asked and nobody answered."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

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
    observed_at: datetime | None
    received_at: datetime
    updated_at: datetime
    expected_on: date | None
    closed_at: datetime | None
    confirmed_fixed: bool
    parent_number: str | None
    can: Possibilities
    photos: list[ReportPhoto]
    timeline: list[HistoryEvent]
    question: str | None
    outlook: Annotated[
        Outlook | SkipJsonSchema[None],
        Field(
            description="When the report is read (GET) and nobody of the ward has looked at it yet",
            json_schema_extra=_left_out,
        ),
    ] = None


class ReportTaken(Answer):
    """The report is with the ward. Keep the receipt."""

    receipt: Receipt
    report: OwnReport


class PublicEvent(Answer):
    """One line of a published report's history."""

    kind: str
    at: datetime
    status: str
    note: str | None
    facts: dict[str, Any]


class OtherManager(Named):
    """Who looks after the thing, where it is not the ward."""

    contact: dict[str, Any]


class PublicCase(PublicReport):
    """`glad_count`: how many people have said that they are glad it is fixed."""

    glad_count: int
    timeline: list[PublicEvent]
    manager: OtherManager | None
    parent_number: str | None


class OneReport(RootModel[OwnReport | PublicCase]):
    """Whole to the person who sent it; to everyone else what is published."""


class Export(Answer):
    """Everything we hold about the person, table by table."""

    model_config = ConfigDict(extra="allow")


class ListedReport(Answer):
    """`own` is false for a report that one follows."""

    id: str
    number: str
    category: Named
    status: str
    status_group: str
    version: int
    town: str | None
    received_at: datetime
    updated_at: datetime
    own: bool


class MyReports(Answer):
    """A page of one's own and followed reports, newest first."""

    reports: list[ListedReport]
    next_cursor: str | None


class Change(Answer):
    """`removed`: followed no more, or not public any more; forget it. Else `report` is as it stands now."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    id: str
    removed: bool
    report: Annotated[
        ListedReport | SkipJsonSchema[None],
        Field(json_schema_extra=_left_out),
    ] = None


class Changes(Answer):
    """`next_cursor` asks for what comes later; `has_more`: there is more already."""

    changes: list[Change]
    next_cursor: str
    has_more: bool


class FeedbackHeard(Answer):
    """`new_report_offered`: it was written down for the desk; a new post would help more."""

    report_id: str
    status: str
    version: int
    reopened: bool
    new_report_offered: bool


class Following(Answer):
    """Whether the person follows the report now."""

    report_id: str
    following: bool


class PublicReports(Answer):
    """A page of what is published, newest first."""

    reports: list[PublicReport]
    next_cursor: str | None
