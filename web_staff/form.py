"""What somebody typed into an action's form: read into an action, or shown again with what was wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from pydantic import ValidationError

from nerirepo.base.errors import FieldFault, ServiceError
from nerirepo.moderation.screening import screen
from nerirepo.reports.action_request import ActionRequest
from nerirepo.reports.evidence_photos import TAKEN_BY_STAFF
from nerirepo.reports.references import ReferenceUnknown
from nerirepo.reports.screened import WordsNotScreened
from nerirepo.reports.status import Action
from web.errors import status_of
from web_staff.carried import Carried

TYPED = (
    "public_note",
    "internal_note",
    "no_photo_reason",
    "expected_on",
    "reason_code",
    "measured_value",
    "review_on",
    "manager",
    "external_reference",
    "parent_report",
    "department",
    "assignee",
    "category",
    "public_text",
)
TICKED = ("keep_department", "screened")
NOBODY = "nobody"
"""Chosen as the assignee."""
FAULTS_IN_WORDS = frozenset(
    {
        "words_not_screened",
        "evidence_missing",
        "day_implausible",
        "reference_unknown",
        "assignee_elsewhere",
        "merge_with_itself",
        "merge_in_circle",
        "report_unknown",
        "too_long",
    }
)
PUBLISHES = frozenset({Action.ACCEPT, Action.PUBLISH})


@dataclass
class Form:
    """A form of an action, as it was sent or kept."""

    carried: Carried
    faults: tuple[FieldFault, ...] = ()
    code: str = ""
    status: int = 200
    is_draft: bool = False
    """Kept from an earlier try, and shown again by itself."""

    @classmethod
    def of(cls, carried: Carried, *, is_draft: bool = False) -> "Form":
        return cls(carried, is_draft=is_draft)

    @property
    def action(self) -> str:
        return self.typed.get("action", "")

    @property
    def action_id(self) -> UUID:
        return self.carried.form_id

    @property
    def typed(self) -> Mapping[str, str]:
        return self.carried.typed

    @property
    def photo_ids(self) -> list[str]:
        return self.carried.photo_ids

    @property
    def version(self) -> int:
        """Of the report as it was shown; 0 for what is no version, which none has."""
        typed = self.typed.get("version", "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0

    def request(self) -> ActionRequest:
        """Raises pydantic's `ValidationError`. An empty field was not filled in."""
        named: dict[str, object] = {key: value for key in TYPED if (value := self.typed.get(key, "").strip())}
        photos = self.photo_ids
        named |= {name: True for name in TICKED if name in self.typed}
        if (seen := self.typed.get("seen_seq", "")).isascii() and seen.isdigit():
            named["seen_seq"] = int(seen)
        if named.get("assignee") == NOBODY:
            named["assignee"] = None
        if self.action == Action.ACCEPT and "publish" not in self.typed:
            named.pop("public_text", None)  # accepted, and left for another time to publish
        elif self.action in PUBLISHES:
            named |= {
                "public_text": self.typed.get("public_text", ""),
                "photo_ids": photos,
                "hides_point": "hides_point" in self.typed,
            }
        elif self.action == Action.EDIT_PUBLIC_TEXT:
            named |= {"public_text": self.typed.get("public_text", "")}
        elif self.action in TAKEN_BY_STAFF and photos:
            named |= {"photo_ids": photos}
        return ActionRequest.model_validate(named | {"action_id": str(self.action_id), "action": self.action})

    def found(self, name: str) -> list[tuple[str, str]]:
        """(words, kind) of what the screening finds in a field."""
        words = self.typed.get(name, "")
        return [(words[each.start : each.end], each.kind) for each in screen(words)]

    @property
    def asks_for_yes(self) -> bool:
        """Whether names or numbers are left in the words, which somebody must have looked at."""
        return self.code == WordsNotScreened.code or "screened" in self.typed

    def refused(self, error: ServiceError) -> None:
        self.faults, self.code = error.faults, error.code
        self.status = status_of(type(error))

    def invalid(self, error: ValidationError) -> None:
        self.faults = tuple(
            FieldFault(".".join(map(str, each["loc"])), each["type"], each["msg"]) for each in error.errors()
        )
        self.code, self.status = "invalid", 422

    @property
    def only_fault(self) -> str | None:
        """The one thing that is wrong, where it says more than the error as a whole: a number, a date."""
        codes = {each.code for each in self.faults}
        if self.code == ReferenceUnknown.code and len(codes) == 1:
            return next(iter(codes & FAULTS_IN_WORDS - {ReferenceUnknown.code}), None)
        return None

    def fault_of(self, name: str) -> str | None:
        """What is wrong with a field, as the catalogue's `field_fault.` has it."""
        field = "photo_ids" if name == "photos" else name
        code = next((each.code for each in self.faults if each.field.split(".")[0] == field), None)
        return code if code is None or code in FAULTS_IN_WORDS else "other"
