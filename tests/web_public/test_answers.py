import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from nerirepo.base import clock
from nerirepo.base.settings import settings
from nerirepo.database import db
from nerirepo.database.db import transaction
from nerirepo.gateways import storage as store
from tests.factories.public_reports import add_photo, add_report, publish_now
from web_public.app import create_app
from web_public.security import HEADERS

pytestmark = pytest.mark.usefixtures("database", "storage")

PATHS = (
    "/",
    "/reports",
    "/about",
    "/theme.css",
    "/favicon.svg",
    "/robots.txt",
    "/static/site.css",
    "/nothing",
)


CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_app())


@pytest.fixture
def picture() -> str:
    with transaction() as session:
        report = add_report(session)
        add_photo(session, report)
    publish_now(report.id)
    page = TestClient(create_app()).get(f"/reports/{report.number}").text
    return page.partition('src="/media/')[2].partition('"')[0]


def _forget_settings() -> None:
    db.public_engine().dispose()
    for cached in (settings, db.public_engine, store.client):
        cached.cache_clear()


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Settings may be changed; they are read anew at once and after the test."""
    yield monkeypatch
    monkeypatch.undo()
    _forget_settings()


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_security_headers(client: TestClient, path: str) -> None:
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "strict-transport-security" not in answer.headers


def test_over_https_browsers_are_told_to_stay_there(elsewhere: pytest.MonkeyPatch) -> None:
    elsewhere.setenv("NERIREPO_BASE_URL", "https://reports.ward.example")
    settings.cache_clear()
    assert "max-age=31536000" in TestClient(create_app()).get("/").headers["strict-transport-security"]


@pytest.mark.parametrize("path", ["/", "/reports", "/about", "/theme.css"])
def test_who_has_a_page_already_is_answered_in_a_word(client: TestClient, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["content-type"] == first.headers["content-type"]
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_who_has_a_page_of_yesterday_is_shown_today_s(client: TestClient) -> None:
    held = {"if-none-match": client.get("/").headers["etag"]}
    assert client.get("/", headers=held).status_code == 304
    with clock.at(clock.now() + timedelta(days=1)):
        assert client.get("/", headers=held).status_code == 200


def test_caches_hold_a_page_for_a_minute_at_most(client: TestClient) -> None:
    parts = dict(
        part.strip().partition("=")[::2] for part in client.get("/").headers["cache-control"].split(",")
    )
    assert int(parts["max-age"]) + int(parts["stale-while-revalidate"]) <= 60
    assert int(parts["stale-if-error"]) <= 24 * 3600


def test_a_picture_is_named_by_its_content(client: TestClient, picture: str) -> None:
    answer = client.get(f"/media/{picture}")
    assert answer.headers["content-type"] == "image/webp"
    assert answer.content[8:12] == b"WEBP"
    assert int(answer.headers["content-length"]) == len(answer.content)
    etag = answer.headers["etag"]
    assert client.get(f"/media/{picture}", headers={"if-none-match": etag}).status_code == 304
    head = client.head(f"/media/{picture}")
    assert (head.status_code, head.headers["content-length"]) == (200, answer.headers["content-length"])


def test_an_object_that_no_row_names_is_not_served(client: TestClient) -> None:
    store.put(store.published_bucket(), "left/behind.webp", b"x", "image/webp")
    assert client.get("/media/left/behind.webp").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/reports?status=fixed",
        "/reports?category=ROAD",
        "/reports?category=%00",
        "/reports?q=" + "x" * 101,
        "/reports?town=" + "x" * 41,
        "/reports?cursor=nonsense",
        "/reports?cursor=%F0%9F%92%A9",
    ],
)
def test_a_wrong_parameter_is_answered_with_a_friendly_page(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert "<h1>" in answer.text
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/reports/x",
        "/reports/%00",
        "/reports/a%2Fb",
        "/reports/'",
        "/media/..%2F..",
        "/media/",
        "/media/%00",
    ],
)
def test_a_wrong_path_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_nothing_can_be_sent_here(client: TestClient) -> None:
    answer = client.post("/reports")
    assert answer.status_code == 405
    assert answer.headers["allow"]
    assert "<h1>" in answer.text


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["/", "/reports", "/reports/", "/media/", "/about", "/"]),
    tail=st.text(max_size=30),
    query=st.dictionaries(
        st.sampled_from(["lang", "q", "town", "category", "status", "cursor", "x"]), st.text(max_size=60)
    ),
    accept_language=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
)
def test_no_request_makes_the_site_fail(
    client: TestClient, path: str, tail: str, query: dict[str, str], accept_language: str
) -> None:
    asked = path + (quote(tail, errors="replace") if path.endswith("/") else "")
    query = {name: value.encode(errors="replace").decode() for name, value in query.items()}
    answer = client.get(asked, params=query, headers={"accept-language": accept_language})
    assert answer.status_code < 500


def test_without_the_database_a_friendly_page_says_when_to_come_again(elsewhere: pytest.MonkeyPatch) -> None:
    elsewhere.setenv("NERIREPO_PUBLIC_DATABASE_URL", f"postgresql://nobody@/none?host={os.devnull}")
    _forget_settings()
    client = TestClient(create_app())
    for path in ("/", "/reports", "/theme.css", "/media/x.webp"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert answer.headers["cache-control"] == "no-store"
        assert "<h1>" in answer.text
    assert (client.get("/health/live").status_code, client.get("/health/ready").status_code) == (200, 503)


def test_without_the_store_pages_stand_and_pictures_come_later(
    picture: str, elsewhere: pytest.MonkeyPatch
) -> None:
    elsewhere.setenv("NERIREPO_S3_ENDPOINT", "http://127.0.0.1:9")
    _forget_settings()
    client = TestClient(create_app())
    assert client.get("/").status_code == 200
    answer = client.get(f"/media/{picture}")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]


def test_a_fault_of_ours_is_a_friendly_page_with_the_same_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    from web_public import conditional_get

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(conditional_get.read, "revision", fail)
    answer = TestClient(create_app(), raise_server_exceptions=False).get("/")
    assert answer.status_code == 500
    assert "<h1>" in answer.text
    assert "ZeroDivision" not in answer.text
    assert answer.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]


def test_the_process_says_that_it_lives_and_is_ready(client: TestClient) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}
    assert client.get("/health/ready").json() == {"status": "ok"}


def test_built_files_may_be_kept_while_their_name_carries_their_content(client: TestClient) -> None:
    page = client.get("/").text
    url = "/static/site.css" + page.partition("/static/site.css")[2].partition('"')[0]
    assert "immutable" in client.get(url).headers["cache-control"]
    assert "immutable" not in client.get("/static/site.css").headers["cache-control"]


def test_whoever_holds_a_page_asks_anew_once_any_of_the_code_has_changed_that_made_it() -> None:
    """The tag of a page stands for the files of each package that the site is made from."""
    from web_public.conditional_get import MADE_FROM

    loads = "import sys, web_public.app; print(*{each.split('.')[0] for each in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-P", "-c", loads],
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=True,
    )
    ours = {each.name for each in CHECKOUT.iterdir() if (each / "__init__.py").exists()}
    assert {each.__name__ for each in MADE_FROM} == ours & set(loaded.stdout.split())
