"""Nobody may ask without end; but saying again what was taken is never held against anybody."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from nerirepo.base.ids import uuid7
from nerirepo.database.db import transaction
from nerirepo.photos import announce
from nerirepo.reporters import guesses, letter_allowance, sign_in
from nerirepo.reports import comment, feedback
from nerirepo.reports.status import Status
from nerirepo.reports.tables import Report
from nerirepo.staff import sign_in as staff_sign_in
from tests.factories import a_jpeg, a_reporter, send_photo, send_report
from tests.support.limits import limited

MOST = 3


def at_most(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    monkeypatch.setattr(module, name, replace(getattr(module, name), times=MOST))


def refused(answer: Any) -> bool:
    """Asked to come back later, in a way in which an app keeps what it holds."""
    if answer.status_code != 429:
        return False
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["retryable"] is True
    return True


def test_new_posts_are_limited_and_repeats_never(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, reports_per_hour_of_new=MOST)
    hanako, ids = a_reporter(), [uuid7() for _ in range(MOST + 1)]
    for report_id in ids[:MOST]:
        for status in (201, 200, 200):
            assert send_report(client, hanako, report_id).status_code == status
    assert refused(send_report(client, hanako, ids[MOST]))
    assert [send_report(client, hanako, each).status_code for each in ids[:MOST]] == [200] * MOST
    assert send_report(client, a_reporter("taro@example.jp"), uuid7()).status_code == 201


def test_what_was_refused_for_its_content_has_not_been_counted(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, reports_per_hour_of_new=MOST)
    hanako = a_reporter()
    for _ in range(MOST + 1):
        assert send_report(client, hanako, category="no.such").status_code == 422
    assert send_report(client, hanako).status_code == 201


def test_new_photos_are_limited_and_repeats_never(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_most(monkeypatch, announce, "NEW_PHOTOS")
    hanako, sent = a_reporter(), [send_photo(client, a_reporter("taro@example.jp"))]
    sent = [send_photo(client, hanako) for _ in range(MOST)]
    content = a_jpeg()
    announced = {"sha256": "0" * 64, "bytes": len(content), "content_type": "image/jpeg"}
    assert refused(client.put(f"/v1/photos/{uuid7()}", headers=hanako.headers, json=announced))
    for photo_id in sent:
        assert client.get(f"/v1/photos/{photo_id}", headers=hanako.headers).status_code == 200


def test_a_full_mailbox_is_answered_like_any_other_and_a_client_that_asks_too_often_is_told(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(email: str) -> Any:
        return client.post("/v1/sign-in", json={"email": email, "locale": "ja"})

    most = letter_allowance.TO_A_MAILBOX[0].times
    asked = [ask("h@example.jp") for _ in range(most + 2)]
    assert {(each.status_code, frozenset(each.json())) for each in asked} == {
        (202, frozenset({"challenge_id", "expires_at"}))
    }
    of_hour, of_day = letter_allowance.OF_A_CLIENT
    monkeypatch.setattr(letter_allowance, "OF_A_CLIENT", (replace(of_hour, times=len(asked) + 1), of_day))
    assert ask("t@example.jp").status_code == 202
    assert refused(ask("h@example.jp"))
    assert refused(ask("nobody@example.jp"))


def test_a_client_that_is_wrong_too_often_is_told_to_wait_whatever_it_types(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_day, of_month = guesses.OF_A_CLIENT
    monkeypatch.setattr(guesses, "OF_A_CLIENT", (replace(of_day, times=MOST), of_month))
    begun = client.post("/v1/sign-in", json={"email": "h@example.jp", "locale": "ja"}).json()["challenge_id"]
    right = sign_in.code_of(UUID(begun))
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"

    def attempt(code: str) -> Any:
        return client.post(f"/v1/sign-in/{begun}", json={"code": code})

    assert [attempt(wrong).status_code for _ in range(MOST)] == [401] * MOST
    assert refused(attempt(wrong))
    assert refused(attempt(right))


def test_guesses_at_a_members_password_are_limited(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_most(monkeypatch, staff_sign_in, "AT_A_CLIENT")
    guess = {"email": "desk@ward.example.jp", "password": "guess", "totp": "000000"}
    tried = [client.post("/staff/sign-in", json=guess) for _ in range(MOST + 1)]
    assert [each.status_code for each in tried[:MOST]] == [401] * MOST
    assert refused(tried[MOST])


def test_comments_and_opinions_are_limited_together(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_most(monkeypatch, comment, "COMMENTS")
    at_most(monkeypatch, feedback, "COMMENTS")
    hanako = a_reporter()
    report_id = send_report(client, hanako).json()["receipt"]["report_id"]

    def say(text: str) -> Any:
        return client.post(f"/v1/reports/{report_id}/comments", headers=hanako.headers, json={"text": text})

    def judge(words: str) -> Any:
        body = {"fixed": True, "comment": words}
        return client.post(f"/v1/reports/{report_id}/feedback", headers=hanako.headers, json=body)

    assert [say(f"{each}").status_code for each in range(MOST - 1)] == [201] * (MOST - 1)
    with transaction() as session:
        session.get_one(Report, report_id).status = Status.RESOLVED
    assert judge("直りました。").status_code == 200
    assert refused(judge("ほんとうに直りました。"))
    assert refused(say("もう一度。"))


@pytest.mark.parametrize("path", ["/l/report", "/l/report-code", "/l/answer/x", "/l/report/x"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_sites_form_does_nothing_behind_a_letters_link(
    client: TestClient, path: str, site: str
) -> None:
    answer = client.post(path, data={"email": "h@example.jp"}, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403
    assert "</html>" in answer.text


def test_a_mail_program_may_stop_letters_by_one_click_from_wherever_it_runs(client: TestClient) -> None:
    answer = client.post(
        "/l/unsubscribe/x",
        data={"List-Unsubscribe": "One-Click"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 404  # asked for its token, and not for where it comes from
