"""What a member of staff sends to move a report. The same body from the API, the desk's page and the demo."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, Strict
from pydantic_core import PydanticCustomError

from nerirepo.base.ids import content_sha256
from nerirepo.reports.status import Action
from nerirepo.words.fields import Code, Request, Text, Uuid, Uuid7

MOST_PHOTOS = 10
"""Photos with one action."""
LONGEST_NOTE = 2000
"""Characters of a public or internal note: a page of A4."""


def _plain_day(value: object) -> object:
    # Without this, pydantic takes numbers for days since 1970.
    if not isinstance(value, str | date):
        raise PydanticCustomError("string_type", "a day such as 2026-11-23 is expected")
    return value


Day = Annotated[date, BeforeValidator(_plain_day)]
Note = Annotated[Text, Field(max_length=LONGEST_NOTE)]

LATER_FIELDS = {"keep_department", "screened", "seen_seq"}
"""Came with a later release: left out of the content's hash where they are not given."""
FACTS = {
    "no_photo_reason",
    "expected_on",
    "reason_code",
    "measured_value",
    "review_on",
    "manager",
    "external_reference",
    "category",
    "hides_point",
}


class ActionRequest(Request):
    """One action. `action_id` is made by the client; the same id is done once, however often it is sent."""

    action_id: Uuid7
    action: Action
    public_note: Note | None = None
    """Words that residents read."""
    internal_note: Note | None = None
    photo_ids: Annotated[list[Uuid7], Field(max_length=MOST_PHOTOS)] = []
    """resolve, decline, note: taken by staff. accept, publish: the reporter's photos that are cleared."""
    no_photo_reason: Note | None = None
    expected_on: Day | None = None
    reason_code: Code | None = None
    measured_value: Annotated[Text, Field(max_length=200)] | None = None
    review_on: Day | None = None
    manager: Code | None = None
    external_reference: Annotated[Text, Field(max_length=200)] | None = None
    parent_report: Annotated[Text, Field(max_length=64)] | None = None
    """Number or id of the report that this one repeats."""
    department: Code | None = None
    assignee: Uuid | None = None
    """Of the report's department; explicitly null: nobody any more."""
    category: Code | None = None
    public_text: Note | None = None
    """The cleaned words of the report as the public reads them."""
    hides_point: bool | None = None
    """accept, publish: the public sees the town only, since a home is near. None: as it stands."""
    keep_department: bool = False
    """recategorise: the office stays, whatever the new category says."""
    screened: bool = False
    """Somebody has looked at the names, numbers and addresses in the words, and they may be public."""

    seen_seq: Annotated[int, Strict(), Field(ge=0, lt=2**63)] | None = None
    """The last event of the history that its sender saw: what a resident wrote later stays unread."""

    @property
    def unassigns(self) -> bool:
        """reassign: `assignee` is given, as nobody."""
        return "assignee" in self.model_fields_set and self.assignee is None

    def content_sha256(self, report_id: UUID) -> str:
        """Of what is asked for: equal for a repeat, also of one that an earlier release has taken."""
        written = self.model_dump(mode="json", exclude=LATER_FIELDS)
        # Not `seen_seq`: as the version, it says on what the action stands, and not what it is.
        asked = LATER_FIELDS - {"seen_seq"}
        later = self.model_dump(mode="json", include=asked, exclude_defaults=True)
        nobody = {"unassigns": True} if self.unassigns else {}
        return content_sha256([str(report_id), written | later | nobody])

    def facts(self) -> dict[str, Any]:
        """What the history keeps of it, beside the notes."""
        named = self.model_dump(mode="json", include=FACTS, exclude_none=True)
        return named | ({"photo_ids": [str(each) for each in self.photo_ids]} if self.photo_ids else {})
