"""A cursor is opaque, and anybody's to write: what we did not write is refused, and never a fault of ours."""

import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from nerirepo.base.ids import uuid7
from nerirepo.staff.roles import Role
from operate.serving.front import create_front
from tests.factories import Person, a_member, a_reporter

many = settings(max_examples=40, suppress_health_check=list(HealthCheck), database=None)

NAMES = ("mine", "published", "changes", "newest", "oldest", "due", "distance")
LISTS = (
    "/v1/me/reports",
    "/v1/changes",
    "/v1/public/reports",
    "/staff/reports?sort=newest",
    "/staff/reports?sort=due",
    "/staff/reports?sort=distance&near=35.73,139.65",
    "/desk?sort=due",
    "/reports",
    "/improvements",
    "/deeds",
    "/statistics/reports?which=received",
)
BROKEN = ("\0", "\ud800", "NR-2026-000001\0", "٣", "", "1e999", "NaN", "9" * 400, "-9" * 9)
TIMES = (
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2026-11-28",
    "2026-11-28T00:00:00",
    "2026-11-28T00:00:00+00:00",
)
keys = st.one_of(
    st.text(max_size=12),
    st.sampled_from((*BROKEN, *TIMES)),
    st.integers().map(str),
    st.floats().map(str),
    st.datetimes().map(lambda each: each.isoformat() + "+00:00"),
    st.dates().map(str),
    st.uuids().map(str),
)
forged = st.builds(lambda name, rest: [name, *rest], st.sampled_from(NAMES), st.lists(keys, max_size=5))


def as_cursor(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


@pytest.fixture
def front(database: object, storage: None) -> TestClient:
    return TestClient(create_front(), base_url="http://localhost:8000", raise_server_exceptions=False)


@pytest.fixture
def hanako(database: object) -> Person:
    return a_reporter()


@pytest.fixture
def clerk(database: object) -> Person:
    return a_member(Role.DESK)


@pytest.mark.long
@pytest.mark.parametrize("path", LISTS)
@many
@given(content=forged)
@example(content=["mine", "\0"])
@example(content=["mine", "\ud800"])
@example(content=["published", "9999-12-31T23:59:59-23:59", str(uuid7())])
@example(content=["newest", "0001-01-01T00:00:00+23:59", str(uuid7())])
@example(content=["due", "nan", "2026-11-28", "2026-11-28T00:00:00", str(uuid7())])
@example(content=["distance", "inf", str(uuid7())])
@example(content=["mine", 1])
@example(content={"mine": 1})
@example(content="mine")
def test_a_forged_cursor_is_refused_or_read_and_no_fault_of_ours(
    front: TestClient, hanako: Person, clerk: Person, path: str, content: Any
) -> None:
    who = clerk if path.startswith(("/staff", "/desk")) else hanako
    cookies = {"nerirepo_staff": clerk.token} if path.startswith("/desk") else {}
    front.cookies.update(cookies)
    joint = "&" if "?" in path else "?"
    answer = front.get(f"{path}{joint}cursor={as_cursor(content)}", headers=who.headers)
    assert answer.status_code in (200, 400, 410, 422), answer.text


@pytest.mark.parametrize(
    "content",
    [
        ["mine", "\0"],
        ["mine", "\ud800"],
        ["mine", "NR-2026-00000\n"],
        ["mine", "x"],
        ["mine", str(uuid7())],
        ["mine", "2026-11-28T00:00:00"],
    ],
)
def test_what_we_have_never_written_is_a_cursor_of_nobodys(
    front: TestClient, hanako: Person, content: list[str]
) -> None:
    answer = front.get(f"/v1/me/reports?cursor={as_cursor(content)}", headers=hanako.headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "cursor_invalid")
