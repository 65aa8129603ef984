"""A resident leaves everything that no log may remember; all of it is hunted in every log afterwards."""

import email
import email.policy
import re
import time
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from PIL import Image

from operate.process import free_port
from tests.factories import Person, send_photo, send_report
from tests.operate.test_up import nerirepo, service

ADDRESS = "canary.hanako@example.jp"
NAME = "カナリア花子"
WORDS = "カナリアの家の前の穴"
LATITUDE, LONGITUDE = 35.735613, 139.651413
FILE = "canary-holiday.jpg"
CANARIES = ("canary", "カナリア", "35.7356", "139.6514")


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
    exif[0x010E], exif[0x9286] = FILE, "canary comment"
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 44.0, 8.2), 3: "E", 4: (139.0, 39.0, 5.1)})
    file = BytesIO()
    Image.new("RGB", (640, 480), "grey").save(file, "JPEG", exif=exif)
    return file.getvalue()


def live(client: httpx2.Client, home: Path) -> None:
    """Sign in, post, and make each mistake that quotes what was sent."""
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


@pytest.mark.long
def test_no_log_remembers_who_a_resident_is_where_they_live_or_what_they_wrote(tmp_path_factory):
    home, port = tmp_path_factory.mktemp("home"), free_port()
    with service(home, port) as running:
        with httpx2.Client(base_url=f"http://localhost:{port}", timeout=30) as client:
            live(client, home)
        waits = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
        until(lambda: nerirepo(home, "psql", "-At", "-c", waits).stdout.strip() == "0")
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
    logs |= {
        str(file.relative_to(home)): file.read_text(errors="replace")
        for file in [*home.glob("log/*"), home / "postgres" / "log", home / "s3" / "log"]
    }
    assert logs["log/site.log"].count("request_id=") > 5
    assert "job=send" in logs["log/worker.log"]
    found = {
        (name, line)
        for name, text in logs.items()
        for line in text.splitlines()
        if any(canary in line for canary in CANARIES)
    }
    assert found == set()
