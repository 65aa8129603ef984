"""One app's story, which sends at least one request of every operation: the contract's examples."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient
from PIL import Image

from nerirepo.base import clock
from nerirepo.base.ids import uuid7
from nerirepo.reporters import sign_in
from tests.api.mobile.test_photos import announcement
from tests.factories import (
    WARD_OFFICE,
    Person,
    a_member,
    a_reporter,
    a_submission,
    send_photo,
    send_report,
    take_action,
)
from tests.support.transactions import wait_until_none_runs

NAKANO = {"lat": 35.7074, "lon": 139.6638}
"""The next ward's office."""


class Teller:
    """Sends requests as one app, and keeps each with its answer under its operation's name."""

    def __init__(self, client: TestClient) -> None:
        self._client = client
        self.headers = {"Accept-Language": "ja", "Contract-Level": "1"}
        self.examples: dict[str, dict[str, Any]] = {}

    def tell(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        status: int = 200,
        request: Any = None,
        query: dict[str, Any] | None = None,
    ) -> Any:
        """The answer's JSON. `status` is the one expected."""
        answer = self._client.request(method, path, params=query, json=request, headers=self.headers)
        assert answer.status_code == status, answer.text
        content = answer.json() if "json" in answer.headers.get("content-type", "") else None
        example = {"method": method, "path": path, "query": query, "request": request}
        self.examples[operation] = {name: value for name, value in example.items() if value is not None} | {
            "status": status,
            "answer": content,
        }
        return content


def tell(client: TestClient, work: Callable[[], None]) -> dict[str, dict[str, Any]]:
    """The whole story; operation to example, see `api.mobile.document.Examples`."""
    teller = Teller(client)
    published_by_taro = _a_published_report(client, a_reporter("taro@example.jp"))
    work()
    teller.tell("read_categories", "GET", "/v1/categories")
    teller.tell("look_up_place", "GET", "/v1/places/lookup", query=WARD_OFFICE | {"category": "road.pothole"})
    teller.tell("look_up_place (outside)", "GET", "/v1/places/lookup", query=NAKANO)
    take_action(a_member(), published_by_taro, "hand_over", manager="tokyo_roads", public_note="都道でした。")
    work()
    teller.tell("read_report (public)", "GET", f"/v1/reports/{published_by_taro}")
    hanako = _sign_in(teller)
    _post(client, teller, hanako, work)
    _follow(client, teller, hanako, published_by_taro)
    teller.tell("export_me", "GET", "/v1/me/export")
    teller.tell("sign_out", "DELETE", "/v1/session", status=204)
    _sign_in(teller)
    teller.tell("erase_me", "DELETE", "/v1/me", status=204)
    return teller.examples


def _sign_in(teller: Teller) -> Person:
    service = teller.tell("read_service", "GET", "/v1/service")
    begun = teller.tell(
        "begin_sign_in",
        "POST",
        "/v1/sign-in",
        status=202,
        request={"email": "hanako@example.jp", "locale": "ja"},
    )
    teller.tell("read_sign_in", "GET", f"/v1/sign-in/{begun['challenge_id']}")
    finished = teller.tell(
        "finish_sign_in",
        "POST",
        f"/v1/sign-in/{begun['challenge_id']}",
        request={
            "code": sign_in.code_of(UUID(begun["challenge_id"])),
            "nickname": "はなこ",
            "eligibility": "lives",
            "terms_version": service["terms"]["version"],
        },
    )
    teller.headers["Authorization"] = f"Bearer {finished['token']}"
    teller.tell("read_profile", "GET", "/v1/me")
    teller.tell("change_profile", "PATCH", "/v1/me", request={"mail_updates": True})
    return Person(UUID(finished["reporter"]["id"]), "hanako@example.jp", finished["token"])


def _post(client: TestClient, teller: Teller, hanako: Person, work: Callable[[], None]) -> None:
    desk = a_member()
    content = _a_picture_that_knows_its_place()
    photo_id, report_id = str(uuid7()), str(uuid7())
    announced = teller.tell("announce_photo", "PUT", f"/v1/photos/{photo_id}", request=announcement(content))
    upload = announced["upload"]
    sent = client.request(upload["method"], upload["url"], content=content, headers=upload["headers"])
    teller.examples["send_bytes"] = {
        "method": upload["method"],
        "path": upload["url"],
        "status": sent.status_code,
        "answer": sent.json(),
    }
    teller.tell(
        "send_report (refused)",
        "PUT",
        f"/v1/reports/{report_id}",
        status=422,
        request=_with_photo(photo_id) | {"location": {"lat": 139.6522, "lon": 35.7356}},
    )
    teller.tell("send_report", "PUT", f"/v1/reports/{report_id}", status=201, request=_with_photo(photo_id))
    teller.tell("read_report (just sent)", "GET", f"/v1/reports/{report_id}")
    work()
    photo = teller.tell("look_at_photo", "GET", f"/v1/photos/{photo_id}")
    teller.tell("look_at_rendition", "GET", photo["renditions"][0]["url"])
    take_action(desk, report_id, "ask", public_note="車道ですか、歩道ですか。")
    teller.tell(
        "add_comment", "POST", f"/v1/reports/{report_id}/comments", status=201, request={"text": "歩道です。"}
    )
    take_action(desk, report_id, "start", expected_on=clock.today_in_japan())
    take_action(desk, report_id, "resolve", public_note="穴をふさぎました。", no_photo_reason="dark")
    teller.tell("read_report", "GET", f"/v1/reports/{report_id}")
    teller.tell("give_feedback", "POST", f"/v1/reports/{report_id}/feedback", request={"fixed": True})
    teller.tell("list_my_reports", "GET", "/v1/me/reports")
    lamp = {"category": "lamp.out", "description": "街路灯も消えています。", "earlier_report": report_id}
    second = send_report(client, hanako, **lamp).json()["report"]["id"]
    teller.tell("withdraw_report", "POST", f"/v1/reports/{second}/withdraw")


def _follow(client: TestClient, teller: Teller, hanako: Person, report_id: str) -> None:
    teller.tell("follow_report", "PUT", f"/v1/reports/{report_id}/follow")
    wait_until_none_runs()
    cursor = teller.tell("list_changes", "GET", "/v1/changes")["next_cursor"]
    take_action(a_member(), report_id, "note", internal_note="見に行く")
    teller.tell("unfollow_report", "DELETE", f"/v1/reports/{report_id}/follow", status=204)
    send_report(client, hanako, category="park.equipment", description="ぶらんこがこわれています。")
    wait_until_none_runs()
    teller.tell("list_changes", "GET", "/v1/changes", query={"cursor": cursor})
    place = {"category": "road", "limit": 1}
    teller.tell("list_public_reports", "GET", "/v1/public/reports", query=place)
    teller.tell("public_tile", "GET", "/v1/public/tiles/14/14547/6449.mvt")


def _a_picture_that_knows_its_place() -> bytes:
    file, exif = BytesIO(), Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 44.0, 8.16), 3: "E", 4: (139.0, 39.0, 7.92)})
    Image.new("RGB", (1200, 900), "grey").save(file, "JPEG", exif=exif)
    return file.getvalue()


def _with_photo(photo_id: str) -> dict[str, Any]:
    seen = clock.now().isoformat(timespec="seconds")
    return a_submission(photo_ids=[photo_id], observed_at=seen, answers={"size": "tray"})


def _a_published_report(client: TestClient, taro: Person) -> str:
    photo_id = send_photo(client, taro)
    report_id = send_report(client, taro, photo_ids=[photo_id]).json()["receipt"]["report_id"]
    take_action(a_member(), report_id, "accept", public_text="道路に穴があります。", photo_ids=[photo_id])
    return report_id
