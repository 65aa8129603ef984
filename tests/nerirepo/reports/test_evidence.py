"""What an action must carry: a closure without evidence is refused, and all faults are told at once."""

from typing import Any

import pytest

from nerirepo.base.ids import uuid7
from nerirepo.reports.action_request import ActionRequest
from nerirepo.reports.evidence import NEEDED_BY_REASON, EvidenceMissing, ReasonCode, check

WORDS = {"public_note": "直しました。"}
PHOTO = {"photo_ids": [uuid7()]}

ENOUGH: list[tuple[str, dict[str, Any]]] = [
    ("accept", {}),
    ("ask", WORDS),
    ("start", {}),
    ("start", {"expected_on": "2026-12-01"}),
    ("resolve", WORDS | PHOTO),
    ("resolve", WORDS | {"no_photo_reason": "工事の人が立っていて撮れません"}),
    ("decline", WORDS | {"reason_code": "private_land"}),
    ("decline", WORDS | {"reason_code": "within_standard", "measured_value": "段差 8 mm"}),
    ("decline", WORDS | {"reason_code": "not_found"} | PHOTO),
    ("decline", WORDS | {"reason_code": "not_now", "review_on": "2027-04-01"}),
    ("hand_over", {"manager": "tokyo_roads"}),
    ("merge", {"parent_report": "NR-2026-000001"}),
    ("thank", {}),
    ("reopen", {"internal_note": "電話で、まだ直っていないと聞きました"}),
    ("reassign", {"department": "parks"}),
    ("reassign", {"assignee": str(uuid7())}),
    ("recategorise", {"category": "lamp.out"}),
    ("edit_public_text", {"public_text": ""}),
    ("note", PHOTO),
    ("publish", {"public_text": ""}),
    ("accept", PHOTO | {"public_text": "穴"}),
    ("reassign", {"assignee": None}),
    ("hide", {"internal_note": "名前が読めます"}),
    ("feature", {}),
    ("unfeature", {}),
]
TOO_LITTLE: list[tuple[str, dict[str, Any], list[str]]] = [
    ("ask", {}, ["public_note"]),
    ("resolve", {}, ["public_note", "photo_ids"]),
    ("resolve", WORDS, ["photo_ids"]),
    ("resolve", PHOTO, ["public_note"]),
    ("decline", {}, ["public_note", "reason_code"]),
    ("decline", WORDS | {"reason_code": "because"}, ["reason_code"]),
    ("decline", WORDS | {"reason_code": "within_standard"}, ["measured_value"]),
    ("decline", WORDS | {"reason_code": "not_found"}, ["photo_ids"]),
    ("decline", WORDS | {"reason_code": "not_now"}, ["review_on"]),
    ("decline", {"reason_code": "not_now"}, ["public_note", "review_on"]),
    ("hand_over", WORDS, ["manager"]),
    ("merge", WORDS, ["parent_report"]),
    ("reopen", {}, ["public_note"]),
    ("reassign", {}, ["department"]),
    ("recategorise", {}, ["category"]),
    ("edit_public_text", {}, ["public_text"]),
    ("note", {}, ["public_note"]),
    ("publish", {}, ["public_text"]),
    ("accept", PHOTO, ["public_text"]),
    ("hide", {}, ["internal_note"]),
]


def request(action: str, fields: dict[str, Any]) -> ActionRequest:
    return ActionRequest.model_validate({"action_id": uuid7(), "action": action} | fields)


@pytest.mark.parametrize(("action", "fields"), ENOUGH, ids=[f"{a}-{'+'.join(f)}" for a, f in ENOUGH])
def test_this_is_enough(action: str, fields: dict[str, Any]) -> None:
    check(request(action, fields), is_worded=False)


@pytest.mark.parametrize(
    ("action", "fields", "missing"), TOO_LITTLE, ids=[f"{a}-{'+'.join(f)}" for a, f, _ in TOO_LITTLE]
)
def test_this_is_too_little_and_every_fault_is_named(
    action: str, fields: dict[str, Any], missing: list[str]
) -> None:
    with pytest.raises(EvidenceMissing) as refusal:
        check(request(action, fields), is_worded=False)
    assert [fault.field for fault in refusal.value.faults] == missing


def test_words_that_stand_already_need_not_be_sent_again() -> None:
    check(request("publish", {}), is_worded=True)
    check(request("accept", PHOTO), is_worded=True)


def test_words_of_nothing_but_blanks_are_no_words() -> None:
    with pytest.raises(EvidenceMissing):
        check(request("ask", {"public_note": " \n "}), is_worded=False)


def test_the_three_reasons_that_can_be_shown_must_be_shown() -> None:
    assert set(NEEDED_BY_REASON) == {ReasonCode.WITHIN_STANDARD, ReasonCode.NOT_FOUND, ReasonCode.NOT_NOW}
