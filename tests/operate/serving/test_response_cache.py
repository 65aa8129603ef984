"""Stories of what everybody may read: made once, asked for by many, and gone as soon as it is hidden."""

import asyncio
import gc
import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from api.mobile.levels import Level, Levels
from nerirepo.base import clock
from nerirepo.catalogue.notices import notices, replace_notices
from nerirepo.catalogue.profile import Notice
from nerirepo.catalogue.tables import Category, Ward
from nerirepo.database.db import transaction
from nerirepo.publication.read import Kept
from nerirepo.publication.read.revision import ENTRY_BYTES
from nerirepo.publication.reference import refresh_ward
from nerirepo.reports.status import Visibility
from nerirepo.reports.tables import Report
from operate.embedded import postgres
from operate.serving import response_cache
from operate.serving.front import create_front
from operate.serving.response_cache import ResponseCache
from operate.telemetry.observed import route_of
from operate.ward import seed
from tests.factories.public_reports import add_report, publish_now
from tests.support.breadth import breadth
from tests.support.statements import sent_statements

TILE = "/v1/public/tiles/14/14544/6446.mvt"


class Noting:
    """The service, and by which route each answer was made."""

    def __init__(self) -> None:
        self.app = ResponseCache(create_front())
        self.routes: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)
        if scope["type"] == "http":
            self.routes.append(route_of(scope))


@pytest.fixture
def report(database: object, storage: None) -> Report:
    with transaction() as session:
        report = add_report(session, public_text="街路灯が消えています。")
    publish_now(report.id)
    return report


@pytest.fixture
def service() -> Noting:
    return Noting()


@pytest.fixture
def client(service: Noting, report: Report) -> Iterator[TestClient]:
    with TestClient(service, base_url="http://localhost:8000") as client:
        yield client


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/reports?q=街路灯",
        "/statistics",
        TILE,
        "/v1/public/reports?limit=5",
        "/v1/service",
        "/v1/categories",
    ],
)
def test_what_was_made_once_is_asked_for_again_with_one_small_question(
    client: TestClient, service: Noting, path: str
) -> None:
    first = client.get(path)
    assert first.status_code == 200
    with sent_statements() as statements:
        again = client.get(path)
        known = client.get(path, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert len(statements) == 2
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers == first.headers
    assert (known.status_code, known.content) == (304, b"")
    assert known.headers["etag"] == first.headers["etag"]
    assert known.headers["cache-control"] == first.headers["cache-control"]
    assert "content-length" not in known.headers
    assert len(set(service.routes)) == 1


def test_what_is_hidden_is_gone_at_once(client: TestClient, report: Report) -> None:
    page, feed = f"/reports/{report.number}", "/v1/public/reports"
    for _ in range(2):
        assert client.get(page).status_code == 200
        assert report.number in client.get(feed).text
    with transaction() as session:
        session.get_one(Report, report.id).visibility = Visibility.HIDDEN
    publish_now(report.id)
    assert client.get(page).status_code == 410
    assert report.number not in client.get(feed).text


def test_a_new_day_is_answered_anew(client: TestClient) -> None:
    today = clock.today_in_japan()
    words = {"titles": {"ja": "台風が来ます"}, "words": {"ja": "外に出ないでください。"}}
    notice = Notice.model_validate({"code": "typhoon", "since": today, "until": today} | words)

    def put_up(*notices: Notice) -> None:
        with transaction() as session:
            replace_notices(session, notices)
            session.flush()
            refresh_ward(session)

    with transaction() as session:
        before = notices(session)
    put_up(notice)
    try:
        assert "台風が来ます" in client.get("/").text
        with clock.at(clock.now() + timedelta(days=1)):
            assert "台風が来ます" not in client.get("/").text
    finally:
        put_up(*before)


def test_what_an_app_asks_first_follows_the_ward_s_data_at_once(
    client: TestClient, bare_database: object
) -> None:
    """`bare_database` for the sake of what it puts back."""
    seed.load_ward()
    for _ in range(2):
        assert client.get("/v1/service").json()["posting"]["open"]
        assert "deed" in {each["code"] for each in client.get("/v1/categories").json()["categories"]}
    with transaction() as session:
        session.exec(select(Ward)).one().posting_open = False
        for category in session.exec(select(Category).where(col(Category.code).startswith("deed"))):
            category.valid_until = date(2020, 1, 1)
    assert not client.get("/v1/service").json()["posting"]["open"]
    assert "deed" not in {each["code"] for each in client.get("/v1/categories").json()["categories"]}


def test_everybody_is_answered_in_their_own_language(client: TestClient) -> None:
    wishes = {"ja": "ja", "en": "en-GB,en;q=0.9", "ko": "ko", "zh-Hans": "zh-CN"}
    for _ in range(2):
        for language, wish in wishes.items():
            answer = client.get("/", headers={"Accept-Language": wish})
            assert answer.headers["content-language"] == language
            assert f'<html lang="{language}"' in answer.text


def test_a_program_that_cannot_unpack_is_sent_nothing_that_is_packed(client: TestClient) -> None:
    for _ in range(2):
        for encoding, sent in (("gzip", "gzip"), ("identity", None)):
            answer = client.get("/v1/public/reports", headers={"Accept-Encoding": encoding})
            assert answer.headers.get("content-encoding") == sent
            assert answer.json()["reports"]


def test_an_app_of_a_level_that_is_about_to_end_is_told_so_and_no_other(report: Report) -> None:
    ending = Level(1, deprecated_on=date(2026, 1, 1), ends_on=date(2999, 1, 1))
    with TestClient(ResponseCache(Levels(create_front(), levels=(ending, Level(2))))) as client:
        for _ in range(2):
            for level, is_told in (("1", True), ("2", False)):
                answer = client.get(TILE, headers={"Contract-Level": level})
                assert ("deprecation" in answer.headers) is is_told


def test_a_header_that_comes_twice_changes_nobody_elses_page(client: TestClient) -> None:
    client.get("/", headers=[("Accept-Language", "en"), ("Accept-Language", "ja")])
    client.get("/", headers=[("Accept-Language", "ja"), ("Accept-Language", "en")])
    for language in ("ja", "en"):
        assert client.get("/", headers={"Accept-Language": language}).headers["content-language"] == language


def test_who_brings_a_tag_from_another_process_is_answered_in_a_word_too(report: Report) -> None:
    with TestClient(ResponseCache(create_front())) as one, TestClient(ResponseCache(create_front())) as other:
        whole = one.get(TILE)
        tag = {"If-None-Match": whole.headers["etag"]}
        assert other.get(TILE, headers=tag).status_code == 304
        with sent_statements() as statements:
            assert other.get(TILE, headers=tag).status_code == 304
        assert len(statements) == 1
        assert other.get(TILE).content == whole.content
        assert other.get(TILE, headers=tag).status_code == 304


@pytest.mark.parametrize("path", ["/v1/me", "/reports/NR-2026-999999", "/reports?town=nowhere", "/desk"])
def test_nothing_else_is_kept(client: TestClient, service: Noting, path: str) -> None:
    for _ in range(2):
        client.get(path)
    assert not service.app._answers._things


ODD = (
    "/v1/service?x=1",
    "/v1/public/reports?limit=5&limit=5",
    "/reports?town=&utm_source=letter",
    "/?lang=en&lang=en",
    "/reports?q=" + "a" * response_cache.LONGEST_ADDRESS,
    "/reports?q=" + "%E7%A9%B4" * 60,
)


@pytest.mark.parametrize("path", ODD)
@pytest.mark.parametrize("held", ["*", '"another"'])
def test_what_a_stranger_makes_up_is_answered_and_not_kept(
    client: TestClient, service: Noting, path: str, held: str
) -> None:
    for _ in range(2):
        assert client.get(path, headers={"If-None-Match": held}).status_code in (200, 304, 400)
    assert not service.app._answers._things


def test_a_level_that_never_was_is_not_kept(client: TestClient, service: Noting) -> None:
    assert client.get("/v1/service", headers={"Contract-Level": "9" * 50_000}).status_code < 500
    assert not service.app._answers._things


def test_an_address_with_every_filter_is_kept(client: TestClient, service: Noting) -> None:
    every = "category=road.pothole&status=before&town=豊玉北六丁目&q=目白通りの街路灯"
    days = "since=2026-01-01&until=2026-12-31&lang=ja-easy"
    assert client.get(f"/reports?{every}&{days}&bbox=139.56,35.71,139.68,35.78").status_code == 200
    assert len(service.app._answers._things) == 1


@pytest.mark.parametrize("path", breadth("/reports", "/v1/service", "/about", "/nothing", "/nothing.csv"))
def test_ten_thousand_requests_with_long_queries_fill_no_memory(client: TestClient, path: str) -> None:
    """A hundred here stand for the ten thousand: what each leaves behind would be 60 kB."""
    words = "x" * 60_000
    client.get(f"{path}?x={words}", follow_redirects=False)
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for number in range(100):
            answer = client.get(f"{path}?x={number}{words}", follow_redirects=False)
            assert answer.status_code in (200, 404)
        del answer
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 10 * len(words)


def test_a_key_counts_as_much_as_what_is_kept_by_it() -> None:
    kept = Kept[bytes](at_most_bytes=100_000)
    for number in range(1000):
        kept.keep("now", ("tile", number), b"", 0)
    assert len(kept._things) * ENTRY_BYTES <= 100_000
    for number in range(10):
        kept.keep("now", ("x" * 30_000, number), b"", 0)
    assert len(kept._things) == 3


def test_while_the_database_is_away_it_is_said_and_not_an_old_page_shown(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("SELECT", None, Exception("gone"))

    def line_away(*_: object) -> None:
        raise psycopg.OperationalError("gone")

    assert client.get("/").status_code == client.get("/").status_code == 200
    with monkeypatch.context() as patched:
        patched.setattr(response_cache.read, "revision", away)
        patched.setattr(response_cache.read, "revision_by", line_away)
        assert client.get("/").status_code == 503
    assert client.get("/").status_code == 200


def test_a_reading_is_shared_by_those_who_asked_before_it_began(
    monkeypatch: pytest.MonkeyPatch, database: object
) -> None:
    readings = iter(["first", "second", "third"])

    async def story() -> None:
        began, may_end = asyncio.Semaphore(0), asyncio.Semaphore(0)

        async def read(_: object) -> str:
            began.release()
            await may_end.acquire()
            return next(readings)

        monkeypatch.setattr(response_cache.read, "revision_by", read)
        revision = response_cache._Revision()
        first = asyncio.create_task(revision.now())
        await began.acquire()
        # What is changed now the first reading may not know.
        late = [asyncio.create_task(revision.now()) for _ in range(5)]
        await asyncio.sleep(0)
        late[0].cancel()
        may_end.release()
        assert await first == "first"
        await began.acquire()
        may_end.release()
        assert await asyncio.gather(*late[1:]) == ["second"] * 4
        may_end.release()
        assert await revision.now() == "third"
        await revision.close()

    asyncio.run(asyncio.wait_for(story(), timeout=30))


def test_a_connection_that_the_database_has_closed_is_noticed_by_nobody(
    client: TestClient, database: Path
) -> None:
    whole = client.get("/")
    superuser = postgres.url(database / "postgres", postgres.SUPERUSER)
    for _ in range(3):
        with psycopg.connect(superuser, autocommit=True) as server:
            ended = server.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s",
                [postgres.READER],
            ).fetchall()
        assert ended
        for held in (whole.headers["etag"], "another"):
            again = client.get("/", headers={"If-None-Match": held})
            assert again.status_code == (304 if held == whole.headers["etag"] else 200)
