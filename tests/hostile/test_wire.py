"""Bytes that no browser and no app would send: no fault of ours, and the security headers on every answer."""

import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from nerirepo.base.ids import uuid7
from nerirepo.base.settings import settings
from nerirepo.database.db import transaction
from tests.factories import a_member, a_reporter
from tests.factories.public_reports import add_report
from tests.hostile.wire import Answer, request

PATHS = (
    "/", "/reports", "/reports/{number}", "/report", "/me", "/about", "/statistics", "/statistics/reports",
    "/open-data", "/open-data/reports.csv", "/open-data/reports.json", "/open-data/reports.geojson",
    "/feeds/reports.atom", "/improvements", "/deeds", "/sitemap.xml", "/map/lines/14/14540/6449.mvt",
    "/media/x", "/static/site.css", "/v1/service", "/v1/categories", "/v1/places/lookup",
    "/v1/public/reports",
    "/v1/public/tiles/14/14540/6449.mvt", "/v1/reports/{number}", "/v1/me", "/v1/changes", "/staff/reports",
    "/staff/reports/{number}", "/desk", "/desk/sign-in", "/crew", "/desk/reports/{number}",
    "/desk/static/staff.css",
    "/l/answer/x", "/l/report", "/l/unsubscribe/x", "/l/report/x", "/docs", "/openapi.json", "/health/ready",
    "/nothing", "/desk/nothing", "/l/nothing", "/v1/nothing",
)  # fmt: skip
QUERIES = (
    "q", "cursor", "status", "department", "category", "town", "lang", "near", "bbox", "since", "until",
    "assignee", "sort", "next", "done", "month", "which", "show", "answer", "lat", "lon", "to_screen",
    "overdue", "limit",
)  # fmt: skip
WORDS = {
    "NUL": b"%00",
    "no UTF-8": b"%ff%fe",
    "a lone surrogate": b"%ed%a0%80",
    "overlong UTF-8": b"%c0%af",
    "another folder": b"..%2f..%2fetc%2fpasswd",
    "a line end": b"%0d%0aSet-Cookie:%20x=1",
    "half an escape": b"%",
    "no escape": b"%zz",
    "raw bytes": b"\xff\xfe",
    "right to left": b"%e2%80%ae",
    "long": b"A" * 3000,
    "huge number": b"9" * 400,
    "not a number": b"NaN",
}
HEADERS: dict[str, list[bytes]] = {
    "Authorization": [b"Bearer \xff\xfe", b"Bearer " + b"A" * 5000, b"Bearer", b"Bearer  ", b"Basic eDp5"],
    "Cookie": [b"nerirepo_staff=\xff", b"nerirepo_staff=" + b"A" * 5000, b"=;=;=", b"nerirepo_lang=../../x"],
    "If-None-Match": [b"*", b'"', b"W/", b"\xff", b"," * 2000, b'"a", W/"b", *'],
    "If-Match": [b"*", b"\xff", b'"' + b"9" * 300 + b'"'],
    "If-Modified-Since": [b"x", b"Mon, 99 Foo 9999 99:99:99 GMT"],
    "Accept-Language": [b"\xff\xfe", b"," * 4000, b"ja;q=nan", b"en;q=1e400, ja;q=-inf", b"-", b"a-b_c.d@e"],
    "Range": [b"bytes=0-0", b"bytes=9-1", b"bytes=a-b", b"bytes=" + b"0-0," * 500, b"\xff", b"items=1-2"],
    "Accept-Encoding": [b"\xff", b"gzip;q=x"],
    "X-Request-Id": [b"\xff", b"a" * 5000],
    "X-Forwarded-For": [b"\xff", b"a,b,c"],
    "Contract-Level": [b"\xff", b"9" * 30, b"-1", b"NaN"],
    "Host": [b"", b"evil.example", b"[::1", b"a b", b"localhost:abc"],
}
TARGETS = (
    b"*",
    b"desk",
    b"?x",
    b"//evil.example/desk",
    b"/\\evil.example",
    b"/%2e%2e/desk",
    b"http://evil.example/",
)
METHODS = ("OPTIONS", "TRACE", "CONNECT", "PATCH", "PUT", "DELETE", "POST", "HEAD", "GET", "FOO")

Sent = tuple[str, Answer]


@pytest.fixture
def number(house: str) -> str:
    """Of a report that is public."""
    with transaction() as session:
        return add_report(session).number


@pytest.fixture
def everybody() -> dict[str, str]:
    """Signed in as a resident and, by the pages' cookie, at the desk: what is behind a door is asked, too."""
    desk = a_member()
    return {"Authorization": a_reporter().headers["Authorization"], "Cookie": f"nerirepo_staff={desk.token}"}


def faults(answers: Iterator[Sent]) -> list[str]:
    """What is not as it must be, of each answer that was one."""
    return [f"{said}: {fault}" for said, answer in answers for fault in wrong_with(answer)]


def wrong_with(answer: Answer) -> Iterator[str]:
    if answer.status >= 500:
        yield str(answer.status)
    if answer.status == 0 or b"Invalid HTTP request received." in answer.body:
        return  # the server's own, before any of our code
    for header in ("x-content-type-options", "content-security-policy", "referrer-policy"):
        if header not in answer.headers:
            yield f"{answer.status} without {header}"
    if "unsafe-inline" in answer.headers.get("content-security-policy", ""):
        yield "inline programs are allowed"
    if "evil" in answer.headers.get("location", ""):
        yield f"leads to {answer.headers['location']}"


@pytest.mark.long
def test_no_word_in_a_path_or_a_query_breaks_anything(
    house: str, number: str, everybody: dict[str, str]
) -> None:
    def answers() -> Iterator[Sent]:
        for path in PATHS:
            plain = path.format(number=number)
            for name, word in WORDS.items():
                yield f"{path}/{name}", request(house, "GET", plain.encode() + b"/" + word, everybody)
                every = b"&".join(query.encode() + b"=" + word for query in QUERIES)
                yield f"{path}?{name}", request(house, "GET", plain.encode() + b"?" + every, everybody)

    assert faults(answers()) == []


@pytest.mark.long
def test_no_word_in_any_single_query_breaks_anything(
    house: str, number: str, everybody: dict[str, str]
) -> None:
    def answers() -> Iterator[Sent]:
        for path in PATHS:
            for query in QUERIES:
                for name, word in WORDS.items():
                    asked = f"{path.format(number=number)}?{query}=".encode() + word
                    yield f"{path}?{query}: {name}", request(house, "GET", asked, everybody)

    assert faults(answers()) == []


@pytest.mark.long
def test_no_header_breaks_anything(house: str, number: str, everybody: dict[str, str]) -> None:
    def answers() -> Iterator[Sent]:
        for path in PATHS:
            for name, values in HEADERS.items():
                for value in values:
                    yield (
                        f"{path} {name}: {value[:20]!r}",
                        request(house, "GET", path.format(number=number), everybody | {name: value}),
                    )

    assert faults(answers()) == []


@pytest.mark.long
def test_no_method_or_target_breaks_anything(house: str, number: str, everybody: dict[str, str]) -> None:
    def answers() -> Iterator[Sent]:
        for method in METHODS:
            for path in (*(path.format(number=number).encode() for path in PATHS), *TARGETS):
                yield f"{method} {path!r}", request(house, method, path, everybody)

    assert faults(answers()) == []


@pytest.mark.parametrize(
    "path",
    [
        "/desk/",
        "/desk/static",
        "/reports/",
        "/static",
        "/reports/nr-2026-000001",
        "/v1/service/",
        "/l/report/",
    ],
)
def test_nobody_is_led_to_a_host_that_the_caller_made_up(house: str, path: str) -> None:
    answer = request(house, "GET", path, {"Host": "evil.example"})
    assert "evil" not in answer.headers.get("location", "")
    assert answer.status < 500


@pytest.mark.parametrize(
    ("typed", "meant"), [("/reports/", "/reports"), ("/desk/", "/desk"), ("/crew/", "/crew")]
)
def test_a_slash_too_many_is_forgiven(house: str, typed: str, meant: str) -> None:
    answer = request(house, "GET", typed)
    assert (answer.status, answer.headers["location"]) == (308, meant)


JSON_BODIES = {
    "nothing": b"",
    "half": b"{",
    "null": b"null",
    "a list": b"[]",
    "not a number": b'{"email": NaN, "action": Infinity}',
    "deep lists": b"[" * 20_000 + b"]" * 20_000,
    "deep objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "a huge number": b'{"email":' + b"9" * 5000 + b"}",
    "a key twice": b'{"email":"a@b.jp","email":5}',
    "no UTF-8": b'{"email":"\xff"}',
    "a lone surrogate": b'{"email":"\\ud800","locale":"ja","internal_note":"\\udfff"}',
    "NUL": b'{"email":"a\\u0000b@x.jp","locale":"ja"}',
    "a surrogate as a key": b'{"\\ud800":1}',
    "true for a number": b'{"action_id":true,"bytes":true,"code":true}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "too long": b"{}" + b" " * 1_100_000,
}
TYPES = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "application/json; charset=utf-99",
    "",
    "\xff",
)
LENGTHS = ("-1", "abc", "9" * 40, "1e3", "2, 2", "+2", "²")


@pytest.fixture
def calls(number: str) -> list[tuple[str, str, dict[str, str]]]:
    """Every call that takes a body, with who may make it."""
    resident = a_reporter("calls@example.jp").headers
    desk = a_member().headers
    return [
        ("POST", "/v1/sign-in", {}),
        ("POST", f"/v1/sign-in/{uuid7()}", {}),
        ("POST", "/v1/sign-in/bytes", {}),
        ("PATCH", "/v1/me", resident),
        ("PUT", f"/v1/photos/{uuid7()}", resident),
        ("PUT", f"/v1/photos/{uuid7()}/bytes?expires=1&signature=x", {}),
        ("PUT", f"/v1/reports/{uuid7()}", resident),
        ("POST", f"/v1/reports/{number}/withdraw", resident),
        ("POST", f"/v1/reports/{number}/comments", resident),
        ("POST", f"/v1/reports/{number}/feedback", resident),
        ("POST", "/staff/sign-in", {}),
        ("POST", "/staff/reports", desk),
        ("PUT", f"/staff/photos/{uuid7()}", desk),
        ("POST", f"/staff/reports/{number}/actions", desk | {"If-Match": '"1"'}),
        ("POST", f"/staff/reports/{number}/contact", desk),
        ("PUT", "/staff/departments", desk),
    ]


@pytest.mark.long
def test_no_body_breaks_the_api(house: str, calls: list[tuple[str, str, dict[str, str]]]) -> None:
    def answers() -> Iterator[Sent]:
        for method, path, who in calls:
            said = f"{method} {path}"
            for name, body in JSON_BODIES.items():
                headers = who | {"Content-Type": "application/json", "Content-Length": str(len(body))}
                yield f"{said} {name}", request(house, method, path, headers, body)
            for kind in TYPES:
                headers = who | {"Content-Type": kind, "Content-Length": "2"}
                yield f"{said} as {kind}", request(house, method, path, headers, b"{}")
            for length in LENGTHS:
                yield (
                    f"{said} of {length}",
                    request(house, method, path, who | {"Content-Length": length}, b"{}"),
                )
            for name, body in CHUNKS.items():
                headers = who | {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}
                yield f"{said} {name}", request(house, method, path, headers, body)

    assert faults(answers()) == []


CHUNKS = {
    "in chunks": b"2\r\n{}\r\n0\r\n\r\n",
    "in broken chunks": b"zz\r\n{}\r\n0\r\n\r\n",
    "in too many chunks": b"10000\r\n" + b" " * 65536 + b"\r\n10000\r\n" + b" " * 65536 + b"\r\n0\r\n\r\n",
}


def part(disposition: bytes) -> bytes:
    return b"--B\r\nContent-Disposition: form-data" + disposition + b"\r\n\r\nx\r\n--B--\r\n"


U = "application/x-www-form-urlencoded"
M = "multipart/form-data; boundary=B"
FORMS: dict[str, tuple[str, bytes]] = {
    "nothing": (U, b""),
    "NUL": (U, b"email=%00&password=%00&totp=%00&next=%00&reason=%00%00&words=%00&internal_note=%00"),
    "no UTF-8": (U, b"email=%ff&password=%ff&reason=\xff\xfe&words=%ff&action=\xff&internal_note=%ff"),
    "a lone surrogate": (U, b"email=%ed%a0%80&reason=%ed%a0%80&words=%ed%a0%80&internal_note=%ed%a0%80"),
    "a version too high": (U, b"action=note&internal_note=x&version=" + b"9" * 300),
    "another script's digit": (U, b"action=note&internal_note=x&version=%e2%91%a0"),
    "an unknown action": (U, b"action=explode&version=1"),
    "no id": (U, b"action=reassign&assignee=x&version=1"),
    "too many fields": (U, b"&".join(b"a%d=1" % each for each in range(3000))),
    "no boundary": ("multipart/form-data", b"x"),
    "an empty boundary": ("multipart/form-data; boundary=", b"x"),
    "a nameless part": (M, part(b"")),
    "a file for words": (M, part(b'; name="reason"; filename="x"')),
    "a file for an address": (M, part(b'; name="email"; filename="x"')),
    "no charset": (f"{M}; charset=utf-99", part(b'; name="a"')),
    "nothing but boundaries": (M, b"--B\r\n" * 2000),
    "json": ("application/json", b"{}"),
    "no type": ("", b"x"),
}  # fmt: skip


@pytest.mark.long
def test_no_form_breaks_a_page(house: str, number: str) -> None:
    # The pages refuse a form that did not come from them.
    ours = {"Cookie": f"nerirepo_staff={a_member().token}", "Sec-Fetch-Site": "same-origin"}

    def answers() -> Iterator[Sent]:
        for path in (
            "/desk/sign-in",
            f"/desk/reports/{number}/actions",
            f"/desk/reports/{number}/contact",
            "/l/report",
            "/l/report-code",
            "/l/report/x",
            "/l/answer/x",
            "/l/unsubscribe/x",
        ):
            for name, (kind, body) in FORMS.items():
                headers = ours | {"Content-Type": kind, "Content-Length": str(len(body))}
                yield f"{path} {name}", request(house, "POST", path, headers, body)

    assert faults(answers()) == []


def test_a_body_is_bounded_whatever_the_path_is_called(house: str) -> None:
    headers = {"Content-Type": "application/json", "Content-Length": "70000"}
    assert request(house, "POST", "/v1/sign-in/bytes", headers, b" " * 70_000).status == 413


def test_who_never_ends_a_request_keeps_nobody_else_out(house: str) -> None:
    where = urlsplit(house)
    lines = [
        socket.create_connection((where.hostname or "", where.port or 0))
        for _ in range(settings().pool_size + 5)
    ]
    for line in lines:
        line.sendall(b"POST /v1/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{")
    answered: list[int] = []
    asking = threading.Thread(
        target=lambda: answered.append(request(house, "GET", "/v1/service").status), daemon=True
    )
    asking.start()
    asking.join(10)
    for line in lines:
        line.close()
    assert answered == [200]
