"""Whatever stands in the address of a page: the reader is answered kindly, in a language that she reads."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.routing import Route
from starlette.testclient import TestClient

import web_residents
from nerirepo.words.language import LANGUAGES, tag
from operate.serving.front import create_front
from web_public.app import create_app
from web_public.failures import FOR_PROGRAMS
from web_public.page_context import KEPT

pytestmark = pytest.mark.usefixtures("database", "storage")

LARGEST = 300_000
"""Bytes of an answer: nobody can ask for a page without end."""
NUMBERS = (
    "0",
    "-1",
    "1.5",
    "٣",
    "９",
    "NaN",
    "1e999",
    "9" * 400,
    "2147483648",
    "9223372036854775808",
    "0x10",
)
PLACES = ("180,90,-180,-90", "139,35,140,36", "nan,nan,nan,nan", "1,2,3", "139.6,35.7,139.7,1e400", ",,,")
DAYS = ("2026-02-30", "0000-00-00", "9999-12-31", "2999-12-31", "２０２６-11-23", "2026-11", "yesterday")
WORDS = (
    "after",
    "all",
    "road",
    "lamp.out",
    "NR-2026-000001",
    "nr2026-1",
    "'; --",
    "%",
    "_",
    "\\",
    "<b>",
    "穴",
)
SPOILED = (
    "%00",
    "%FF",
    "%ED%A0%80",
    "%ED%A0%BD%ED%B2%A9",
    "%C0%AF",
    "%",
    "%zz",
    "%E3%81",
    "..",
    "%2e%2e%2f",
    "+",
)
"""As they stand in an address: NUL, bytes that are no UTF-8, halves of pairs, half a letter."""


def doors() -> Iterator[str]:
    """The path of every page, file and picture that a stranger's browser may ask for."""
    for route in (*create_app().routes, *web_residents.router.routes):
        if isinstance(route, Route) and "GET" in (route.methods or ()):
            yield re.sub(r"{[^}]*}", "{}", route.path)
    yield "/static/{}"
    yield "/{}"
    yield "/{}/{}"


EVERY_DOOR = sorted(set(doors()))

written = st.one_of(
    st.sampled_from((*NUMBERS, *PLACES, *DAYS, *WORDS)).map(quote),
    st.sampled_from(SPOILED),
    st.text(max_size=40).map(lambda words: quote(words.encode("utf-8", "surrogatepass"), safe="")),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=3).map(lambda few: quote(few, safe="") * 400),
)
name = st.one_of(
    st.sampled_from((*KEPT, "lang", "lat", "lon", "half", "v")),
    st.sampled_from(("status[]", "q[0]", "bbox[west]", "", "q%00", "%FF")),
)
asked = st.lists(st.tuples(name, written), max_size=4)
"""Parameters may come twice."""
wishes = st.one_of(
    st.sampled_from(
        (
            b"",
            b"*",
            b"ko",
            b"zh-Hant-TW,zh;q=0.9",
            b"ja;q=zz,en;q=nan",
            b"en;q=1e999,ko;q=-1",
            b",;,;q=,",
            b"\xff\xfe",
        )
    ),
    st.binary(max_size=30).filter(lambda wish: not set(wish) & set(b"\r\n\0")),
    st.just(b"en-GB-oxendict-x-private," * 300),
)


@pytest.fixture(scope="module")
def browser() -> TestClient:
    return TestClient(create_front(), follow_redirects=False)


@settings(max_examples=250, suppress_health_check=list(HealthCheck), database=None)
@given(
    door=st.sampled_from(EVERY_DOOR),
    parts=st.lists(written, min_size=3, max_size=3),
    query=asked,
    lang=st.sampled_from((*LANGUAGES, None, "tlh", "JA", "ja-easy ")),
    wish=wishes,
)
@example(door="/reports", parts=["", "", ""], query=[("q", "%ED%A0%80"), ("q", "%00")], lang="ko", wish=b"")
@example(door="/l/answer/{}", parts=["%00", "", ""], query=[], lang="zh-Hans", wish=b"")
@example(door="/map/lines/{}/{}/{}.mvt", parts=["9" * 400, "-1", "%00"], query=[], lang=None, wish=b"*")
def test_every_address_is_answered_kindly(
    browser: TestClient,
    door: str,
    parts: list[str],
    query: list[tuple[str, str]],
    lang: str | None,
    wish: bytes,
) -> None:
    path = door.format(*parts)
    pairs = [f"{key}={value}" for key, value in query if key != "lang" or lang is None]
    answer = browser.get(
        "?".join((path, "&".join([*pairs, *([f"lang={quote(lang)}"] if lang else [])]))),
        headers={b"accept-language": wish},
    )
    assert answer.status_code < 500
    assert len(answer.content) < LARGEST
    if answer.status_code >= 400 and path.endswith(FOR_PROGRAMS):
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
    elif answer.headers.get("content-type", "").startswith("text/html"):
        spoken = re.search(r'<html lang="([^"]+)">', answer.text)
        assert spoken
        assert spoken[1] in {tag(each) for each in ((lang,) if lang in LANGUAGES else LANGUAGES)}
        assert "<h1" in answer.text
        assert "<a " in answer.text
