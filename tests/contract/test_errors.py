"""Every error of the contract is provoked, and answers with its code, in the language asked for."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import boto3
import httpx2
import psycopg
import pytest
from botocore.config import Config
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from api import concurrency_limit
from api.mobile.error_table import ADVICE, Then
from api.mobile.levels import Level, Levels
from nerirepo.base.ids import uuid7
from nerirepo.database import db
from nerirepo.gateways import storage
from nerirepo.reporters import sign_in
from nerirepo.words.language import LANGUAGES, catalogue, tag
from operate.serving.front import create_api
from tests.api.mobile.test_photos import announcement
from tests.contract.story import NAKANO
from tests.factories import Person, a_jpeg, a_member, a_reporter, a_submission, send_photo, take_action
from tests.support.statements import statements_that_raise

PUBLISHED = Path(__file__).resolve().parents[2] / "mobile_contract" / "errors.md"


class Scene:
    """Somebody with an app, and what else a provocation needs."""

    def __init__(self, client: TestClient, work: Callable[[], None], request: pytest.FixtureRequest) -> None:
        self.client, self.work, self.request = client, work, request
        self.monkeypatch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
        self.language = "ja"
        self.person = a_reporter(f"{uuid7()}@example.jp")

    def ask(self, method: str, path: str, person: Person | None = None, **more: Any) -> httpx2.Response:
        headers = (person or self.person).headers | {"Accept-Language": self.language}
        return self.client.request(method, path, headers=headers, **more)

    def send(self, report_id: object = None, person: Person | None = None, **changes: Any) -> httpx2.Response:
        path = f"/v1/reports/{report_id or uuid7()}"
        return self.ask("PUT", path, person, json=a_submission(**changes))

    def sent(self) -> str:
        return self.send().json()["receipt"]["report_id"]

    def declined(self) -> str:
        report_id = self.sent()
        take_action(a_member(), report_id, "decline", public_note="私有地です。", reason_code="private_land")
        return report_id

    def challenge(self) -> str:
        begun = self.ask("POST", "/v1/sign-in", json={"email": f"{uuid7()}@example.jp"})
        return begun.json()["challenge_id"]

    def try_code(self, challenge: object, code: str) -> httpx2.Response:
        return self.ask("POST", f"/v1/sign-in/{challenge}", json={"code": code})

    def upload(self, photo_id: object = None, content: bytes | None = None) -> dict[str, Any]:
        announced = announcement(content or a_jpeg())
        return self.ask("PUT", f"/v1/photos/{photo_id or uuid7()}", json=announced).json()["upload"]

    def put(self, upload: dict[str, Any], content: bytes) -> httpx2.Response:
        headers = upload["headers"] | {"Accept-Language": self.language}
        return self.client.put(upload["url"], headers=headers, content=content)

    def with_statements_that_raise(self, error: Exception) -> httpx2.Response:
        with statements_that_raise(error):
            return self.send()


Provocation = Callable[[Scene], httpx2.Response]
PROVOCATIONS: dict[str, Provocation] = {}


def provokes(code: str) -> Callable[[Provocation], Provocation]:
    def remember(provocation: Provocation) -> Provocation:
        PROVOCATIONS[code] = provocation
        return provocation

    return remember


def execute(statement: str, **values: object) -> None:
    with db.transaction() as session:
        session.execute(text(statement), values)


@contextmanager
def posting_is_closed() -> Iterator[None]:
    execute("UPDATE ward SET posting_open = false")
    try:
        yield
    finally:
        execute("UPDATE ward SET posting_open = true")


PROVOCATIONS |= {
    "answer_invalid": lambda scene: scene.send(answers={"size": "as big as a house"}),
    "category_unknown": lambda scene: scene.send(category="no.such_thing"),
    "challenge_unknown": lambda scene: scene.try_code(uuid7(), "123456"),
    "code_wrong": lambda scene: scene.try_code(scene.challenge(), "wrong"),
    "cursor_invalid": lambda scene: scene.ask("GET", "/v1/me/reports", params={"cursor": "nonsense"}),
    "database_away": lambda scene: scene.with_statements_that_raise(PoolExhausted("no connection")),
    "email_invalid": lambda scene: scene.ask("POST", "/v1/sign-in", json={"email": "nobody"}),
    "filter_invalid": lambda scene: scene.ask("GET", "/v1/public/reports", params={"bbox": "nowhere"}),
    "invalid": lambda scene: scene.send(surprise=True),
    "method_not_allowed": lambda scene: scene.ask("POST", "/v1/service"),
    "not_closed_yet": lambda scene: scene.ask(
        "POST", f"/v1/reports/{scene.sent()}/feedback", json={"fixed": True}
    ),
    "not_found": lambda scene: scene.ask("GET", "/v1/nothing"),
    "other_question": lambda scene: scene.ask(
        "POST", f"/v1/reports/{scene.declined()}/feedback", json={"fixed": True}
    ),
    "not_signed_in": lambda scene: scene.ask("GET", "/v1/me", Person(scene.person.id, "", "no-token")),
    "outside_ward": lambda scene: scene.send(location=NAKANO),
    "photo_bytes_differ": lambda scene: scene.put(scene.upload(), b"cut off"),
    "photo_not_found": lambda scene: scene.ask("GET", f"/v1/photos/{uuid7()}"),
    "photo_not_taken": lambda scene: scene.ask(
        "PUT", f"/v1/photos/{uuid7()}", json=announcement(a_jpeg(), content_type="image/gif")
    ),
    "photo_unknown": lambda scene: scene.send(photo_ids=[str(uuid7())]),
    "place_not_in_japan": lambda scene: scene.send(location={"lat": 0.0, "lon": 0.0}),
    "registration_incomplete": lambda scene: scene.send(
        person=a_reporter(f"{uuid7()}@example.jp", eligibility=None)
    ),
    "report_empty": lambda scene: scene.send(description=""),
    "report_not_found": lambda scene: scene.ask("GET", "/v1/reports/NR-2000-999999"),
    "resync_required": lambda scene: scene.ask("GET", "/v1/changes", params={"cursor": "years-old"}),
    "tile_unknown": lambda scene: scene.ask("GET", "/v1/public/tiles/99/0/0.mvt"),
    "too_large": lambda scene: scene.send(description="あ" * 100_000),
}


@provokes("app_too_old")
def an_app_of_a_level_that_has_ended(scene: Scene) -> httpx2.Response:
    ended = Levels(create_api(), levels=(Level(1, date(2020, 1, 1), date(2021, 1, 1)), Level(2)))
    headers = {"Contract-Level": "1", "Accept-Language": scene.language}
    return TestClient(ended).get("/v1/categories", headers=headers)


@provokes("challenge_expired")
def a_code_of_yesterday(scene: Scene) -> httpx2.Response:
    challenge = scene.challenge()
    execute("UPDATE challenge SET expires_at = expires_at - interval '1 day' WHERE id = :id", id=challenge)
    return scene.try_code(challenge, "123456")


@provokes("challenge_tries_used")
def the_sixth_guess(scene: Scene) -> httpx2.Response:
    challenge = scene.challenge()
    return [scene.try_code(challenge, "wrong") for _ in range(sign_in.TRIES + 1)][-1]


@provokes("challenge_used")
def a_code_used_twice(scene: Scene) -> httpx2.Response:
    challenge = scene.challenge()
    return [scene.try_code(challenge, sign_in.code_of(UUID(challenge))) for _ in range(2)][-1]


@provokes("said_id_taken")
def other_words_under_the_id_of_a_comment(scene: Scene) -> httpx2.Response:
    path, said_id = f"/v1/reports/{scene.sent()}/comments", str(uuid7())
    return [scene.ask("POST", path, json={"id": said_id, "text": each}) for each in ("右", "左")][-1]


@provokes("crossed_over")
def two_that_write_the_same(scene: Scene) -> httpx2.Response:
    return scene.with_statements_that_raise(IntegrityError("", {}, psycopg.errors.UniqueViolation("")))


@provokes("disk_full")
def a_full_disk(scene: Scene) -> httpx2.Response:
    return scene.with_statements_that_raise(OperationalError("", {}, psycopg.errors.DiskFull("")))


@provokes("internal")
def a_fault_of_ours(scene: Scene) -> httpx2.Response:
    return scene.with_statements_that_raise(RuntimeError("a fault of ours"))


@provokes("crowded")
def a_crowd(scene: Scene) -> httpx2.Response:
    app = create_api()
    with scene.monkeypatch.context() as patched:
        patched.setattr(concurrency_limit, "settings", lambda: SimpleNamespace(pool_size=0))
        patched.setattr(concurrency_limit, "LONGEST_WAIT", 0.01)
        return TestClient(app).get("/v1/service", headers={"Accept-Language": scene.language})


@provokes("layer_missing")
def before_the_boundary_is_loaded(scene: Scene) -> httpx2.Response:
    scene.request.getfixturevalue("bare_database")
    return scene.ask("GET", "/v1/places/lookup", params=NAKANO)


@provokes("ward_not_loaded")
def before_the_ward_is_loaded(scene: Scene) -> httpx2.Response:
    scene.request.getfixturevalue("bare_database")
    return scene.ask("GET", "/v1/service")


@provokes("move_not_possible")
def taking_back_what_is_being_repaired(scene: Scene) -> httpx2.Response:
    report_id = scene.sent()
    take_action(a_member(), report_id, "start")
    return scene.ask("POST", f"/v1/reports/{report_id}/withdraw")


@provokes("photo_id_taken")
def other_bytes_under_the_same_id(scene: Scene) -> httpx2.Response:
    photo_id = send_photo(scene.client, scene.person)
    return scene.ask("PUT", f"/v1/photos/{photo_id}", json=announcement(a_jpeg("blue", (90, 90))))


@provokes("photo_link_invalid")
def a_forged_address(scene: Scene) -> httpx2.Response:
    upload = scene.upload()
    return scene.put(upload | {"url": f"{upload['url']}x"}, a_jpeg())


@provokes("posting_closed")
def posting_while_it_is_closed(scene: Scene) -> httpx2.Response:
    with posting_is_closed():
        return scene.send()


@provokes("report_erased")
def sending_what_was_erased(scene: Scene) -> httpx2.Response:
    report_id = scene.sent()
    scene.ask("DELETE", "/v1/me")
    return scene.send(report_id, a_reporter(f"{uuid7()}@example.jp"))


@provokes("report_id_taken")
def other_words_under_the_same_id(scene: Scene) -> httpx2.Response:
    return scene.send(scene.sent(), description="別の話")


@provokes("report_taken_back")
def reading_what_was_hidden(scene: Scene) -> httpx2.Response:
    report_id, desk = scene.sent(), a_member()
    take_action(desk, report_id, "accept", public_text="穴", photo_ids=[])
    scene.work()
    take_action(desk, report_id, "hide", reason_code="personal_information", internal_note="名前")
    return scene.client.get(f"/v1/reports/{report_id}", headers={"Accept-Language": scene.language})


@provokes("storage_away")
def a_store_that_does_not_answer(scene: Scene) -> httpx2.Response:
    nobody_listens = boto3.client(
        "s3",
        endpoint_url="http://127.0.0.1:9",
        region_name="any",
        aws_access_key_id="any",
        aws_secret_access_key="any",
        config=Config(retries={"total_max_attempts": 1}),
    )
    upload = scene.upload()
    with scene.monkeypatch.context() as patched:
        patched.setattr(storage, "client", lambda: nobody_listens)
        return scene.put(upload, a_jpeg())


@provokes("too_many")
def writing_comment_after_comment(scene: Scene) -> httpx2.Response:
    path = f"/v1/reports/{scene.sent()}/comments"
    return [scene.ask("POST", path, json={"text": "まだです。"}) for _ in range(61)][-1]


def published_codes() -> dict[str, int]:
    """Code to status, as an app developer reads them."""
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \|", PUBLISHED.read_text(), re.MULTILINE)
    return {code: int(status) for code, status in rows}


@pytest.mark.parametrize("code", sorted(PROVOCATIONS))
def test_the_error_is_told_as_published(
    code: str, client: TestClient, work: Callable[[], None], request: pytest.FixtureRequest
) -> None:
    scene = Scene(client, work, request)
    for scene.language in LANGUAGES:
        answer = PROVOCATIONS[code](scene)
        problem = answer.json()
        assert (problem["code"], answer.status_code) == (code, published_codes()[code]), answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["content-language"] == tag(scene.language)
        assert problem["detail"] == catalogue(scene.language)[f"error.{code}"]
        assert problem["type"] == f"urn:nerirepo:problem:{code}"
        assert problem["status"] == answer.status_code
        assert problem["retryable"] is (ADVICE[code].then is Then.REPEAT)
        if answer.status_code in (429, 503, 507):
            assert int(answer.headers["retry-after"]) > 0
        scene.person = a_reporter(f"{uuid7()}@example.jp")


def test_every_published_code_is_provoked_and_no_other() -> None:
    assert PROVOCATIONS.keys() == published_codes().keys()
