"""Whoever waits for a code hears whether its letter has left."""

from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from tests.factories import a_reporter
from tests.support.mail_server import mail_code, moody


def begun(client: TestClient, email: str = "hanako@example.jp") -> str:
    challenge_id: str = client.post("/v1/sign-in", json={"email": email}).json()["challenge_id"]
    return challenge_id


def standing(client: TestClient, challenge_id: str) -> Any:
    return client.get(f"/v1/sign-in/{challenge_id}").json()


def test_the_letter_is_pending_until_the_mail_server_has_it(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    challenge_id = begun(client)
    assert standing(client, challenge_id)["state"] == "pending"
    with moody(monkeypatch) as server:
        server.to_recipient = ["450 busy"]
        mail_code(challenge_id)
    assert standing(client, challenge_id)["state"] == "pending", "it is tried again"
    other = begun(client)
    with moody(monkeypatch):
        mail_code(other)
    assert standing(client, other)["state"] == "sent"


@pytest.mark.parametrize("said", ["550 5.1.1 no such mailbox", "552 mailbox full", "553 not allowed"])
@pytest.mark.parametrize("at", ["to_recipient", "to_letter"])
def test_a_letter_that_is_refused_for_good_is_told(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, said: str, at: str
) -> None:
    challenge_id = begun(client)
    with moody(monkeypatch) as server:
        setattr(server, at, [said])
        mail_code(challenge_id)
    assert standing(client, challenge_id)["state"] == "refused"


def test_a_known_address_is_told_of_as_an_unknown_one(client: TestClient) -> None:
    known = a_reporter("known@example.jp")
    answers = [standing(client, begun(client, each)) for each in (known.email, "unknown@example.jp")]
    assert [sorted(each) for each in answers] == [["expires_at", "state"]] * 2
    assert {each["state"] for each in answers} == {"pending"}


def test_a_sign_in_that_nobody_began_is_unknown(client: TestClient) -> None:
    answer = client.get(f"/v1/sign-in/{uuid4()}")
    assert (answer.status_code, answer.json()["code"]) == (404, "challenge_unknown")
