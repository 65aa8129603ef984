"""A resident opens the link of a letter and answers, on whatever browser and however often."""

from datetime import timedelta
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from nerirepo.base import clock, links
from nerirepo.base.links import Purpose
from nerirepo.database.db import reading, transaction
from nerirepo.photos.outcome import INCOMPLETE
from nerirepo.photos.tables import Photo, PhotoState
from nerirepo.reporters.tables import Reporter
from nerirepo.reports.follow import follow
from nerirepo.reports.status import Status
from nerirepo.reports.tables import EventText, Feedback, Report, ReportEvent
from nerirepo.words.language import long_date
from tests.factories import Person, a_member, a_reporter, send_photo, send_report, take_action

DONE = {"public_note": "穴をふさぎました。", "no_photo_reason": "夜の工事でした"}


def a_report(client: TestClient, person: Person, **changes: object) -> str:
    return send_report(client, person, **changes).json()["report"]["id"]


def link(report_id: str, person: Person, purpose: Purpose = Purpose.ANSWER) -> str:
    return f"/l/{purpose}/{links.make(purpose, UUID(report_id), person.id)}"


def report_now(report_id: str) -> Report:
    with reading() as session:
        return session.get_one(Report, UUID(report_id))


def kinds(report_id: str) -> list[str]:
    with reading() as session:
        events = session.exec(select(ReportEvent).where(ReportEvent.report_id == UUID(report_id)))
        return [event.kind for event in sorted(events, key=lambda event: event.seq or 0)]


def test_the_reporter_sees_their_own_view_although_the_report_is_not_public(client: TestClient) -> None:
    hanako = a_reporter()
    report_id = a_report(client, hanako, description="夜は見えません。")
    take_action(a_member(), report_id, "resolve", **DONE)
    page = client.get(link(report_id, hanako))
    assert page.status_code == 200
    for words in (report_now(report_id).number, "夜は見えません。", "穴をふさぎました。", "対応済", "豊玉北"):
        assert words in page.text
    assert page.text.index("直ってよかった</button>") < page.text.index("まだ直っていない</button>")


def test_what_was_answered_to_the_questions_of_the_kind_is_shown_to_the_sender_only(
    client: TestClient,
) -> None:
    hanako, taro = a_reporter(), a_reporter("taro@example.jp")
    report_id = a_report(client, hanako, category="road.pothole", answers={"size": "tray"})
    page = client.get(link(report_id, hanako)).text
    assert "大きさはどのくらいですか" in page
    assert "お盆くらい" in page
    take_action(a_member(), report_id, "accept", public_text="道の穴です。")
    with transaction() as session:
        follow(session, session.get_one(Report, UUID(report_id)), taro.id)
    assert "お盆くらい" not in client.get(link(report_id, taro)).text


def test_the_page_loads_nothing_from_elsewhere_and_is_kept_by_nobody(client: TestClient) -> None:
    hanako = a_reporter()
    page = client.get(link(a_report(client, hanako), hanako))
    assert "default-src 'none'; style-src 'self'; img-src 'self'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "<script" not in page.text
    assert "set-cookie" not in page.headers
    for name in ("tokens.css", "ward.css", "letters.css"):
        sheet = client.get(f"/l/static/{name}")
        assert sheet.status_code == 200
        assert sheet.headers["content-type"].startswith("text/css")
    assert client.get("/l/static/..%2Fpage.py").status_code == 404


@pytest.mark.parametrize(
    ("state", "reason", "said"),
    [
        (PhotoState.REJECTED, "photo_damaged", "こわれていて開けなかった写真：1枚"),
        (PhotoState.READY, INCOMPLETE, "途中までしか届かなかった写真：1枚"),
        (PhotoState.READY, None, None),
    ],
)
def test_a_photo_that_was_found_damaged_after_the_receipt_is_named(
    client: TestClient, state: PhotoState, reason: str | None, said: str | None
) -> None:
    hanako = a_reporter()
    report_id = a_report(client, hanako, photo_ids=[send_photo(client, hanako)])
    with transaction() as session:
        photo = session.exec(select(Photo)).one()
        photo.state, photo.reason = state, reason
    page = client.get(link(report_id, hanako)).text
    told = ("こわれていて開けなかった写真：1枚", "途中までしか届かなかった写真：1枚")
    assert [each for each in told if each in page] == ([said] if said else [])


def test_photos_of_before_and_after_are_shown_by_addresses_that_work(client: TestClient, work) -> None:
    hanako, crew = a_reporter(), a_member()
    report_id = a_report(client, hanako, photo_ids=[send_photo(client, hanako)])
    after = send_photo(client, crew, door="/staff")
    work()
    take_action(crew, report_id, "resolve", public_note="穴をふさぎました。", photo_ids=[after])
    page = client.get(link(report_id, hanako)).text
    sources = [part.split('"')[0].replace("&amp;", "&") for part in page.split('<img src="')[1:]]
    assert len(sources) == 2
    assert all(client.get(source).headers["content-type"] == "image/webp" for source in sources)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("answer", ["fixed", "not_fixed"])
def test_opening_the_link_changes_nothing_whatever_it_preselects(
    client: TestClient, method: str, answer: str
) -> None:
    hanako = a_reporter()
    report_id = a_report(client, hanako)
    take_action(a_member(), report_id, "resolve", **DONE)
    before, history = report_now(report_id), kinds(report_id)
    for _ in range(2):
        assert client.request(method, f"{link(report_id, hanako)}?answer={answer}").status_code == 200
    assert report_now(report_id) == before
    assert kinds(report_id) == history


def test_the_button_that_the_letter_meant_comes_first(client: TestClient) -> None:
    hanako = a_reporter()
    report_id = a_report(client, hanako)
    take_action(a_member(), report_id, "resolve", **DONE)
    page = client.get(f"{link(report_id, hanako)}?answer=not_fixed").text
    assert page.index("まだ直っていない</button>") < page.index("直ってよかった</button>")
    assert '<button class="first" name="answer" value="not_fixed">' in page


def test_glad_it_is_fixed_is_recorded_once_however_often_the_button_is_pressed(client: TestClient) -> None:
    hanako = a_reporter()
    report_id = a_report(client, hanako)
    take_action(a_member(), report_id, "resolve", **DONE)
    for _ in range(3):
        page = client.post(link(report_id, hanako), data={"answer": "fixed", "words": "助かりました。"})
        assert page.status_code == 200
        assert "直ってよかったです" in page.text
    assert report_now(report_id).confirmed_fixed_at
    assert kinds(report_id) == ["submit", "resolve", "feedback"]


def test_not_fixed_opens_the_report_again_and_a_repeat_is_thanked_alike(client: TestClient) -> None:
    hanako = a_reporter()
    report_id = a_report(client, hanako)
    take_action(a_member(), report_id, "resolve", **DONE)
    for _ in range(2):
        page = client.post(
            link(report_id, hanako), data={"answer": "not_fixed", "words": "まだ穴があります。"}
        )
        assert page.status_code == 200
        assert "もう一度確認します" in page.text
    assert report_now(report_id).status is Status.CHECKING
    assert kinds(report_id) == ["submit", "resolve", "reopen"]
    with reading() as session:
        assert session.exec(select(Feedback)).one().comment == "まだ穴があります。"


def test_after_two_weeks_not_fixed_is_written_down_and_a_new_post_is_offered(client: TestClient) -> None:
    hanako = a_reporter()
    report_id = a_report(client, hanako)
    with clock.at(clock.now() - timedelta(days=15)):
        take_action(a_member(), report_id, "resolve", **DONE)
    page = client.post(link(report_id, hanako), data={"answer": "not_fixed"})
    assert "担当にお伝えしました" in page.text
    assert 'href="/report?earlier=' in page.text
    assert report_now(report_id).status is Status.RESOLVED
    assert kinds(report_id)[-1] == "feedback"


def test_the_wards_question_is_answered_in_words(client: TestClient) -> None:
    hanako = a_reporter()
    report_id = a_report(client, hanako)
    take_action(a_member(), report_id, "ask", public_note="どちらの車線ですか。")
    page = client.get(link(report_id, hanako)).text
    assert "どちらの車線ですか。" in page
    assert "<textarea" in page
    thanks = client.post(link(report_id, hanako), data={"answer": "words", "words": "左の車線です。"})
    assert "お答えありがとうございます" in thanks.text
    with reading() as session:
        assert "左の車線です。" in session.exec(select(EventText.reporter_words)).all()
    assert "<textarea" not in client.get(link(report_id, hanako)).text


def test_an_empty_or_impossible_answer_is_kept_on_the_page_with_what_to_do(client: TestClient) -> None:
    hanako = a_reporter()
    report_id = a_report(client, hanako)
    take_action(a_member(), report_id, "ask", public_note="どちらの車線ですか。")
    empty = client.post(link(report_id, hanako), data={"answer": "words", "words": "  "})
    assert empty.status_code == 422
    assert "お答えを書いてください" in empty.text
    long = client.post(link(report_id, hanako), data={"answer": "words", "words": "長" * 2001})
    assert long.status_code == 422
    assert "長" * 2001 in long.text
    unseen = client.post(link(report_id, hanako), data={"answer": "words", "words": "\0\u200b"})
    assert unseen.status_code == 422
    assert kinds(report_id) == ["submit", "ask"]


def test_who_follows_a_report_sees_what_the_public_sees_and_only_while_it_is_public(
    client: TestClient,
) -> None:
    hanako, taro, desk = a_reporter(), a_reporter("taro@example.jp"), a_member()
    report_id = a_report(client, hanako, description="うちの前です。")
    with transaction() as session:
        follow(session, session.get_one(Report, UUID(report_id)), taro.id)
    assert client.get(link(report_id, taro)).status_code == 410
    take_action(desk, report_id, "accept", public_text="道の穴です。")
    take_action(desk, report_id, "resolve", **DONE)
    page = client.get(link(report_id, taro)).text
    assert "穴をふさぎました。" in page
    assert "うちの前です。" not in page
    thanks = client.post(link(report_id, taro), data={"answer": "not_fixed"})
    assert "担当にお伝えしました" in thanks.text
    assert report_now(report_id).status is Status.RESOLVED


def test_a_follower_s_answer_is_not_told_as_the_senders_own(client: TestClient) -> None:
    hanako, taro, desk = a_reporter(), a_reporter("taro@example.jp"), a_member()
    report_id = a_report(client, hanako)
    take_action(desk, report_id, "accept", public_text="道の穴です。")
    take_action(desk, report_id, "resolve", **DONE)
    with transaction() as session:
        follow(session, session.get_one(Report, UUID(report_id)), taro.id)
    client.post(link(report_id, taro), data={"answer": "not_fixed"})
    assert kinds(report_id)[-1] == "feedback"
    assert "あなたのお答え" not in client.get(link(report_id, hanako)).text
    client.post(link(report_id, hanako), data={"answer": "fixed"})
    assert client.get(link(report_id, hanako)).text.count("あなたのお答え") == 1


def test_while_the_ward_is_working_there_is_nothing_to_answer(client: TestClient) -> None:
    hanako = a_reporter()
    report_id = a_report(client, hanako)
    assert "<form" not in client.get(link(report_id, hanako)).text
    page = client.post(link(report_id, hanako), data={"answer": "fixed"})
    assert page.status_code == 200
    assert "今、対応しているところです" in page.text
    assert kinds(report_id) == ["submit"]


def test_the_page_speaks_the_readers_language_unless_told_otherwise(client: TestClient) -> None:
    john = a_reporter(locale="en")
    url = link(a_report(client, john), john)
    assert '<html lang="en">' in client.get(url).text
    assert '<html lang="ja">' in client.get(url, params={"lang": "ja"}).text
    assert '<html lang="en">' in client.get(url, params={"lang": "xx"}).text


def test_a_link_that_is_broken_too_old_or_of_an_erased_person_ends_on_a_friendly_page(
    client: TestClient,
) -> None:
    hanako = a_reporter()
    report_id = a_report(client, hanako)
    broken = client.get(link(report_id, hanako)[:-5])
    assert (broken.status_code, "メールから、もう一度開いてください" in broken.text) == (404, True)
    assert broken.headers["content-type"].startswith("text/html")
    token = links.make(
        Purpose.ANSWER, UUID(report_id), hanako.id, since=clock.now() - links.VALID_FOR - timedelta(days=1)
    )
    for method in ("GET", "POST"):
        assert client.request(method, f"/l/answer/{token}").status_code == 410
    url = link(report_id, hanako)
    unsubscribe_token = links.make(Purpose.UNSUBSCRIBE, UUID(report_id), hanako.id)
    assert client.get(f"/l/answer/{unsubscribe_token}").status_code == 404
    stranger = link(report_id, Person(UUID(int=7 << 76 | 2 << 62), "nobody@example.jp", ""))
    assert client.get(stranger).status_code == 410
    assert client.get(url, headers={"Accept-Language": "en"}).status_code == 200
    with reading() as session:
        assert session.exec(select(Reporter)).one().id == hanako.id


ANSWERED = {
    "declined": (
        "decline",
        {"public_note": "はかりました。", "reason_code": "within_standard", "measured_value": "段差 1 cm"},
    ),
    "handed_over": ("hand_over", {"manager": "tokyo_roads", "external_reference": "T-12"}),
}


def an_answered_report(client: TestClient, person: Person, status: str) -> str:
    report_id = a_report(client, person)
    if status == "duplicate":
        parent = a_report(client, a_reporter("parent@example.jp"))
        take_action(a_member(), report_id, "merge", parent_report=parent)
    else:
        action, fields = ANSWERED[status]
        take_action(a_member(), report_id, action, **fields)
    return report_id


@pytest.mark.parametrize("status", ["declined", "handed_over", "duplicate"])
def test_an_answer_is_never_asked_whether_it_is_fixed_and_cannot_be(client: TestClient, status: str) -> None:
    hanako = a_reporter()
    report_id = an_answered_report(client, hanako, status)
    for chosen in ("", "?answer=fixed"):  # an old letter's link
        page = client.get(link(report_id, hanako) + chosen).text
        assert "直って" not in page
        assert "この回答は役に立ちましたか" in page
        assert "納得できない・状況が変わった</button>" in page
    refused = client.post(link(report_id, hanako), data={"answer": "fixed", "words": "よかった"})
    assert refused.status_code == 409
    assert "よかった</textarea>" in refused.text, "what was typed is kept"
    assert report_now(report_id).confirmed_fixed_at is None
    with reading() as session:
        assert session.exec(select(Feedback)).all() == []


@pytest.mark.parametrize("answer", ["helped", "not_helped"])
def test_whether_an_answer_helped_is_written_down_and_moves_nothing(client: TestClient, answer: str) -> None:
    hanako = a_reporter()
    report_id = an_answered_report(client, hanako, "declined")
    for _ in range(2):
        page = client.post(link(report_id, hanako), data={"answer": answer, "words": "わかりました"})
        assert "お答えありがとうございます" in page.text
    assert kinds(report_id) == ["submit", "decline", "feedback"]
    assert (report_now(report_id).status, report_now(report_id).confirmed_fixed_at) == (Status.DECLINED, None)
    with reading() as session:
        said = session.exec(select(Feedback)).one()
    assert (said.is_fixed, said.helped, said.comment) == (False, answer == "helped", "わかりました")


@pytest.mark.parametrize("status", ["declined", "handed_over", "duplicate"])
def test_who_disagrees_in_time_has_it_looked_at_again(client: TestClient, status: str) -> None:
    hanako = a_reporter()
    report_id = an_answered_report(client, hanako, status)
    page = client.post(link(report_id, hanako), data={"answer": "not_fixed", "words": "ちがいます"})
    assert "もう一度確認します" in page.text
    assert report_now(report_id).status is Status.CHECKING


def test_who_disagrees_later_is_heard_by_the_desk_and_the_page_promises_no_more(client: TestClient) -> None:
    hanako = a_reporter()
    with clock.at(clock.now() - timedelta(days=15)):
        report_id = an_answered_report(client, hanako, "declined")
    assert "担当に伝えます" in client.get(link(report_id, hanako)).text
    page = client.post(link(report_id, hanako), data={"answer": "not_fixed", "words": "ちがいます"})
    assert "担当にお伝えしました" in page.text
    assert report_now(report_id).status is Status.DECLINED
    assert kinds(report_id)[-1] == "feedback"


def test_the_page_tells_what_the_letter_told(client: TestClient) -> None:
    hanako = a_reporter()
    declined = client.get(link(an_answered_report(client, hanako, "declined"), hanako)).text
    assert "測ったところ、安全の基準の中でした。" in declined
    assert "段差 1 cm" in declined
    handed_over = client.get(link(an_answered_report(client, hanako, "handed_over"), hanako)).text
    for told in (
        "T-12",
        'href="tel:0300000101"',
        'href="mailto:roads@tokyo.example.jp"',
        'href="https://tokyo.example.jp/roads"',
    ):
        assert told in handed_over
    report_id = a_report(client, hanako)
    tomorrow = clock.today_in_japan() + timedelta(days=1)
    take_action(a_member(), report_id, "accept", public_text="穴", photo_ids=[])
    take_action(a_member(), report_id, "start", expected_on=tomorrow)
    page = client.get(link(report_id, hanako)).text
    assert long_date(tomorrow, "ja") in page
    assert "道路担当" in page
    assert f"/reports/{report_now(report_id).number}" in page
