"""The desk has something to say to everybody, and takes it down again."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from nerirepo.base import clock
from nerirepo.catalogue.notices import notices, replace_notices
from nerirepo.database.db import reading, transaction
from nerirepo.publication.reference import refresh_ward
from nerirepo.staff.roles import Role
from tests.factories import a_member
from web_public.app import create_app as create_public
from web_staff.app import create_app

TYPHOON = {
    "title.ja": "台風のため、対応がおくれています",
    "words.ja": "危ないところには近づかないでください。",
    "title.en": "Slower because of the typhoon",
    "words.en": "Please keep away from what is dangerous.",
}


@pytest.fixture
def public(database: Path) -> Iterator[TestClient]:
    with reading() as session:
        before = notices(session)
    yield TestClient(create_public(), headers={"accept-language": "ja"})
    with transaction() as session:  # the ward's own words outlive a test
        replace_notices(session, before)
        refresh_ward(session)


@pytest.fixture
def pages(database: Path) -> Iterator[TestClient]:
    ours = {"Sec-Fetch-Site": "same-origin"}
    with TestClient(create_app(), base_url="http://localhost:8000", headers=ours) as client:
        yield client


def sign_in(pages: TestClient, role: Role) -> None:
    pages.cookies.set("nerirepo_staff", a_member(role, "roads" if role is Role.FIELD else "desk").token)


def day(distance: int) -> str:
    return str(clock.today_in_japan() + timedelta(days=distance))


def put_up(pages: TestClient, **typed: str) -> Any:
    return pages.post("/desk/notices", data=TYPHOON | {"since": day(0), "until": day(3)} | typed)


@pytest.mark.parametrize("role", [Role.DESK, Role.ADMIN])
def test_a_notice_is_read_by_everybody_until_it_is_taken_down(
    pages: TestClient, public: TestClient, role: Role
) -> None:
    sign_in(pages, role)
    page = put_up(pages)
    assert page.status_code == 200
    assert TYPHOON["title.ja"] in page.text
    for path in ("/", "/reports", "/report"):
        assert TYPHOON["title.ja"] in public.get(path).text, path
    assert TYPHOON["title.en"] in public.get("/?lang=ko").text
    code = re.search(rf'name="code" value="([^"]+)"[^§]*?{TYPHOON["title.ja"]}', page.text)
    assert code
    gone = pages.post("/desk/notices/remove", data={"code": code[1]})
    assert TYPHOON["title.ja"] not in gone.text
    assert TYPHOON["title.ja"] not in public.get("/").text


def test_a_notice_is_shown_on_its_days_alone(pages: TestClient, public: TestClient) -> None:
    sign_in(pages, Role.DESK)
    put_up(pages, since=day(2))
    assert TYPHOON["title.ja"] not in public.get("/").text
    with clock.at(clock.now() + timedelta(days=3)):
        assert TYPHOON["title.ja"] in public.get("/").text
    with clock.at(clock.now() + timedelta(days=4)):
        assert TYPHOON["title.ja"] not in public.get("/").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"until": "2001-01-01"}, "終わりの日が、出す日より前です。"),
        ({"until": "tomorrow"}, "これが必要です。"),
        ({"title.ja": " "}, "これが必要です。"),
        ({"words.ja": "あ" * 1001}, "長すぎます。"),
    ],
)
def test_what_makes_no_sense_is_shown_again_with_what_was_typed(
    pages: TestClient, public: TestClient, typed: dict[str, str], said: str
) -> None:
    sign_in(pages, Role.DESK)
    page = put_up(pages, **typed)
    assert page.status_code == 422
    assert said in page.text
    assert TYPHOON["title.en"] in page.text
    assert TYPHOON["title.en"] not in public.get("/?lang=en").text


def test_a_crew_speaks_to_nobody_in_the_wards_name(pages: TestClient, public: TestClient) -> None:
    sign_in(pages, Role.FIELD)
    assert pages.get("/crew/notices").status_code == 403
    assert put_up(pages).status_code == 403
    assert TYPHOON["title.ja"] not in public.get("/").text


def test_html_in_a_notice_is_words(pages: TestClient, public: TestClient) -> None:
    sign_in(pages, Role.DESK)
    put_up(pages, **{"title.ja": "<script>alert(1)</script>"})
    assert "&lt;script&gt;" in public.get("/").text


def test_programs_read_and_replace_the_notices(client: TestClient, public: TestClient) -> None:
    desk = a_member(Role.DESK)
    notice = {
        "code": "typhoon",
        "since": day(0),
        "until": day(1),
        "titles": {"ja": TYPHOON["title.ja"]},
        "words": {"ja": TYPHOON["words.ja"]},
    }
    answer = client.put("/staff/notices", headers=desk.headers, json={"notices": [notice]})
    assert answer.status_code == 200, answer.text
    assert client.get("/staff/notices", headers=desk.headers).json() == {"notices": [notice]}
    assert TYPHOON["title.ja"] in public.get("/").text
    wrong = notice | {"titles": {"en": "No Japanese"}}
    refused = client.put("/staff/notices", headers=desk.headers, json={"notices": [wrong]})
    assert refused.status_code == 422
    crew = a_member(Role.FIELD, "roads")
    assert client.put("/staff/notices", headers=crew.headers, json={"notices": []}).status_code == 403
