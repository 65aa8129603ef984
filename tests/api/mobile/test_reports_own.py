"""A person's list: what they have sent and what they follow, newest first."""

from typing import Any

from fastapi.testclient import TestClient

from tests.factories import Person, a_member, a_reporter, send_report, take_action


def listed(client: TestClient, who: Person, **asked: Any) -> Any:
    return client.get("/v1/me/reports", params=asked, headers=who.headers).json()


def sent(client: TestClient, who: Person) -> str:
    """A report that the public sees, by its id."""
    report_id = send_report(client, who).json()["report"]["id"]
    take_action(a_member(), report_id, "accept", public_text="道路の穴", photo_ids=[])
    return report_id


def follow(client: TestClient, who: Person, report_id: str) -> None:
    assert client.put(f"/v1/reports/{report_id}/follow", headers=who.headers).status_code == 200


def test_it_holds_ones_own_and_what_one_follows_and_nothing_of_others(client: TestClient) -> None:
    hanako, taro = a_reporter(), a_reporter("taro@example.jp")
    followed = sent(client, hanako)
    sent(client, hanako)
    own = send_report(client, taro).json()["report"]["id"]
    follow(client, taro, followed)
    shown = [(each["id"], each["own"]) for each in listed(client, taro)["reports"]]
    assert shown == [(own, True), (followed, False)]


def test_what_one_sent_and_follows_as_well_stands_there_once(client: TestClient) -> None:
    hanako = a_reporter()
    report_id = sent(client, hanako)
    follow(client, hanako, report_id)
    assert [(each["id"], each["own"]) for each in listed(client, hanako)["reports"]] == [(report_id, True)]


def test_what_was_hidden_stays_with_its_sender_only(client: TestClient) -> None:
    hanako, taro = a_reporter(), a_reporter("taro@example.jp")
    report_id = sent(client, hanako)
    follow(client, taro, report_id)
    take_action(a_member(), report_id, "hide", reason_code="personal_information", internal_note="名前")
    assert [each["id"] for each in listed(client, hanako)["reports"]] == [report_id]
    assert listed(client, taro)["reports"] == []


def test_pages_follow_each_other_without_gap_or_repeat(client: TestClient) -> None:
    hanako, taro = a_reporter(), a_reporter("taro@example.jp")
    all_of_them = [send_report(client, taro).json()["report"]["id"] for _ in range(2)]
    all_of_them.append(sent(client, hanako))
    follow(client, taro, all_of_them[-1])
    seen, cursor = [], None
    while True:
        page = listed(client, taro, limit=1, **({"cursor": cursor} if cursor else {}))
        seen += [each["id"] for each in page["reports"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == all_of_them[::-1]
