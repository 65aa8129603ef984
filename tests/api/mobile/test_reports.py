"""What a phone says of a report after sending it: taken back, added to, judged, followed, followed up."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import col, select

from nerirepo.base.ids import uuid7
from nerirepo.database.db import reading, transaction
from nerirepo.reports.status import Status, Visibility
from nerirepo.reports.tables import Feedback, Report, ReportEvent
from tests.factories import Person, a_member, a_reporter, send_photo, send_report, take_action

TARO = "taro@example.jp"


def sent(client: TestClient, person: Person, **changes: Any) -> str:
    """The id of a new report."""
    return send_report(client, person, **changes).json()["receipt"]["report_id"]


def resolved(client: TestClient, person: Person, *, days_ago: int = 0) -> str:
    """The id of a public report whose damage was repaired."""
    report_id, desk = sent(client, person), a_member()
    take_action(desk, report_id, "accept", public_text="道路の穴")
    take_action(desk, report_id, "resolve", public_note="ふさぎました。", no_photo_reason="dark")
    with transaction() as session:
        report = session.get_one(Report, UUID(report_id))
        assert report.closed_at
        report.closed_at -= timedelta(days=days_ago)
    return report_id


def post(client: TestClient, person: Person, path: str, body: Any = None) -> Any:
    return client.post(f"/v1/reports/{path}", headers=person.headers, json=body)


def judge(client: TestClient, person: Person, report_id: str, *, fixed: bool, comment: str = "") -> Any:
    return post(client, person, f"{report_id}/feedback", {"fixed": fixed, "comment": comment})


def follow(client: TestClient, person: Person, report_id: str) -> None:
    answer = client.put(f"/v1/reports/{report_id}/follow", headers=person.headers)
    assert answer.status_code == 200, answer.text


def seen(client: TestClient, person: Person, report_id: str) -> Any:
    return client.get(f"/v1/reports/{report_id}", headers=person.headers).json()


def test_a_report_is_taken_back_once_however_often_that_is_sent(client: TestClient) -> None:
    hanako = a_reporter()
    report_id = sent(client, hanako)
    first, again = (post(client, hanako, f"{report_id}/withdraw") for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    nothing = {"withdraw": False, "give_feedback": False, "asks": None, "reopen_until": None}
    assert first.json()["can"] == nothing


def test_what_is_being_repaired_is_not_taken_back_any_more(client: TestClient) -> None:
    hanako = a_reporter()
    report_id = sent(client, hanako)
    take_action(a_member(), report_id, "start")
    problem = post(client, hanako, f"{report_id}/withdraw").json()
    assert (problem["code"], problem["report_status"]) == ("move_not_possible", "in_progress")


def test_a_question_is_answered_with_words_and_a_photo(client: TestClient) -> None:
    hanako = a_reporter()
    report_id = sent(client, hanako)
    take_action(a_member(), report_id, "ask", public_note="どちら側ですか。")
    assert seen(client, hanako, report_id)["question"] == "どちら側ですか。"
    photo_id = send_photo(client, hanako)
    answer = post(client, hanako, f"{report_id}/comments", {"text": "右側です。", "photo_ids": [photo_id]})
    assert answer.status_code == 201
    assert answer.json()["question"] is None
    assert answer.json()["timeline"][-1]["words"] == "右側です。"
    assert [each["photo_id"] for each in answer.json()["photos"]] == [photo_id]


def test_not_fixed_opens_the_report_again_once(client: TestClient) -> None:
    hanako = a_reporter()
    report_id = resolved(client, hanako, days_ago=13)
    heard = [judge(client, hanako, report_id, fixed=False, comment="まだ深い").json() for _ in range(2)]
    assert heard[0] == heard[1], "a phone repeats itself"
    assert (heard[0]["status"], heard[0]["reopened"]) == ("checking", True)
    kinds = [each["kind"] for each in seen(client, hanako, report_id)["timeline"]]
    assert kinds.count("reopen") == 1


def test_who_follows_a_report_that_was_hidden_learns_nothing_more_of_it(client: TestClient) -> None:
    taro = a_reporter(TARO)
    report_id = resolved(client, a_reporter())
    follow(client, taro, report_id)
    with transaction() as session:
        session.get_one(Report, UUID(report_id)).visibility = Visibility.HIDDEN
    assert judge(client, taro, report_id, fixed=True).json()["code"] == "report_not_found"


def test_a_stranger_says_nothing(client: TestClient) -> None:
    report_id = resolved(client, a_reporter())
    assert judge(client, a_reporter(TARO), report_id, fixed=True).status_code == 404


def test_a_report_that_is_not_closed_says_how_it_stands(client: TestClient) -> None:
    hanako = a_reporter()
    problem = judge(client, hanako, sent(client, hanako), fixed=True).json()
    assert (problem["code"], problem["report_status"]) == ("not_closed_yet", "received")


def test_a_good_deed_waits_for_no_opinion(client: TestClient) -> None:
    hanako = a_reporter()
    report_id = sent(client, hanako, category="deed.cleanup")
    take_action(a_member(), report_id, "thank", public_note="ありがとうございます。")
    deed = seen(client, hanako, report_id)
    assert (deed["status"], deed["can"]["give_feedback"]) == (Status.THANKED, False)
    assert judge(client, hanako, report_id, fixed=True).json()["code"] == "move_not_possible"


def test_a_number_typed_from_a_letter_in_small_letters_is_the_report(client: TestClient) -> None:
    hanako = a_reporter()
    report_id = resolved(client, hanako)
    number = seen(client, hanako, report_id)["number"].lower()
    assert seen(client, hanako, number)["id"] == report_id
    follow(client, a_reporter(TARO), number)
    assert judge(client, hanako, number, fixed=True).json()["report_id"] == report_id


@pytest.mark.parametrize("by", ["id", "number"])
def test_a_new_report_names_the_one_that_it_follows_up(client: TestClient, by: str) -> None:
    hanako = a_reporter()
    earlier = seen(client, hanako, resolved(client, hanako, days_ago=30))
    answer = send_report(client, hanako, earlier_report=earlier[by])
    assert answer.status_code == 201
    assert answer.json()["report"]["timeline"][0]["facts"] == {"earlier": earlier["number"]}


def test_a_public_report_is_followed_up_by_anybody_and_a_secret_one_is_not_told(client: TestClient) -> None:
    hanako, taro = a_reporter(), a_reporter(TARO)
    public = seen(client, hanako, resolved(client, hanako))
    secret = sent(client, a_reporter("jiro@example.jp"))
    for named, facts in (
        (public["number"], {"earlier": public["number"]}),
        (secret, {}),
        ("NR-1999-000001", {}),
    ):
        answer = send_report(client, taro, earlier_report=named)
        assert answer.status_code == 201, "what is broken matters more than what it follows"
        assert answer.json()["report"]["timeline"][0]["facts"] == facts


def test_the_desk_reads_which_report_it_follows_up(client: TestClient) -> None:
    hanako = a_reporter()
    earlier = seen(client, hanako, sent(client, hanako))["number"]
    sent(client, hanako, earlier_report=earlier)
    with reading() as session:
        last = session.exec(select(ReportEvent).order_by(col(ReportEvent.seq).desc())).first()
    assert last
    assert last.facts["earlier"] == earlier


def lines(client: TestClient, person: Person, report_id: str, kind: str) -> int:
    return [each["kind"] for each in seen(client, person, report_id)["timeline"]].count(kind)


def test_a_comment_that_comes_again_under_its_id_is_written_once(client: TestClient) -> None:
    hanako = a_reporter()
    report_id = sent(client, hanako)
    body = {"id": str(uuid7()), "text": "右側です。", "photo_ids": [send_photo(client, hanako)]}
    first, again = (post(client, hanako, f"{report_id}/comments", body) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert lines(client, hanako, report_id, "comment") == 1
    with reading() as session:
        letters = session.execute(text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'notify'"))
        assert letters.scalar_one() == 2, "of the report, and of its one comment"


def test_other_words_under_the_id_of_a_comment_are_refused(client: TestClient) -> None:
    hanako, taro = a_reporter(), a_reporter(TARO)
    report_id, other_id = sent(client, hanako), sent(client, hanako, description="別の場所です。")
    body = {"id": str(uuid7()), "text": "右側です。"}
    post(client, hanako, f"{report_id}/comments", body)
    for person, path, changed in (
        (hanako, f"{report_id}/comments", body | {"text": "左側です。"}),
        (hanako, f"{other_id}/comments", body),
        (taro, f"{sent(client, taro)}/comments", body),
    ):
        refused = post(client, person, path, changed)
        assert (refused.status_code, refused.json()["code"]) == (409, "said_id_taken")
    assert lines(client, hanako, report_id, "comment") == 1


def test_a_comment_without_an_id_is_taken_as_before(client: TestClient) -> None:
    hanako = a_reporter()
    report_id = sent(client, hanako)
    answers = [post(client, hanako, f"{report_id}/comments", {"text": "右側です。"}) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 201]


def test_feedback_that_comes_again_under_its_id_is_answered_as_it_was(client: TestClient) -> None:
    hanako = a_reporter()
    report_id = resolved(client, hanako)
    body = {"id": str(uuid7()), "fixed": False, "comment": "まだ深い"}
    first = post(client, hanako, f"{report_id}/feedback", body)
    take_action(a_member(), report_id, "start")  # the report moves on; what was said does not
    take_action(a_member(), report_id, "resolve", public_note="ふさぎました。", no_photo_reason="dark")
    again = post(client, hanako, f"{report_id}/feedback", body)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert lines(client, hanako, report_id, "reopen") == 1
    refused = post(client, hanako, f"{report_id}/feedback", body | {"fixed": True})
    assert refused.json()["code"] == "said_id_taken"


ANSWERS = {
    "decline": {"public_note": "私有地です。", "reason_code": "private_land"},
    "hand_over": {"manager": "tokyo_roads"},
    "merge": {},
}


def answered(client: TestClient, person: Person, action: str) -> str:
    """A report that was closed without a repair."""
    report_id = sent(client, person)
    fields = {"parent_report": sent(client, a_reporter("parent@example.jp"))} if action == "merge" else {}
    take_action(a_member(), report_id, action, **ANSWERS[action] | fields)
    return report_id


def say(client: TestClient, person: Person, report_id: str, level: str = "", **opinion: Any) -> Any:
    headers = person.headers | ({"Contract-Level": level} if level else {})
    return client.post(f"/v1/reports/{report_id}/feedback", headers=headers, json=opinion)


@pytest.mark.parametrize("action", ANSWERS)
def test_what_was_closed_by_an_answer_is_not_confirmed_as_fixed(client: TestClient, action: str) -> None:
    hanako = a_reporter()
    report_id = answered(client, hanako, action)
    for level in ("", "3"):
        refused = say(client, hanako, report_id, level, fixed=True)
        assert (refused.status_code, refused.json()["code"]) == (409, "other_question")
    assert seen(client, hanako, report_id)["can"]["asks"] == "helped"
    heard = say(client, hanako, report_id, helped=True)
    assert (heard.status_code, heard.json()["reopened"], heard.json()["new_report_offered"]) == (
        200,
        False,
        False,
    )
    assert seen(client, hanako, report_id)["confirmed_fixed"] is False


@pytest.mark.parametrize("level", ["1", "2"])
def test_an_old_app_that_is_glad_of_an_answer_says_that_it_helped(client: TestClient, level: str) -> None:
    hanako = a_reporter()
    report_id = answered(client, hanako, "decline")
    for _ in range(2):
        assert say(client, hanako, report_id, level, fixed=True).status_code == 200
    assert seen(client, hanako, report_id)["confirmed_fixed"] is False
    with reading() as session:
        said = session.exec(select(Feedback)).one()
        report = session.get_one(Report, UUID(report_id))
    assert (said.is_fixed, said.helped, report.confirmed_fixed_at) == (False, True, None)


def test_of_a_repair_it_is_asked_whether_it_is_fixed(client: TestClient) -> None:
    hanako = a_reporter()
    report_id = resolved(client, hanako)
    assert seen(client, hanako, report_id)["can"]["asks"] == "fixed"
    assert say(client, hanako, report_id, helped=True).json()["code"] == "other_question"
    assert say(client, hanako, report_id, fixed=True).status_code == 200


@pytest.mark.parametrize("opinion", [{}, {"fixed": True, "helped": True}, {"fixed": None}])
def test_an_opinion_says_one_thing(client: TestClient, opinion: dict[str, Any]) -> None:
    hanako = a_reporter()
    report_id = resolved(client, hanako)
    assert say(client, hanako, report_id, **opinion).status_code == 422
