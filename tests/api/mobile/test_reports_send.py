"""A resident sends a report, on a good network, on a bad one, and with every mistake one can make."""

import json
import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi.testclient import TestClient
from sqlmodel import func, select

from nerirepo.base import clock
from nerirepo.base.ids import canonical, uuid7
from nerirepo.catalogue.tables import Category
from nerirepo.database import db
from nerirepo.database.db import transaction
from nerirepo.reports.submission import Submission
from nerirepo.reports.tables import Report, ReportEvent, ReportOriginal, ReportSubmission
from tests.factories import WARD_OFFICE, Person, a_reporter, a_submission, send_photo, send_report
from tests.support.limits import limited

JSON = {"Content-Type": "application/json"}


def count_reports() -> int:
    with db.reading() as session:
        return session.exec(select(func.count()).select_from(Report)).one()


def test_a_pothole_is_taken_in_and_routed_with_its_reason(client: TestClient) -> None:
    hanako = a_reporter()
    photo_id = send_photo(client, hanako)
    answer = send_report(client, hanako, photo_ids=[photo_id])
    assert answer.status_code == 201, answer.text
    report = answer.json()["report"]
    assert report["status"] == "received"
    assert report["number"].startswith("NR-20")
    assert report["town"] == "豊玉北六丁目"
    assert report["responsible"]["code"] == "roads"
    assert report["responsible"]["reason"]
    assert [photo["photo_id"] for photo in report["photos"]] == [photo_id]


def test_the_same_again_is_answered_with_the_same_receipt(client: TestClient) -> None:
    hanako, report_id = a_reporter(), uuid7()
    first = send_report(client, hanako, report_id)
    again = send_report(client, hanako, report_id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["receipt"] == again.json()["receipt"]
    assert count_reports() == 1


def test_the_same_moment_in_another_time_zone_is_the_same_content(client: TestClient) -> None:
    hanako, report_id = a_reporter(), uuid7()
    moments = ("2026-11-25T19:04:11+09:00", "2026-11-25T10:04:11Z", "2026-11-25T10:04:11.000+00:00")
    answers = [send_report(client, hanako, report_id, observed_at=moment) for moment in moments]
    assert [each.status_code for each in answers] == [201, 200, 200]


def test_the_receipt_is_signed_with_a_published_key(client: TestClient) -> None:
    import base64

    receipt = send_report(client, a_reporter()).json()["receipt"]
    signature = base64.b64decode(receipt.pop("signature"))
    keys = {each["key_id"]: each for each in client.get("/v1/service").json()["receipt_keys"]}
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(keys[receipt["key_id"]]["public_key"]))
    key.verify(signature, canonical(receipt))


def test_other_content_under_the_same_id_is_a_conflict(client: TestClient) -> None:
    hanako, report_id = a_reporter(), uuid7()
    send_report(client, hanako, report_id)
    answer = send_report(client, hanako, report_id, description="別の話")
    assert (answer.status_code, answer.json()["code"]) == (409, "report_id_taken")
    assert count_reports() == 1


def test_somebody_elses_id_is_a_conflict_even_with_the_same_words(client: TestClient) -> None:
    report_id = uuid7()
    send_report(client, a_reporter(), report_id)
    answer = send_report(client, a_reporter("taro@example.jp"), report_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "report_id_taken")


def test_two_hundred_at_once_are_one_report(client: TestClient) -> None:
    hanako, report_id = a_reporter(), uuid7()
    with ThreadPoolExecutor(40) as phones:
        answers = list(phones.map(lambda _: send_report(client, hanako, report_id), range(200)))
    assert sorted({answer.status_code for answer in answers}) == [200, 201]
    assert [answer.status_code for answer in answers].count(201) == 1
    assert len({answer.json()["receipt"]["signature"] for answer in answers}) == 1
    assert count_reports() == 1


def test_numbers_rise(client: TestClient) -> None:
    hanako = a_reporter()
    numbers = [send_report(client, hanako).json()["receipt"]["number"] for _ in range(5)]
    assert numbers == sorted(set(numbers))


def test_a_report_and_its_history_are_one(client: TestClient) -> None:
    report_id = send_report(client, a_reporter()).json()["receipt"]["report_id"]
    with db.reading() as session:
        kinds = session.exec(select(ReportEvent.kind).where(ReportEvent.report_id == report_id)).all()
    assert kinds == ["submit"]


def test_without_signing_in_nothing_is_taken(client: TestClient) -> None:
    answer = client.put(f"/v1/reports/{uuid7()}", json=a_submission())
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_without_saying_why_one_may_post_nothing_is_taken(client: TestClient) -> None:
    answer = send_report(client, a_reporter(eligibility=None))
    assert (answer.status_code, answer.json()["code"]) == (403, "registration_incomplete")


def test_a_place_in_the_next_ward_is_refused_with_its_name(client: TestClient) -> None:
    shinjuku_side = {"lat": 35.7074, "lon": 139.6638}  # Nakano's ward office
    answer = send_report(client, a_reporter(), location=shinjuku_side)
    assert (answer.status_code, answer.json()["code"]) == (422, "outside_ward")
    assert answer.json()["neighbour"]["name"] == "中野区"


@pytest.mark.parametrize("place", [{"lat": 0.0, "lon": 0.0}, {"lat": 35.0, "lon": 0.0}])
def test_a_place_that_is_not_in_japan_is_refused(client: TestClient, place: dict[str, float]) -> None:
    answer = send_report(client, a_reporter(), location=place)
    assert (answer.status_code, answer.json()["code"]) == (422, "place_not_in_japan")


@pytest.mark.parametrize(
    ("from_now", "is_plausible"),
    [
        (timedelta(days=-366), False),
        (timedelta(days=-364), True),
        (timedelta(minutes=9), True),
        (timedelta(minutes=11), False),
    ],
)
def test_an_implausible_time_is_flagged_and_goes_to_triage(
    client: TestClient, from_now: timedelta, is_plausible: bool
) -> None:
    answer = send_report(client, a_reporter(), observed_at=(clock.now() + from_now).isoformat())
    assert answer.status_code == 201
    assert answer.json()["report"]["flags"] == ([] if is_plausible else ["observed_at_implausible"])
    assert (answer.json()["report"]["responsible"]["code"] == "desk") != is_plausible


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00"]
)
def test_a_time_at_the_end_of_the_calendar_is_flagged_and_can_be_read_in_japan(
    client: TestClient, moment: str
) -> None:
    answer = send_report(client, a_reporter(), observed_at=moment)
    assert answer.status_code == 201, answer.text
    report = answer.json()["report"]
    assert report["flags"] == ["observed_at_implausible"]
    assert datetime.fromisoformat(report["observed_at"]).astimezone(clock.JST)


NO_MOMENTS = [
    "2026-02-30T09:00:00+09:00",
    "2026-11-23T24:00:00+09:00",
    "0000-00-00T00:00:00Z",
    "2026-11-23T09:00:00",
    "2026-11-23T09:00:00+99:00",
    "99999-01-01T00:00:00Z",
    "yesterday",
    "\u0000",
    "",
]


@pytest.mark.parametrize("moment", NO_MOMENTS)
def test_a_time_that_is_none_is_dropped_and_never_costs_the_post(client: TestClient, moment: str) -> None:
    hanako, report_id = a_reporter(), str(uuid7())
    answer = send_report(client, hanako, report_id, observed_at=moment)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["report"]["observed_at"], answer.json()["report"]["flags"]) == (None, [])
    # The same again, and the same once the program has left out what it could not read.
    for again in ({"observed_at": moment}, {}):
        repeated = send_report(client, hanako, report_id, **again)
        assert (repeated.status_code, repeated.json()["receipt"]) == (200, answer.json()["receipt"])


@pytest.mark.parametrize(
    ("claimed", "kept"),
    [
        (-1, None),
        (-0.5, None),
        (1_000_000, 1_000_000),
        (1_000_001, None),
        (2_000_000.5, None),
        (10**400, None),
        (math.nan, None),
        (math.inf, None),
        (0, 0),
        (None, None),
    ],
)
def test_a_radius_that_no_phone_can_mean_is_dropped(
    client: TestClient, claimed: float | None, kept: float | None
) -> None:
    body = a_submission(location={**WARD_OFFICE, "accuracy_m": claimed, "source": "gps"})
    answer = client.put(
        f"/v1/reports/{uuid7()}", headers=a_reporter().headers | JSON, content=json.dumps(body)
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["report"]["location"]["accuracy_m"] == kept


@pytest.mark.parametrize("source", ["GPS", "写真", "", "x" * 65, "photo\u0000"])
def test_a_source_that_is_no_code_is_dropped(client: TestClient, source: str) -> None:
    answer = send_report(client, a_reporter(), location={**WARD_OFFICE, "source": source})
    assert answer.status_code == 201, answer.text
    assert answer.json()["report"]["location"]["source"] is None


@pytest.mark.parametrize("locale", ["ja_JP", "C", "", "日本語", "zh-Hans-CN-x-very-long-indeed"])
def test_a_language_that_is_none_is_taken_as_japanese(client: TestClient, locale: str) -> None:
    assert send_report(client, a_reporter(), locale=locale).status_code == 201
    with db.reading() as session:
        assert session.exec(select(ReportOriginal.locale)).one() == "ja"


def test_another_persons_photo_is_unknown(client: TestClient) -> None:
    photo_id = send_photo(client, a_reporter("taro@example.jp"))
    answer = send_report(client, a_reporter(), photo_ids=[photo_id])
    assert (answer.status_code, answer.json()["code"]) == (422, "photo_unknown")
    assert count_reports() == 0


def test_a_closed_service_says_so_and_the_app_may_try_again(client: TestClient) -> None:
    from nerirepo.catalogue.tables import Ward

    def set_open(is_open: bool) -> None:
        with db.transaction() as session:
            session.exec(select(Ward)).one().posting_open = is_open

    set_open(False)
    try:
        answer = send_report(client, a_reporter())
    finally:
        set_open(True)
    assert (answer.status_code, answer.json()["code"]) == (503, "posting_closed")
    assert answer.json()["retryable"] is True
    assert answer.headers["retry-after"]


NONSENSE: list[dict[str, Any]] = [
    {"category": None},
    {"category": 5},
    {"category": "no.such_thing"},
    {"category": "road.pothole\u0000"},
    {"description": None},
    {"description": "穴\ud800"},
    {"description": "e" + "\u0301" * 5000},
    {"description": "あ" * 2001},
    {"description": ["穴"]},
    {"location": None},
    {"location": {"lat": "35.7", "lon": 139.6}},
    {"location": {"lat": True, "lon": 139.6}},
    {"location": {"lat": 35.7}},
    {"location": {"lat": 139.6522, "lon": 35.7356}},
    {"location": {"lat": 35.7, "lon": 139.6, "altitude": 3}},
    {"location": {"lat": 1e400, "lon": 139.6}},
    {"photo_ids": "no list"},
    {"photo_ids": ["not an id"]},
    {"photo_ids": [5]},
    {"photo_ids": ["0193e4a0-0000-4000-8000-000000000000"]},
    {"observed_at": 1700000000},
    {"location": {"lat": 35.7, "lon": 139.6, "accuracy_m": "12"}},
    {"location": {"lat": 35.7, "lon": 139.6, "source": {}}},
    {"answers": []},
    {"answers": {"no_such_question": "x"}},
    {"locale": 5},
    {"surprise": True},
]


@pytest.mark.parametrize("change", NONSENSE, ids=[str(each)[:60].replace("\0", "NUL") for each in NONSENSE])
def test_nonsense_gets_a_clear_error_and_writes_nothing(client: TestClient, change: dict[str, Any]) -> None:
    body = json.dumps(a_submission(**change))
    answer = client.put(f"/v1/reports/{uuid7()}", headers=a_reporter().headers, content=body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"]
    assert answer.json()["retryable"] is False
    assert count_reports() == 0


RAW = {
    "NaN": b'{"category":"road.pothole","description":"x","location":{"lat":NaN,"lon":139.6}}',
    "lone surrogate": b'{"category":"other","description":"\\ud800","location":{"lat":35.7,"lon":139.6}}',
    "half a document": b'{"category":',
    "not UTF-8": b'{"category":"\xff\xfe"}',
    "a list": b"[]",
    "nothing": b"",
    "deep": b"[" * 20000,
}


@pytest.mark.parametrize("body", RAW.values(), ids=RAW.keys())
def test_what_is_not_even_json_gets_a_clear_error(client: TestClient, body: bytes) -> None:
    answer = client.put(f"/v1/reports/{uuid7()}", headers=a_reporter().headers, content=body)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_huge_body_is_refused_before_it_is_read(client: TestClient) -> None:
    answer = client.put(f"/v1/reports/{uuid7()}", headers=a_reporter().headers, content=b" " * 100_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("report_id", ["5", "not-an-id", "0193e4a0-0000-4000-8000-000000000000", "%00"])
def test_an_id_that_is_no_uuid7_is_refused(client: TestClient, report_id: str) -> None:
    answer = client.put(f"/v1/reports/{report_id}", headers=a_reporter().headers, json=a_submission())
    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_group_of_categories_is_no_category(client: TestClient) -> None:
    answer = send_report(client, a_reporter(), category="road")
    assert (answer.status_code, answer.json()["code"]) == (422, "category_unknown")


def test_a_fault_is_named_by_its_field_and_not_by_how_we_check(client: TestClient) -> None:
    answer = send_report(client, a_reporter(), category="park.equipment", answers={"size": [1]})
    assert [fault["field"] for fault in answer.json()["errors"]]
    assert all("[" not in fault["field"] and "0x" not in fault["field"] for fault in answer.json()["errors"])


def flags(answer: Any) -> list[str]:
    assert answer.status_code == 201, answer.text
    return answer.json()["report"]["flags"]


def test_a_category_that_was_closed_meanwhile_is_taken_and_looked_at(client: TestClient) -> None:
    yesterday = clock.today_in_japan() - timedelta(days=1)
    with changed_category("lamp.out", valid_until=yesterday):
        offered = json.dumps(client.get("/v1/categories").json())
        assert "lamp.out" not in offered
        answer = send_report(client, a_reporter(), category="lamp.out")
    assert flags(answer) == ["category_retired"]
    assert answer.json()["report"]["responsible"]["code"] == "desk"


def test_an_app_that_does_not_know_a_new_question_is_heard_all_the_same(client: TestClient) -> None:
    asked = {"code": "new", "type": "text", "labels": {"ja": "新しい質問"}, "required": True}
    hanako = a_reporter()
    with changed_category("lamp.out", questions=[asked]):
        assert flags(send_report(client, hanako, category="lamp.out")) == ["answer_missing"]
        answered = send_report(client, hanako, category="lamp.out", answers={"new": "はい"})
        assert flags(answered) == []


def test_an_app_that_still_asks_what_is_asked_no_more_is_heard(client: TestClient) -> None:
    asked = {"code": "old", "type": "text", "labels": {"ja": "むかしの質問"}, "retired": True}
    with changed_category("lamp.out", questions=[asked]):
        answer = send_report(client, a_reporter(), category="lamp.out", answers={"old": "はい"})
    assert flags(answer) == []
    assert answer.json()["report"]["answers"] == {"old": "はい"}


@pytest.mark.parametrize(("metres", "taken"), [(30, ["border", "outside"]), (80, None)])
def test_fifty_metres_are_forgiven_to_a_phone(
    client: TestClient, metres: int, taken: list[str] | None
) -> None:
    place = outside_by(client, metres)
    answer = send_report(client, a_reporter(), location=place)
    if taken is None:
        assert (answer.status_code, answer.json()["code"]) == (422, "outside_ward")
        assert answer.json()["neighbour"]["name"] == "中野区"
    else:
        assert flags(answer) == taken


def test_new_reports_are_counted_and_repeats_are_not(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, reports_per_hour_of_new=2)
    hanako, first = a_reporter(), uuid7()
    assert send_report(client, hanako, first).status_code == 201
    for _ in range(3):
        assert send_report(client, hanako, first).status_code == 200
    assert send_report(client, hanako).status_code == 201
    refused = send_report(client, hanako)
    assert (refused.status_code, refused.json()["retryable"]) == (429, True)
    assert int(refused.headers["Retry-After"]) > 0
    assert send_report(client, hanako, first).status_code == 200, "a repeat is answered in any case"
    assert send_report(client, a_reporter("taro@example.jp")).status_code == 201, "each for themselves"


@contextmanager
def changed_category(code: str, **changes: Any) -> Iterator[None]:
    """The ward's data stays from test to test: what is changed is put back."""
    with db.transaction() as session:
        category = session.get_one(Category, code)
        before = {name: getattr(category, name) for name in changes}
        for name, value in changes.items():
            setattr(category, name, value)
    try:
        yield
    finally:
        with db.transaction() as session:
            category = session.get_one(Category, code)
            for name, value in before.items():
                setattr(category, name, value)


def outside_by(client: TestClient, metres: int) -> dict[str, float]:
    """So far south of where the ward ends, below its office."""
    inside, outside = WARD_OFFICE["lat"], WARD_OFFICE["lat"] - 0.03
    while inside - outside > 1e-6:
        middle = (inside + outside) / 2
        asked = {"lat": middle, "lon": WARD_OFFICE["lon"]}
        if client.get("/v1/places/lookup", params=asked).json()["inside"]:
            inside = middle
        else:
            outside = middle
    return {"lat": outside - metres / 111_000, "lon": WARD_OFFICE["lon"]}


@pytest.mark.parametrize("unseen", ["\u200b", "\u2800", "\u3164", "\x0c", "\u200b\u3164\n\ufeff"], ids=ascii)
def test_words_that_nobody_can_see_are_no_report(client: TestClient, unseen: str) -> None:
    answer = send_report(client, a_reporter(), description=unseen)
    assert (answer.status_code, answer.json()["code"]) == (422, "report_empty")


def test_what_came_along_unseen_is_not_taken_in_and_changes_nothing_for_a_repeat(client: TestClient) -> None:
    hanako, report_id = a_reporter(), str(uuid7())
    first = put_report(client, hanako, report_id, a_submission(description="穴が\x0bあいて\u200bいます\0。"))
    again = put_report(client, hanako, report_id, a_submission(description="穴が\nあいています。"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["receipt"] == again.json()["receipt"]
    assert first.json()["report"]["description"] == "穴が\nあいています。"


def test_a_report_taken_in_before_unseen_characters_were_dropped_may_still_be_repeated(
    client: TestClient,
) -> None:
    hanako, report_id = a_reporter(), str(uuid7())
    first = put_report(client, hanako, report_id, a_submission())
    words = "穴が\u200bあいています。"
    body = Submission.model_validate(a_submission()).model_copy(update={"description": words})
    with transaction() as session:  # as the last release wrote it
        session.get_one(ReportSubmission, UUID(report_id)).content_sha256 = body.sha256()
        session.get_one(ReportOriginal, UUID(report_id)).description = words
    again = put_report(client, hanako, report_id, a_submission(description=words))
    assert (again.status_code, again.json()["receipt"]) == (200, first.json()["receipt"])
    other = put_report(client, hanako, report_id, a_submission(description="別の穴です。"))
    assert other.json()["code"] == "report_id_taken"


def put_report(client: TestClient, person: Person, report_id: str, body: dict[str, Any]) -> Any:
    return client.put(f"/v1/reports/{report_id}", headers=person.headers, json=body)
