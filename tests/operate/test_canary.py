"""A resident leaves what nobody may read; it is hunted in all that others get to see, and in every log."""

import email
import email.policy
import html
import json
import re
import time
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import httpx2
import pytest
from PIL import Image
from pyotp.totp import TOTP

from nerirepo.base.ids import uuid7
from operate.supervising.process import free_port
from tests.factories import Person, send_photo, send_report
from tests.operate.supervising.test_up import nerirepo, service

ADDRESS = "canary.hanako@example.jp"
NAME = "カナリア花子"
WORDS = "カナリアの家の前の穴"
LATITUDE, LONGITUDE = 35.735613, 139.651413
FILE = "canary-holiday.jpg"
STAFF = "canary.desk@ward.example.jp"
HOME_LATITUDE, HOME_LONGITUDE = (35.0, 44.0, 59.3232), (139.0, 36.0, 40.4424)
"""Where the photo says that it was taken; the report itself is about another place."""
CANARIES = ("canary", "カナリア", "35.7498", "139.6112")
IN_LOGS = (*CANARIES, "35.7356", "139.6514")
"""Where the report is, everyone may read; a log has no use for it."""
PLACES_TO_BEGIN = (
    "/", "/reports", "/me", "/feeds/reports.atom", "/sitemap.xml", "/statistics", "/improvements",
    "/open-data/reports.csv", "/open-data/reports.json", "/open-data/reports.geojson",
    "/open-data/statistics.csv", "/v1/service", "/v1/categories", "/v1/public/reports",
    "/v1/public/tiles/14/14547/6448.mvt",
    f"/v1/places/lookup?lat={LATITUDE}&lon={LONGITUDE}&category=road.pothole", "/openapi.json", "/docs",
)  # fmt: skip
MOST_PAGES = 250


def letters(home: Path) -> list[str]:
    found = [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        for file in (home / "mail").glob("*.eml")
    ]
    return [
        body.get_content() for each in found if ADDRESS in each["to"] and (body := each.get_body(("plain",)))
    ]


def until(find: Any) -> Any:
    deadline = time.monotonic() + 60
    while not (found := find()):
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.1)
    return found


def a_photo_that_tells() -> bytes:
    """With a name and a place among its metadata."""
    exif = Image.Exif()
    exif[0x010E], exif[0x9286], exif[0x927C] = FILE, "canary comment", b"canary maker note"
    exif.get_ifd(0x8825).update({1: "N", 2: HOME_LATITUDE, 3: "E", 4: HOME_LONGITUDE})
    file = BytesIO()
    Image.new("RGB", (640, 480), "grey").save(file, "JPEG", exif=exif)
    return file.getvalue()


def live(client: httpx2.Client, home: Path) -> str:
    """Sign in, post, and make each mistake that quotes what was sent; the report's number."""
    began = client.post("/v1/sign-in", json={"email": ADDRESS, "locale": "ja"}).json()
    (letter,) = until(lambda: letters(home))
    code = re.search(r"\b[0-9]{6}\b", letter)
    assert code
    signed_in = client.post(
        f"/v1/sign-in/{began['challenge_id']}",
        json={"code": code[0], "eligibility": "lives", "nickname": NAME},
    )
    assert signed_in.status_code == 200, signed_in.text
    hanako = Person(UUID(int=0), ADDRESS, signed_in.json()["token"])
    photo = send_photo(client, hanako, a_photo_that_tells())  # type: ignore[arg-type]
    place = {"lat": LATITUDE, "lon": LONGITUDE, "accuracy_m": 8.0, "source": "gps"}
    taken = send_report(
        client,  # type: ignore[arg-type]
        hanako,
        description=f"{WORDS} {NAME} {ADDRESS}",
        location=place,
        photo_ids=[photo],
    )
    assert taken.status_code == 201, taken.text
    until(lambda: len(letters(home)) > 1)

    client.get("/v1/places/lookup", params={"lat": LATITUDE, "lon": LONGITUDE})
    client.get(f"/v1/no-such-path/canary-path?who={ADDRESS}")
    client.get(f"/reports/canary-{NAME}", headers={"X-Request-Id": "canary", "User-Agent": "canary"})
    client.post("/v1/sign-in", json={"email": f"{ADDRESS} canary", "locale": "ja"})
    client.post("/staff/sign-in", json={"email": ADDRESS, "password": "canary-password", "totp": "123456"})
    client.put("/v1/reports/canary", json={"description": WORDS}, headers=hanako.headers)
    client.get("/l/answer/canary-token")
    send_photo(client, hanako, b"\xff\xd8\xff canary, and no photo")  # type: ignore[arg-type]

    number = taken.json()["receipt"]["number"]
    repair(client, home, number, photo)
    said = client.post(
        f"/v1/reports/{number}/feedback", json={"fixed": True, "comment": WORDS}, headers=hanako.headers
    )
    assert said.status_code == 200, said.text
    return number


def repair(client: httpx2.Client, home: Path, number: str, photo: str) -> None:
    """The desk publishes what it has cleaned, and says that it is done; its own photo tells, too."""
    as_whom = ("--email", STAFF, "--name", "canary", "--role", "desk", "--department", "desk")
    added = nerirepo(home, "staff", "add", *as_whom)
    told = json.loads(added.stdout)
    code = TOTP(told["totp_secret"]).now()
    signed_in = client.post(
        "/staff/sign-in", json={"email": STAFF, "password": told["password"], "totp": code}
    ).json()
    desk = Person(UUID(int=0), STAFF, signed_in["token"])
    until(lambda: all_photos_are_ready(client, desk, number))
    after = send_photo(client, desk, a_photo_that_tells(), door="/staff")  # type: ignore[arg-type]
    for version, action in enumerate(
        (
            {"action": "accept", "public_text": "穴があります。", "photo_ids": [photo]},
            {"action": "note", "internal_note": WORDS},
            {"action": "resolve", "public_note": "ふさぎました。", "photo_ids": [after]},
        ),
    ):
        answer = client.post(
            f"/staff/reports/{number}/actions",
            headers=desk.headers | {"If-Match": f'"{min(version + 1, 2)}"'},
            json={"action_id": str(uuid7()), **action},
        )
        assert answer.status_code == 200, answer.text


def all_photos_are_ready(client: httpx2.Client, desk: Person, number: str) -> bool:
    report = client.get(f"/staff/reports/{number}", headers=desk.headers).json()
    return {each["state"] for each in report["photos"]} == {"ready"}


def everything_public(client: httpx2.Client, number: str) -> dict[str, bytes]:
    """Path to content, of what a stranger finds who follows every link."""
    until(lambda: client.get(f"/reports/{number}").text.count("/media/") >= 2)
    found: dict[str, bytes] = {}
    waiting = [*PLACES_TO_BEGIN, f"/reports/{number}", f"/reports/{number}/card.jpg", f"/v1/reports/{number}"]
    while waiting and len(found) < MOST_PAGES:
        path = waiting.pop(0)
        if path in found:
            continue
        answer = client.get(path)
        found[path] = answer.content
        if answer.headers.get("content-type", "").startswith("text/html"):
            links = re.findall(r'(?:href|src|content)="((?:http://localhost:[0-9]+)?/[^"#]*)', answer.text)
            waiting += [html.unescape(re.sub(r"^http://localhost:[0-9]+", "", each)) for each in links]
        elif path.startswith("/v1"):
            waiting += re.findall(r"/media/[^\"]+", answer.text)
    return found


def figures(home: Path) -> dict[str, bytes]:
    """What Prometheus reads of each process of the service."""
    found = {}
    for each in Path("/proc").glob("[0-9]*"):
        try:
            environ = (each / "environ").read_bytes()
        except OSError:
            continue
        port = re.search(rb"NERIREPO_METRICS_PORT=([0-9]+)", environ)
        if port and f"NERIREPO_HOME={home}\0".encode() in environ:
            address = f"http://127.0.0.1:{int(port[1])}/metrics"
            found[address] = httpx2.get(address).content
    return found


def is_told_in(content: bytes) -> bool:
    """Is a canary in it, as words or as a picture's metadata?"""
    text = html.unescape(unquote(content.decode(errors="replace")))
    if any(canary in text for canary in CANARIES):
        return True
    if not content.startswith((b"RIFF", b"\xff\xd8\xff", b"\x89PNG")):
        return False
    with Image.open(BytesIO(content)) as picture:
        return bool(picture.getexif()) or bool({"exif", "xmp", "comment"} & picture.info.keys())


@pytest.mark.long
def test_who_a_resident_is_where_they_live_and_what_they_wrote_is_told_to_nobody(tmp_path_factory):
    home, port = tmp_path_factory.mktemp("home"), free_port()
    with service(home, port) as running:
        with httpx2.Client(base_url=f"http://localhost:{port}", timeout=30) as client:
            number = live(client, home)
            waits = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
            until(lambda: nerirepo(home, "psql", "-At", "-c", waits).stdout.strip() == "0")
            public = everything_public(client, number)
        public |= figures(home)
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'published'"
        for table in nerirepo(home, "psql", "-At", "-c", tables).stdout.split():
            rows = nerirepo(home, "psql", "-At", "-c", f"SELECT to_jsonb(t) FROM published.{table} t")
            public[f"published.{table}"] = rows.stdout.encode()
        letters_to_others = {
            file.name: file.read_bytes()
            for file in (home / "mail").glob("*.eml")
            if ADDRESS not in email.message_from_bytes(file.read_bytes(), policy=email.policy.default)["to"]
        }
        # The database's own log, too: a broken unique key quotes the value.
        again = (
            f"INSERT INTO reporter SELECT (r).* FROM (SELECT r FROM reporter r WHERE email = '{ADDRESS}') x"
        )
        assert nerirepo(home, "psql", "-c", "SELECT 1").returncode == 0
        assert nerirepo(home, "psql", "-c", again).returncode != 0
        running.terminate()
        running.wait(30)
        assert running.stdout
        logs = {"terminal": running.stdout.read()}

    assert any(name.startswith("/media/") for name in public)
    assert number.encode() in public["/open-data/reports.csv"]
    assert number.encode() in public["published.report"]
    assert any(b"nerirepo_requests" in content for content in public.values())
    assert letters_to_others
    for name, raw in letters_to_others.items():
        letter = email.message_from_bytes(raw, policy=email.policy.default)
        for position, part in enumerate(letter.walk()):
            if not part.is_multipart():
                public[f"{name} {position}"] = part.get_payload(decode=True) or b""
    assert [name for name, content in public.items() if is_told_in(content)] == []

    logs |= {
        str(file.relative_to(home)): file.read_text(errors="replace")
        for file in [*home.glob("log/*"), home / "postgres" / "log", home / "s3" / "log"]
    }
    assert logs["log/site.log"].count('"request_id":') > 5
    assert '"job":"send"' in logs["log/worker.log"]
    found = {
        (name, line)
        for name, text in logs.items()
        for line in text.splitlines()
        if any(canary in line for canary in IN_LOGS)
    }
    assert found == set()
