"""Stories of what residents and departments read, each from a real report to a real letter."""

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from nerirepo.base import clock, links
from nerirepo.database.db import transaction
from nerirepo.reporters import sign_in
from nerirepo.reports import follow
from nerirepo.reports.feedback import Opinion, give_feedback
from nerirepo.reports.tables import Report
from nerirepo.reports.withdraw import withdraw
from nerirepo.words import language
from tests.factories import life, people

pytestmark = pytest.mark.usefixtures("database", "storage")

HANAKO = "hanako@example.jp"


def parts(letter: EmailMessage) -> Iterator[EmailMessage]:
    yield from letter.walk()  # type: ignore[misc]


def newest(mailbox: Path, to: str = HANAKO) -> EmailMessage:
    life.notify_all()
    life.send_all()
    return life.letters(mailbox, to)[-1]


def link(letter: EmailMessage, path: str) -> str:
    return next(word for word in life.body(letter).split() if path in word)


def number_of(report_id: object) -> str:
    with transaction() as session:
        return session.get_one(Report, report_id).number


def test_the_receipt_says_the_number_who_is_responsible_and_why(mailbox: Path) -> None:
    report_id = life.post(people.resident())
    letter = newest(mailbox)
    text = life.body(letter)
    about = f"街路灯が消えている 練馬一丁目（{number_of(report_id)}）"
    assert letter["Subject"] == f"投稿を受け付けました: {about}"
    assert "はなこ さん" in text
    assert "街路灯担当" in text
    with transaction() as session:
        assert session.get_one(Report, report_id).routing_reason["ja"] in text


def test_every_letter_is_well_formed_in_both_languages_and_names_no_member_of_staff(mailbox: Path) -> None:
    desk = people.member()
    for locale in ("ja", "en", "ko"):
        reporter = people.resident(f"{locale}@example.jp", locale=locale)
        first, second = life.post(reporter), life.post(reporter, words="まだ暗いです。")
        life.take_action(desk, first, "accept", public_text="暗い", public_note="ありがとうございます。")
        life.take_action(desk, first, "ask", public_note="電柱の番号はわかりますか。\nおねがいします。")
        tomorrow = (clock.today_in_japan() + timedelta(days=1)).isoformat()
        life.take_action(desk, first, "start", expected_on=tomorrow)
        life.take_action(desk, first, "resolve", public_note="電球をかえました。", no_photo_reason="夜のため")
        life.take_action(desk, first, "reopen", public_note="もう一度見ます。")
        life.take_action(desk, first, "hand_over", manager="tokyo_roads", external_reference="T-12")
        life.take_action(
            desk, second, "decline", public_note="明るさをはかりました。", reason_code="within_standard",
            measured_value="5 lx",
        )  # fmt: skip
        deed = life.post(reporter, category="deed.cleanup")
        life.take_action(desk, deed, "thank", public_note="ありがとう！")
    life.notify_all()
    life.send_all()
    kinds = ["submit", "accept", "ask", "start", "resolve", "reopen", "hand_over", "decline", "thank"]
    said = {each.template for each in life.deliveries(recipient_kind="reporter")}
    assert said == set(kinds)
    letters = life.letters(mailbox)
    assert len(letters) == len(life.deliveries(state="sent"))
    for letter in letters:
        assert not any(part.defects for part in parts(letter))
        forms = [part.get_content_type() for part in parts(letter) if part.get_content_maintype() == "text"]
        assert forms == ["text/plain", "text/html"]
        for form in ("plain", "html"):
            assert "山田" not in life.body(letter, form)
            assert "mail." not in life.body(letter, form).replace("mail.example", "")
        assert "&amp;" not in life.body(letter)
        assert letter["Auto-Submitted"] == "auto-generated"
        assert letter["From"].addresses[0].addr_spec == "nerirepo@ward.example.jp"
    japanese = life.letters(mailbox, "ja@example.jp")[0]
    assert japanese["From"].addresses[0].display_name == "練馬区 ねりまちレポーター"


def test_the_result_comes_with_both_pictures_and_two_answers(mailbox: Path) -> None:
    reporter, crew = people.resident(), people.member()
    report_id = life.post(reporter, photo_ids=(life.ready_photo(reporter, colour="black"),))
    after = life.ready_photo(crew, colour="yellow")
    life.take_action(crew, report_id, "resolve", public_note="電球をかえました。", photo_ids=[str(after)])
    letter = newest(mailbox)
    pictures = {
        part["Content-ID"]: part.get_content()
        for part in parts(letter)
        if part.get_content_type() == "image/jpeg"
    }
    assert set(pictures) == {"<before>", "<after1>"}
    assert all(picture.startswith(b"\xff\xd8") for picture in pictures.values())
    html = life.body(letter, "html")
    assert 'src="cid:before"' in html
    assert 'src="cid:after1"' in html
    assert "電球をかえました。" in html
    for answer, words in (("fixed", "直ってよかった"), ("not_fixed", "まだ直っていない")):
        assert words in life.body(letter)
        token = link(letter, f"?answer={answer}").split("/l/answer/")[1].split("?")[0]
        assert links.read(links.Purpose.ANSWER, token) == links.Link(report_id, reporter.id)


def test_a_result_waits_some_minutes_for_its_picture_and_then_goes_without(mailbox: Path) -> None:
    import time_machine

    reporter, crew = people.resident(), people.member()
    report_id = life.post(reporter)
    unfinished = life.ready_photo(crew, is_ready=False)
    life.take_action(crew, report_id, "resolve", public_note="なおしました。", photo_ids=[str(unfinished)])
    life.notify_all()
    life.send_all()
    (waiting,) = life.deliveries(template="resolve")
    assert (waiting.state, waiting.tries) == ("owed", 0)
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        life.send_all()
    assert life.letters(mailbox, HANAKO)[-1]["Subject"].startswith("対応が終わりました")


def test_the_public_page_is_linked_only_where_there_is_one(mailbox: Path) -> None:
    desk, reporter = people.member(), people.resident()
    report_id = life.post(reporter)
    assert "/reports/" not in life.body(newest(mailbox))
    life.take_action(desk, report_id, "accept", public_text="暗い")
    letter = newest(mailbox)
    assert f"http://localhost:8000/reports/{number_of(report_id)}" in life.body(letter)
    assert "/l/answer/" in life.body(letter)


def test_one_click_stops_letters_and_none_comes_after_it(mailbox: Path) -> None:
    reporter = people.resident()
    report_id = life.post(reporter)
    letter = newest(mailbox)
    url = letter["List-Unsubscribe"].strip("<>")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert links.read(links.Purpose.UNSUBSCRIBE, url.split("/l/unsubscribe/")[1]).reporter_id == reporter.id
    life.take_action(people.member(), report_id, "accept")
    life.notify_all()
    with transaction() as session:
        session.merge(reporter).mail_updates = False
    life.send_all()
    assert [each.state for each in life.deliveries(template="accept")] == ["dropped"]
    assert len(life.letters(mailbox, HANAKO)) == 1


def test_a_follower_hears_without_the_reporters_photo_or_name(mailbox: Path) -> None:
    reporter, follower, crew = (
        people.resident(),
        people.resident("jiro@example.jp", nickname=None),
        people.member(),
    )
    report_id = life.post(reporter, photo_ids=(life.ready_photo(reporter),))
    with transaction() as session:
        follow.follow(session, session.get_one(Report, report_id), follower.id)
    after = life.ready_photo(crew)
    life.take_action(crew, report_id, "resolve", public_note="なおしました。", photo_ids=[str(after)])
    letter = newest(mailbox, "jiro@example.jp")
    assert [p["Content-ID"] for p in parts(letter) if p.get_content_maintype() == "image"] == ["<after1>"]
    assert "見守っている" in life.body(letter)
    assert "はなこ" not in life.body(letter)
    assert "/l/answer/" not in life.body(letter)


def test_what_a_resident_writes_is_never_markup(mailbox: Path) -> None:
    life.post(people.resident(nickname="<b>&太郎"))
    letter = newest(mailbox)
    assert "<b>&太郎 さん" in life.body(letter)
    assert "&lt;b&gt;&amp;太郎" in life.body(letter, "html")


def test_a_merge_is_told_once_its_undo_has_passed_and_not_at_all_when_undone(mailbox: Path) -> None:
    reporter, desk = people.resident(), people.member()
    parent, child, undone = life.post(reporter), life.post(reporter), life.post(reporter)
    life.take_action(desk, child, "merge", parent_report=str(parent))
    life.take_action(desk, undone, "merge", parent_report=str(parent))
    life.take_action(desk, undone, "reopen", internal_note="まちがえた")
    letter = newest(mailbox)
    assert letter["Subject"].startswith("同じ内容の投稿とまとめました")
    assert number_of(child) in letter["Subject"]
    assert number_of(parent) in life.body(letter)
    assert [each.report_id for each in life.deliveries(template="merge", recipient_kind="reporter")] == [
        child
    ]
    assert life.deliveries(template="reopen") == []


def test_the_reporters_not_fixed_and_withdrawal_are_confirmed(mailbox: Path) -> None:
    reporter, desk = people.resident(), people.member()
    report_id = life.post(reporter)
    life.take_action(desk, report_id, "resolve", public_note="なおしました。", no_photo_reason="夜のため")
    with transaction() as session:
        report = session.get_one(Report, report_id, with_for_update=True)
        give_feedback(session, report, reporter.id, Opinion(fixed=False, comment="まだ暗い"), is_own=True)
    assert "もう一度確認します" in life.body(newest(mailbox))
    with transaction() as session:
        withdraw(session, session.get_one(Report, report_id, with_for_update=True))
    assert newest(mailbox)["Subject"].startswith("投稿を取り下げました")


def test_the_code_stands_in_the_subject_and_goes_to_nobody_once_it_is_used(mailbox: Path) -> None:
    from nerirepo.notifications import notify

    with transaction() as session:
        first = sign_in.begin(session, email=HANAKO, locale="ja", client="x")
        second = sign_in.begin(session, email=HANAKO, locale="en", client="x")
    for challenge in (first, second):
        with transaction() as session:
            notify.send_code(session, challenge.id)
    with transaction() as session:
        sign_in.raise_if_refused(sign_in.finish(session, second.id, sign_in.code_of(second.id)))
    life.send_all()
    (letter,) = life.letters(mailbox)
    assert letter["Subject"].startswith(sign_in.code_of(first.id))
    assert letter["List-Unsubscribe"] is None
    assert [each.state for each in life.deliveries(locale="en")] == ["dropped"]


def test_a_department_reads_where_it_is_and_nothing_of_the_person(mailbox: Path) -> None:
    report_id = life.post(people.resident(), category="road.pothole")
    letter = newest(mailbox, "roads@ward.example.jp")
    text = life.body(letter) + life.body(letter, "html")
    assert number_of(report_id) in letter["Subject"]
    assert "35.737900, 139.654200" in text
    assert f"/desk/reports/{number_of(report_id)}" in text
    for personal in (HANAKO, "はなこ", life.WORDS):
        assert personal not in text


def test_no_wording_is_missing_in_either_language() -> None:
    keys = {
        name: {key for key in language.messages(name) if key.startswith("mail.")} for name in ("ja", "en")
    }
    assert keys["ja"] == keys["en"]
    assert all(language.messages(name)[key] for name in keys for key in keys[name])
