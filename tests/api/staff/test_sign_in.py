"""The staff's door: tokens for programs, cookies from the pages, and forms of other sites kept out."""

import pytest
from fastapi.testclient import TestClient
from pyotp.totp import TOTP

from nerirepo.database.db import transaction
from nerirepo.staff.members import NewMember, add_member
from nerirepo.staff.roles import Role
from nerirepo.staff.sign_in import AT_A_CLIENT
from tests.factories import a_member


def a_new_member() -> NewMember:
    with transaction() as session:
        return add_member(
            session, email="hanako@ward.example.jp", name="花子", role=Role.DESK, department="desk"
        )


def credentials(member: NewMember, **changes: str) -> dict[str, str]:
    right = {
        "email": member.email,
        "password": member.password,
        "totp": TOTP(member.totp_secret).now(),
    }
    return right | changes


def test_a_program_gets_a_token_and_gives_it_back(client: TestClient) -> None:
    answer = client.post("/staff/sign-in", json=credentials(a_new_member()))
    assert answer.status_code == 200, answer.text
    assert answer.json()["member"]["role"] == "desk"
    assert not answer.cookies
    bearer = {"Authorization": f"Bearer {answer.json()['token']}"}
    assert client.get("/staff/reports", headers=bearer).status_code == 200
    assert client.delete("/staff/session", headers=bearer).status_code == 204
    assert client.get("/staff/reports", headers=bearer).status_code == 401


def test_whatever_is_wrong_the_answer_is_the_same(client: TestClient) -> None:
    member = a_new_member()
    wrong = ({"email": "nobody@ward.example.jp"}, {"password": "wrong"}, {"totp": "12345"})
    answers = [client.post("/staff/sign-in", json=credentials(member, **change)) for change in wrong]
    assert {(answer.status_code, answer.text) for answer in answers} == {(401, answers[0].text)}
    assert answers[0].json()["code"] == "sign_in_failed"


def test_failures_are_counted_although_they_fail(client: TestClient) -> None:
    member = a_new_member()
    for _ in range(AT_A_CLIENT.times):
        assert client.post("/staff/sign-in", json=credentials(member, password="x")).status_code == 401
    answer = client.post("/staff/sign-in", json=credentials(member))
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many")
    assert int(answer.headers["retry-after"]) > 0


def test_the_pages_cookie_reads(client: TestClient) -> None:
    client.cookies.set("nerirepo_staff", a_member().token)
    assert client.get("/staff/reports").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost:8000"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_cookie_does_not_speak_for_another_sites_form(client: TestClient, headers: dict[str, str]) -> None:
    client.cookies.set("nerirepo_staff", a_member().token)
    answer = client.delete("/staff/session", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_form")
    assert client.get("/staff/reports").status_code == 200


@pytest.mark.parametrize("headers", [{"Origin": "http://localhost:8000"}, {"Sec-Fetch-Site": "same-origin"}])
def test_a_cookie_speaks_for_our_own_pages(client: TestClient, headers: dict[str, str]) -> None:
    client.cookies.set("nerirepo_staff", a_member().token)
    assert client.delete("/staff/session", headers=headers).status_code == 204


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer あ".encode()])
def test_a_broken_token_is_nobodys(client: TestClient, header: str | bytes) -> None:
    answer = client.get("/staff/reports", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
