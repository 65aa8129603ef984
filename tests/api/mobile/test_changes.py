"""A phone asks what has changed since it last asked, and never misses anything."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import Session, select

from nerirepo.base import clock
from nerirepo.base.ids import uuid7
from nerirepo.database import db
from nerirepo.privacy import expire
from nerirepo.reporters.tables import Reporter
from nerirepo.reports import changes
from nerirepo.reports.submission import Submission
from nerirepo.reports.submit import submit
from nerirepo.reports.tables import Unfollowed
from tests.factories import Person, a_member, a_reporter, a_submission, send_photo, send_report, take_action
from tests.support.transactions import wait_until_none_runs

Work = Callable[[], None]


class Phone:
    """Keeps what it has heard, as an app would."""

    def __init__(self, client: TestClient, owner: Person, limit: int = 50) -> None:
        self._client, self._owner, self._limit = client, owner, limit
        self.cursor: str | None = None
        self.holds: dict[str, dict[str, Any]] = {}

    def ask(self) -> Any:
        asked = {"limit": self._limit} | ({"cursor": self.cursor} if self.cursor else {})
        return self._client.get("/v1/changes", params=asked, headers=self._owner.headers)

    def sync(self, *, while_others_write: bool = False) -> list[str]:
        """The ids that this brought, in order."""
        if not while_others_write:
            wait_until_none_runs()
        brought = []
        while True:
            answer = self.ask()
            assert answer.status_code == 200, answer.text
            for change in answer.json()["changes"]:
                brought.append(change["id"])
                if change["removed"]:
                    assert change.keys() == {"id", "removed"}
                    self.holds.pop(change["id"], None)
                else:
                    self.holds[change["id"]] = change["report"]
            self.cursor = answer.json()["next_cursor"]
            if not answer.json()["has_more"]:
                return brought


def sent(client: TestClient, person: Person, **changes: Any) -> str:
    return send_report(client, person, **changes).json()["receipt"]["report_id"]


def published(client: TestClient, person: Person) -> str:
    report_id = sent(client, person)
    take_action(a_member(), report_id, "accept", public_text="道路の穴", photo_ids=[])
    return report_id


def follow(client: TestClient, person: Person, report_id: str, method: str = "PUT") -> None:
    assert client.request(method, f"/v1/reports/{report_id}/follow", headers=person.headers).is_success


def test_at_first_everything_comes_in_pages_and_then_only_what_has_changed(client: TestClient) -> None:
    hanako = a_reporter()
    ids = [sent(client, hanako) for _ in range(5)]
    phone = Phone(client, hanako, limit=2)
    assert sorted(phone.sync()) == sorted(ids)
    assert phone.sync() == []
    take_action(a_member(), ids[2], "start", expected_on=None)
    assert phone.sync() == [ids[2]]
    assert phone.holds[ids[2]]["status"] == "in_progress"


def test_everything_that_a_report_goes_through_is_heard(client: TestClient, work: Work) -> None:
    hanako, desk = a_reporter(), a_member()
    phone = Phone(client, hanako)
    photo_id = send_photo(client, hanako)
    report_id = sent(client, hanako, photo_ids=[photo_id])
    assert phone.sync() == [report_id]
    work()
    assert phone.sync() == [report_id], "its photo is ready"
    take_action(desk, report_id, "ask", public_note="どこですか")
    assert phone.sync() == [report_id]
    client.post(f"/v1/reports/{report_id}/comments", headers=hanako.headers, json={"text": "角です"})
    assert phone.sync() == [report_id]
    client.post(f"/v1/reports/{report_id}/withdraw", headers=hanako.headers)
    assert phone.sync() == [report_id]
    assert phone.holds[report_id]["status"] == "withdrawn"


def test_a_transaction_that_commits_late_is_not_missed(client: TestClient) -> None:
    hanako = a_reporter()
    phone = Phone(client, hanako)

    def take_in(session: Session, report_id: UUID) -> None:
        reporter = session.get_one(Reporter, hanako.id)
        submit(session, reporter, report_id, Submission.model_validate(a_submission()))

    slow, quick = uuid7(), uuid7()
    with Session(db.engine()) as late:
        late.execute(text("SELECT pg_current_xact_id()"))  # it begins first
        with db.transaction() as session:
            take_in(session, quick)
        heard_meanwhile = phone.sync(while_others_write=True)
        take_in(late, slow)
        assert phone.sync(while_others_write=True) == []
        late.commit()
    assert sorted(heard_meanwhile + phone.sync()) == sorted(map(str, (slow, quick)))


def test_followed_reports_come_and_go(client: TestClient) -> None:
    hanako, taro = a_reporter(), a_reporter("taro@example.jp")
    phone, tablet = Phone(client, taro), Phone(client, taro)
    report_id = published(client, hanako)
    assert phone.sync() == []
    follow(client, taro, report_id)
    assert phone.sync() == tablet.sync() == [report_id]
    assert phone.holds[report_id]["own"] is False
    take_action(a_member(), report_id, "start")
    assert phone.sync() == [report_id]
    follow(client, taro, report_id, "DELETE")
    follow(client, taro, report_id, "DELETE")
    assert phone.sync() == tablet.sync() == [report_id]
    assert phone.holds == tablet.holds == {}
    follow(client, taro, report_id)
    phone.sync()
    assert list(phone.holds) == [report_id]


def test_a_hidden_report_vanishes_from_those_who_follow_it_and_stays_with_its_sender(
    client: TestClient,
) -> None:
    hanako, taro, desk = a_reporter(), a_reporter("taro@example.jp"), a_member()
    phones = {who.email: Phone(client, who) for who in (hanako, taro)}
    report_id = published(client, hanako)
    follow(client, taro, report_id)
    for phone in phones.values():
        phone.sync()
    take_action(desk, report_id, "hide", reason_code="personal_information", internal_note="名前")
    for phone in phones.values():
        phone.sync()
    assert list(phones[hanako.email].holds) == [report_id]
    assert phones[taro.email].holds == {}
    take_action(desk, report_id, "publish", public_text="道路の穴", photo_ids=[])
    phones[taro.email].sync()
    assert list(phones[taro.email].holds) == [report_id]


def test_when_a_sender_is_erased_those_who_follow_look_anew_and_the_senders_token_ends(
    client: TestClient,
) -> None:
    hanako, taro = a_reporter(), a_reporter("taro@example.jp")
    report_id = published(client, hanako)
    follow(client, taro, report_id)
    hers, his = Phone(client, hanako), Phone(client, taro)
    for phone in (hers, his):
        phone.sync()
    assert client.delete("/v1/me", headers=hanako.headers).status_code == 204
    assert his.sync() == [report_id]
    assert hers.ask().status_code == 401


def test_nobody_hears_of_other_peoples_reports(client: TestClient) -> None:
    sent(client, a_reporter())
    published(client, a_reporter("jiro@example.jp"))
    assert Phone(client, a_reporter("taro@example.jp")).sync() == []


def altered(cursor: str, position: int, value: str) -> str:
    content = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    content[position] = value
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "nonsense",
        lambda _: "%00",
        lambda cursor: cursor[:-4],
        lambda cursor: altered(cursor, 0, "mine"),
        lambda cursor: altered(cursor, 1, "another-database"),
        lambda cursor: altered(cursor, 2, "2020-01-01T00:00:00+00:00"),
        lambda cursor: altered(cursor, 2, "2020-01-01"),
        lambda cursor: altered(cursor, 3, str(2**63)),
        lambda cursor: altered(cursor, 3, "-1"),
        lambda cursor: altered(cursor, 3, str(2**80)),
    ],
)
def test_a_cursor_that_is_too_old_or_not_ours_asks_for_everything_anew(
    client: TestClient, spoil: Callable[[str], str]
) -> None:
    phone = Phone(client, a_reporter())
    phone.sync()
    assert phone.cursor
    phone.cursor = spoil(phone.cursor)
    answer = phone.ask()
    assert (answer.status_code, answer.json()["code"]) == (410, "resync_required")
    assert answer.json()["retryable"] is False


def test_what_was_unfollowed_is_forgotten_when_no_cursor_is_so_old(client: TestClient) -> None:
    taro, report_id = a_reporter("taro@example.jp"), published(client, a_reporter())
    follow(client, taro, report_id)
    follow(client, taro, report_id, "DELETE")
    for days, left in ((0, 1), (2, 0)):
        day = clock.today_in_japan() + changes.REMEMBERS + timedelta(days=days)
        with db.transaction() as session:
            expire.expire(session, day)
        with db.reading() as session:
            assert len(session.exec(select(Unfollowed)).all()) == left
