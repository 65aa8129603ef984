"""Another municipality runs the same service: みほん町, with its own name, number, limits and languages."""

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from nerirepo.base.ids import uuid7
from tests.factories import Person, a_jpeg, a_member, a_reporter, send_photo, send_report, take_action
from tests.factories.life import body, letters, notify_all, send_all

ON_THE_ROAD = {"lat": 36.61002, "lon": 138.008}
NERIMA = re.compile(
    "NR-|131202|練馬|ねりま|ねりレポ|ネリマ|Nerima|NeriRepo|네리|练马|東京|Tokyo|ward\\.example"
)


def post(client: TestClient, who: Person, **changes: Any) -> Any:
    place = {**ON_THE_ROAD, "accuracy_m": 8.0, "source": "gps"}
    return send_report(client, who, **{"category": "michi.ana", "location": place} | changes)


def announce(client: TestClient, who: Person, **changes: Any) -> Any:
    said = {"sha256": hashlib.sha256(b"1").hexdigest(), "bytes": 1000, "content_type": "image/jpeg"}
    return client.put(f"/v1/photos/{uuid7()}", headers=who.headers, json=said | changes)


def test_the_main_job_is_done_in_its_name_alone(
    site: TestClient, client: TestClient, mailbox: Path, work: Any
) -> None:
    hanako = a_reporter(locale="ko")
    photo = send_photo(client, hanako)
    work()  # what it needs for letters is made
    sent = post(client, hanako, photo_ids=[photo])
    assert sent.status_code == 201, sent.text
    report, number = sent.json()["report"], sent.json()["receipt"]["number"]
    assert re.fullmatch(r"MH-\d{4}-\d{6}", number)
    assert report["responsible"]["name"] == "建設課"
    assert "みほん町道1号" in report["responsible"]["reason"]

    desk = a_member(department="soumu")
    repaired = send_photo(client, desk, a_jpeg("green"), "/staff")
    work()
    take_action(desk, report["id"], "accept", public_text="道に穴があります。", photo_ids=[])
    take_action(desk, report["id"], "start", public_note="直します。")
    take_action(desk, report["id"], "resolve", public_note="穴をふさぎました。", photo_ids=[repaired])
    work()
    notify_all()
    send_all()

    told = letters(mailbox, hanako.email)
    assert told
    for letter in told:
        assert letter["Content-Language"] == "en"  # the nearest to Korean that the town offers
        assert letter["Reply-To"] == "henji@mihon.example.jp"
        assert "machi@mihon.example.jp" in letter["From"]
        words = body(letter) + body(letter, "html") + str(letter)
        assert number in words
        assert not NERIMA.search(words), NERIMA.search(words)

    page = site.get(f"/reports/{number}?lang=ja")
    assert page.status_code == 200
    assert "穴をふさぎました。" in page.text
    for path in (
        "/",
        "/reports",
        f"/reports/{number}",
        "/terms",
        "/privacy",
        "/statistics",
        "/report",
        "/me",
        "/open-data/reports.csv",
        "/feeds/reports.atom",
        "/v1/service",
        "/v1/categories",
        f"/v1/public/reports?q={number}",
    ):
        for lang in ("ja", "en"):
            answer = site.get(path, headers={"Accept-Language": lang})
            assert answer.status_code == 200, (path, answer.text)
            found = NERIMA.search(answer.text)
            assert not found, (path, lang, answer.text[found.start() - 60 : found.end() + 60])


@pytest.mark.parametrize("typed", ["{}", "ＭＨ－{year}－{count}", "mh {year} {short}", "ｍｈ{year}{count}"])
def test_a_number_is_found_however_it_is_typed(
    site: TestClient, client: TestClient, work: Any, typed: str
) -> None:
    sent = post(client, a_reporter()).json()
    take_action(
        a_member(department="soumu"), sent["report"]["id"], "accept", public_text="道に穴があります。"
    )
    work()
    number = sent["receipt"]["number"]
    _, year, count = number.split("-")
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    asked = typed.format(number, year=year.translate(wide), count=count.translate(wide), short=int(count))
    found = site.get("/v1/public/reports", params={"q": asked}).json()["reports"]
    assert [each["number"] for each in found] == [number]


def test_it_takes_two_photos_of_a_report_and_says_so(client: TestClient) -> None:
    hanako = a_reporter()
    photos = [send_photo(client, hanako, a_jpeg(each)) for each in ("red", "green", "blue")]
    refused = post(client, hanako, photo_ids=photos)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    assert refused.json()["errors"] == [
        {"field": "photo_ids", "code": "too_long", "detail": "長すぎるか、数が多すぎます。"}
    ]
    report = post(client, hanako, photo_ids=photos[:2]).json()["report"]
    path = f"/v1/reports/{report['id']}/comments"
    three = {"id": str(uuid7()), "text": "見て", "photo_ids": photos}
    assert client.post(path, headers=hanako.headers, json=three).json()["code"] == "invalid"


def test_it_takes_photos_of_its_own_size_and_types(client: TestClient) -> None:
    hanako = a_reporter()
    assert announce(client, hanako, bytes=3_000_000).status_code == 200
    assert announce(client, hanako, bytes=3_000_001).json()["errors"][0]["code"] == "photo_too_large"
    assert announce(client, hanako, content_type="image/png").status_code == 200
    for other in ("image/webp", "image/heic", "image/heif"):
        assert announce(client, hanako, content_type=other).json()["code"] == "photo_not_taken", other


def test_the_service_says_what_it_offers(client: TestClient) -> None:
    said = client.get("/v1/service", headers={"Accept-Language": "ko"}).json()
    assert (said["name"], said["municipality"]) == ("みほんの目", {"code": "209996", "name": "みほん町"})
    assert said["languages"] == ["ja", "en"]
    assert said["limits"] == {
        "photos_per_report": 2,
        "photo_bytes": 3_000_000,
        "photo_types": ["image/jpeg", "image/png"],
        "description_characters": 2000,
    }
    assert said["reading_hours"]["days"] == ["tue", "wed", "sat"]
    assert [each["phone"] for each in said["emergency_contacts"]] == ["119"]


@pytest.mark.parametrize(
    ("wish", "spoken"),
    [("ko", "ja"), ("ko, en;q=0.5", "en"), ("zh-CN", "ja"), ("ja-x-easy", "ja"), ("en", "en")],
)
def test_only_its_languages_are_spoken(site: TestClient, wish: str, spoken: str) -> None:
    for path in ("/", "/v1/categories", "/v1/reports/unknown", "/no-such-page", "/l/report/x"):
        answer = site.get(path, headers={"Accept-Language": wish})
        assert answer.headers.get("content-language", spoken) == spoken, path
    page = site.get("/", headers={"Accept-Language": wish}).text
    assert re.findall(r'<link rel="alternate" hreflang="([^"]+)"', page) == ["x-default", "ja", "en"]
    assert set(re.findall(r"\?lang=([\w-]+)", page)) == {"ja", "en"}


@pytest.mark.parametrize("lang", ["ko", "zh-Hans", "ja-easy"])
def test_a_language_that_it_does_not_offer_is_as_an_unknown_one(site: TestClient, lang: str) -> None:
    unknown, other = site.get("/?lang=tlh"), site.get(f"/?lang={lang}")
    assert (other.status_code, other.text.replace(lang, "tlh")) == (unknown.status_code, unknown.text)
    letter = site.get(f"/l/report/x?lang={lang}").text
    assert 'lang="ja"' in letter
    assert not re.search(r"lang=(ko|zh-Hans|ja-easy)", letter)
