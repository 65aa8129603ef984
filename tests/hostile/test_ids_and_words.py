"""Whatever stands for an id in an address, or for words in a body: taken, or refused as declared."""

import json
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from nerirepo.base.ids import uuid7
from nerirepo.staff.roles import Role
from operate.serving.front import create_front
from tests.architecture.test_routes import ALL_ROUTES
from tests.factories import a_member, a_reporter, send_report
from tests.support.breadth import breadth

many = settings(max_examples=12, suppress_health_check=list(HealthCheck), database=None)

ODD_IDS = (
    "%00",
    "%ED%A0%80",
    "%FF",
    "NR-2026-000001%00",
    "%EF%BC%AE%EF%BC%B2-2026-000001",
    "9" * 400,
    "..",
    "*",
)
odd_ids = st.one_of(
    st.sampled_from(ODD_IDS),
    st.text(min_size=1, max_size=20)
    .filter(lambda each: each.strip("./"))
    .map(lambda each: quote(each, safe="")),
    st.uuids().map(str),
    st.just(str(uuid7())),
)
any_words = st.text(st.characters(), max_size=60)


def routes_with_ids() -> Iterator[tuple[str, str]]:
    for route in ALL_ROUTES.values():
        if "{" in route.path:
            yield from ((method, route.path) for method in sorted(route.methods) if method != "HEAD")


@pytest.fixture
def front(database: object, storage: None) -> TestClient:
    return TestClient(create_front(), base_url="http://localhost:8000", raise_server_exceptions=False)


@pytest.mark.parametrize(("method", "path"), breadth(*sorted(set(routes_with_ids()))))
@many
@given(odd=odd_ids)
@example(odd="%00")
@example(odd="%ED%A0%80")
def test_an_odd_id_is_not_there_or_not_allowed(front: TestClient, method: str, path: str, odd: str) -> None:
    # Made anew for each: some of these routes end what somebody is signed in by.
    person = a_member(Role.DESK) if path.startswith("/staff") else a_reporter(f"{uuid7().hex}@example.jp")
    address = re.sub(r"{[^}]*}", odd.replace("\\", ""), path)
    answer = front.request(method, f"http://localhost:8000{address}", headers=person.headers)
    assert answer.status_code < 500 or answer.status_code == 503, answer.text


@many
@given(words=any_words)
@example(words="\0")
@example(words="\ud800")
@example(words="\ufffe\u202e\u2028")
@example(words="e" + "\u0301" * 5000)
@pytest.mark.parametrize(("act", "field"), [("comments", "text"), ("feedback", "comment")])
def test_any_words_of_a_comment_are_taken_or_refused(
    front: TestClient, act: str, field: str, words: str
) -> None:
    hanako = a_reporter(f"{uuid7().hex}@example.jp")
    report_id = uuid7()
    assert send_report(front, hanako, report_id).status_code == 201
    body = {"fixed": False} if act == "feedback" else {}
    answer = front.post(
        f"/v1/reports/{report_id}/{act}",
        headers=hanako.headers,
        content=json.dumps(body | {field: words}).encode(),
    )
    assert answer.status_code < 500, answer.text
