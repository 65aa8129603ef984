"""Nothing that names somebody is published by an oversight, through whichever door it comes."""

from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from nerirepo.base.ids import uuid7
from nerirepo.database import db
from nerirepo.reports.action_request import ActionRequest
from nerirepo.reports.screened import PUBLIC_WORDS, WordsNotScreened, found
from nerirepo.reports.tables import Report
from tests.factories import Person, a_member, a_reporter, send_report, take_action

PHONE = "連絡先は 090-1234-5678 です。"


@pytest.fixture
def report_id(client: TestClient) -> str:
    return send_report(client, a_reporter()).json()["receipt"]["report_id"]


READ_BY_OTHERS: list[tuple[str, dict[str, Any], str]] = [
    ("accept", {"public_text": PHONE}, "public_text"),
    ("publish", {"public_text": PHONE}, "public_text"),
    ("edit_public_text", {"public_text": PHONE}, "public_text"),
    ("accept", {"public_note": PHONE}, "public_note"),
    ("start", {"public_note": PHONE}, "public_note"),
    ("resolve", {"public_note": PHONE, "no_photo_reason": "夜"}, "public_note"),
    ("resolve", {"public_note": "直しました。", "no_photo_reason": PHONE}, "no_photo_reason"),
    ("decline", {"public_note": PHONE, "reason_code": "private_land"}, "public_note"),
    (
        "decline",
        {"public_note": "基準内です。", "reason_code": "within_standard", "measured_value": PHONE},
        "measured_value",
    ),
    ("hand_over", {"manager": "tokyo_roads", "public_note": PHONE}, "public_note"),
    ("hand_over", {"manager": "tokyo_roads", "external_reference": PHONE}, "external_reference"),
    ("note", {"public_note": PHONE}, "public_note"),
]


@pytest.mark.parametrize(
    ("action", "fields", "field"), READ_BY_OTHERS, ids=[f"{a}-{f}" for a, _, f in READ_BY_OTHERS]
)
def test_words_that_may_name_somebody_need_an_explicit_yes(
    report_id: str, action: str, fields: dict[str, Any], field: str
) -> None:
    desk = a_member()
    with pytest.raises(WordsNotScreened) as refusal:
        take_action(desk, report_id, action, **fields)
    assert [fault.field for fault in refusal.value.faults] == [field]
    (found,) = refusal.value.facts["findings"]
    assert fields[field][found["start"] : found["end"]].strip() == "090-1234-5678"
    assert take_action(desk, report_id, action, **fields, screened=True).event_seq


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "ask", "public_note": PHONE},
        {"action": "note", "internal_note": PHONE},
        {"action": "accept", "public_text": "丁目だけなら豊玉北六丁目です。"},
    ],
)
def test_words_that_others_do_not_read_are_nobodys_to_screen(fields: dict[str, Any]) -> None:
    assert list(found(ActionRequest(action_id=uuid7(), **fields))) == []


@pytest.mark.parametrize(
    "reference",
    ["T-2026-00123", "20261128001", "第3-456号", "都建三管第1234号", "受付 1234-5678"],
)
def test_a_managers_own_number_is_no_persons(reference: str) -> None:
    hand_over = {"action": "hand_over", "manager": "tokyo_roads", "external_reference": reference}
    assert list(found(ActionRequest(action_id=uuid7(), **hand_over))) == []


def test_what_stays_among_the_facts_in_words_is_screened() -> None:
    words, stay = "田中 様方", set()
    for name in ActionRequest.model_fields:
        try:
            request = ActionRequest.model_validate({"action_id": str(uuid7()), "action": "note", name: words})
        except ValidationError:
            continue  # a code, a day, an id
        if words in request.facts().values():
            stay.add(name)
    assert stay == {"measured_value", "no_photo_reason", "external_reference"}
    assert stay <= set(PUBLIC_WORDS)


def test_programs_are_told_what_was_found_and_where(client: TestClient, report_id: str) -> None:
    desk: Person = a_member()
    body = {"action_id": str(uuid7()), "action": "accept", "public_text": PHONE}
    address = f"/staff/reports/{report_id}/actions"
    headers = desk.headers | {"If-Match": '"1"'}
    refused = client.post(address, headers=headers, json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "words_not_screened")
    (one,) = refused.json()["findings"]
    assert (one["field"], one["kind"]) == ("public_text", "phone_number")
    assert refused.json()["errors"][0]["field"] == "public_text"
    # The refused id was not used up: the same action with a yes goes through.
    assert client.post(address, headers=headers, json=body | {"screened": True}).status_code == 200
    with db.reading() as session:
        assert session.get_one(Report, UUID(report_id)).public_text == PHONE


def test_a_repeat_of_what_an_earlier_release_took_is_known_again() -> None:
    """The hash of its content says nothing of fields that it did not know."""
    action_id, report_id = uuid7(), uuid7()
    plain = ActionRequest(action_id=action_id, action="note", internal_note="x")
    same = ActionRequest(
        action_id=action_id, action="note", internal_note="x", screened=False, keep_department=False
    )
    other = ActionRequest(action_id=action_id, action="note", internal_note="x", screened=True)
    assert plain.content_sha256(report_id) == same.content_sha256(report_id)
    assert plain.content_sha256(report_id) != other.content_sha256(report_id)
    stays = ActionRequest(action_id=action_id, action="reassign", department="parks")
    leaves = ActionRequest(action_id=action_id, action="reassign", department="parks", assignee=None)
    assert stays.content_sha256(report_id) != leaves.content_sha256(report_id)
