"""A photo goes from a phone to its renditions, or is refused with the reason."""

import hashlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from nerirepo.base.ids import uuid7
from tests.factories import a_jpeg, a_member, a_reporter, send_photo, send_report

Work = Callable[[], None]


def announcement(content: bytes, **changes: Any) -> dict[str, Any]:
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "content_type": "image/jpeg",
    } | changes


def test_a_photo_is_announced_sent_and_made_anew(client: TestClient, work: Work) -> None:
    hanako, content = a_reporter(), a_jpeg("red", (1600, 1200))
    photo_id = send_photo(client, hanako, content)
    received = client.get(f"/v1/photos/{photo_id}", headers=hanako.headers).json()
    assert (received["state"], received["sha256"]) == ("received", hashlib.sha256(content).hexdigest())
    work()
    ready = client.get(f"/v1/photos/{photo_id}", headers=hanako.headers).json()
    assert (ready["state"], ready["upload"]) == ("ready", None)
    assert [each["name"] for each in ready["renditions"]] == ["large", "medium", "small"]
    for rendition in ready["renditions"]:
        seen = client.get(rendition["url"])
        assert seen.headers["content-type"] == "image/webp"
        picture = Image.open(BytesIO(seen.content))
        assert picture.size == (rendition["width"], rendition["height"])
        assert not picture.getexif()


def test_the_same_announcement_is_answered_alike_and_another_is_a_conflict(client: TestClient) -> None:
    hanako, photo_id, content = a_reporter(), uuid7(), a_jpeg()

    def announce(body: dict[str, Any]) -> Any:
        return client.put(f"/v1/photos/{photo_id}", headers=hanako.headers, json=body)

    assert announce(announcement(content)).json()["state"] == "awaiting"
    assert announce(announcement(content)).status_code == 200
    other = announce(announcement(a_jpeg("blue", (99, 99))))
    assert (other.status_code, other.json()["code"]) == (409, "photo_id_taken")


def test_bytes_that_are_not_as_announced_are_refused_and_can_be_sent_again(client: TestClient) -> None:
    hanako, photo_id, content = a_reporter(), uuid7(), a_jpeg()
    put = client.put(f"/v1/photos/{photo_id}", headers=hanako.headers, json=announcement(content))
    upload = put.json()["upload"]
    for wrong in (content[:-1], content + b"x", content[:-1] + b"x", b""):
        answer = client.put(upload["url"], headers=upload["headers"], content=wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "photo_bytes_differ")
        assert answer.json()["retryable"] is True
    assert client.put(upload["url"], headers=upload["headers"], content=content).status_code == 200
    assert client.put(upload["url"], headers=upload["headers"], content=content).status_code == 200


def test_an_upload_address_speaks_for_one_photo_only(client: TestClient) -> None:
    hanako, content = a_reporter(), a_jpeg()
    ids = [uuid7(), uuid7()]
    uploads = [
        client.put(f"/v1/photos/{each}", headers=hanako.headers, json=announcement(content)).json()["upload"]
        for each in ids
    ]
    forged = uploads[0]["url"].replace(str(ids[0]), str(ids[1]))
    answer = client.put(forged, headers=uploads[0]["headers"], content=content)
    assert (answer.status_code, answer.json()["code"]) == (403, "photo_link_invalid")


@pytest.mark.parametrize(
    "change",
    [
        {"content_type": "image/gif"},
        {"content_type": "text/html"},
        {"bytes": 0},
        {"bytes": -5},
        {"bytes": 10**12},
        {"bytes": "10"},
        {"bytes": True},
        {"sha256": "short"},
        {"sha256": "A" * 64},
        {"name": "IMG_0001.JPG"},
    ],
    ids=str,
)
def test_what_cannot_be_a_photo_of_ours_is_refused_at_once(
    client: TestClient, change: dict[str, Any]
) -> None:
    body = announcement(a_jpeg(), **change)
    answer = client.put(f"/v1/photos/{uuid7()}", headers=a_reporter().headers, json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_a_photo_that_cannot_be_decoded_is_rejected_with_the_reason(client: TestClient, work: Work) -> None:
    hanako = a_reporter()
    photo_id = send_photo(client, hanako, b"\xff\xd8\xff" + b"no picture at all" * 50)
    report = send_report(client, hanako, photo_ids=[photo_id])
    work()
    seen = client.get(f"/v1/photos/{photo_id}", headers=hanako.headers).json()
    assert (seen["state"], seen["reason"]) == ("rejected", "photo_damaged")
    assert report.status_code == 201


def test_nobody_else_sees_a_photo(client: TestClient, work: Work) -> None:
    photo_id = send_photo(client, a_reporter())
    for other in (a_reporter("taro@example.jp"), a_member()):
        door = "/v1" if other.email.startswith("taro") else "/staff"
        answer = client.get(f"{door}/photos/{photo_id}", headers=other.headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "photo_not_found")


def test_the_cameras_place_is_a_suggestion_to_the_owner_and_to_nobody_else(
    client: TestClient, work: Work
) -> None:
    hanako, file, exif = a_reporter(), BytesIO(), Image.Exif()
    gps = exif.get_ifd(0x8825)
    gps.update({1: "N", 2: (35.0, 44.0, 8.16), 3: "E", 4: (139.0, 39.0, 7.92)})
    exif[0x8825] = gps
    Image.new("RGB", (640, 480), "green").save(file, "JPEG", exif=exif)
    photo_id = send_photo(client, hanako, file.getvalue())
    report_id = send_report(client, hanako, photo_ids=[photo_id]).json()["receipt"]["report_id"]
    work()
    own = client.get(f"/v1/photos/{photo_id}", headers=hanako.headers).json()
    place = own["suggestion"]["place"]
    assert place.pop("accuracy_m") is None
    assert place == pytest.approx({"lat": 35.7356, "lon": 139.6522}, abs=1e-4)
    staff = client.get(f"/staff/reports/{report_id}", headers=a_member().headers)
    assert "suggestion" not in staff.text
