"""What must an action carry? A closure that carries no evidence is refused."""

from collections.abc import Iterator
from enum import StrEnum

from nerirepo.base.errors import FieldFault, Invalid
from nerirepo.reports.action_request import ActionRequest
from nerirepo.reports.status import Action


class ReasonCode(StrEnum):
    """Why a report is declined."""

    LONG_TERM_STUDY = "long_term_study"
    PRIVATE_LAND = "private_land"
    PERSONAL_INFORMATION = "personal_information"
    WITHIN_STANDARD = "within_standard"
    NOT_FOUND = "not_found"
    NOT_NOW = "not_now"
    NOT_A_REPORT = "not_a_report"


class EvidenceMissing(Invalid):
    """Something that this action needs is missing."""

    code = "evidence_missing"


NEEDED: dict[Action, tuple[str, ...]] = {
    Action.ASK: ("public_note",),
    Action.RESOLVE: ("public_note", "photo_ids|no_photo_reason"),
    Action.DECLINE: ("public_note", "reason_code"),
    Action.HAND_OVER: ("manager",),
    Action.MERGE: ("parent_report",),
    Action.REOPEN: ("public_note|internal_note",),
    Action.REASSIGN: ("department|assignee",),
    Action.RECATEGORISE: ("category",),
    Action.EDIT_PUBLIC_TEXT: ("public_text",),
    Action.PUBLISH: ("public_text",),
    Action.NOTE: ("public_note|internal_note|photo_ids",),
    Action.HIDE: ("internal_note|reason_code",),
}
"""Fields that an action needs; `a|b` is either."""

NEEDED_BY_REASON: dict[ReasonCode, str] = {
    ReasonCode.WITHIN_STANDARD: "measured_value",
    ReasonCode.NOT_FOUND: "photo_ids",
    ReasonCode.NOT_NOW: "review_on",
}

MAY_BE_EMPTY = frozenset({"public_text"})
"""An empty text is an answer: a photo may speak for itself."""


def needed(action: Action, *, is_worded: bool) -> tuple[str, ...]:
    """What an action needs, as `NEEDED`. `is_worded`: the report has the words that the public will read."""
    return () if action is Action.PUBLISH and is_worded else NEEDED.get(action, ())


def _has(request: ActionRequest, field: str) -> bool:
    if field == "assignee" and request.unassigns:
        return True
    value = getattr(request, field)
    return value is not None if field in MAY_BE_EMPTY else bool(value)


def missing(request: ActionRequest, *, is_worded: bool) -> Iterator[FieldFault]:
    """The faults of a request, in the order of the table."""
    always = needed(request.action, is_worded=is_worded)
    if request.action is Action.ACCEPT and request.photo_ids:  # which publishes, too
        always += needed(Action.PUBLISH, is_worded=is_worded)
    for alternatives in always:
        fields = alternatives.split("|")
        if not any(_has(request, field) for field in fields):
            yield FieldFault(fields[0], "evidence_missing", f"{request.action} needs {' or '.join(fields)}")
    if request.action is Action.DECLINE and request.reason_code:
        try:
            reason = ReasonCode(request.reason_code)
        except ValueError:
            yield FieldFault("reason_code", "reason_unknown", f"one of {', '.join(ReasonCode)}")
            return
        field = NEEDED_BY_REASON.get(reason)
        if field and not _has(request, field):
            yield FieldFault(field, "evidence_missing", f"{reason} needs {field}")


def check(request: ActionRequest, *, is_worded: bool) -> None:
    """Raise `EvidenceMissing` with every fault at once."""
    faults = tuple(missing(request, is_worded=is_worded))
    if faults:
        raise EvidenceMissing(faults=faults)
