"""Photos that cannot be opened, or came in part: one letter, by the real worker and a real mail server."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, update

from nerirepo.base import clock
from nerirepo.base.ids import uuid7
from nerirepo.database.db import transaction
from nerirepo.notifications.delivery import WAIT_FOR_PICTURES
from nerirepo.notifications.tables import CauseKind, Delivery
from nerirepo.photos.outcome import INCOMPLETE, Reason
from nerirepo.reporters.tables import Reporter
from nerirepo.reports.status import Action
from nerirepo.words.language import LANGUAGES, catalogue
from tests.factories import Person, a_member, a_reporter, life, send_report, take_action
from tests.support import pictures
from workers.handlers import _process_photo
from workers.sweep import sweep

HANAKO = "hanako@example.jp"
WHOLE = pictures.camera_jpeg(640, 480)
DAMAGED, HALF = WHOLE[: int(len(WHOLE) * 0.03)], WHOLE[: int(len(WHOLE) * 0.6)]
SUBJECT = "写真がすべては見られません"

Work = Callable[[], None]


@pytest.fixture
def go(work: Work) -> Work:
    """The worker does what is due, and a few seconds later letters that had waited for a picture leave."""

    def _go() -> None:
        work()
        with clock.at(clock.now() + WAIT_FOR_PICTURES + timedelta(seconds=1)):
            life.send_all()

    return _go


class Phone:
    """Announces photos, sends its report, and then the photos, as the posting program does."""

    def __init__(self, client: TestClient, *photos: bytes, who: Person | None = None) -> None:
        self.client, self.who = client, who or a_reporter()
        self.photos = {str(uuid7()): content for content in photos}
        self.uploads = {photo_id: self._announce(photo_id) for photo_id in self.photos}
        answer = send_report(client, self.who, photo_ids=list(self.photos))
        assert answer.status_code == 201, answer.text
        self.report_id = answer.json()["report"]["id"]

    def _announce(self, photo_id: str) -> Any:
        content = self.photos[photo_id]
        said = {
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "content_type": "image/jpeg",
        }
        return self.client.put(f"/v1/photos/{photo_id}", headers=self.who.headers, json=said).json()["upload"]

    def send(self, at: int) -> None:
        photo_id = list(self.photos)[at]
        upload = self.uploads[photo_id]
        sent = self.client.request(
            upload["method"], upload["url"], headers=upload["headers"], content=self.photos[photo_id]
        )
        assert sent.status_code == 200, sent.text


def subjects(mailbox: Path, to: str = HANAKO) -> list[str]:
    return [str(each["Subject"]).partition(":")[0] for each in life.letters(mailbox, to)]


def after_the_receipt(client: TestClient, go: Work, *photos: bytes) -> Phone:
    """The first photo has come and its receipt has left; the others are on their way."""
    phone = Phone(client, WHOLE, *photos)
    phone.send(0)
    go()
    return phone


def test_one_letter_names_each_photo_that_cannot_be_seen_in_full_once_all_have_come(
    client: TestClient, go: Work, mailbox: Path
) -> None:
    phone = after_the_receipt(client, go, DAMAGED, HALF, WHOLE)
    assert subjects(mailbox) == ["投稿を受け付けました"]
    for at in (1, 2):
        phone.send(at)
        go()
    assert subjects(mailbox) == ["投稿を受け付けました"], "one is still on its way"
    phone.send(3)
    go()
    assert subjects(mailbox) == ["投稿を受け付けました", SUBJECT]
    letter = life.letters(mailbox, HANAKO)[-1]
    for form in ("plain", "html"):
        said = life.body(letter, form)
        words = re.sub(r"<[^>]+>|\s", "", said)
        assert re.search("4枚のうち2枚目の写真.{0,60}こわれていて、開けません", words)
        assert re.search("4枚のうち3枚目の写真.{0,60}途中までしか届きません", words)
        assert words.count("4枚のうち3枚目の写真") == 1, "not below the picture once more"
        assert "1枚目" not in said
        assert "4枚目" not in said
        assert "http://localhost:8000/me" in said
        assert "/l/answer/" in said
    shown = [part["Content-ID"] for part in letter.walk() if part.get_content_maintype() == "image"]
    assert shown == ["<photo3>"], "what there is of it"


def test_the_receipt_says_it_where_it_leaves_later_and_nobody_gets_two(
    client: TestClient, go: Work, mailbox: Path
) -> None:
    phone = Phone(client, DAMAGED, WHOLE)
    phone.send(0)
    phone.send(1)
    go()
    sweep()
    go()
    assert subjects(mailbox) == ["投稿を受け付けました"]
    said = life.body(life.letters(mailbox, HANAKO)[0])
    assert "2枚のうち1枚目の写真" in said
    assert "こわれていて、開けません" in said


def test_what_the_receipt_has_said_is_not_said_again(client: TestClient, go: Work, mailbox: Path) -> None:
    phone = Phone(client, DAMAGED, HALF)
    phone.send(0)
    go()
    phone.send(1)
    go()
    assert subjects(mailbox) == ["投稿を受け付けました", SUBJECT]
    said = life.body(life.letters(mailbox, HANAKO)[-1])
    assert "2枚目の写真" in said
    assert "1枚目の写真" not in said


def test_however_often_the_job_runs_it_is_one_letter(client: TestClient, go: Work, mailbox: Path) -> None:
    phone = after_the_receipt(client, go, DAMAGED)
    phone.send(1)
    for _ in range(3):
        for photo_id in phone.photos:
            _process_photo(photo_id)
        sweep()
        go()
    assert subjects(mailbox).count(SUBJECT) == 1
    (owed,) = life.deliveries(cause_kind=CauseKind.PHOTOS)
    assert (owed.cause_id, owed.recipient_id) == (phone.report_id, str(phone.who.id))


def test_whole_photos_are_told_of_to_nobody(client: TestClient, go: Work, mailbox: Path) -> None:
    after_the_receipt(client, go, WHOLE).send(1)
    go()
    sweep()
    assert life.deliveries(cause_kind=CauseKind.PHOTOS) == []


def test_a_photo_that_never_comes_is_not_waited_for_for_ever(
    client: TestClient, go: Work, mailbox: Path
) -> None:
    phone = after_the_receipt(client, go, DAMAGED, WHOLE)
    phone.send(1)
    go()
    sweep()
    assert life.deliveries(cause_kind=CauseKind.PHOTOS) == []
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        sweep()
        life.send_all()
    assert subjects(mailbox)[-1] == SUBJECT


def test_who_wants_no_letters_gets_none(client: TestClient, go: Work, mailbox: Path) -> None:
    phone = after_the_receipt(client, go, DAMAGED)
    with transaction() as session:
        session.execute(update(Reporter).where(col(Reporter.id) == phone.who.id).values(mail_updates=False))
    phone.send(1)
    go()
    assert life.deliveries(cause_kind=CauseKind.PHOTOS) == []


def test_who_was_erased_meanwhile_gets_none(client: TestClient, go: Work, mailbox: Path) -> None:
    phone = after_the_receipt(client, go, DAMAGED)
    phone.send(1)
    assert client.delete("/v1/me", headers=phone.who.headers).status_code in (200, 204)
    go()
    assert SUBJECT not in subjects(mailbox)
    assert life.deliveries(cause_kind=CauseKind.PHOTOS) == []


def test_nobody_is_asked_for_photos_of_what_is_closed_by_then(
    client: TestClient, go: Work, mailbox: Path
) -> None:
    phone = after_the_receipt(client, go, DAMAGED)
    phone.send(1)
    take_action(a_member(), phone.report_id, Action.RESOLVE, public_note="直しました。", no_photo_reason="夜")
    go()
    assert SUBJECT not in subjects(mailbox)


def test_staff_see_that_it_was_told(client: TestClient, go: Work, mailbox: Path) -> None:
    phone = after_the_receipt(client, go, HALF)
    phone.send(1)
    go()
    told: list[Delivery] = life.deliveries(report_id=UUID(phone.report_id), template="photos")
    assert [(each.state, each.recipient_kind) for each in told] == [("sent", "reporter")]
    assert "event.photos" in catalogue("ja")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_has_its_words(lang: str) -> None:
    reasons: tuple[str, ...] = (*Reason.__args__, INCOMPLETE)  # type: ignore[attr-defined]
    assert [each for each in reasons if f"mail.photos.{each}" not in catalogue(lang)] == []
