"""The receipt: what was sent, when it is read, how long it takes; and what answers say beside the number."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import time_machine
from sqlmodel import col, update

from nerirepo.base import clock
from nerirepo.base.clock import JST
from nerirepo.database.db import transaction
from nerirepo.photos.tables import Photo, PhotoState
from nerirepo.publication import outlook
from nerirepo.publication.publish import publish
from nerirepo.reports.status import Status
from nerirepo.words.language import LANGUAGES, catalogue
from tests.factories import life, people
from tests.factories.public_reports import MONDAY, add_report

pytestmark = pytest.mark.usefixtures("database", "storage")

FRIDAY_EVENING = datetime(2026, 11, 27, 20, 5, tzinfo=JST)
TUESDAY_MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=JST)


def newest(mailbox: Path, to: str = "hanako@example.jp") -> EmailMessage:
    life.notify_all()
    life.send_all()
    return life.letters(mailbox, to)[-1]


def pictures(letter: EmailMessage) -> list[str]:
    return [str(part["Content-ID"]) for part in letter.walk() if part.get_content_maintype() == "image"]


def test_it_says_what_was_sent_and_when_it_is_read(mailbox: Path) -> None:
    with clock.at(FRIDAY_EVENING):  # the store goes by its own clock
        reporter = people.resident()
        life.post(reporter, photo_ids=(life.ready_photo(reporter), life.ready_photo(reporter)))
        letter = newest(mailbox)
    for form in ("plain", "html"):
        said = life.body(letter, form)
        for told in (
            life.WORDS,
            "街路灯が消えている",
            "練馬一丁目",
            "街路灯担当",
            "2026年11月27日(金) 20:05",
        ):
            assert told in said
        assert "職員が読むのは、2026年11月30日(月) 08:30からです。" in said
    assert pictures(letter) == ["<sent>"]
    assert 'src="cid:sent"' in life.body(letter, "html")


def test_it_says_what_was_answered_to_the_questions_of_the_kind(mailbox: Path) -> None:
    life.post(people.resident(), category="road.pothole", answers={"size": "tray"})
    letter = newest(mailbox)
    for form in ("plain", "html"):
        said = life.body(letter, form)
        assert "大きさはどのくらいですか" in said
        assert "お盆くらい" in said


def test_within_the_hours_it_says_that_somebody_is_reading(mailbox: Path) -> None:
    with clock.at(TUESDAY_MORNING):
        life.post(people.resident())
        assert "今は職員が読んでいる時間です" in life.body(newest(mailbox))


@pytest.mark.parametrize(
    ("leaves", "said"),
    [
        ("2026-11-27 20:16", "職員が読むのは、2026年11月30日(月) 08:30からです。"),
        ("2026-11-29 11:00", "職員が読むのは、2026年11月30日(月) 08:30からです。"),
        ("2026-11-30 09:00", "今は職員が読んでいる時間です"),
        ("2026-12-30 10:00", "職員が読むのは、2027年1月4日(月) 08:30からです。"),
    ],
)
def test_a_receipt_that_leaves_late_says_what_is_so_then(mailbox: Path, leaves: str, said: str) -> None:
    with clock.at(FRIDAY_EVENING):
        life.post(people.resident())
    with clock.at(datetime.fromisoformat(leaves).replace(tzinfo=JST)):
        words = life.body(newest(mailbox))
    assert said in words
    assert words.count("職員が読") == 1


def test_a_receipt_that_leaves_after_somebody_has_read_the_report_promises_no_reading(mailbox: Path) -> None:
    with clock.at(FRIDAY_EVENING):
        report_id = life.post(people.resident())
    with clock.at(datetime(2026, 11, 30, 9, 0, tzinfo=JST)):
        life.take_action(people.member(), report_id, "accept")
        life.notify_all()
        life.send_all()
        words = life.body(life.letters(mailbox, "hanako@example.jp")[0])
    assert "次のとおり受け付けました" in words
    assert "職員が読" not in words
    assert "読んだあと" not in words


def test_where_nobody_ever_reads_no_time_is_said(mailbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlook, "read_from", lambda *_: None)
    with clock.at(TUESDAY_MORNING):
        life.post(people.resident())
        assert "職員が読" not in life.body(newest(mailbox))


def test_a_photo_that_does_not_come_holds_the_receipt_back_for_moments_only(
    mailbox: Path, travel: time_machine.Traveller
) -> None:
    reporter = people.resident()
    photo = life.ready_photo(reporter, is_ready=False)
    with transaction() as session:
        session.execute(update(Photo).where(col(Photo.id) == photo).values(state=PhotoState.AWAITING))
    life.post(reporter, photo_ids=(photo,))
    life.notify_all()
    life.send_all()
    assert life.letters(mailbox) == []
    travel.shift(timedelta(seconds=20))
    life.send_all()
    (letter,) = life.letters(mailbox)
    assert pictures(letter) == []


def test_it_says_how_long_this_kind_takes_where_enough_were_repaired(mailbox: Path) -> None:
    reporter = people.resident()
    life.post(reporter)
    assert "日以内に" not in life.body(newest(mailbox))
    for _ in range(5):
        with transaction() as session:
            repaired = add_report(session, status=Status.RESOLVED, closed_at=MONDAY + timedelta(days=3)).id
        with transaction() as session:
            publish(session, repaired)
    life.post(reporter)
    assert "5件のうち4件が3日以内に" in life.body(newest(mailbox))


def test_an_answer_says_until_when_one_can_disagree(mailbox: Path) -> None:
    with clock.at(FRIDAY_EVENING):
        desk, report_id = people.member(), life.post(people.resident())
        life.take_action(desk, report_id, "decline", public_note="私有地です。", reason_code="private_land")
        said = life.body(newest(mailbox))
    assert "この回答は役に立ちましたか。" in said
    assert "2026年12月11日(金)まで" in said
    assert "?answer=not_fixed" in said
    assert "直って" not in said


def test_a_manager_can_be_reached_by_a_press(mailbox: Path) -> None:
    desk, report_id = people.member(), life.post(people.resident())
    life.take_action(desk, report_id, "hand_over", manager="tokyo_roads", external_reference="T-12")
    letter = newest(mailbox)
    html = life.body(letter, "html")
    for address in (
        "tel:0300000101",
        "mailto:roads@tokyo.example.jp",
        "https://tokyo.example.jp/roads",
    ):
        assert f'href="{address}"' in html
    assert "  電話: 03-0000-0101\n" in life.body(letter)
    assert "T-12" in life.body(letter)


def test_an_acceptance_names_the_office_and_says_whether_it_is_public(mailbox: Path) -> None:
    desk, reporter = people.member(), people.resident()
    hidden, shown = life.post(reporter), life.post(reporter)
    life.take_action(desk, hidden, "accept")
    said = life.body(newest(mailbox))
    assert "街路灯担当が担当します。" in said
    assert "公開ページ" not in said
    life.take_action(desk, shown, "accept", public_text="暗い", photo_ids=[])
    assert "公開ページにのりました" in life.body(newest(mailbox))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_subject_says_what_the_letter_is_about(lang: str) -> None:
    subjects = {
        key: words for key, words in catalogue(lang).items() if key.startswith("mail.") and "subject" in key
    }
    for key, words in subjects.items():
        if not any(each in key for each in ("code", "digest", "department", "danger")):
            assert "{about}" in words, key
            assert "{number}" in words, key
