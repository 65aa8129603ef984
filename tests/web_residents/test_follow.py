"""Following a public report by an address alone: a form, a letter, a button."""

import email
import email.policy
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import func, select

from nerirepo.base import clock
from nerirepo.database.db import reading, transaction
from nerirepo.notifications.tables import Delivery
from nerirepo.privacy.erase import erase
from nerirepo.privacy.expire import expire
from nerirepo.privacy.export import export
from nerirepo.reporters.tables import Challenge, Reporter
from nerirepo.reports.follow import unfollow
from nerirepo.reports.status import Visibility
from nerirepo.reports.tables import Follow, Report
from tests.factories import a_member, a_reporter, send_report, take_action

JIRO = "jiro@example.jp"

Work = Callable[[], None]


def letters(mailbox: Path, to: str) -> list[str]:
    """What was mailed there, as subject and text, the oldest first."""
    found = []
    for file in sorted(mailbox.glob("*.eml"), key=lambda each: each.stat().st_mtime_ns):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = message.get_body(("plain",))
        if message["to"] == to and body:
            found.append(f"{message['subject']}\n{body.get_content()}")
    return found


@pytest.fixture
def number(client: TestClient) -> str:
    """Of a public report of somebody else."""
    receipt = send_report(client, a_reporter()).json()["receipt"]
    take_action(a_member(), receipt["report_id"], "accept", public_text="道路の穴")
    return receipt["number"]


def link(client: TestClient, work: Work, mailbox: Path, number: str, query: str = "") -> str:
    """The path behind the letter's button."""
    answer = client.post(f"/l/follow/{number}{query}", data={"email": JIRO})
    assert answer.status_code == 200, answer.text
    assert JIRO in answer.text
    work()
    found = re.search(r"http://\S+?(/l/confirm/\S+)", letters(mailbox, JIRO)[-1])
    assert found
    return found[1]


def jiro() -> Reporter:
    with reading() as session:
        return session.exec(select(Reporter).where(Reporter.email == JIRO)).one()


def report_id(number: str) -> str:
    with reading() as session:
        return str(session.exec(select(Report.id).where(Report.number == number)).one())


def followers() -> int:
    with reading() as session:
        return session.exec(select(func.count()).select_from(Follow)).one()


def test_somebody_without_an_app_follows_and_hears_how_it_goes_on(
    client: TestClient, work: Work, mailbox: Path, number: str
) -> None:
    assert number in client.get(f"/l/follow/{number}").text
    path = link(client, work, mailbox, number)
    asked = client.get(path)
    assert "見守りますか" in asked.text
    assert client.head(path).status_code == 200
    assert followers() == 0, "mail scanners open every link"
    for _ in range(2):
        assert "見守ります" in client.post(path).text
    assert followers() == 1
    assert jiro().eligibility is None, "who only follows cannot post"
    take_action(a_member(), report_id(number), "start")
    work()
    assert "対応を始めました" in letters(mailbox, JIRO)[-1]


def test_the_letter_and_the_page_speak_the_language_of_the_form(
    client: TestClient, work: Work, mailbox: Path, number: str
) -> None:
    path = link(client, work, mailbox, number, "?lang=ko")
    assert "이 제보를 지켜볼까요?" in letters(mailbox, JIRO)[-1]
    assert 'lang="ko"' in client.get(path).text


def test_pages_behind_letters_lead_on_in_their_language_and_mark_what_is_in_another(
    client: TestClient, work: Work, mailbox: Path, number: str
) -> None:
    form = client.get(f"/l/follow/{number}?lang=ko").text
    path = link(client, work, mailbox, number, "?lang=ko")
    sent = client.post(f"/l/follow/{number}?lang=ko", data={"email": JIRO}).text
    for page in (
        form,
        sent,
        client.get(path).text,
        client.post(path).text,
        client.get("/l/lost?lang=ko").text,
    ):
        ours = re.findall(r'href="(/[^"]*)"', page.replace("&amp;", "&"))
        leading = [each for each in ours if not each.startswith("/l/static/")]
        assert leading
        assert all("lang=ko" in each for each in leading), leading
    for page in (form, client.get(path).text):
        assert re.search(r'<dd><span lang="ja">[^<]*丁目</span></dd>', page)


@pytest.mark.parametrize("path", ["/l/confirm/", "/l/confirm", "/l/follow/", "/l/answer/a/b", "/l/"])
def test_a_link_that_was_cut_short_gets_a_friendly_page(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "リンクが途中で切れているようです" in answer.text
    assert answer.headers["content-type"].startswith("text/html")


def test_what_is_not_public_cannot_be_followed(client: TestClient, work: Work, mailbox: Path) -> None:
    number = send_report(client, a_reporter()).json()["receipt"]["number"]
    for named in (number, "NR-2026-999999", "nonsense"):
        assert client.get(f"/l/follow/{named}").status_code == 404
        assert client.post(f"/l/follow/{named}", data={"email": JIRO}).status_code == 404
    work()
    assert letters(mailbox, JIRO) == []


def test_what_was_hidden_since_is_followed_no_more(
    client: TestClient, work: Work, mailbox: Path, number: str
) -> None:
    path = link(client, work, mailbox, number)
    with transaction() as session:
        session.exec(select(Report).where(Report.number == number)).one().visibility = Visibility.HIDDEN
    assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)
    assert followers() == 0


def test_a_link_is_good_for_a_day(client: TestClient, work: Work, mailbox: Path, number: str) -> None:
    path = link(client, work, mailbox, number)
    asked = clock.now()
    with clock.at(asked + timedelta(hours=23)):
        assert client.get(path).status_code == 200
    with clock.at(asked + timedelta(days=1)):
        assert (client.get(path).status_code, client.post(path).status_code) == (410, 410)
    assert client.get("/l/confirm/nonsense").status_code == 404
    assert followers() == 0


def test_an_address_that_is_none_is_asked_for_again(client: TestClient, number: str) -> None:
    answer = client.post(f"/l/follow/{number}", data={"email": "jiro"})
    assert answer.status_code == 422
    assert 'value="jiro"' in answer.text
    assert 'role="alert"' in answer.text


def test_nobody_is_flooded_with_letters_and_nobody_sees_who_is(
    client: TestClient, work: Work, mailbox: Path, number: str
) -> None:
    answers = [client.post(f"/l/follow/{number}", data={"email": JIRO}) for _ in range(5)]
    work()
    assert [answer.status_code for answer in answers] == [200] * 5
    assert len(letters(mailbox, JIRO)) == 3


def test_a_letter_to_a_follower_offers_to_stop_this_report_or_all(
    client: TestClient, work: Work, mailbox: Path, number: str
) -> None:
    client.post(link(client, work, mailbox, number))
    take_action(a_member(), report_id(number), "start")
    work()
    stop = re.search(r"http://\S+?(/l/unsubscribe/\S+)", letters(mailbox, JIRO)[-1])
    assert stop
    assert 'value="one"' in client.get(stop[1]).text
    assert followers() == 1
    for _ in range(2):
        assert "見守るのをやめました" in client.post(stop[1], data={"letters": "one"}).text
    assert followers() == 0
    assert jiro().mail_updates, "letters about other reports still come"
    assert 'value="one"' not in client.get(stop[1]).text
    heard = len(letters(mailbox, JIRO))
    take_action(a_member(), report_id(number), "hand_over", manager="tokyo_roads", public_note="都道です。")
    work()
    assert len(letters(mailbox, JIRO)) == heard


def test_an_old_letter_does_not_bring_back_what_was_given_up(
    client: TestClient, work: Work, mailbox: Path, number: str
) -> None:
    path = link(client, work, mailbox, number)
    client.post(path)
    with transaction() as session:
        unfollow(session, UUID(report_id(number)), jiro().id)
    assert (client.get(path).status_code, client.post(path).status_code) == (410, 410)
    assert followers() == 0


def test_who_had_stopped_all_letters_and_asks_for_these_gets_them(
    client: TestClient, work: Work, mailbox: Path, number: str
) -> None:
    a_reporter(JIRO)
    with transaction() as session:
        session.exec(select(Reporter).where(Reporter.email == JIRO)).one().mail_updates = False
    path = link(client, work, mailbox, number)
    assert not jiro().mail_updates, "only the button says that the address is theirs"
    client.post(path)
    assert jiro().mail_updates


def test_the_form_answers_alike_whether_or_not_the_address_is_known(client: TestClient, number: str) -> None:
    a_reporter(JIRO)
    known, unknown = (
        client.post(f"/l/follow/{number}", data={"email": who}) for who in (JIRO, "saburo@example.jp")
    )
    assert known.status_code == unknown.status_code
    assert known.text.replace(JIRO, "saburo@example.jp") == unknown.text


def test_a_foreign_page_makes_nobody_follow(
    client: TestClient, work: Work, mailbox: Path, number: str
) -> None:
    path, foreign = link(client, work, mailbox, number), {"Sec-Fetch-Site": "cross-site"}
    assert client.post(path, headers=foreign).status_code == 403
    assert client.post(f"/l/follow/{number}", data={"email": JIRO}, headers=foreign).status_code == 403
    assert followers() == 0


def test_who_follows_by_mail_is_told_so_and_erased_like_everybody_else(
    client: TestClient, work: Work, mailbox: Path, number: str
) -> None:
    client.post(link(client, work, mailbox, number))
    with transaction() as session:
        held = export(session, jiro().id)
        assert [each["report_id"] for each in held["follows"]] == [report_id(number)]
        erase(session, jiro().id)
    assert followers() == 0
    with reading() as session:
        assert session.exec(select(Challenge).where(Challenge.email == JIRO)).all() == []
        assert session.exec(select(Delivery).where(Delivery.address == JIRO)).all() == []


def test_the_address_of_a_letter_that_nobody_answered_is_forgotten_in_two_nights(
    client: TestClient, work: Work, mailbox: Path, number: str
) -> None:
    link(client, work, mailbox, number)
    with transaction() as session:
        expire(session, clock.today_in_japan() + timedelta(days=2))
    with reading() as session:
        assert session.exec(select(Challenge)).all() == []
        assert session.exec(select(Delivery).where(Delivery.address == JIRO)).all() == []
        assert session.exec(select(Reporter).where(Reporter.email == JIRO)).all() == []
