"""An admin sets the ward up: each list is read, and replaced as a whole. Nobody else does."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pyotp.totp import TOTP

from nerirepo.staff.roles import Role
from tests.factories import Person, a_member, a_reporter, send_report

LISTS = ("departments", "categories", "routing-rules", "templates", "members")
KEYS = {"routing-rules": "rules"}


@pytest.fixture
def admin(client: TestClient) -> Iterator[Person]:
    """Whatever the test does to the ward's settings is put back."""
    person = a_member(Role.ADMIN, "desk")
    before = {name: read(client, person, name) for name in ("departments", "categories", "routing-rules")}
    yield person
    for name, body in before.items():
        assert put(client, person, name, body[KEYS.get(name, name)]).status_code == 200


def read(client: TestClient, admin: Person, name: str) -> Any:
    answer = client.get(f"/staff/{name}", headers=admin.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def put(client: TestClient, admin: Person, name: str, entries: list[Any]) -> Any:
    return client.put(f"/staff/{name}", headers=admin.headers, json={KEYS.get(name, name): entries})


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(("role", "department"), [(Role.FIELD, "roads"), (Role.DESK, "desk")])
def test_nobody_but_an_admin_sees_or_changes_a_list(
    client: TestClient, name: str, role: Role, department: str
) -> None:
    headers = a_member(role, department).headers
    assert client.get(f"/staff/{name}", headers=headers).status_code == 403
    assert client.put(f"/staff/{name}", headers=headers, json={}).status_code == 403


@pytest.mark.parametrize("name", LISTS)
def test_a_list_put_back_as_it_was_read_stays_as_it_was(client: TestClient, admin: Person, name: str) -> None:
    a_member(Role.FIELD, "roads")
    before = read(client, admin, name)
    answer = client.put(f"/staff/{name}", headers=admin.headers, json=before)
    assert answer.status_code == 200, answer.text
    assert answer.json() == before | ({"new_credentials": []} if name == "members" else {})


def test_a_list_with_every_letter_escaped_and_indented_is_not_too_long(
    client: TestClient, admin: Person
) -> None:
    before = read(client, admin, "categories")
    answer = client.put(
        "/staff/categories",
        headers=admin.headers | {"Content-Type": "application/json"},
        content=json.dumps(before, indent=8),
    )
    assert answer.status_code == 200, answer.text


def test_who_is_listed_as_having_left_signs_in_no_more(client: TestClient, admin: Person) -> None:
    crew = a_member(Role.FIELD, "roads")
    entries = read(client, admin, "members")["members"]
    for each in entries:
        each["is_active"] = each["email"] != crew.email
    assert put(client, admin, "members", entries).status_code == 200
    assert client.get("/staff/reports", headers=crew.headers).status_code == 401


def test_a_department_that_ends_takes_no_new_reports(client: TestClient, admin: Person) -> None:
    departments = read(client, admin, "departments")["departments"]
    answer = put(client, admin, "departments", [each for each in departments if each["code"] != "roads"])
    ended = next(each for each in answer.json()["departments"] if each["code"] == "roads")
    assert ended["valid_until"] is not None
    report = send_report(client, a_reporter()).json()["report"]
    assert report["responsible"]["code"] == "desk"


def test_a_new_name_is_told_to_residents(client: TestClient, admin: Person) -> None:
    departments = read(client, admin, "departments")["departments"]
    for each in departments:
        if each["code"] == "roads":
            each["names"]["ja"] = "道路公園課"
    put(client, admin, "departments", departments)
    report = send_report(client, a_reporter()).json()["report"]
    assert report["responsible"]["name"] == "道路公園課"


def test_a_category_that_is_left_out_is_offered_no_more(client: TestClient, admin: Person) -> None:
    categories = read(client, admin, "categories")["categories"]
    put(client, admin, "categories", [each for each in categories if each["code"] != "graffiti"])
    offered = client.get("/v1/categories").text
    assert '"graffiti"' not in offered
    assert '"road.pothole"' in offered


def test_no_category_at_all_is_a_slip_and_changes_nothing(client: TestClient, admin: Person) -> None:
    assert put(client, admin, "categories", []).status_code == 422
    assert '"road.pothole"' in client.get("/v1/categories").text


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("departments", {"is_triage": False}),
        ("departments", {"code": "Roads"}),
        ("departments", {"email": "nobody"}),
        ("departments", {"names": {"en": "Roads"}}),
        ("departments", {"names": {"ja": "\u0000\u200b"}}),
        ("departments", {"colour": "red"}),
        ("categories", {"department_code": "nowhere"}),
        ("categories", {"parent_code": "nowhere"}),
        ("categories", {"questions": [{"code": "x", "type": "choice", "labels": {"ja": "?"}}]}),
        ("routing-rules", {"then": {"department": "nowhere"}}),
        ("routing-rules", {"reason": {"ja": "{name}", "en": "x"}}),
        ("routing-rules", {"confidence": 2}),
        ("routing-rules", {"when": {"answers": {"size": ["\u0000"]}}}),
    ],
)
def test_a_list_with_a_fault_is_refused_and_nothing_changes(
    client: TestClient, admin: Person, name: str, spoil: dict[str, Any]
) -> None:
    before = read(client, admin, name)
    entries = before[KEYS.get(name, name)]
    answer = put(client, admin, name, [entries[0] | spoil, *entries[1:]])
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"]
    assert read(client, admin, name) == before


def a_colleague(**changes: Any) -> dict[str, Any]:
    return {
        "email": "jiro@ward.example.jp",
        "name": "次郎",
        "role": "field",
        "department": "roads",
    } | changes


def entries_with(client: TestClient, admin: Person, *more: dict[str, Any]) -> list[dict[str, Any]]:
    standing = read(client, admin, "members")["members"]
    keys = ("email", "name", "role", "department")
    return [{key: each[key] for key in keys} for each in standing if each["is_active"]] + list(more)


def test_a_new_colleague_signs_in_with_what_was_shown_once(client: TestClient, admin: Person) -> None:
    answer = put(client, admin, "members", entries_with(client, admin, a_colleague()))
    assert answer.status_code == 200, answer.text
    (shown,) = answer.json()["new_credentials"]
    signed_in = client.post(
        "/staff/sign-in",
        json={
            "email": "jiro@ward.example.jp",
            "password": shown["password"],
            "totp": TOTP(shown["totp_secret"]).now(),
        },
    )
    assert signed_in.status_code == 200
    assert "new_credentials" not in read(client, admin, "members")


def test_who_is_left_out_is_signed_out_and_stays_in_the_books(client: TestClient, admin: Person) -> None:
    crew = a_member(Role.FIELD, "roads")
    remaining = [each for each in entries_with(client, admin) if each["email"] != crew.email]
    answer = put(client, admin, "members", remaining)
    assert client.get("/staff/reports", headers=crew.headers).status_code == 401
    left = next(each for each in answer.json()["members"] if each["email"] == crew.email)
    assert left["is_active"] is False


def test_who_comes_back_gets_new_credentials(client: TestClient, admin: Person) -> None:
    put(client, admin, "members", entries_with(client, admin, a_colleague()))
    put(client, admin, "members", [each for each in entries_with(client, admin) if each["name"] != "次郎"])
    answer = put(client, admin, "members", entries_with(client, admin, a_colleague()))
    assert [each["email"] for each in answer.json()["new_credentials"]] == ["jiro@ward.example.jp"]


def test_a_lost_phone_is_renewed_and_a_new_role_is_in_force_at_once(
    client: TestClient, admin: Person
) -> None:
    crew = a_member(Role.FIELD, "roads")
    others = [each for each in entries_with(client, admin) if each["email"] != crew.email]
    moved = a_colleague(email=crew.email, role="desk", department="desk")
    put(client, admin, "members", [*others, moved])
    assert client.get("/staff/reports?department=parks", headers=crew.headers).status_code == 200
    answer = put(client, admin, "members", [*others, moved | {"renew": True}])
    assert [each["email"] for each in answer.json()["new_credentials"]] == [crew.email]
    assert client.get("/staff/reports", headers=crew.headers).status_code == 401


def test_an_admin_cannot_lock_everybody_out(client: TestClient, admin: Person) -> None:
    mine = a_colleague(email=admin.email, role="admin", department="desk")
    for entries in ([], [a_colleague()], [mine | {"role": "desk"}], [mine, mine]):
        answer = put(client, admin, "members", entries)
        assert (answer.status_code, answer.json()["code"]) == (409, "members_invalid")
    assert put(client, admin, "members", [mine | {"department": "nowhere"}]).status_code == 422
    assert put(client, admin, "members", [mine]).status_code == 200
